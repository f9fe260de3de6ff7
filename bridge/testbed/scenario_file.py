"""A scenario file: read whole or not at all, and everything that is wrong with it told at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bridge.errors import FaultCollector, InternalError, ScenarioError, Where, quoted
from bridge.testbed.input_file import read_bounded, text_of, told_path
from bridge.testbed.names import did_you_mean
from bridge.testbed.scenario import Scenario
from bridge.testbed.scenario_pages import Pages
from bridge.testbed.settings import Setting, with_settings

SHIPPED: Final = Path(__file__).with_name("scenarios")
KEY_PARTS_MAX: Final = 64
"""``tomllib`` takes time with the square of this."""

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
    pages = Pages.of(with_settings(_document(text, file), settings), text, file, folder)
    found: list[tuple[Where, ErrorDetails]] = []
    scenario = None
    try:
        scenario = Scenario.from_document(pages.document)
    except ValidationError as error:
        found = pages.found(error)
    collector = FaultCollector()
    collector.add_all(pages.foremost(found))
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
