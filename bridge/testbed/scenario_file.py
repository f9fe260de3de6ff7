"""A scenario file: read whole or not at all, and everything that is wrong with it told at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bridge.errors import FaultCollector, InternalError, LockstepError, ScenarioError, Where, quoted
from bridge.testbed.blotter import Blotter, read_blotter
from bridge.testbed.fault_texts import place_of, told
from bridge.testbed.input_file import read_bounded, text_of, told_path
from bridge.testbed.names import did_you_mean
from bridge.testbed.scenario import Scenario
from bridge.testbed.settings import Setting, with_settings
from bridge.testbed.toml_lines import key_lines

SHIPPED: Final = Path(__file__).with_name("scenarios")
KEY_PARTS_MAX: Final = 64
"""``tomllib`` takes time with the square of this."""

FAULTS_MAX: Final = 50
"""A file with more faults than this is of another kind; the rest is left untold."""

SORTED_MAX: Final = 2000
"""As many are looked at to find the first of them."""

_PLACE: Final = re.compile(
    r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)",
    re.DOTALL,
)
_NO_KEY: Final = re.compile("[=,{}#]")
_BOM: Final = b"\xef\xbb\xbf"


def shipped_scenarios() -> tuple[str, ...]:
    """The names of the scenarios that come with Lockstep."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def find_scenario(target: str) -> Path:
    """The file of a shipped scenario, by its name, or else ``target`` as a path.

    Raises:
        ScenarioError: it is neither.
    """
    if target in shipped_scenarios():
        return SHIPPED / f"{target}.toml"
    looks_like_a_name = Path(target).suffix == "" and Path(target).name == target
    if looks_like_a_name and not os.path.lexists(target):
        hint = did_you_mean(target, shipped_scenarios())
        message = f"there is no file and no shipped scenario {quoted(target)}"
        raise ScenarioError("E-SCENARIO-UNKNOWN", message, hint=hint)
    return Path(target)


def load_scenario(target: str | Path, settings: Iterable[Setting] = ()) -> Scenario:
    """Read a scenario by path or shipped name. Raises ScenarioError, or Faults with all of them."""
    path = find_scenario(target) if isinstance(target, str) else target
    return parse_scenario(read_bounded(path), told_path(path), path.parent, settings)


def parse_scenario(
    content: bytes, file: str, folder: Path | None = None, settings: Iterable[Setting] = ()
) -> Scenario:
    """Check the bytes of a scenario file; a blotter that it names is looked for in ``folder``.

    Raises:
        UsageError: a setting names a place that the scenario does not have.
        ScenarioError: the file is no TOML.
        Faults: what the file and its blotter say is wrong; all of it.
    """
    if content.startswith(_BOM):
        message, hint = "starts with a byte order mark", "save it as UTF-8 without BOM"
        raise ScenarioError("E-SCENARIO-ENCODING", message, Where(file), hint)
    text = text_of(content, file)
    pages = _Pages.of(with_settings(_document(text, file), settings), text, file, folder)
    found: list[tuple[Where, ErrorDetails]] = []
    scenario = None
    try:
        scenario = Scenario.from_document(pages.document)
    except ValidationError as error:
        found = pages.found(error)
    collector = FaultCollector()
    collector.add_all(_foremost(pages.faults, found, file))
    collector.raise_any()
    if scenario is None:
        raise InternalError("E-INTERNAL-SCENARIO", "a scenario is refused without a fault")
    return scenario


def _document(text: str, file: str) -> Mapping[str, object]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > KEY_PARTS_MAX and _longest_key(line) > KEY_PARTS_MAX:
            raise ScenarioError("E-SCENARIO-DEPTH", "nested too deep", Where(file, number))
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ScenarioError("E-SCENARIO-DEPTH", "nested too deep", Where(file)) from None
    except ValueError as error:
        raise _syntax_fault(error, file) from None


def _longest_key(line: str) -> int:
    """How many parts the longest dotted key of a line may have; text in quotes counts too."""
    longest = parts = 0
    for part in line.split("."):
        parts = 0 if _NO_KEY.search(part) else parts + 1
        longest = max(longest, parts)
    return longest


def _syntax_fault(error: ValueError, file: str) -> ScenarioError:
    if not isinstance(error, tomllib.TOMLDecodeError):
        return ScenarioError("E-SCENARIO-SYNTAX", "a number has too many digits", Where(file))
    found = _PLACE.fullmatch(str(error))
    reason = found["reason"] if found else str(error)
    where, end = Where(file), ", at the end of the file"
    if found and found["line"]:
        where, end = Where(file, int(found["line"]), int(found["column"])), ""
    reason = reason.replace("Cannot overwrite a value", "this key is given twice")
    message = f"not TOML: {reason[:1].lower()}{reason[1:]}"[:200]
    return ScenarioError("E-SCENARIO-SYNTAX", " ".join(message.split()) + end, where)


@dataclass(frozen=True, slots=True)
class _Pages:
    """A scenario's document with its blotter's trades put in, and where everything stands."""

    file: str
    lines: Mapping[tuple[str | int, ...], int]
    document: Mapping[str, object]
    faults: tuple[LockstepError, ...]  # of the blotter as a file
    blotter: Blotter | None = None
    first_row: int = 0  # the index of the trade that is the blotter's first

    @classmethod
    def of(
        cls, document: Mapping[str, object], text: str, file: str, folder: Path | None
    ) -> _Pages:
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


def _foremost(
    known: Sequence[LockstepError], found: Sequence[tuple[Where, ErrorDetails]], file: str
) -> Iterator[LockstepError]:
    """The first faults, the scenario's before its blotter's, and how many there are besides."""
    faults: list[tuple[Where, LockstepError | ErrorDetails]]
    faults = [*((fault.where, fault) for fault in known), *found]
    faults.sort(key=lambda placed: (placed[0].file != file, placed[0].line or 0))
    for where, fault in faults[:FAULTS_MAX]:
        yield fault if isinstance(fault, LockstepError) else told(fault).at(where)
    if len(faults) > FAULTS_MAX:
        message = f"and {len(faults) - FAULTS_MAX} more faults"
        yield ScenarioError("E-SCENARIO-MANY", message, Where(file))


def _key(path: tuple[str | int, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{_short(step)}" for step in path)
    return "".join(steps).lstrip(".")


def _short(step: str) -> str:
    return step if step.isascii() and step.isprintable() and len(step) <= 40 else quoted(step)
