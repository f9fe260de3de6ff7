"""Lockstep in your own pytest: ``lockstep`` makes a trial, and a failing test keeps its run.

The plugin is found by its entry point. Nothing heavy is imported until a test asks for the
fixture, nothing global is changed, and each test has chains of its own, so xdist may spread them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.testbed.testbed import Testbed
    from bridge.testbed.trial import Trial

FAILED_AFTER_S = pytest.StashKey[float]()


class Lockstep:
    """What the ``lockstep`` fixture gives: trials and the moves their trades are made of."""

    def __init__(self) -> None:
        self.testbeds: list[Testbed] = []

    def trial(
        self, scenario: str | Path = "dvp", *, seed: int | None = None, engine: str = "auto"
    ) -> Trial:
        """A trial on a shipped scenario or a file; see ``bridge.testbed.trial``."""
        from bridge.testbed.trial import Trial

        return Trial(scenario, seed=seed, engine=engine, begun=self.testbeds.append)


@pytest.fixture
def lockstep(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lockstep]:
    """Trials of this test; when it fails, the directory of each run is kept and named."""
    trials = Lockstep()
    yield trials
    seconds = request.node.stash.get(FAILED_AFTER_S, None)
    if seconds is not None:
        for testbed in trials.testbeds:
            place = _keep(testbed, seconds, tmp_path_factory.mktemp("lockstep-run"))
            request.node.add_report_section("teardown", "lockstep", f"the run is kept in {place}")
    for testbed in trials.testbeds:
        testbed.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember for the fixture's end that the test itself failed, and how long it took."""
    report = yield
    if call.when == "call" and report.failed:
        item.stash[FAILED_AFTER_S] = call.duration
    return report


def _keep(testbed: Testbed, wall_seconds: float, place: Path) -> Path:
    """The run directory that ``run --out`` writes, also of a run that was only begun."""
    from bridge.report.result import Result
    from bridge.report.run_directory import write_run

    world = testbed.world
    engine = world.engine.name.value
    result = Result.of(testbed.journal, world.scenario, engine=engine, wall_seconds=wall_seconds)
    return write_run(place, result)
