"""Snapshots of a whole run, and doing again what was commanded.

Scenario, seed and commands decide everything, so they are what a snapshot keeps: the run is made
again up to the moment, and the hash of its journal proves that it is the same one. See
``docs/decisions/007-snapshots-by-doing-again.md``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NewType, TypeAlias

from pydantic import ValidationError

from bridge.errors import InternalError, UsageError
from bridge.events import CommandGiven, Restored
from bridge.journal import Journal
from bridge.testbed.scenario import Scenario, Trade
from bridge.testbed.scenario_text import document_of, scenario_text

SnapshotId = NewType("SnapshotId", int)
Recorded: TypeAlias = CommandGiven | Restored


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A moment between two steps: all commands up to it, and the journal that they gave."""

    steps: int
    commands: tuple[Recorded, ...]
    journal_sha256: str

    @classmethod
    def of(cls, journal: Journal, steps: int) -> Snapshot:
        """The moment at which a journal stands."""
        return cls(steps, tuple(commands_in(journal)), journal.sha256())

    def check(self, journal: Journal) -> None:
        """Raises InternalError unless the journal that was made again is the same."""
        if journal.sha256() != self.journal_sha256:
            raise InternalError(
                "E-INTERNAL-SNAPSHOT",
                "the run does not come out as it was: its chains were changed behind its back",
                hint="only what the testbed's own commands do can be restored",
            )


def commands_in(journal: Journal) -> Iterator[Recorded]:
    """The commands of a journal, in their order."""
    for entry in journal:
        if isinstance(entry.event, CommandGiven | Restored):
            yield entry.event


def trade_text(trade: Trade, scenario: Scenario) -> str:
    """A trade as the argument of a recorded command."""
    return json.dumps(document_of(trade, scenario), sort_keys=True, separators=(",", ":"))


def trade_of(text: str, scenario: Scenario) -> Trade:
    """The trade again, checked against its scenario. Raises UsageError."""
    document = tomllib.loads(scenario_text(scenario))
    for section in ("objections", "cancellations", "faults"):  # they may speak of other trades
        document.pop(section, None)
    try:
        document["trades"] = [json.loads(text)]
        return Scenario.from_document(document).trades[0]
    except (ValidationError, ValueError, RecursionError, AttributeError, TypeError) as error:
        message = "the trade that was submitted is none of this scenario"
        raise UsageError("E-USAGE-TRADE", message) from error
