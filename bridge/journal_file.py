"""Read a written journal back, line by line; what is not exactly what we write is refused.

Each line is decoded by the types of its event and written again: only the same bytes are taken, so
a journal that was cut, edited or made up is found at its first wrong line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import IntEnum, StrEnum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Final, NewType, Union, get_args, get_origin, get_type_hints

from bridge.errors import JournalError, Where
from bridge.events import Event, Wide
from bridge.journal import Entry, Journal, line_of

FILE_NAME: Final = "journal.jsonl"
LINE_MAX: Final = 2**20
LINES_MAX: Final = 10_000_000
OPENERS_MAX: Final = 4096
"""No event has more lists and objects; py-evm raises Python's own limit on nesting too far."""


def read_journal(path: Path) -> Journal:
    """The journal of a run's directory, or of a file. Raises JournalError."""
    file = path / FILE_NAME if path.is_dir() else path
    journal = Journal()
    (header,) = journal.lines()
    for number, line in _lines(file):
        where = Where(str(file), number)
        if number == 1:
            if line != header:
                hint = "its first line does not name a journal of this version"
                raise JournalError("E-JOURNAL-KIND", "this is no journal", where, hint)
            continue
        try:
            entry = _entry(line)
            written = journal.append(entry.at_ms, entry.event)
            is_same = line_of(written) == line
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            is_same = False
        if not is_same:
            message = "this line is not what a run writes here"
            raise JournalError("E-JOURNAL-LINE", message, where, "the file was cut or edited")
    return journal


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


def _entry(line: bytes) -> Entry:
    if line.count(b"[") + line.count(b"{") > OPENERS_MAX:
        raise ValueError("nested too deep")
    body = json.loads(line)
    kind = _kinds()[body.pop("event")]
    at_ms, sequence = _value(int, body.pop("at_ms")), body.pop("sequence")
    event: Event = _record(kind, body)
    return Entry(sequence, at_ms, event)


@cache
def _kinds() -> Mapping[str, type]:
    return {kind.__name__: kind for kind in get_args(Event)}


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _record(kind: type, body: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    return kind(**{name: _value(hints[name], value) for name, value in body.items()})


def _value(hint: Any, value: Any) -> Any:
    """A JSON value as the type that its field names."""
    if hint == Wide:
        return int(value)
    if isinstance(hint, NewType):
        return _value(hint.__supertype__, value)
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        return tuple(_value(item, one) for one in value)
    if get_origin(hint) in (Union, UnionType):
        (inner,) = [one for one in get_args(hint) if one is not type(None)]
        return None if value is None else _value(inner, value)
    if hint is bytes:
        return bytes.fromhex(value[2:])
    if hint in (int, str, bool):
        if type(value) is not hint:  # a bool is no int here
            raise TypeError(value)
        return value
    if issubclass(hint, IntEnum):
        return hint[value.upper()]
    if issubclass(hint, StrEnum):
        return hint(value)
    return _record(hint, value)
