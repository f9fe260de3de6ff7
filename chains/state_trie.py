"""A Merkle Patricia trie whose versions share what they have in common.

Keys are 32-byte hashes, as in Ethereum's state and storage tries. A node never changes: an update
makes new nodes along the paths it touches and shares all others, so it costs what it touches, an
old version stays readable for as long as somebody holds its root, and what differs between two
versions is found without looking at what they share. Source: yellow paper, appendix D.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Generic, TypeAlias, TypeVar

from chains import rlp
from chains.headers import EMPTY_TRIE_ROOT
from chains.keys import keccak

V = TypeVar("V")
Encode: TypeAlias = Callable[[V], bytes]

WIDTH = 16
_HASH_PREFIX = b"\xa0"
_HASHED_BYTES = 32  # an encoding as long as a hash, or longer, is named by its hash
_NO_VALUE = rlp.EMPTY_STRING
_HALVES = tuple(bytes((byte >> 4, byte & 15)) for byte in range(256))


class Leaf(Generic[V]):
    """A value; ``path`` is its whole key in nibbles, of which a trie has consumed ``depth``."""

    __slots__ = ("depth", "path", "reference", "value")

    def __init__(self, path: bytes, depth: int, value: V) -> None:
        self.path = path
        self.depth = depth
        self.value = value
        self.reference = b""


class Extension(Generic[V]):
    """Nibbles that everything below has in common."""

    __slots__ = ("child", "path", "reference")

    def __init__(self, path: bytes, child: Branch[V]) -> None:
        self.path = path
        self.child = child
        self.reference = b""


class Branch(Generic[V]):
    """A child for each nibble; with keys of one length none ends here."""

    __slots__ = ("children", "reference")

    def __init__(self, children: list[Node[V] | None]) -> None:
        self.children = children
        self.reference = b""


Node: TypeAlias = "Leaf[V] | Extension[V] | Branch[V]"
Change: TypeAlias = "tuple[bytes, V | None]"  # path in nibbles, and no value to remove it


def path_of(key: bytes) -> bytes:
    """The nibbles of a key's hash."""
    return _path(key)


@lru_cache(maxsize=65536)
def _path(key: bytes) -> bytes:
    return b"".join([_HALVES[byte] for byte in keccak(key)])


def find(node: Node[V] | None, path: bytes) -> V | None:
    """The value under a path."""
    depth = 0
    while node is not None:
        if isinstance(node, Branch):
            node = node.children[path[depth]]
            depth += 1
        elif isinstance(node, Leaf):
            return node.value if node.path == path else None
        elif path.startswith(node.path, depth):
            depth += len(node.path)
            node = node.child
        else:
            return None
    return None


def updated(node: Node[V] | None, changes: Sequence[Change[V]], depth: int = 0) -> Node[V] | None:
    """The trie after ``changes``: sorted by path, no path twice, all alike up to ``depth``."""
    if node is None:
        return _built([(path, value) for path, value in changes if value is not None], depth)
    if isinstance(node, Leaf):
        if all(path != node.path for path, _ in changes):
            changes = sorted((*changes, (node.path, node.value)), key=_by_path)
        return updated(None, changes, depth)
    children = list(_children(node, depth))
    start = 0
    while start < len(changes):
        nibble = changes[start][0][depth]
        end = start + 1
        while end < len(changes) and changes[end][0][depth] == nibble:
            end += 1
        children[nibble] = updated(children[nibble], changes[start:end], depth + 1)
        start = end
    return _joined(children, depth)


def root_hash(node: Node[V] | None, encode: Encode[V]) -> bytes:
    """The root; what was hashed before is not hashed again."""
    if node is None:
        return EMPTY_TRIE_ROOT
    reference = _reference(node, encode)
    is_hashed = len(reference) > _HASHED_BYTES
    return reference[1:] if is_hashed else keccak(reference)


def differences(
    old: Node[V] | None, new: Node[V] | None, depth: int = 0
) -> Iterator[tuple[V | None, V | None]]:
    """The values that are not the same object in both, old beside new; None where there is none."""
    if old is new:
        return
    if not isinstance(old, Extension | Branch) and not isinstance(new, Extension | Branch):
        yield from _different_leaves(old, new)
        return
    before, after = _children(old, depth), _children(new, depth)
    for left, right in zip(before, after, strict=True):
        yield from differences(left, right, depth + 1)


def _different_leaves(
    old: Leaf[V] | None, new: Leaf[V] | None
) -> Iterator[tuple[V | None, V | None]]:
    if old is not None and new is not None and old.path == new.path:
        if old.value is not new.value:
            yield old.value, new.value
        return
    if old is not None:
        yield old.value, None
    if new is not None:
        yield None, new.value


def _children(node: Node[V] | None, depth: int) -> list[Node[V] | None]:
    """The node as if it were a branch."""
    if isinstance(node, Branch):
        return node.children
    children: list[Node[V] | None] = [None] * WIDTH
    if isinstance(node, Leaf):
        children[node.path[depth]] = node
    elif node is not None:
        rest = node.path[1:]
        children[node.path[0]] = Extension(rest, node.child) if rest else node.child
    return children


def _joined(children: list[Node[V] | None], depth: int) -> Node[V] | None:
    """The node over some children: a branch only when there are two."""
    present = [nibble for nibble in range(WIDTH) if children[nibble] is not None]
    if len(present) > 1:
        return Branch(children)
    if not present:
        return None
    child = children[present[0]]
    prefix = bytes(present)
    if isinstance(child, Branch):
        return Extension(prefix, child)
    if isinstance(child, Extension):
        return Extension(prefix + child.path, child.child)
    return None if child is None else Leaf(child.path, depth, child.value)


def _built(items: Sequence[tuple[bytes, V]], depth: int) -> Node[V] | None:
    """A trie of nothing but ``items``."""
    if not items:
        return None
    if len(items) == 1:
        return Leaf(items[0][0], depth, items[0][1])
    children: list[Node[V] | None] = [None] * WIDTH
    for nibble in {path[depth] for path, _ in items}:
        below = [item for item in items if item[0][depth] == nibble]
        children[nibble] = _built(below, depth + 1)
    return _joined(children, depth)


def _by_path(change: Change[V]) -> bytes:
    return change[0]


def _reference(node: Node[V], encode: Encode[V]) -> bytes:
    """How a parent names a node: by its encoding when that is short, else by its hash."""
    if not node.reference:
        encoded = _encoded(node, encode)
        is_short = len(encoded) < _HASHED_BYTES
        node.reference = encoded if is_short else _HASH_PREFIX + keccak(encoded)
    return node.reference


def _encoded(node: Node[V], encode: Encode[V]) -> bytes:
    if isinstance(node, Branch):
        names = [
            _NO_VALUE if child is None else child.reference or _reference(child, encode)
            for child in node.children
        ]
        names.append(_NO_VALUE)
        return rlp.join(names)
    if isinstance(node, Leaf):
        prefix = _hex_prefix(node.path[node.depth :], 2)
        return rlp.join((rlp.encode_bytes(prefix), rlp.encode_bytes(encode(node.value))))
    prefix = _hex_prefix(node.path, 0)
    return rlp.join((rlp.encode_bytes(prefix), _reference(node.child, encode)))


def _hex_prefix(path: bytes, flag: int) -> bytes:
    digits = path.hex()[1::2]
    head = f"{flag + 1}" if len(path) & 1 else f"{flag}0"
    return bytes.fromhex(head + digits)
