"""What executes contracts: engines, headers, tries, seals. Knows nothing of settlement."""

import os

# eth-hash prefers the slower pycryptodome when nothing is said, and decides at the first hash.
os.environ.setdefault("ETH_HASH_BACKEND", "pysha3")
