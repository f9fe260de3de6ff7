"""The root of the trie that holds the i-th of some values under rlp(i), for the audit.

Built in one pass over the keys in order, beside ``chains.trie`` and unlike it: only the branches
on the way to the last key are open, and one is hashed as soon as the next key has left it. Keys
and paths are hexadecimal digits here. Source: yellow paper, appendix D. Tests hold it against
py-trie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bridge.audit.hashing import keccak
from bridge.audit.items import EMPTY, write_bytes, write_list, write_number

HASH_BYTES = 32
EMPTY_ROOT = keccak(EMPTY)
LEAF, EXTENSION = "2", "0"  # the flag before an even path
ODD = {LEAF: "3", EXTENSION: "1"}
FIRST_LEAF_PATH = write_bytes(bytes.fromhex(LEAF + "0") + write_number(0))
NOWHERE = -1  # above the root
ORDERS_KEPT = 32  # blocks of so many sizes


@dataclass(slots=True)
class _Branch:
    """A branch under which more keys may come; ``depth`` digits lead to it."""

    depth: int
    members: list[bytes] = field(default_factory=lambda: [EMPTY] * 17)  # the last is no value


def ordered_root(values: Sequence[bytes]) -> bytes:
    """The root over ``values``, none of them empty; no key is the beginning of another."""
    if not values:
        return EMPTY_ROOT
    if len(values) == 1:  # as in most blocks
        return keccak(write_list((FIRST_LEAF_PATH, write_bytes(values[0]))))
    opened: list[_Branch] = []
    before = NOWHERE
    for key, index, after in _order(len(values)):
        depth = max(before, after)
        node = _node(LEAF, key[depth + 1 :], write_bytes(values[index]))
        while depth > NOWHERE:
            if not opened or opened[-1].depth < depth:
                opened.append(_Branch(depth))
            opened[-1].members[int(key[depth], 16)] = _reference(node)
            if depth <= after:
                break
            node = write_list(opened.pop().members)
            above = max(after, opened[-1].depth if opened else NOWHERE)
            if depth - above > 1:
                node = _node(EXTENSION, key[above + 1 : depth], _reference(node))
            depth = above
        before = after
    return keccak(node)


@lru_cache(maxsize=ORDERS_KEPT)
def _order(count: int) -> list[tuple[str, int, int]]:
    """The keys in order, each with its index and how much of it the next key shares."""
    keyed = sorted((write_number(index).hex(), index) for index in range(count))
    keys = [key for key, _ in keyed]
    shared = [*map(_shared, keys, keys[1:]), NOWHERE]
    return [(key, index, after) for (key, index), after in zip(keyed, shared, strict=True)]


def _shared(key: str, other: str) -> int:
    """How many digits two different keys begin with alike."""
    at = 0
    while key[at] == other[at]:
        at += 1
    return at


def _node(kind: str, path: str, member: bytes) -> bytes:
    """A leaf or an extension; ``member`` is encoded already."""
    flagged = ODD[kind] + path if len(path) % 2 else kind + "0" + path
    return write_list((write_bytes(bytes.fromhex(flagged)), member))


def _reference(node: bytes) -> bytes:
    """How a branch names what is below it: itself when short, else its hash."""
    return node if len(node) < HASH_BYTES else b"\xa0" + keccak(node)
