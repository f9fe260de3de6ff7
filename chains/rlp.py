"""Recursive length prefix, strict: what decodes here encodes back to the same bytes.

Source: yellow paper, appendix B. Non-canonical input (a length with a leading zero, a long form
where the short one fits, trailing bytes) is refused: a header or a receipt has one encoding only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Item: TypeAlias = "bytes | Sequence[Item]"

EMPTY_STRING = b"\x80"
EMPTY_LIST = b"\xc0"

_SHORT = 56  # payloads below take one byte of prefix
_DEPTH_MAX = 64  # of lists in lists; nothing that a chain encodes comes near
_TABLED = 1024  # longer payloads are rare enough to compute their prefix


class RlpError(ValueError):
    """Bytes that are no canonical RLP, or not of the expected shape."""


def encode(item: Item) -> bytes:
    """Encode a byte string or a nested sequence of them."""
    if isinstance(item, bytes):
        return encode_bytes(item)
    return join([encode(member) for member in item])


def encode_bytes(value: bytes) -> bytes:
    """Encode one byte string."""
    length = len(value)
    if length == 1 and value[0] < 0x80:
        return value
    if length < _TABLED:
        return _STRING_PREFIXES[length] + value
    return _prefix(0x80, length) + value


def encode_int(value: int) -> bytes:
    """Encode a scalar: big endian without leading zeros, zero as the empty string."""
    return encode_bytes(integer(value))


def join(encoded: Iterable[bytes]) -> bytes:
    """The list whose members are already encoded."""
    return listed(b"".join(encoded))


def listed(payload: bytes) -> bytes:
    """The list whose encoded members, one after the other, are ``payload``."""
    length = len(payload)
    prefix = _LIST_PREFIXES[length] if length < _TABLED else _prefix(0xC0, length)
    return prefix + payload


def integer(value: int) -> bytes:
    """A scalar's shortest big-endian bytes; zero is empty."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _prefix(base: int, length: int) -> bytes:
    if length < _SHORT:
        return bytes((base + length,))
    width = integer(length)
    return bytes((base + _SHORT - 1 + len(width),)) + width


_STRING_PREFIXES = tuple(_prefix(0x80, length) for length in range(_TABLED))
_LIST_PREFIXES = tuple(_prefix(0xC0, length) for length in range(_TABLED))


def decode(encoded: bytes) -> Item:
    """Decode exactly one item. Raises RlpError."""
    item, end = _decode_at(encoded, 0, len(encoded), _DEPTH_MAX)
    if end != len(encoded):
        raise RlpError(f"{len(encoded) - end} bytes follow the item")
    return item


def as_bytes(item: Item) -> bytes:
    """The item, which must be a byte string. Raises RlpError."""
    if isinstance(item, bytes):
        return item
    raise RlpError("expected a byte string, found a list")


def as_list(item: Item) -> Sequence[Item]:
    """The item, which must be a list. Raises RlpError."""
    if isinstance(item, bytes):
        raise RlpError("expected a list, found a byte string")
    return item


def as_int(item: Item) -> int:
    """The item, which must be a scalar without leading zeros. Raises RlpError."""
    value = as_bytes(item)
    if value[:1] == b"\x00":
        raise RlpError("a scalar has a leading zero")
    return int.from_bytes(value, "big")


def _decode_at(encoded: bytes, start: int, limit: int, depth: int) -> tuple[Item, int]:
    if start >= limit:
        raise RlpError("the input ends where an item should begin")
    prefix = encoded[start]
    if prefix < 0x80:
        return encoded[start : start + 1], start + 1
    if prefix < 0xC0:
        begin, end = _span(encoded, start, limit, 0x80)
        if end - begin == 1 and encoded[begin] < 0x80:
            raise RlpError("a single small byte is encoded as a string")
        return encoded[begin:end], end
    if not depth:
        raise RlpError(f"lists are nested more than {_DEPTH_MAX} deep")
    begin, end = _span(encoded, start, limit, 0xC0)
    members: list[Item] = []
    while begin < end:
        member, begin = _decode_at(encoded, begin, end, depth - 1)
        members.append(member)
    return tuple(members), end


def _span(encoded: bytes, start: int, limit: int, base: int) -> tuple[int, int]:
    """Where the payload of the string or list at ``start`` begins and ends."""
    size = encoded[start] - base
    begin = start + 1
    if size > 55:
        width = size - 55
        field = encoded[begin : begin + width]
        size = int.from_bytes(field, "big")
        if len(field) < width or field[0] == 0 or size < 56:
            raise RlpError("a length is not in its shortest form")
        begin += width
    if begin + size > limit:
        raise RlpError("an item is longer than the input")
    return begin, begin + size
