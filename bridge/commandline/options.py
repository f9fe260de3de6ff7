"""Options that several commands take, and how their values are read."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

import typer

from bridge.errors import LockstepError, UsageError, quoted


class EngineName(StrEnum):
    """What can execute blocks."""

    AUTO = "auto"
    REVM = "revm"
    PYEVM = "pyevm"


class Language(StrEnum):
    """What is told to people can be told in these."""

    ENGLISH = "en"
    CHINESE = "zh"


EngineOption: TypeAlias = Annotated[
    EngineName, typer.Option(help="What executes the blocks; they are the same on each.")
]
SeedOption: TypeAlias = Annotated[
    str | None, typer.Option(help="0 to 2^64-1; the scenario's own seed otherwise.", metavar="N")
]


def targets(incomplete: str) -> list[str]:
    """What shell completion offers for a scenario: the shipped names; files come from the shell."""
    from bridge.testbed.scenario_file import shipped_scenarios

    return [name for name in shipped_scenarios() if name.startswith(incomplete)]


def seed_of(text: str | None) -> int | None:
    """The value of ``--seed``; None when it was not given. Raises UsageError."""
    from bridge.amounts import SEED_MAX, whole_number

    if text is None:
        return None
    try:
        return whole_number(text, SEED_MAX)
    except LockstepError as error:
        message = f"--seed {quoted(text)} is not a whole number from 0 to {SEED_MAX}"
        raise UsageError("E-USAGE-SEED", message) from error
