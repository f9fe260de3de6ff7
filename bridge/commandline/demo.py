"""``demo``: a run told step by step in plain words, at the pace of a listener."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bridge.commandline.options import (
    EngineName,
    EngineOption,
    Language,
    SeedOption,
    seed_of,
    targets,
)
from bridge.commandline.terminal import console
from bridge.errors import Interrupted

if TYPE_CHECKING:
    from rich.text import Text

    from bridge.commandline.story import Line

PACE_S: Final = 1.2


def demo(
    scenario: Annotated[
        str,
        typer.Argument(
            help="A shipped name, or a file.", metavar="SCENARIO", autocompletion=targets
        ),
    ] = "dvp",
    language: Annotated[Language, typer.Option(help="English or 简体中文.")] = Language.ENGLISH,
    pace: Annotated[
        float | None,
        typer.Option(help="Seconds a step; 0 without a terminal.", min=0, max=60, metavar="N"),
    ] = None,
    seed: SeedOption = None,
    engine: EngineOption = EngineName.AUTO,
) -> int:
    """Tell a run step by step, in plain words, with the point of finality named."""
    from bridge.commandline.story import Story
    from bridge.testbed.bug_bundle import last_resort
    from bridge.testbed.scenario_file import load_scenario
    from bridge.testbed.summary import verdict
    from bridge.testbed.testbed import Testbed

    number, wanted = seed_of(seed), load_scenario(scenario)
    wait_s = pace if pace is not None else PACE_S if sys.stdout.isatty() else 0.0
    story = Story(wanted, language)
    try:
        for line in story.prologue():
            _tell(line, wait_s)
        testbed = Testbed.from_scenario(wanted, number, engine.value)
        last_resort.journal = testbed.journal
        told = 0
        while not testbed.is_finished:
            testbed.step()
            for line in story.told(testbed.journal.since(told)):
                _tell(line, wait_s)
            told = len(testbed.journal)
        for line in story.epilogue():
            _tell(line, wait_s)
    except KeyboardInterrupt:
        raise Interrupted("E-INTERRUPTED-DEMO", "the demo was stopped") from None
    return verdict(testbed.query())


def _tell(line: Line, wait_s: float) -> None:
    console(sys.stdout).print(_styled(line))
    if wait_s:
        time.sleep(wait_s)


def _styled(line: Line) -> Text:
    from rich.text import Text

    from bridge.commandline.story import Weight

    margin = f"{line.time:>8}  {line.trade:8}  " if line.time else " " * 4
    match line.weight:
        case Weight.TITLE:
            return Text(f"\n{margin if line.time else ''}{line.text}", "bold")
        case Weight.STEP:
            return Text(f"{margin}{line.text}")
        case Weight.FINAL:
            return Text(f"{margin}■ {line.text}", "bold green")
        case Weight.STOPPED:
            return Text(f"{margin}□ {line.text}", "bold yellow")
        case Weight.ASIDE:
            return Text(f"{' ' * len(margin)}{line.text}", "dim")
