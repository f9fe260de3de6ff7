"""The command line: parse, call, print, exit.

Only what parsing and failing need is imported here; engines, scenarios and tables come in with
the command that uses them, so that help appears at once.
"""

from __future__ import annotations

import signal

if __name__ == "__main__":  # until main() can answer, an interrupt ends the process in silence
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import os
import sys
import tempfile
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bridge.errors import (
    NOWHERE,
    EnvironmentFault,
    ExitCode,
    InternalError,
    Interrupted,
    LockstepError,
    UsageError,
    Where,
    quoted,
)
from bridge.testbed.bug_bundle import LastResort, write_journal
from bridge.testbed.terminal import console, prepare_streams, progress

if TYPE_CHECKING:
    from bridge.readmodel import ReadModel
    from bridge.testbed.atomic_file import AtomicFile
    from bridge.testbed.scenario import Scenario
    from bridge.testbed.testbed import Testbed

HELP: Final = """Settle securities trades across two chains, both legs or neither.

Lockstep runs two EVM chains, their contracts, the participants and an untrusted relayer in this
one process, from a scenario file, on a virtual clock: the same scenario and seed give the same
blocks, bit for bit.

\b
  main.py run dvp                      settle the shipped example and show what happened
  main.py run dvp --seed 7             the same with other keys and other random choices
  main.py run dvp --json summary.json  the verdict for a machine to read
  main.py run my-scenario.toml         a scenario of your own
  main.py scenarios                    what is shipped

\b
Exit codes: 0 all expectations met, 1 an expectation or invariant failed, 2 usage, 3 bad input,
4 environment, 5 internal error, 6 a light client froze, 130 interrupted.
"""


class EngineName(StrEnum):
    """What can execute blocks."""

    AUTO = "auto"
    REVM = "revm"
    PYEVM = "pyevm"


app = typer.Typer(add_completion=False, rich_markup_mode=None, help=HELP)
last_resort = LastResort()


@app.callback(invoke_without_command=True)
def _help_without_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the name of a shipped one.")],
    seed: Annotated[
        str | None,
        typer.Option(help="0 to 2^64-1; the scenario's own seed otherwise.", metavar="N"),
    ] = None,
    engine: Annotated[EngineName, typer.Option(help="What executes the blocks.")] = (
        EngineName.AUTO
    ),
    json: Annotated[
        Path | None, typer.Option(help="Write the summary here.", metavar="FILE")
    ] = None,
) -> int:
    """Run one scenario to its end and show both chains' part in every trade."""
    from bridge.testbed.atomic_file import AtomicFile
    from bridge.testbed.scenario_file import find_scenario, load_scenario

    number = None if seed is None else _seed(seed)
    wanted = load_scenario(scenario)
    if json is None:
        return _run(wanted, number, engine, None)
    if os.path.realpath(json) == os.path.realpath(find_scenario(scenario)):
        raise UsageError("E-USAGE-OVERWRITE", "--json names the scenario file itself")
    with AtomicFile(json) as output:
        return _run(wanted, number, engine, output)


@app.command()
def scenarios() -> int:
    """List the scenarios that come with Lockstep."""
    from bridge.testbed.scenario_file import load_scenario, shipped_scenarios

    for name in shipped_scenarios():
        typer.echo(f"{name:20}  {load_scenario(name).about}")
    return ExitCode.OK


def _seed(text: str) -> int:
    from bridge.amounts import SEED_MAX, whole_number

    try:
        return whole_number(text, SEED_MAX)
    except LockstepError as error:
        message = f"--seed {quoted(text)} is not a whole number from 0 to {SEED_MAX}"
        raise UsageError("E-USAGE-SEED", message) from error


def _run(
    wanted: Scenario, seed: int | None, engine: EngineName, output: AtomicFile | None
) -> ExitCode:
    from bridge.testbed.run_tables import run_tables
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


def _outcome(arguments: list[str]) -> int:
    """Run one command line; everything that a user can cause ends in a line and a code."""
    try:
        code = app(arguments, prog_name="main.py", standalone_mode=False)
        if code == ExitCode.INTERRUPTED:  # typer has swallowed the interrupt
            raise KeyboardInterrupt
        sys.stdout.flush()
        return int(code or 0)
    except typer.TyperException as error:
        return _told(UsageError("E-USAGE-COMMAND", error.format_message(), hint="try --help"))
    except LockstepError as error:
        return _told(error)
    except KeyboardInterrupt:
        return _told(Interrupted("E-INTERRUPTED-COMMAND", "stopped"))
    except OSError as error:
        where = Where(file=str(error.filename)) if error.filename else NOWHERE
        reason = (error.strerror or str(error)).lower()
        return _told(EnvironmentFault("E-ENVIRONMENT-SYSTEM", reason, where))


def _told(error: LockstepError) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print(error, file=sys.stderr)
    return int(error.exit_code)


def main() -> None:
    """Run the command line and exit; nobody sees a traceback, whatever happens."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    prepare_streams()
    code = int(ExitCode.INTERNAL)
    with last_resort:
        code = _outcome(sys.argv[1:])
    if last_resort.bundle is not None:
        hint = f"please send {last_resort.bundle}"
        _told(InternalError("E-INTERNAL-UNFORESEEN", "Lockstep itself failed", hint=hint))
    sys.exit(code)


if __name__ == "__main__":
    main()
