"""Read a written journal back, line by line; what is not exactly what we write is refused.

Each line is decoded by the types of its event and written again: only the same bytes are taken, so
a journal that was cut, edited or made up is found at its first wrong line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum, StrEnum
from functools import cache, lru_cache
from pathlib import Path
from sys import intern
from typing import Any, Final, TypeAlias, get_args, get_origin, get_type_hints

from bridge.errors import JournalError, Where
from bridge.events import Event, Wide
from bridge.journal import HEADER_LINE, Journal

FILE_NAME: Final = "journal.jsonl"
LINE_MAX: Final = 2**20
LINES_MAX: Final = 10_000_000
OPENERS_MAX: Final = 4096
"""No event has more lists and objects; py-evm raises Python's own limit on nesting too far."""

_Reader: TypeAlias = Callable[[Any], Any]


def read_journal(path: Path) -> Journal:
    """The journal of a run's directory, or of a file. Raises JournalError."""
    file = path / FILE_NAME if path.is_dir() else path
    journal = Journal()
    for number, line in _lines(file):
        if number > 1:
            _take(journal, line, file, number)
        elif line != HEADER_LINE:
            hint = "its first line does not name a journal of this version"
            where = Where(str(file), number)
            raise JournalError("E-JOURNAL-KIND", "this is no journal", where, hint)
    return journal


def _take(journal: Journal, line: bytes, file: Path, number: int) -> None:
    try:
        at_ms, event = _told(line)
        journal.append(at_ms, event, line)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        message, where = "this line is not what a run writes here", Where(str(file), number)
        hint = "the file was cut or edited"
        raise JournalError("E-JOURNAL-LINE", message, where, hint) from None


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    try:
        if not file.is_file():
            message = "there is no journal here"
            raise JournalError("E-JOURNAL-MISSING", message, Where(str(file)))
        with file.open("rb") as stream:
            number = 0
            while line := stream.readline(LINE_MAX):
                number += 1
                if not line.endswith(b"\n") or number > LINES_MAX:
                    message = "the journal ends in the middle of a line"
                    raise JournalError("E-JOURNAL-CUT", message, Where(str(file), number))
                yield number, line
            if number == 0:
                raise JournalError("E-JOURNAL-EMPTY", "the file is empty", Where(str(file)))
    except OSError as error:
        message = f"cannot be read: {str(error.strerror).lower()}"
        raise JournalError("E-JOURNAL-UNREADABLE", message, Where(str(file))) from None


def _told(line: bytes) -> tuple[int, Event]:
    if line.count(b"[") + line.count(b"{") > OPENERS_MAX:
        raise ValueError("nested too deep")
    body = json.loads(line.decode("ascii"))
    del body["sequence"]
    at_ms: int = _whole(body.pop("at_ms"))
    event: Event = _reader(_kinds()[body.pop("event")])(body)
    return at_ms, event


@cache
def _kinds() -> Mapping[str, type]:
    return {kind.__name__: kind for kind in get_args(Event)}


@cache
def _reader(hint: Any) -> _Reader:
    """What makes a JSON value the type that a field names."""
    if hint == Wide:
        return int
    if get_origin(hint) is tuple:
        return _items(_reader(get_args(hint)[0]))
    plain = _PLAIN.get(hint)
    if plain is not None:
        return plain
    if issubclass(hint, IntEnum):
        return {word.name.lower(): word for word in hint}.__getitem__
    if issubclass(hint, StrEnum):
        return {word.value: word for word in hint}.__getitem__
    return _record(hint)


def _record(kind: type) -> _Reader:
    hints = get_type_hints(kind, include_extras=True)
    readers = {name: _reader(hint) for name, hint in hints.items()}
    return lambda body: kind(**{name: readers[name](value) for name, value in body.items()})


def _items(each: _Reader) -> _Reader:
    return lambda values: tuple(map(each, values))


def _whole(value: Any) -> int:
    if type(value) is not int:  # a bool is no int here
        raise TypeError(value)
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError(value)
    return value


@lru_cache(maxsize=4096)
def _bytes(text: str) -> bytes:
    """A trade's id stands in some thirty lines: one object serves for all that are near."""
    return bytes.fromhex(text[2:])


_PLAIN: Final[Mapping[type, _Reader]] = {int: _whole, str: intern, bytes: _bytes, bool: _truth}
