"""``replay`` and ``diff``: is it the same run again, and if not, where do they part."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bridge.commandline.options import EngineName, EngineOption
from bridge.commandline.terminal import progress
from bridge.errors import ExitCode

if TYPE_CHECKING:
    from bridge.journal import Entry, Journal
    from bridge.testbed.replay import Difference

RUN_HELP: Final = "A run's directory, or its journal.jsonl."
RunArgument = Annotated[Path, typer.Argument(help=RUN_HELP, metavar="RUN", readable=False)]


def replay(run: RunArgument, engine: EngineOption = EngineName.AUTO) -> int:
    """Run a recorded run again and compare every event; exit 1 if one differs.

    Also for a run that was stopped: its journal is compared as far as it goes.
    """
    from bridge.testbed.replay import replay as run_again

    with progress() as show:
        done = run_again(run, engine.value, lambda bed: show(f"{bed.now_ms / 1000:.0f} s"))
    found = done.difference
    if found is None or (found.left is None and not done.is_whole):
        rest = "" if done.is_whole else ", as far as the stopped run went"
        print(f"the same {len(done.recorded)} events again on {done.engine}{rest}")
        print(f"journal {done.recorded.sha256()}")
        return ExitCode.OK
    _tell(found, done.recorded, "recorded", f"again on {done.engine}")
    return ExitCode.FAILED


def diff(
    run_a: Annotated[Path, typer.Argument(help=RUN_HELP, metavar="RUN_A", readable=False)],
    run_b: Annotated[Path, typer.Argument(help=RUN_HELP, metavar="RUN_B", readable=False)],
) -> int:
    """Show the first event in which two runs differ; exit 1 if there is one."""
    from bridge.journal_file import read_journal
    from bridge.testbed.replay import first_difference

    left, right = read_journal(run_a), read_journal(run_b)
    found = first_difference(left, right)
    if found is None:
        print(f"the same: {len(left)} events, journal {left.sha256()}")
        return ExitCode.OK
    _tell(found, left, str(run_a), str(run_b))
    return ExitCode.FAILED


def _tell(found: Difference, before: Journal, left: str, right: str) -> None:
    print(f"the same up to event {found.sequence}; then they differ")
    for entry in list(before)[max(0, found.sequence - 2) : found.sequence]:
        print(f"  both: {_line(entry)}")
    print(f"  {left}: {_line(found.left)}")
    print(f"  {right}: {_line(found.right)}")


def _line(entry: Entry | None) -> str:
    from bridge.journal import line_of

    return "nothing more" if entry is None else line_of(entry).decode().rstrip()
