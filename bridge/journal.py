"""Everything that happened in a run, in one order: the append-only journal.

The written form is canonical: one JSON object a line, keys sorted, no spaces, ASCII. The same
scenario and seed therefore give the same bytes, and ``sha256`` names the run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from bridge.canonical import COUNTED, Member, Writer, members_of, object_writer
from bridge.events import Event

SCHEMA_VERSION: Final = 1
"""Raised by any change that an old reader would misread; part of the first line and the hash."""

HEADER_LINE: Final = f'{{"journal":"lockstep","schema":{SCHEMA_VERSION}}}\n'.encode("ascii")


class Entry(NamedTuple):
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
        self._hash.update(HEADER_LINE)

    def append(self, at_ms: int, event: Event, written: bytes | None = None) -> Entry:
        """Add ``event`` at virtual time ``at_ms`` and return its entry.

        Raises:
            ValueError: time ran backwards, an integer is too large for its field, or ``written``
                is not the line of this entry.
        """
        if self._entries and at_ms < self._entries[-1].at_ms:
            raise ValueError(f"journal: {at_ms} ms is before {self._entries[-1].at_ms} ms")
        entry = Entry(len(self._entries), at_ms, event)
        line = line_of(entry)
        if written is not None and written != line:
            raise ValueError(f"journal: entry {entry.sequence} is written otherwise")
        self._hash.update(line)
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
        yield HEADER_LINE
        for entry in self._entries:
            yield line_of(entry)

    def sha256(self) -> str:
        """The hash of the written form so far, in hex."""
        return self._hash.copy().hexdigest()


def line_of(entry: Entry) -> bytes:
    """One entry as a canonical JSON line. Raises ValueError."""
    kind: type = type(entry.event)
    return f"{_writer(kind)(entry)}\n".encode("ascii")


@cache
def _writer(kind: type) -> Writer:
    place = (Member("at_ms", "at_ms", COUNTED), Member("sequence", "sequence", COUNTED))
    return object_writer((*place, *members_of(kind, "event.")), {"event": kind.__name__})
