"""A run directory: everything that is left of a run, for people and for machines."""

from __future__ import annotations

from pathlib import Path

from bridge.errors import EnvironmentFault, Where
from bridge.journal import Journal
from bridge.report.page import report_html
from bridge.report.result import Result
from bridge.testbed.atomic_file import AtomicFile
from bridge.testbed.scenario import Scenario
from bridge.testbed.scenario_text import scenario_text


def prepare(place: Path) -> Path:
    """Make the directory, so that a long run cannot end without one. Raises EnvironmentFault."""
    try:
        place.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this is no path"
        message = f"no directory can be made here: {str(reason).lower()}"
        raise EnvironmentFault("E-ENVIRONMENT-OUTPUT", message, Where(file=str(place))) from None
    for name in ("journal.jsonl", "summary.json", "report.html", "scenario.toml"):
        with AtomicFile(place / name):
            pass  # only to see that it could be written
    return place


def write_run(place: Path, result: Result) -> Path:
    """Write all of it, each file whole or not at all. Raises EnvironmentFault."""
    write_begun(place, result.journal, result.scenario)
    _write(place / "summary.json", result.summary.as_json())
    _write(place / "report.html", report_html(result))
    return place


def write_begun(place: Path, journal: Journal, scenario: Scenario | None) -> None:
    """Write what an interrupted run leaves: its journal so far, and what it was about.

    What an earlier run said in the same directory goes: it would tell of another journal.
    """
    for name in ("summary.json", "report.html"):
        (place / name).unlink(missing_ok=True)
    with AtomicFile(place / "journal.jsonl") as file:
        file.commit_all(line.decode("ascii") for line in journal.lines())
    if scenario is not None:
        _write(place / "scenario.toml", scenario_text(scenario))


def _write(path: Path, content: str) -> None:
    with AtomicFile(path) as file:
        file.commit(content)
