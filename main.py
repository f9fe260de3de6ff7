#!/usr/bin/env python3
"""Lockstep's command line; the commands are in ``bridge/commandline/``, the window in ``gui/``."""

from __future__ import annotations

import signal

if __name__ == "__main__":  # until outcome() can answer, an interrupt ends the process in silence
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import sys
from typing import Annotated

import typer

from bridge.commandline.app import app
from bridge.commandline.demo import demo
from bridge.commandline.options import SeedOption, seed_of, targets
from bridge.commandline.outcome import outcome


@app.command()
def desktop(
    scenario: Annotated[
        str,
        typer.Argument(
            help="A shipped name, or a file.", metavar="SCENARIO", autocompletion=targets
        ),
    ] = "dvp",
    seed: SeedOption = None,
) -> int:
    """Open the window on a scenario; without a display, play it in the terminal."""
    from gui.display import why_no_answer, why_no_window

    number = seed_of(seed)
    if reason := why_no_window() or why_no_answer():
        print(f"{reason}: playing {scenario} in the terminal", file=sys.stderr)
        return demo(scenario, seed=seed)
    from gui.app import show

    return show(scenario, number)


def main() -> None:
    """Run the command line and exit."""
    sys.exit(outcome(sys.argv[1:]))


if __name__ == "__main__":
    main()
