"""What the workbench hands over: plain facts, in the names and units of the scenario.

These are the engine's side of the desktop's one seam. They carry codes and values, never
sentences, so that every language is made on this side of it. Ids are hex strings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Plain: TypeAlias = str | int | tuple["Plain", ...]


class RunState(StrEnum):
    """What the run is doing; only ``FAILED`` and ``FINISHED`` are ends."""

    EMPTY = "empty"
    STARTING = "starting"
    PAUSED = "paused"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something did not work; ``detail`` is for who reports it."""

    code: str
    message: str
    hint: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class InstrumentFacts:
    """``identifier`` is an ISIN, or the ISO 4217 code of cash."""

    code: str
    chain: str
    is_cash: bool
    identifier: str
    minor_units: int


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What holds for a whole run; ``epoch_s`` is the Unix time of virtual time zero."""

    scenario: str
    about: str
    seed: int
    epoch_s: int
    chains: tuple[str, ...]
    instruments: Mapping[str, InstrumentFacts]
    participants: Mapping[str, str]
    awaited: int


@dataclass(frozen=True, slots=True)
class Happening:
    """A journal entry: ``kind`` is the event's name, ``fields`` are its values."""

    sequence: int
    at_ms: int
    kind: str
    fields: Mapping[str, Plain]

    def text(self, name: str) -> str:
        """A field that is text; empty when the event has none of that name."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else str(value)

    def number(self, name: str) -> int:
        """A field that is a number; 0 when the event has none of that name."""
        value = self.fields.get(name, 0)
        return value if isinstance(value, int) else 0

    @property
    def trade_ids(self) -> tuple[str, ...]:
        """The trades that it concerns."""
        many = self.fields.get("trade_ids", ())
        if isinstance(many, tuple) and many:
            return tuple(str(each) for each in many)
        one = self.text("trade_id")
        return (one,) if one else ()


@dataclass(frozen=True, slots=True)
class LegFacts:
    """A leg and what has become of it; ``state`` is the read model's word."""

    chain: str
    instrument: str
    sender: str
    receiver: str
    amount: int
    state: str


@dataclass(frozen=True, slots=True)
class WhyFacts:
    """Why a trade is not settled: the read model's cause and whom it concerns.

    ``instrument`` is "" unless someone is short of it; then the amounts are in its minor units.
    """

    cause: str
    reason_code: str
    chain: str
    participant: str
    instrument: str = ""
    needed: int = 0
    available: int = 0


@dataclass(frozen=True, slots=True)
class TradeFacts:
    """A trade at this moment; ``decided_at_ms`` is -1 while it is undecided."""

    trade_id: str
    label: str
    reference: str
    hub: str
    state: str
    verdict: str
    outcome: str
    legs: tuple[LegFacts, ...]
    prepare_by_s: int
    decide_by_s: int
    decided_at_ms: int = -1
    why: WhyFacts | None = None


@dataclass(frozen=True, slots=True)
class PositionFacts:
    """Whose position in what, in minor units; ``balance`` includes what is held."""

    participant: str
    instrument: str
    balance: int
    held: int

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same while the position changes."""
        return (self.participant, self.instrument)


@dataclass(frozen=True, slots=True)
class ConservationFacts:
    """Whether an instrument's total is what it was, and what does not add up."""

    instrument: str
    opening: int
    now: int
    held: int
    is_conserved: bool
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """All that is new at a moment; trades and positions only where they changed."""

    now_ms: int
    happenings: tuple[Happening, ...] = ()
    trades: tuple[TradeFacts, ...] = ()
    positions: tuple[PositionFacts, ...] = ()
    conservation: tuple[ConservationFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """What the engine has computed at a stroke, moment by moment; ``run`` in the first one only."""

    run: RunFacts | None
    computed_ms: int
    changes: tuple[Changes, ...]
    is_finished: bool
    journal_sha256: str


def merged(changes: Sequence[Changes], now_ms: int) -> Changes:
    """Several moments as one: of what changed twice only the last."""
    trades = {trade.trade_id: trade for each in changes for trade in each.trades}
    positions = {position.key: position for each in changes for position in each.positions}
    checked = [each.conservation for each in changes if each.conservation]
    return Changes(
        now_ms,
        tuple(happening for each in changes for happening in each.happenings),
        tuple(trades.values()),
        tuple(positions.values()),
        checked[-1] if checked else (),
    )
