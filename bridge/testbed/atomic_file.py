"""A file that appears whole or not at all, and whose place is tried before the work begins."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from bridge.errors import EnvironmentFault, Where


class AtomicFile:
    """Opens a neighbour at once; ``commit`` fills it and moves it there; leaving discards it."""

    def __init__(self, target: Path) -> None:
        """Take the place. Raises EnvironmentFault when nothing could be written there."""
        self._told = Where(file=str(target))
        self._target = self._resolved(target)
        self._draft = self._target.with_name(f".{self._target.name[:80]}.{os.getpid()}.part")
        try:
            self._stream = self._draft.open("x", encoding="utf-8", newline="\n")
        except OSError as error:
            raise self._fault(error.strerror or "it cannot be opened") from None

    def commit(self, content: str) -> None:
        """Write, force to disk and rename. Raises EnvironmentFault; the old file then stands."""
        self.commit_all((content,))

    def commit_all(self, pieces: Iterable[str]) -> None:
        """The same for what need not be in memory as a whole."""
        try:
            with self._stream:
                self._stream.writelines(pieces)
                self._stream.flush()
                os.fsync(self._stream.fileno())
            self._draft.replace(self._target)
        except OSError as error:
            raise self._fault(error.strerror or "it cannot be written") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()
        self._draft.unlink(missing_ok=True)

    def _resolved(self, target: Path) -> Path:
        try:
            resolved = target.resolve()
            is_taken = resolved.exists() and not resolved.is_file()
        except (OSError, RuntimeError, ValueError):
            raise self._fault("this is no path") from None
        if is_taken or not resolved.name:
            raise self._fault("it is not a regular file")
        return resolved

    def _fault(self, reason: str) -> EnvironmentFault:
        message = f"nothing can be written here: {reason[:1].lower()}{reason[1:]}"
        return EnvironmentFault("E-ENVIRONMENT-OUTPUT", message, self._told)
