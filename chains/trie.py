"""Merkle Patricia tries over an ordered list: transactions and receipts of one block.

The key of the i-th value is rlp(i). All values are known at once, so the trie is built bottom up,
hashed once and kept for a while; a proof then is a walk, O(depth). Source: yellow paper,
appendix D.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from chains import rlp
from chains.headers import EMPTY_TRIE_ROOT
from chains.keys import keccak

KEPT_MAX = 16
PATHS_KEPT = 1024
_FIRST_PATH = b"\x82\x20\x80"  # all of rlp(0), in a leaf


class _Node(NamedTuple):
    """One node, encoded; ``path`` are the nibbles it consumes before it branches or ends."""

    encoded: bytes
    path: bytes
    children: tuple[_Node | None, ...]  # 16 for a branch, 1 for an extension, 0 for a leaf

    @property
    def is_inlined(self) -> bool:
        return len(self.encoded) < 32

    @property
    def reference(self) -> bytes:
        """How a parent names this node: itself when short, else its hash."""
        return self.encoded if self.is_inlined else b"\xa0" + keccak(self.encoded)


class OrderedTrie:
    """The trie that holds the i-th of ``values`` under rlp(i)."""

    __slots__ = ("_root", "_size", "root")

    def __init__(self, values: Sequence[bytes]) -> None:
        items = sorted([(_key(i), value) for i, value in enumerate(values)])
        self._size = len(values)
        self._root = _build(items, 0) if items else None
        self.root = keccak(self._root.encoded) if self._root else EMPTY_TRIE_ROOT

    def proof(self, index: int) -> tuple[bytes, ...]:
        """The hashed nodes down to a value, root first; inlined ones stand inside their parent.

        Raises IndexError.
        """
        if not 0 <= index < self._size:
            raise IndexError(f"no value {index} among {self._size}")
        nodes = self._walk(_key(index))
        return tuple(node.encoded for node in nodes if node is self._root or not node.is_inlined)

    def _walk(self, key: bytes) -> Iterator[_Node]:
        node = self._root
        while node is not None:
            yield node
            key = key[len(node.path) :]
            if len(node.children) == 1:
                node = node.children[0]
            elif node.children:
                node, key = node.children[key[0]], key[1:]
            else:
                node = None


@lru_cache(maxsize=KEPT_MAX)
def kept_trie(values: tuple[bytes, ...]) -> OrderedTrie:
    """The trie over ``values``; who proves one of them soon proves another."""
    return OrderedTrie(values)


def ordered_root(values: Sequence[bytes]) -> bytes:
    """The root over ``values``."""
    if len(values) == 1:  # most blocks have one transaction
        return keccak(rlp.listed(_FIRST_PATH + rlp.encode_bytes(values[0])))
    return OrderedTrie(values).root


def _build(items: Sequence[tuple[bytes, bytes]], depth: int) -> _Node:
    """The node that holds ``items``: sorted, distinct, sharing their first ``depth`` nibbles.

    No key of an ordered trie is a prefix of another, so a branch never holds a value.
    """
    first, last = items[0][0], items[-1][0]
    if len(items) == 1:
        path = first[depth:]
        value = rlp.encode_bytes(items[0][1])
        return _Node(rlp.listed(_hex_prefix(path, is_leaf=True) + value), path, ())
    shared = depth
    while first[shared] == last[shared]:
        shared += 1
    if shared > depth:
        path = first[depth:shared]
        child = _build(items, shared)
        prefix = _hex_prefix(path, is_leaf=False)
        return _Node(rlp.listed(prefix + child.reference), path, (child,))
    children: list[_Node | None] = [None] * 16
    references = [rlp.EMPTY_STRING] * 17  # no key ends in a branch, so the last stays empty
    for nibble, below in groupby(items, lambda item: item[0][depth]):
        child = _build(list(below), depth + 1)
        children[nibble] = child
        references[nibble] = child.reference
    return _Node(rlp.join(references), b"", tuple(children))


@lru_cache(maxsize=PATHS_KEPT)
def _key(index: int) -> bytes:
    """rlp(index) in nibbles."""
    return bytes([half for byte in rlp.encode_int(index) for half in (byte >> 4, byte & 15)])


@lru_cache(maxsize=PATHS_KEPT)
def _hex_prefix(path: bytes, *, is_leaf: bool) -> bytes:
    """A path as a node begins with it, encoded."""
    digits = path.hex()[1::2]
    flag = 2 if is_leaf else 0
    head = f"{flag + 1}" if len(path) % 2 else f"{flag}0"
    return rlp.encode_bytes(bytes.fromhex(head + digits))
