"""Where a command line writes: rich on a terminal, plain elsewhere, patient when nobody reads."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TextIO

from typing_extensions import override

from bridge.errors import EnvironmentFault

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.status import Status

PLAIN_WIDTH: Final = 160
"""Columns of a file or pipe: wide enough that no row of a table breaks needlessly."""


class Output(io.TextIOWrapper):
    """Standard output that may lose its reader; then the run goes on in silence."""

    @override
    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            self._give_up(error)
            return len(text)

    @override
    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
        if not isinstance(error, BrokenPipeError):
            message = f"standard output cannot be written: {str(error.strerror).lower()}"
            raise EnvironmentFault("E-ENVIRONMENT-STDOUT", message) from None


def prepare_streams() -> None:
    """Make the standard streams survive being closed, and characters they cannot show."""
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding, is_terminal = sys.stdout.encoding, sys.stdout.isatty()
        bare = sys.stdout.detach()
        sys.stdout = Output(bare, encoding, "backslashreplace", line_buffering=is_terminal)
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")


def console(stream: TextIO) -> Console:
    """A console that prints what it is given, without markup of its own."""
    from rich.console import Console

    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


@dataclass(frozen=True, slots=True)
class Canvas:
    """How wide and colourful standard output is, for what is drawn in another process."""

    width: int
    is_colourful: bool

    @classmethod
    def of(cls, stream: TextIO) -> Canvas:
        """The stream's."""
        screen = console(stream)
        return cls(screen.width, screen.color_system is not None)

    def drawn(self, items: Iterable[RenderableType]) -> str:
        """The items as the text that the stream would have got."""
        from rich.console import Console

        paper = io.StringIO()
        screen = Console(
            file=paper,
            width=self.width,
            color_system="auto" if self.is_colourful else None,
            force_terminal=self.is_colourful,
            highlight=False,
            markup=False,
            emoji=False,
        )
        for item in items:
            screen.print(item)
        return paper.getvalue()


class Progress:
    """One line that changes, on a terminal; nothing at all elsewhere."""

    def __init__(self, status: Status | None) -> None:
        self._status = status

    def __call__(self, text: str) -> None:
        """Show this from now on."""
        if self._status is not None:
            self._status.update(text)
            self._status.start()

    def clear(self) -> None:
        """Take the line away, so that something can be printed; the next text brings it back."""
        if self._status is not None:
            self._status.stop()


@contextlib.contextmanager
def progress() -> Iterator[Progress]:
    """A line on standard error for as long as the block lasts."""
    screen = console(sys.stderr)
    line = Progress(screen.status("") if screen.is_terminal else None)
    try:
        yield line
    finally:
        line.clear()
