"""A scenario file: read whole or not at all, and everything that is wrong with it told at once."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bridge.errors import FaultCollector, LockstepError, ScenarioError, Where, quoted
from bridge.testbed.fault_texts import told
from bridge.testbed.names import did_you_mean
from bridge.testbed.scenario import Scenario
from bridge.testbed.toml_lines import key_lines

SHIPPED: Final = Path(__file__).with_name("scenarios")
PATH_MAX: Final = 200
SIZE_MAX: Final = 2**20
KEY_PARTS_MAX: Final = 64
"""``tomllib`` takes time with the square of this."""

FAULTS_MAX: Final = 50
"""A file with more faults than this is of another kind; the rest is only counted."""

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


def load_scenario(target: str | Path) -> Scenario:
    """Read a scenario by path or shipped name. Raises ScenarioError, or Faults with all of them."""
    path = find_scenario(target) if isinstance(target, str) else target
    return parse_scenario(read_bounded(path), _told(path))


def parse_scenario(content: bytes, file: str) -> Scenario:
    """Check the bytes of a scenario file. Raises ScenarioError, or Faults with all of them."""
    text = _text(content, file)
    document = _document(text, file)
    try:
        return Scenario.from_document(document)
    except ValidationError as error:
        faults = _faults(error, text, file)
    collector = FaultCollector()
    for fault in faults:
        collector.add(fault)
    collector.raise_any()
    raise AssertionError("a validation error has at least one fault")


def read_bounded(path: Path) -> bytes:
    """The content of a regular file of at most ``SIZE_MAX`` bytes; never waits, never reads more.

    Raises:
        ScenarioError: missing, unreadable, no regular file, or too large.
    """
    where = Where(file=_told(path))
    try:
        # Path.open takes no opener.
        with open(path, "rb", opener=_open_without_waiting) as stream:
            state = os.fstat(stream.fileno())
            is_small_file = stat.S_ISREG(state.st_mode) and state.st_size <= SIZE_MAX
            content = stream.read(SIZE_MAX + 1) if is_small_file else b""
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this is no path"
        message = f"cannot be read: {str(reason).lower()}"
        raise ScenarioError("E-SCENARIO-UNREADABLE", message, where) from None
    if not stat.S_ISREG(state.st_mode):
        raise ScenarioError("E-SCENARIO-NO-FILE", "this is not a regular file", where)
    if state.st_size > SIZE_MAX or len(content) > SIZE_MAX:
        message = f"larger than {SIZE_MAX // 1024} KiB"
        raise ScenarioError("E-SCENARIO-SIZE", message, where, "this is hardly a scenario")
    return content


def _told(path: Path) -> str:
    """A path fit for one line of a message."""
    text = str(path)
    return text if text.isprintable() and len(text) <= PATH_MAX else quoted(text)


def _open_without_waiting(path: str, flags: int) -> int:
    """A pipe without a writer must not keep anybody waiting."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _text(content: bytes, file: str) -> str:
    if content.startswith(_BOM):
        hint = "save it as UTF-8 without BOM"
        raise ScenarioError(
            "E-SCENARIO-ENCODING", "starts with a byte order mark", Where(file), hint
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} is not UTF-8 text"
        raise ScenarioError("E-SCENARIO-ENCODING", message, Where(file, line)) from None
    if not text.strip():
        raise ScenarioError("E-SCENARIO-EMPTY", "the file is empty", Where(file))
    return text


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


def _faults(error: ValidationError, text: str, file: str) -> list[LockstepError]:
    lines = key_lines(text)
    details = [detail for detail in error.errors(include_url=False) if not _is_echo(detail)]
    faults = []
    for detail in details[:FAULTS_MAX]:
        path = tuple(step for step in detail["loc"] if step != "[key]")
        nearest = next((n for n in range(len(path), 0, -1) if path[:n] in lines), 0)
        line = lines.get(path[:nearest])
        faults.append(told(detail).at(Where(file, line, key=_key(path))))
    faults.sort(key=lambda fault: fault.where.line or 0)
    if len(details) > FAULTS_MAX:
        message = f"and {len(details) - FAULTS_MAX} more faults"
        faults.append(ScenarioError("E-SCENARIO-MANY", message, Where(file)))
    return faults


def _is_echo(detail: ErrorDetails) -> bool:
    """True when a list counts as too short only because its items are at fault themselves."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _key(path: tuple[str | int, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{_short(step)}" for step in path)
    return "".join(steps).lstrip(".")


def _short(step: str) -> str:
    return step if step.isascii() and step.isprintable() and len(step) <= 40 else quoted(step)
