"""What is left when the program itself is wrong: a directory to send, no traceback on screen."""

from __future__ import annotations

import platform
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from bridge.journal import Journal


class LastResort:
    """Turns any unforeseen error of its block into a bug bundle; ``bundle`` is then its place."""

    def __init__(self) -> None:
        self.bundle: Path | None = None
        self.journal: Journal | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Swallow what is an error of ours; let interruptions and exits pass."""
        if error is None or not isinstance(error, Exception):
            return False
        self.bundle = write_bundle(error, self.journal)
        return True


last_resort: Final = LastResort()
"""The one around the whole program; whoever starts a run leaves its journal here."""


def write_bundle(error: BaseException, journal: Journal | None) -> Path:
    """Write the error, the versions and the journal so far. Raises OSError."""
    place = Path(tempfile.mkdtemp(prefix="lockstep-bug-"))
    lines = (
        f"arguments: {sys.argv[1:]!r}\n",
        f"python: {platform.python_version()} on {platform.platform()}\n\n",
        *traceback.format_exception(error),
    )
    report = "".join(lines).encode("utf-8", "backslashreplace")
    (place / "bug.txt").write_bytes(report)
    if journal is not None:
        write_journal(journal, place)
    return place


def write_journal(journal: Journal, place: Path) -> Path:
    """Write ``journal.jsonl`` into a directory. Raises OSError."""
    path = place / "journal.jsonl"
    with path.open("wb") as stream:
        stream.writelines(journal.lines())
    return path
