"""``run``: scenarios to their end, and what both chains had to do with every trade."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bridge.commandline.options import EngineName, EngineOption, SeedOption, seed_of, targets
from bridge.commandline.terminal import Canvas, progress
from bridge.errors import FaultCollector, UsageError

if TYPE_CHECKING:
    from bridge.commandline.playing import Order, Played
    from bridge.testbed.atomic_file import AtomicFile
    from bridge.testbed.scenario import Scenario


HELP: Final = """Run scenarios to their end and show both chains' part in every trade.

Each SCENARIO is a file or the name of a shipped one; see: main.py scenarios. One is told in full,
several in a line each. A run ends when every trade is settled or aborted, or at the latest a minute
after the last deadline; a trade that is still pending then fails the run, with the reason why it
waits. When a run fails, its directory is kept and named on standard error as evidence.

\b
  main.py run dvp --seed 7
  main.py run dvp --set participants.suzhou.policy=prompt
  main.py run dvp pvp my.toml -j 4 --out runs --junit junit.xml --json all.json

A run directory (--out) holds journal.jsonl, summary.json, report.html and scenario.toml; with
several scenarios each has one of its own in DIR, by its name.
"""


def run(
    scenario: Annotated[
        list[str],
        typer.Argument(
            help="Scenario files, or names of shipped ones.",
            metavar="SCENARIO",
            autocompletion=targets,
        ),
    ],
    seed: SeedOption = None,
    engine: EngineOption = EngineName.AUTO,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="Change the scenario, such as trades[0].decide_by_s=90; may be given again.",
            metavar="KEY=VALUE",
        ),
    ] = None,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", help="Scenarios at once.", min=1, max=64, metavar="N")
    ] = 1,
    max_virtual_seconds: Annotated[
        int | None,
        typer.Option(help="Stop here; what is pending then fails.", min=1, metavar="N"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the run directory here.", metavar="DIR", readable=False),
    ] = None,
    json: Annotated[
        Path | None, typer.Option(help="Write the summary here.", metavar="FILE", readable=False)
    ] = None,
    junit: Annotated[
        Path | None,
        typer.Option(help="Write JUnit XML: a test case a check.", metavar="FILE", readable=False),
    ] = None,
    save_scenario: Annotated[
        Path | None,
        typer.Option(
            help="Write the scenario as it is run, changes included.",
            metavar="FILE",
            readable=False,
        ),
    ] = None,
) -> int:
    """Play the scenarios, tell each, and give the gravest exit code; ``HELP`` is for users."""
    from bridge.testbed.scenario_text import scenario_text

    number = seed_of(seed)
    if save_scenario is not None and len(scenario) > 1:
        raise UsageError("E-USAGE-SAVE", "--save-scenario takes one scenario, not several")
    wanted = _loaded(scenario, set_ or [])
    _check_distinct(scenario, {"--json": json, "--junit": junit, "--save-scenario": save_scenario})
    with contextlib.ExitStack() as stack:
        outputs = {path: _taken(stack, path) for path in (json, junit, save_scenario) if path}
        if save_scenario is not None:
            outputs[save_scenario].commit(scenario_text(_with_seed(wanted[0], number)))
        canvas = Canvas.of(sys.stdout)
        orders = list(_orders(wanted, number, engine, out, max_virtual_seconds, canvas))
        played = []
        with progress() as show:
            show("starting")
            from bridge.commandline.workers import play_all  # all that is heavy comes with it

            for one in play_all(orders, jobs, show):
                played.append(one)
                show.clear()
                _tell(one, is_last=len(played) == len(orders))
        if json is not None:
            outputs[json].commit(_summaries(played))
        if junit is not None:
            from bridge.report.junit import junit_xml

            outputs[junit].commit(junit_xml(one.suite for one in played))
    return max(one.code for one in played)


def _loaded(names: Sequence[str], settings: Sequence[str]) -> list[Scenario]:
    """All scenarios, or everything that is wrong with any of them."""
    from bridge.testbed.scenario_file import load_scenario
    from bridge.testbed.settings import Setting

    changes = [Setting.parse(text) for text in settings]
    collector, loaded = FaultCollector(), []
    for name in names:
        with collector.collecting():
            loaded.append(load_scenario(name, changes))
    collector.raise_any()
    return loaded


def _with_seed(scenario: Scenario, seed: int | None) -> Scenario:
    return scenario if seed is None else scenario.model_copy(update={"seed": seed})


def _check_distinct(names: Sequence[str], outputs: dict[str, Path | None]) -> None:
    """No output overwrites a scenario or another output."""
    from bridge.testbed.scenario_file import find_scenario

    taken = {os.path.realpath(find_scenario(name)): "the scenario file itself" for name in names}
    for option, path in outputs.items():
        if path is None:
            continue
        real = os.path.realpath(path)
        if real in taken:
            raise UsageError("E-USAGE-OVERWRITE", f"{option} names {taken[real]}")
        taken[real] = f"the same file as {option}"


def _taken(stack: contextlib.ExitStack, path: Path) -> AtomicFile:
    """The place of an output, taken before the run begins."""
    from bridge.testbed.atomic_file import AtomicFile

    return stack.enter_context(AtomicFile(path))


def _orders(
    wanted: Sequence[Scenario],
    seed: int | None,
    engine: EngineName,
    out: Path | None,
    virtual_seconds_max: int | None,
    canvas: Canvas,
) -> Iterator[Order]:
    from bridge.commandline.playing import Order
    from bridge.report.run_directory import prepare

    places: set[Path] = set()
    for scenario in wanted:
        place = None if out is None else out if len(wanted) == 1 else out / scenario.name
        count = 1
        while place is not None and place in places:
            count += 1
            place = place.with_name(f"{scenario.name}-{count}")
        if place is not None:
            places.add(prepare(place))
        is_brief = len(wanted) > 1
        yield Order(scenario, seed, engine.value, place, virtual_seconds_max, canvas, is_brief)


def _tell(played: Played, *, is_last: bool) -> None:
    sys.stdout.write(played.text)
    if is_last:
        sys.stdout.flush()
    for note in played.notes:
        print(note, file=sys.stderr)


def _summaries(played: Sequence[Played]) -> str:
    """The summary of one run as it is; of several as one document, in the order asked for."""
    if len(played) == 1:
        return played[0].suite.summary.as_json()
    from bridge.testbed.summary import Summaries

    return Summaries(runs=tuple(one.suite.summary for one in played)).as_json()
