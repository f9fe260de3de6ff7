"""The contract ABI's words, written and read by hand: what our calls and logs need, nothing more.

A general encoder spends most of its time on finding out what a value is; every shape here is
known, so a call of 32 trades is put together in microseconds. The tests compare all of it with
eth_abi. Source: https://docs.soliditylang.org/en/latest/abi-spec.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from struct import Struct

from eth_hash.auto import keccak

from bridge.errors import InternalError

WORD = 32
ERROR_SELECTOR = bytes.fromhex("08c379a0")


class Tail(bytes):
    """The encoding of a dynamic value: its place in the head is taken by an offset."""


@cache
def selector(signature: str) -> bytes:
    """The first four bytes of a call of ``name(types)``."""
    return bytes(keccak(signature.encode())[:4])


@cache
def topic(signature: str) -> bytes:
    """The first topic of a log of ``Name(types)``."""
    return bytes(keccak(signature.encode()))


def word(value: int) -> bytes:
    """An unsigned integer or a bool."""
    return value.to_bytes(WORD, "big")


def address(value: bytes) -> bytes:
    """A 20-byte account."""
    return bytes(12) + value


def blob(value: bytes) -> Tail:
    """``Bytes[N]`` or ``String[N]``."""
    return Tail(word(len(value)) + value + bytes(-len(value) % WORD))


def words(values: Sequence[bytes]) -> Tail:
    """An array of static members, each already encoded."""
    return Tail(word(len(values)) + b"".join(values))


def tails(values: Sequence[bytes]) -> Tail:
    """An array of dynamic members, each already encoded."""
    parts = [word(len(values))]
    offset = WORD * len(values)
    for value in values:
        parts.append(word(offset))
        offset += len(value)
    return Tail(b"".join((*parts, *values)))


def join(members: Iterable[bytes]) -> bytes:
    """Head and tail of a tuple: static members in place, a ``Tail`` behind its offset."""
    parts = tuple(members)
    offset = sum(WORD if isinstance(part, Tail) else len(part) for part in parts)
    head: list[bytes] = []
    tail: list[bytes] = []
    for part in parts:
        if isinstance(part, Tail):
            head.append(word(offset))
            tail.append(part)
            offset += len(part)
        else:
            head.append(part)
    return b"".join(head + tail)


class Reader:
    """Reads words of one tuple; offsets count from ``start``. Raises InternalError past the end."""

    __slots__ = ("_data", "_start")

    def __init__(self, data: bytes, start: int = 0) -> None:
        self._data = data
        self._start = start

    def bytes32(self, index: int) -> bytes:
        """The word at ``index``."""
        return word_at(self._data, self._start + WORD * index)

    def integer(self, index: int) -> int:
        """An unsigned integer."""
        return int.from_bytes(word_at(self._data, self._start + WORD * index), "big")

    def account(self, index: int) -> bytes:
        """An address."""
        return self.bytes32(index)[12:]

    def unpacked(self, form: Struct, index: int) -> tuple[bytes, ...]:
        """Several words from ``index`` on, in one go."""
        at = self._start + WORD * index
        if at + form.size > len(self._data):
            raise _short(self._data)
        return form.unpack_from(self._data, at)

    def inside(self, index: int) -> Reader:
        """The dynamic member whose offset is at ``index``."""
        return Reader(self._data, self._start + self.integer(index))

    def words(self, index: int) -> list[bytes]:
        """The members of the array of static words whose offset is at ``index``."""
        array = self.inside(index)
        first = array._start + WORD
        end = first + WORD * array.integer(0)
        if end > len(self._data):
            raise _short(self._data)
        return [self._data[at : at + WORD] for at in range(first, end, WORD)]

    def blob(self, index: int) -> bytes:
        """The bytes or string whose offset is at ``index``."""
        at = self._start + self.integer(index)
        length = Reader(self._data, at).integer(0)
        return self._data[at + WORD : at + WORD + length]


def word_at(data: bytes, at: int) -> bytes:
    """The word that begins at byte ``at``. Raises InternalError past the end."""
    if at + WORD > len(data):
        raise _short(data)
    return data[at : at + WORD]


def _short(data: bytes) -> InternalError:
    return InternalError("E-INTERNAL-ABI", f"the data of {len(data)} bytes is short")


def revert_reason(output: bytes) -> str:
    """The text of ``Error(string)``; "out of gas or no reason" when there is none.

    A contract that is not ours may have written it, so what cannot be read is shown as it is.
    """
    try:
        if output[:4] == ERROR_SELECTOR:
            return Reader(output, 4).blob(0).decode("utf-8", "replace")
    except InternalError:
        pass
    return f"0x{output.hex()}" if output else "out of gas or no reason"
