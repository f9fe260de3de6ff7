"""Receipt proofs, checked by py-trie rather than by our own trie."""

from __future__ import annotations

from collections.abc import Sequence

import rlp
from trie.hexary import HexaryTrie


def receipt_of_proof(root: bytes, tx_index: int, proof: Sequence[bytes]) -> bytes:
    """The receipt that ``proof`` shows; raises py-trie's BadTrieProof when it shows none."""
    nodes = [rlp.decode(node) for node in proof]
    found = HexaryTrie.get_from_proof(root, rlp.encode(tx_index), nodes)  # type: ignore[no-untyped-call]
    return bytes(found)
