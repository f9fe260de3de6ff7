"""Everything that happened in a run, in one order: the append-only journal.

The written form is canonical: one JSON object a line, keys sorted, no spaces, ASCII. The same
scenario and seed therefore give the same bytes, and ``sha256`` names the run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import IntEnum, StrEnum
from functools import cache
from typing import Final, TypeAlias, get_type_hints

from bridge.events import Event, Wide

SCHEMA_VERSION: Final = 1
"""Raised by any change that an old reader would misread; part of the first line and the hash."""

LARGEST_EXACT_INTEGER: Final = 2**53 - 1
"""Beyond this many JSON readers round (RFC 8259, section 6), so such fields must be ``Wide``."""

Json: TypeAlias = str | int | bool | list["Json"] | dict[str, "Json"] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An event with its place in the run and its moment in virtual milliseconds."""

    sequence: int
    at_ms: int
    event: Event


class Journal:
    """An append-only list of entries that hashes itself as it grows."""

    def __init__(self) -> None:
        """Start empty, with the schema version as the first hashed line."""
        self._entries: list[Entry] = []
        self._hash = hashlib.sha256()
        self._hash.update(_header_line())

    def append(self, at_ms: int, event: Event) -> Entry:
        """Add ``event`` at virtual time ``at_ms`` and return its entry.

        Raises:
            ValueError: time ran backwards, or an integer is too large for its field.
        """
        if self._entries and at_ms < self._entries[-1].at_ms:
            raise ValueError(f"journal: {at_ms} ms is before {self._entries[-1].at_ms} ms")
        entry = Entry(len(self._entries), at_ms, event)
        self._hash.update(line_of(entry))
        self._entries.append(entry)
        return entry

    def __len__(self) -> int:
        """The number of entries."""
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        """All entries, oldest first."""
        return iter(self._entries)

    def since(self, sequence: int) -> Sequence[Entry]:
        """The entries from ``sequence`` on: a reader's next page."""
        return self._entries[sequence:]

    def lines(self) -> Iterator[bytes]:
        """The written form, newline-terminated; its SHA-256 is ``sha256()``."""
        yield _header_line()
        for entry in self._entries:
            yield line_of(entry)

    def sha256(self) -> str:
        """The hash of the written form so far, in hex."""
        return self._hash.copy().hexdigest()


def line_of(entry: Entry) -> bytes:
    """One entry as a canonical JSON line."""
    body = _object(entry.event)
    body["event"] = type(entry.event).__name__
    body["at_ms"] = entry.at_ms
    body["sequence"] = entry.sequence
    return _canonical(body)


def _header_line() -> bytes:
    return _canonical({"journal": "lockstep", "schema": SCHEMA_VERSION})


def _canonical(body: dict[str, Json]) -> bytes:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return text.encode("ascii") + b"\n"


def _object(record: object) -> dict[str, Json]:
    kind: type = type(record)
    return {
        name: str(getattr(record, name)) if is_wide else _value(getattr(record, name))
        for name, is_wide in _fields(kind)
    }


@cache
def _fields(kind: type) -> tuple[tuple[str, bool], ...]:
    if not is_dataclass(kind):
        raise ValueError(f"journal: {kind.__name__} is not a record")
    hints = get_type_hints(kind, include_extras=True)
    return tuple((field.name, hints[field.name] == Wide) for field in fields(kind))


def _value(value: object) -> Json:
    match value:
        case IntEnum():
            return value.name.lower()
        case StrEnum():
            return value.value
        case bool() | str():
            return value
        case int() if abs(value) <= LARGEST_EXACT_INTEGER:
            return value
        case int():
            raise ValueError(f"journal: {value} does not fit a plain JSON number")
        case bytes():
            return "0x" + value.hex()
        case tuple():
            return [_value(item) for item in value]
        case _:
            return {**_object(value)}
