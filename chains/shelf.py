"""A shelf on disk for bytes that a long run must keep and hardly ever looks at again.

The file has no name and goes with the process. What the disk does not take stays in memory, and so
does what a forked process adds: the file is its parent's, who goes on writing to it.
"""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate, pairwise
from tempfile import TemporaryFile
from typing import IO
from weakref import finalize

_SIZES = "I"  # 4 bytes each
_SIZE_BYTES = array(_SIZES).itemsize


class Shelf:
    """Numbered places with a few byte strings in each."""

    __slots__ = ("__weakref__", "_ends", "_file", "_held", "_owner")

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None  # made when it is needed: most chains are short
        self._owner = 0  # the process that writes to it
        self._ends = array("Q", [0])  # of the places in the file
        self._held: dict[int, bytes] = {}  # what is not in the file

    def put(self, parts: Sequence[bytes]) -> int:
        """Put some byte strings away; returns their place."""
        sizes = array(_SIZES, [len(parts), *map(len, parts)])
        content = b"".join((sizes.tobytes(), *parts))
        place = len(self._ends) - 1
        end = self._ends[place]
        try:
            self._write(content, end)
            end += len(content)
        except OSError:  # no room, no folder for it, or another process's file
            self._held[place] = content
        self._ends.append(end)
        return place

    def take(self, place: int) -> list[bytes]:
        """What was put at a place; it stays there."""
        content = self._held.get(place) or self._read(place)
        (count,) = array(_SIZES, content[:_SIZE_BYTES])
        begin = _SIZE_BYTES * (count + 1)
        bounds = accumulate(array(_SIZES, content[_SIZE_BYTES:begin]), initial=begin)
        return [content[start:end] for start, end in pairwise(bounds)]

    def _write(self, content: bytes, at: int) -> None:
        if self._file is None:
            self._file, self._owner = TemporaryFile(buffering=0), os.getpid()  # noqa: SIM115
            finalize(self, self._file.close)
        if self._owner != os.getpid():
            raise OSError("the file is of the process that this one was forked from")
        if _write_at(self._file, content, at) != len(content):
            raise OSError("the disk has taken a part only")

    def _read(self, place: int) -> bytes:
        if self._file is None:
            raise LookupError(f"nothing was put at {place}")
        start, end = self._ends[place], self._ends[place + 1]
        return _read_at(self._file, end - start, start)


# Not where the file stands, for forked processes stand in it together. Windows forks none.


def _write_at(file: IO[bytes], content: bytes, at: int) -> int:
    if sys.platform == "win32":
        file.seek(at)
        return file.write(content)
    return os.pwrite(file.fileno(), content, at)


def _read_at(file: IO[bytes], size: int, at: int) -> bytes:
    if sys.platform == "win32":
        file.seek(at)
        return file.read(size)
    return os.pread(file.fileno(), size, at)
