"""``doctor``: what is wrong with a run's directory or its relayer's outbox, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bridge.commandline.options import EngineName, EngineOption
from bridge.commandline.replay import RunArgument
from bridge.commandline.terminal import progress
from bridge.errors import ExitCode


def doctor(
    run: RunArgument,
    outbox: Annotated[
        Path | None,
        typer.Option(
            help="A relayer's outbox: compared, or rebuilt if gone.", metavar="FILE", readable=False
        ),
    ] = None,
    engine: EngineOption = EngineName.AUTO,
) -> int:
    """Check a run's directory: journal, scenario, summary, replay; exit 1 if something is wrong.

    With --outbox the relayer's outbox is compared with the chains of the run; a file that is not
    there is rebuilt from them.
    """
    from bridge.errors import JournalError, Where
    from bridge.testbed.checkup import check_up

    if not run.exists():
        raise JournalError("E-JOURNAL-MISSING", "there is no run here", Where(str(run)))
    code = ExitCode.OK
    with progress() as show:
        findings = check_up(
            run, outbox, engine.value, lambda bed: show(f"to {bed.now_ms // 1000} s again")
        )
        for found in findings:
            print(f"{'well ' if found.is_well else 'WRONG'}  {found.part}: {found.detail}")
            if not found.is_well:
                code = ExitCode.FAILED
                print(f"       do: {found.advice}")
    return code
