"""A file that somebody hands in: read whole and at once, or refused in one line."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from bridge.errors import ScenarioError, Where, quoted

SIZE_MAX: Final = 2**20
PATH_MAX: Final = 200


def read_bounded(path: Path, size_max: int = SIZE_MAX) -> bytes:
    """The content of a regular file of at most ``size_max`` bytes; never waits, never reads more.

    Raises:
        ScenarioError: missing, unreadable, no regular file, or too large.
    """
    where = Where(file=told_path(path))
    try:
        # Path.open takes no opener.
        with open(path, "rb", opener=_open_without_waiting) as stream:
            state = os.fstat(stream.fileno())
            is_small_file = stat.S_ISREG(state.st_mode) and state.st_size <= size_max
            content = stream.read(size_max + 1) if is_small_file else b""
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this is no path"
        message = f"cannot be read: {str(reason).lower()}"
        raise ScenarioError("E-SCENARIO-UNREADABLE", message, where) from None
    if not stat.S_ISREG(state.st_mode):
        raise ScenarioError("E-SCENARIO-NO-FILE", "this is not a regular file", where)
    if state.st_size > size_max or len(content) > size_max:
        message = f"larger than {size_max // 1024} KiB"
        raise ScenarioError("E-SCENARIO-SIZE", message, where, "this is hardly a scenario")
    return content


def text_of(content: bytes, file: str) -> str:
    """The UTF-8 text of a file. Raises ScenarioError when it is none, or empty."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} is not UTF-8 text"
        raise ScenarioError("E-SCENARIO-ENCODING", message, Where(file, line)) from None
    if not text.strip():
        raise ScenarioError("E-SCENARIO-EMPTY", "the file is empty", Where(file))
    return text


def told_path(path: Path) -> str:
    """A path fit for one line of a message."""
    text = str(path)
    return text if text.isprintable() and len(text) <= PATH_MAX else quoted(text)


def _open_without_waiting(path: str, flags: int) -> int:
    """A pipe without a writer must not keep anybody waiting."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
