"""Recursive length prefix as the audit reads it: strict, so bytes that can be read say one thing.

Written beside ``chains.rlp``, not from it: a list is read in one pass over its members. Source:
yellow paper, appendix B. Tests hold it against pyrlp.
"""

from __future__ import annotations

from collections.abc import Iterable

Item = bytes | tuple["Item", ...]

STRING, LIST = 0x80, 0xC0  # prefixes begin here; a byte below stands for itself
EMPTY = b"\x80"
SHORT_MAX = 55  # longer payloads have the length of their length in the prefix
DEPTH_MAX = 32


class Unreadable(ValueError):
    """Bytes that are not what they should be."""


def read(encoded: bytes) -> Item:
    """The one item that ``encoded`` is. Raises Unreadable."""
    items = _members(encoded, 0, len(encoded), DEPTH_MAX)
    if len(items) != 1:
        raise Unreadable(f"{len(items)} items instead of one")
    return items[0]


def read_list(encoded: bytes, what: str) -> tuple[Item, ...]:
    """The members of the list that ``encoded`` is. Raises Unreadable."""
    return as_list(read(encoded), what)


def read_few(encoded: bytes, rest: int) -> tuple[Item, ...]:
    """The members of the list that ``encoded`` is, but for its last ``rest`` bytes. Unreadable."""
    head = 1 + max(0, encoded[0] - LIST - SHORT_MAX) if encoded else 0
    size = len(encoded) - head
    if size < rest or encoded[:head] != _prefix(size, LIST):
        raise Unreadable("not a list, or one of another length")
    return _members(encoded, head, len(encoded) - rest, DEPTH_MAX)


def as_list(item: Item, what: str) -> tuple[Item, ...]:
    """The item, which must be a list. Raises Unreadable."""
    if isinstance(item, bytes):
        raise Unreadable(f"{what} is not a list")
    return item


def as_bytes(item: Item, what: str, size: int | None = None) -> bytes:
    """The item, which must be a byte string, of ``size`` where one is given. Raises Unreadable."""
    if not isinstance(item, bytes):
        raise Unreadable(f"{what} is a list")
    if size is not None and len(item) != size:
        raise Unreadable(f"{what} has {len(item)} bytes")
    return item


def as_number(item: Item, what: str) -> int:
    """The item, which must be a number in its shortest form. Raises Unreadable."""
    digits = as_bytes(item, what)
    if digits[:1] == b"\x00":
        raise Unreadable(f"{what} has a leading zero")
    return int.from_bytes(digits, "big")


def write(item: Item) -> bytes:
    """The encoding of an item."""
    return write_bytes(item) if isinstance(item, bytes) else write_list(map(write, item))


def write_bytes(value: bytes) -> bytes:
    """The encoding of a byte string."""
    if len(value) == 1 and value < EMPTY:
        return value
    return _prefix(len(value), STRING) + value


def write_number(value: int) -> bytes:
    """The encoding of a number, in its shortest form."""
    return write_bytes(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def write_list(members: Iterable[bytes]) -> bytes:
    """The list of members that are encoded already."""
    payload = b"".join(members)
    return _prefix(len(payload), LIST) + payload


def list_prefix(size: int) -> bytes:
    """What a list begins with whose members take ``size`` bytes."""
    return _prefix(size, LIST)


def _prefix(size: int, base: int) -> bytes:
    if size <= SHORT_MAX:
        return bytes((base + size,))
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((base + SHORT_MAX + len(digits),)) + digits


def _members(encoded: bytes, at: int, end: int, depth: int) -> tuple[Item, ...]:
    """The items from ``at`` on; the last must end at ``end``."""
    if not depth:
        raise Unreadable("lists in lists in lists, too deep")
    members: list[Item] = []
    while at < end:
        prefix = encoded[at]
        at += 1
        if prefix < STRING:
            members.append(encoded[at - 1 : at])
            continue
        size = prefix - (STRING if prefix < LIST else LIST)
        if size > SHORT_MAX:
            digits = encoded[at : at + size - SHORT_MAX]
            at += len(digits)
            size = int.from_bytes(digits, "big")
            if size <= SHORT_MAX or not digits[0]:
                raise Unreadable("a length that is not in its shortest form")
        stop = at + size
        if stop > end:
            raise Unreadable(f"an item ends {stop - end} bytes behind what it stands in")
        if prefix >= LIST:
            members.append(_members(encoded, at, stop, depth - 1))
        elif size == 1 and encoded[at] < STRING:
            raise Unreadable("a small byte that is not written as itself")
        else:
            members.append(encoded[at:stop])
        at = stop
    return tuple(members)
