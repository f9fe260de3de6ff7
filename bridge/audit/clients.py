"""What the light clients of one chain believe, beside the chains that they follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bridge.audit.facts import Believed
from bridge.audit.findings import Findings, Rule

HASH_BYTES = 32
ENTRY_BYTES = 2 * HASH_BYTES
UNKNOWN = bytes(HASH_BYTES)


class Identity(NamedTuple):
    """A sealed block; the receipts root is None where only the hash is known."""

    block_hash: bytes
    receipts_root: bytes | None


class SealedBlocks:
    """Every sealed block of one chain, in 64 bytes each.

    None may be forgotten: a light client may be shown a header of any height at any time.
    """

    def __init__(self) -> None:
        self._packed = bytearray()  # block hash and receipts root by height; zeros: not known

    def add(self, height: int, known: Identity) -> None:
        """Remember a block; those below that were never shown stay unknown."""
        gap = ENTRY_BYTES * height - len(self._packed)
        packed = _sized(known.block_hash) + _sized(known.receipts_root or UNKNOWN)
        if gap < 0:
            self._packed[ENTRY_BYTES * height : ENTRY_BYTES * (height + 1)] = packed
        else:
            self._packed += bytes(gap) + packed

    def at(self, height: int) -> Identity | None:
        """The sealed block of a height, if it is known."""
        found = bytes(self._packed[ENTRY_BYTES * height : ENTRY_BYTES * (height + 1)])
        block_hash, root = found[:HASH_BYTES], found[HASH_BYTES:]
        if block_hash in (b"", UNKNOWN):
            return None
        return Identity(block_hash, None if root == UNKNOWN else root)


Canon = Mapping[int, SealedBlocks]
"""The sealed blocks of every chain."""


def check_belief(
    source: int, fact: Believed, canon: Canon, sealed: Mapping[int, int], findings: Findings
) -> None:
    """A light client has accepted a header of chain ``source``; chains not watched are let be."""
    if source not in canon:
        return
    what = f"block {fact.height} of chain {source}"
    if fact.height > sealed.get(source, -1):
        findings.broken(Rule.FINALITY, f"a light client believes {what}, which is not sealed")
        return
    known = canon[source].at(fact.height)
    if known is None:
        return
    if fact.block_hash != known.block_hash:
        findings.broken(Rule.CLIENT_FORK, f"a light client believes another {what}")
    elif known.receipts_root not in (None, fact.receipts_root):
        findings.broken(Rule.CLIENT_FORK, f"a light client believes other receipts of {what}")


def _sized(digest: bytes) -> bytes:
    """32 bytes of whatever a block that was found broken calls a hash."""
    return digest[:HASH_BYTES].ljust(HASH_BYTES, b"\x00")
