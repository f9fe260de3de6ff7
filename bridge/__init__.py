"""What happens between chains: the model, protocols, proofs, relayer, auditor, testbed."""

import os

# As in chains, for whoever hashes before anything of chains is imported.
os.environ.setdefault("ETH_HASH_BACKEND", "pysha3")
