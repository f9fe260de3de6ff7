"""A run directory tells of one run only."""

from __future__ import annotations

from pathlib import Path

from bridge.report.run_directory import write_begun
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.testbed import Testbed
from tests.support.recorded import recorded

WHOLE = {"journal.jsonl", "scenario.toml", "summary.json", "report.html"}


def names(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()}


def test_an_interrupted_run_takes_away_what_an_earlier_one_said(tmp_path: Path) -> None:
    place = recorded(tmp_path / "run")
    (place / "notes.txt").write_text("mine")
    scenario = load_scenario("dvp")
    begun = Testbed.from_scenario(scenario, 9)
    begun.step()
    write_begun(place, begun.journal, scenario)
    assert names(place) == {"journal.jsonl", "scenario.toml", "notes.txt"}


def test_a_whole_run_onto_an_earlier_one_is_whole_again(tmp_path: Path) -> None:
    first = (recorded(tmp_path / "run") / "report.html").read_text("utf-8")
    place = recorded(tmp_path / "run", seed=9)
    assert names(place) == WHOLE
    assert (place / "report.html").read_text("utf-8") != first
