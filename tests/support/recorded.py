"""Run directories as ``run --out`` leaves them, made in this process."""

from __future__ import annotations

from pathlib import Path

from bridge.report.result import Result
from bridge.report.run_directory import prepare, write_run
from bridge.testbed.scenario import Scenario
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.testbed import Testbed


def recorded(place: Path, name: str = "dvp", seed: int | None = None) -> Path:
    """Play a shipped scenario to its end and write all that a run leaves."""
    return written(load_scenario(name), place, seed)


def written(scenario: Scenario, place: Path, seed: int | None = None) -> Path:
    """Play a scenario to its end and write all that a run leaves."""
    testbed = Testbed.from_scenario(scenario, seed)
    testbed.run()
    engine = testbed.world.engine.name.value
    result = Result.of(testbed.journal, scenario, engine=engine, wall_seconds=0.0)
    return write_run(prepare(place), result)
