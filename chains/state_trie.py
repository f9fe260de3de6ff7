"""A Merkle Patricia trie whose versions share what they have in common.

Keys are 32-byte hashes, as in Ethereum's state and storage tries. A node never changes and is named
when it is made: an update makes new nodes along the paths it touches and shares all others, so it
costs what it touches, an old version stays readable for as long as somebody holds its root, and
what differs between two versions is found without looking at what they share. Source: yellow
paper, appendix D.
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
PATHS_MAX = 8192
_HASH_PREFIX = b"\xa0"
_HASHED_BYTES = 32  # an encoding as long as a hash, or longer, is named by its hash
_NO_VALUE = rlp.EMPTY_STRING
_DIGITS = "0123456789abcdef"
_PLACES = {digit: place for place, digit in enumerate(_DIGITS)}


class Leaf(Generic[V]):
    """A value; ``path`` is its whole key in hex digits, of which a trie has consumed some."""

    __slots__ = ("path", "reference", "value")

    def __init__(self, path: str, value: V, reference: bytes) -> None:
        self.path = path
        self.value = value
        self.reference = reference  # how a parent names it: its encoding when short, or its hash


class Extension(Generic[V]):
    """Digits that everything below has in common."""

    __slots__ = ("child", "path", "reference")

    def __init__(self, path: str, child: Branch[V]) -> None:
        self.path = path
        self.child = child
        prefix = bytes.fromhex(("1" if len(path) & 1 else "00") + path)
        self.reference: bytes = _reference(rlp.listed(rlp.encode_bytes(prefix) + child.reference))


class Branch(Generic[V]):
    """A child for each digit; with keys of one length none ends here."""

    __slots__ = ("children", "names", "reference")

    def __init__(self, children: list[Node[V] | None], names: list[bytes]) -> None:
        self.children = children
        self.names = names  # their references, and no value; most are those of the version before
        self.reference: bytes = _reference(rlp.listed(b"".join(names)))


Node: TypeAlias = "Leaf[V] | Extension[V] | Branch[V]"
Change: TypeAlias = "tuple[str, V | None]"  # path in hex digits, and no value to remove it


@lru_cache(maxsize=PATHS_MAX)
def path_of(key: bytes) -> str:
    """The digits of a key's hash."""
    return keccak(key).hex()


def find(node: Node[V] | None, path: str) -> V | None:
    """The value under a path."""
    depth = 0
    while node is not None:
        if isinstance(node, Branch):
            node = node.children[_PLACES[path[depth]]]
            depth += 1
        elif isinstance(node, Leaf):
            return node.value if node.path == path else None
        elif path.startswith(node.path, depth):
            depth += len(node.path)
            node = node.child
        else:
            return None
    return None


def updated(
    node: Node[V] | None, changes: Sequence[Change[V]], encode: Encode[V], depth: int = 0
) -> Node[V] | None:
    """The trie after ``changes``: sorted by path, no path twice, all alike up to ``depth``."""
    if node is None or isinstance(node, Leaf):
        if len(changes) == 1 and (node is None or node.path == changes[0][0]):
            path, only = changes[0]
            return None if only is None else _leaf(path, only, encode, depth)
        if node is not None and node.path not in [path for path, _ in changes]:
            changes = sorted((*changes, (node.path, node.value)), key=_by_path)
        left = [(path, value) for path, value in changes if value is not None]
        return _built(left, encode, depth)
    children = _children(node, depth).copy()
    has_shrunk = not isinstance(node, Branch)  # so that it may be a branch no longer
    names = node.names.copy() if isinstance(node, Branch) else _names(children)
    start = 0
    while start < len(changes):
        digit = changes[start][0][depth]
        end = start + 1
        while end < len(changes) and changes[end][0][depth] == digit:
            end += 1
        place = _PLACES[digit]
        child = updated(children[place], changes[start:end], encode, depth + 1)
        children[place] = child
        names[place] = _NO_VALUE if child is None else child.reference
        has_shrunk = has_shrunk or child is None
        start = end
    return _joined(children, encode, depth) if has_shrunk else Branch(children, names)


def root_hash(node: Node[V] | None) -> bytes:
    """The root."""
    if node is None:
        return EMPTY_TRIE_ROOT
    is_hashed = len(node.reference) > _HASHED_BYTES
    return node.reference[1:] if is_hashed else keccak(node.reference)


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
    """The children of the node as if it were a branch."""
    if isinstance(node, Branch):
        return node.children
    children: list[Node[V] | None] = [None] * WIDTH
    if isinstance(node, Leaf):
        children[_PLACES[node.path[depth]]] = node
    elif node is not None:
        rest = node.path[1:]
        children[_PLACES[node.path[0]]] = Extension(rest, node.child) if rest else node.child
    return children


def _names(children: list[Node[V] | None]) -> list[bytes]:
    """How a branch names its children, and that it has no value."""
    names = [_NO_VALUE if child is None else child.reference for child in children]
    names.append(_NO_VALUE)
    return names


def _joined(children: list[Node[V] | None], encode: Encode[V], depth: int) -> Node[V] | None:
    """The node over some children: a branch only when there are two."""
    present = [place for place in range(WIDTH) if children[place] is not None]
    if len(present) > 1:
        return Branch(children, _names(children))
    if not present:
        return None
    child = children[present[0]]
    digit = _DIGITS[present[0]]
    if isinstance(child, Branch):
        return Extension(digit, child)
    if isinstance(child, Extension):
        return Extension(digit + child.path, child.child)
    return None if child is None else _leaf(child.path, child.value, encode, depth)


def _built(items: Sequence[tuple[str, V]], encode: Encode[V], depth: int) -> Node[V] | None:
    """A trie of nothing but ``items``."""
    if not items:
        return None
    if len(items) == 1:
        return _leaf(*items[0], encode, depth)
    children: list[Node[V] | None] = [None] * WIDTH
    for digit in {path[depth] for path, _ in items}:
        below = [item for item in items if item[0][depth] == digit]
        children[_PLACES[digit]] = _built(below, encode, depth + 1)
    return _joined(children, encode, depth)


def _leaf(path: str, value: V, encode: Encode[V], depth: int) -> Leaf[V]:
    prefix = bytes.fromhex(("3" if depth & 1 else "20") + path[depth:])  # of an even whole
    encoded = rlp.listed(rlp.encode_bytes(prefix) + rlp.encode_bytes(encode(value)))
    return Leaf(path, value, _reference(encoded))


def _by_path(change: Change[V]) -> str:
    return change[0]


def _reference(encoded: bytes) -> bytes:
    return encoded if len(encoded) < _HASHED_BYTES else _HASH_PREFIX + keccak(encoded)
