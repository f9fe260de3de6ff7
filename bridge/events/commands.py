"""What somebody told the testbed to do beside its scenario: a replay does it again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Command(StrEnum):
    """The interactive commands."""

    SUBMIT = "submit"
    PAY = "pay"
    RESTART_RELAYER = "restart relayer"
    END = "end"


@dataclass(frozen=True, slots=True)
class CommandGiven:
    """A command after ``step`` whole steps, with its arguments as text; its effects follow."""

    step: int
    command: Command
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """A branch begins: all before this event is what snapshot ``snapshot`` had, at ``step``."""

    step: int
    snapshot: int
