"""``run``: a scenario to its end, and what both chains had to do with every trade."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.commandline.options import EngineName, EngineOption, SeedOption, seed_of
from bridge.commandline.terminal import console, progress
from bridge.errors import ExitCode, Interrupted, UsageError
from bridge.testbed.bug_bundle import last_resort, write_journal

if TYPE_CHECKING:
    from bridge.readmodel import ReadModel
    from bridge.testbed.atomic_file import AtomicFile
    from bridge.testbed.scenario import Scenario
    from bridge.testbed.testbed import Testbed


def run(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the name of a shipped one.")],
    seed: SeedOption = None,
    engine: EngineOption = EngineName.AUTO,
    json: Annotated[
        Path | None, typer.Option(help="Write the summary here.", metavar="FILE")
    ] = None,
) -> int:
    """Run one scenario to its end and show both chains' part in every trade."""
    from bridge.testbed.atomic_file import AtomicFile
    from bridge.testbed.scenario_file import find_scenario, load_scenario

    number = seed_of(seed)
    wanted = load_scenario(scenario)
    if json is None:
        return _run(wanted, number, engine, None)
    if os.path.realpath(json) == os.path.realpath(find_scenario(scenario)):
        raise UsageError("E-USAGE-OVERWRITE", "--json names the scenario file itself")
    with AtomicFile(json) as output:
        return _run(wanted, number, engine, output)


def _run(
    wanted: Scenario, seed: int | None, engine: EngineName, output: AtomicFile | None
) -> ExitCode:
    from bridge.commandline.run_tables import run_tables
    from bridge.testbed.summary import Summary, verdict

    started_s = time.monotonic()
    testbed = _stepped_through(wanted, seed, engine)
    model = testbed.query()
    wall_seconds = time.monotonic() - started_s
    summary = Summary.of(
        model, testbed.journal, engine=testbed.world.engine.name.value, wall_seconds=wall_seconds
    )
    if output is not None:
        output.commit(summary.as_json())
    code = verdict(model)
    for table in run_tables(model, summary):
        console(sys.stdout).print(table)
    if code is not ExitCode.OK:
        place = Path(tempfile.mkdtemp(prefix="lockstep-run-"))
        print(f"evidence: {write_journal(testbed.journal, place)}", file=sys.stderr)
    return code


def _stepped_through(wanted: Scenario, seed: int | None, engine: EngineName) -> Testbed:
    from bridge.testbed.testbed import Testbed

    testbed = None
    try:
        with progress() as show:
            show(f"{wanted.name}: starting its chains; a first run also compiles the contracts")
            testbed = Testbed.from_scenario(wanted, seed=seed, engine=engine.value)
            last_resort.journal = testbed.journal
            if testbed.world.engine.notice:
                print(testbed.world.engine.notice, file=sys.stderr)
            while testbed.step():
                show(_status(wanted, testbed.query()))
    except KeyboardInterrupt:
        used = wanted.seed if seed is None else seed
        at = f"after {testbed.now_ms / 1000:g} s of virtual time" if testbed else "while starting"
        hint = f"the same scenario with --seed {used} runs the same way again"
        raise Interrupted("E-INTERRUPTED-RUN", f"stopped {at}", hint=hint) from None
    return testbed


def _status(wanted: Scenario, model: ReadModel) -> str:
    counts = ", ".join(f"{model.count(name)} {name}" for name in ("settled", "aborted", "pending"))
    awaited = len(wanted.trades) - len(model.trades)
    return f"{model.now_ms / 1000:.0f} s: {counts}, {awaited} to come"
