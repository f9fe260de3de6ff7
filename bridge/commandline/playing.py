"""One scenario played to its end, in this process, with everything that is to be told of it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from rich.console import RenderableType
from rich.text import Text

from bridge.commandline.run_tables import run_tables
from bridge.commandline.terminal import Canvas
from bridge.errors import ExitCode, Interrupted
from bridge.readmodel import ReadModel
from bridge.report.junit import Suite
from bridge.report.result import Result
from bridge.report.run_directory import write_begun, write_run
from bridge.testbed.bug_bundle import last_resort
from bridge.testbed.garbage import rarely_collecting
from bridge.testbed.scenario import Scenario
from bridge.testbed.testbed import Testbed

Show: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """A scenario to play; ``place`` is its run directory, None for one only when it fails."""

    scenario: Scenario
    seed: int | None
    engine: str
    place: Path | None
    virtual_seconds_max: int | None
    canvas: Canvas
    is_brief: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it: a code, the text to print, the checks, and notes for standard error."""

    code: ExitCode
    text: str
    suite: Suite
    notes: tuple[str, ...] = ()


def play(order: Order, show: Show) -> Played:
    """Run to the end, write what is to be written. Raises Interrupted with a hint how to go on."""
    with rarely_collecting():
        return _play(order, show)


def _play(order: Order, show: Show) -> Played:
    started_s = time.monotonic()
    testbed = None
    try:
        show(f"{order.scenario.name}: starting its chains; a first run also compiles the contracts")
        testbed = Testbed.from_scenario(order.scenario, order.seed, order.engine)
        last_resort.journal = testbed.journal
        _step_through(testbed, order, show)
    except KeyboardInterrupt:
        raise _interrupted(order, testbed) from None
    show(f"{order.scenario.name}: writing it up")
    result = _result(testbed, order, started_s)
    notes = [testbed.world.engine.notice] if testbed.world.engine.notice else []
    place = order.place
    if place is None and result.code is not ExitCode.OK:
        place = Path(tempfile.mkdtemp(prefix="lockstep-run-"))
    if place is not None:
        write_run(place, result)
    if result.code is not ExitCode.OK:
        notes.append(f"evidence: {place}")
    tables = _brief(result) if order.is_brief else run_tables(result)
    suite = Suite(order.scenario.name, result.checks, result.summary)
    return Played(result.code, order.canvas.drawn(tables), suite, tuple(notes))


def _step_through(testbed: Testbed, order: Order, show: Show) -> None:
    pace = _Pace(order, time.monotonic())
    while testbed.step():
        show(pace.told(testbed.query()))
        limit_s = order.virtual_seconds_max
        if limit_s is not None and testbed.now_ms >= limit_s * 1000:
            testbed.end()


def _result(testbed: Testbed, order: Order, started_s: float) -> Result:
    engine, wall_seconds = testbed.world.engine.name.value, time.monotonic() - started_s
    return Result.of(
        testbed.journal,
        order.scenario,
        engine=engine,
        wall_seconds=wall_seconds,
        model=testbed.query(),
    )


def _interrupted(order: Order, testbed: Testbed | None) -> Interrupted:
    used = order.scenario.seed if order.seed is None else order.seed
    at = f"after {testbed.now_ms / 1000:g} s of virtual time" if testbed else "while starting"
    hint = f"the same scenario with --seed {used} runs the same way again"
    if testbed is not None and order.place is not None:
        write_begun(order.place, testbed.journal, order.scenario)
    return Interrupted("E-INTERRUPTED-RUN", f"stopped {at}", hint=hint)


@dataclass(frozen=True, slots=True)
class _Pace:
    """How fast it goes, and how long it can take at most."""

    order: Order
    started_s: float

    def told(self, model: ReadModel) -> str:
        scenario = self.order.scenario
        counts = ", ".join(
            f"{model.count(name)} {name}" for name in ("settled", "aborted", "pending")
        )
        to_come = len(scenario.trades) - len(model.trades)
        now_s = model.now_ms / 1000
        rate = now_s / max(time.monotonic() - self.started_s, 0.001)
        limit_s = min(scenario.time_limit_s, self.order.virtual_seconds_max or 2**63)
        left_s = max(limit_s - now_s, 0) / max(rate, 0.001)
        return (
            f"{scenario.name} {now_s:.0f} s: {counts}, {to_come} to come; "
            f"{rate:.0f} virtual s a second, at most {left_s:.0f} s left"
        )


def _brief(result: Result) -> Iterator[RenderableType]:
    """One line for one of many, and what failed."""
    summary, trades = result.summary, result.summary.trades
    mark = Text("ok   ", "green") if result.code is ExitCode.OK else Text("FAIL ", "bold red")
    counts = f"{trades.settled} settled, {trades.aborted} aborted, {trades.pending} pending"
    yield mark + Text(f"{summary.scenario:36} {counts}")
    for check in result.failures:
        yield Text(f"     {check.message}", "red")
