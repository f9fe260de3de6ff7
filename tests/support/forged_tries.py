"""Tries built by hand, node by node, to show the verifier what no honest block contains.

The receipt of transaction 0 has the key 80, nibbles 8 and 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chains import rlp
from chains.keys import keccak
from tests.support.receipts import Claim, log, receipt

KEY = (8, 0)
LEAF, EXTENSION = 2, 0
RECEIPT = receipt([log()])
SIBLING = keccak(b"a sibling's node")


def path(nibbles: Sequence[int], kind: int, *, pad: int = 0) -> bytes:
    """Hex-prefix encoding (yellow paper, appendix C); ``pad`` should be 0."""
    halves = (kind + 1, *nibbles) if len(nibbles) % 2 else (kind, pad, *nibbles)
    return bytes(halves[i] << 4 | halves[i + 1] for i in range(0, len(halves), 2))


def leaf(nibbles: Sequence[int], value: rlp.Item) -> bytes:
    """A leaf that ends a key with ``nibbles``."""
    return rlp.encode([path(nibbles, LEAF), value])


def extension(nibbles: Sequence[int], child: rlp.Item) -> bytes:
    """An extension over ``nibbles``."""
    return rlp.encode([path(nibbles, EXTENSION), child])


def branch(children: Mapping[int, rlp.Item], value: bytes = b"", slots: int = 16) -> bytes:
    """A branch; a real one has 16 slots, then its value."""
    return rlp.encode([*(children.get(slot, b"") for slot in range(slots)), value])


@dataclass(frozen=True, slots=True)
class Nodes:
    """A proof's nodes, root first."""

    nodes: tuple[bytes, ...]

    @classmethod
    def of(cls, *nodes: bytes) -> Nodes:
        return cls(nodes)

    def claim(self) -> Claim:
        """That the first log of transaction 0 is under the first node."""
        return Claim(keccak(self.nodes[0]), 0, 0, b"".join(self.nodes))


def two_deep(value: rlp.Item = RECEIPT) -> Nodes:
    """A branch over a leaf, as in a block of two transactions."""
    below = leaf((0,), value)
    return Nodes.of(branch({0: SIBLING, 8: keccak(below)}), below)


def three_deep() -> Nodes:
    """An extension over a branch over a leaf without a path of its own."""
    below = leaf((), RECEIPT)
    middle = branch({0: keccak(below), 1: SIBLING})
    return Nodes.of(extension((8,), keccak(middle)), middle, below)
