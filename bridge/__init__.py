"""What happens between chains: the model, protocols, proofs, relayer, auditor, testbed."""

import chains  # noqa: F401  # it chooses the hash library, before anybody here hashes
