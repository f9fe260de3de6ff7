"""A scenario's document with its blotter's trades put in, and where everything in both stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bridge.errors import FaultCollector, LockstepError, ScenarioError, Where, quoted
from bridge.testbed.blotter import Blotter, read_blotter
from bridge.testbed.fault_texts import place_of, told
from bridge.testbed.toml_lines import key_lines

FAULTS_MAX: Final = 50
"""A file with more faults than this is of another kind; the rest is left untold."""

SORTED_MAX: Final = 2000
"""As many are looked at to find the first of them."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A scenario's document with its blotter's trades put in, and where everything stands."""

    file: str
    lines: Mapping[tuple[str | int, ...], int]
    document: Mapping[str, object]
    faults: tuple[LockstepError, ...]  # of the blotter as a file
    blotter: Blotter | None = None
    first_row: int = 0  # the index of the trade that is the blotter's first

    @classmethod
    def of(cls, document: Mapping[str, object], text: str, file: str, folder: Path | None) -> Pages:
        """Read the blotter, if the document names one."""
        lines = key_lines(text)
        named = document.get("blotter")
        if named is None:
            return cls(file, lines, document, ())
        rest = {key: value for key, value in document.items() if key != "blotter"}
        where = Where(file, lines.get(("blotter",)), key="blotter")
        collector, blotter = FaultCollector(), None
        with collector.collecting(where):
            if not isinstance(named, str) or folder is None:
                message = "no text with the name of a file beside the scenario's"
                raise ScenarioError("E-SCENARIO-BLOTTER-PATH", message)
            blotter = read_blotter(named, folder, document)
            collector.add_all(blotter.faults)
        own = document.get("trades", [])
        if not isinstance(own, list):
            return cls(file, lines, rest, collector.faults)
        rows = blotter.trades if blotter else ()
        merged = {**rest, "trades": [*own, *rows]}
        return cls(file, lines, merged, collector.faults, blotter, len(own))

    def found(self, error: ValidationError) -> list[tuple[Where, ErrorDetails]]:
        """Each fault of a validation error once, with its place."""
        found: dict[tuple[str, str, Where], tuple[Where, ErrorDetails]] = {}
        for detail in error.errors(include_url=False)[:SORTED_MAX]:
            where = None if self._is_echo(detail) else self._where(place_of(detail["loc"]))
            if where is not None:
                own = str(detail.get("ctx", {}).get("error", ""))
                is_of_a_row = own and self.blotter is not None and where.file == self.blotter.file
                spot = Where(where.file, where.line) if is_of_a_row else where
                found.setdefault((detail["type"], own, spot), (where, detail))
        return list(found.values())

    def _is_echo(self, detail: ErrorDetails) -> bool:
        """True for a list that is too short only because its items are at fault themselves."""
        if detail["type"] != "too_short":
            return False
        return bool(detail["input"]) or (detail["loc"] == ("trades",) and bool(self.faults))

    def _where(self, path: tuple[str | int, ...]) -> Where | None:
        match path:
            case ("trades", int(index), *rest) if self.blotter and index >= self.first_row:
                return self.blotter.where(index - self.first_row, tuple(rest))
        nearest = next((n for n in range(len(path), 0, -1) if path[:n] in self.lines), 0)
        return Where(self.file, self.lines.get(path[:nearest]), key=_key(path))

    def foremost(self, found: Sequence[tuple[Where, ErrorDetails]]) -> Iterator[LockstepError]:
        """The first faults, the scenario's before its blotter's, and how many there are besides."""
        faults: list[tuple[Where, LockstepError | ErrorDetails]]
        faults = [*((fault.where, fault) for fault in self.faults), *found]
        faults.sort(key=lambda placed: (placed[0].file != self.file, placed[0].line or 0))
        for where, fault in faults[:FAULTS_MAX]:
            yield fault if isinstance(fault, LockstepError) else told(fault).at(where)
        if len(faults) > FAULTS_MAX:
            message = f"and {len(faults) - FAULTS_MAX} more faults"
            yield ScenarioError("E-SCENARIO-MANY", message, Where(self.file))


def _key(path: tuple[str | int, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{_short(step)}" for step in path)
    return "".join(steps).lstrip(".")


def _short(step: str) -> str:
    return step if step.isascii() and step.isprintable() and len(step) <= 40 else quoted(step)
