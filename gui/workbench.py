"""The only door from the desktop to the bridge: builds runs, advances them, tells plain facts.

Everything here happens on the engine's thread, and a testbed never leaves it: what crosses to the
window are frozen records of text and numbers. A process could take the thread's place.
"""

from __future__ import annotations

import gc
import time
import traceback
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final, TypeAlias

from bridge.errors import Faults, LockstepError
from bridge.events import (
    HoldExecuted,
    HoldPlaced,
    HoldReleased,
    Kind,
    PositionRecorded,
    Transferred,
)
from bridge.journal import Entry
from bridge.readmodel import ReadModel
from bridge.testbed.scenario_file import load_scenario, shipped_scenarios
from bridge.testbed.testbed import Testbed
from gui.models.facts import (
    Changes,
    ConservationFacts,
    InstrumentFacts,
    LegFacts,
    Piece,
    PositionFacts,
    Problem,
    RunFacts,
    TradeFacts,
    WhyFacts,
)
from gui.models.plain import happening_of

Build: TypeAlias = Callable[[str, int | None], Testbed]

PIECE_S: Final = 0.05
"""The engine answers at least this often, so that the window never waits long for it."""


def build_testbed(target: str, seed: int | None) -> Testbed:
    """A run at virtual time zero. Raises LockstepError."""
    return Testbed.from_scenario(load_scenario(target), seed, "auto")


class Workbench:
    """One run at a time."""

    def __init__(self, build: Build = build_testbed) -> None:
        self._build = build
        self._testbed: Testbed | None = None
        self._known = ReadModel()
        self._told = 0

    def scenarios(self) -> tuple[str, ...]:
        """The names of what is shipped."""
        return shipped_scenarios()

    def open(self, target: str, seed: int | None) -> Piece:
        """Build a run of a shipped scenario or a file. Raises LockstepError."""
        self.close()
        self._known, self._told = ReadModel(), 0
        self._testbed = self._build(target, seed)
        return self._piece(self._testbed, is_first=True)

    def advance(self, until_ms: int) -> Piece:
        """Compute until a moment, the end, or for as long as a piece may take."""
        testbed = self._testbed
        if testbed is None:
            raise RuntimeError("no run is open")
        stop_s = time.monotonic() + PIECE_S
        while testbed.step() and testbed.now_ms < until_ms and time.monotonic() < stop_s:
            pass
        return self._piece(testbed)

    def close(self) -> None:
        """Let go of the run, here and now: its database belongs to this thread."""
        if self._testbed is not None:
            self._testbed.close()
            self._testbed = None
            gc.collect()

    def tell(self, error: BaseException) -> Problem:
        """What went wrong, for a person."""
        trace = "".join(traceback.format_exception(error))
        if isinstance(error, Faults):
            told = "\n".join(_told(fault, fault.hint) for fault in error.faults)
            return Problem(error.code, told, detail=trace)
        if isinstance(error, LockstepError):
            return Problem(error.code, _told(error), error.hint, trace)
        return Problem("E-INTERNAL-DESKTOP", f"{type(error).__name__}: {error}", detail=trace)

    def _piece(self, testbed: Testbed, *, is_first: bool = False) -> Piece:
        entries = testbed.journal.since(self._told)
        self._told += len(entries)
        moments = groupby(entries, key=lambda entry: entry.at_ms)
        changes = tuple(_changes(self._known, list(news), at_ms) for at_ms, news in moments)
        return Piece(
            run=_run_facts(testbed, self._known) if is_first else None,
            computed_ms=testbed.now_ms,
            changes=changes,
            is_finished=testbed.is_finished,
            journal_sha256=testbed.journal.sha256(),
        )


# --- from the bridge's words to plain facts -------------------------------------------------------


def _told(error: LockstepError, hint: str = "") -> str:
    place = f"{error.where}: " if str(error.where) else ""
    return f"{place}{error.message}" + (f" \u2013 {hint}" if hint else "")


def _run_facts(testbed: Testbed, known: ReadModel) -> RunFacts:
    world = testbed.world
    return RunFacts(
        scenario=world.scenario.name,
        about=world.scenario.about,
        seed=world.seed,
        epoch_s=world.scenario.start_s,
        chains=tuple(world.scenario.chains),
        instruments={
            code: InstrumentFacts(
                code, it.chain, it.kind is Kind.CASH, it.identifier, it.minor_units
            )
            for code, it in known.instruments.items()
        },
        participants={key: each.name for key, each in world.scenario.participants.items()},
        awaited=len(world.scenario.trades),
    )


def _changes(known: ReadModel, due: Sequence[Entry], now_ms: int) -> Changes:
    for entry in due:
        known.apply(entry)
    happenings = tuple(happening_of(entry.sequence, entry.at_ms, entry.event) for entry in due)
    touched = dict.fromkeys(each for happening in happenings for each in happening.trade_ids)
    trades = [bytes.fromhex(each) for each in touched]
    accounts = dict.fromkeys(each for entry in due for each in _accounts(entry))
    return Changes(
        now_ms=now_ms,
        happenings=happenings,
        trades=tuple(_trade(known, each) for each in trades if each in known.trades),
        positions=tuple(
            PositionFacts(who, code, it.balance, it.held)
            for who, code in accounts
            for it in (known.positions.of(who, code),)
        ),
        conservation=tuple(
            ConservationFacts(
                it.instrument, it.opening, it.now, it.held, it.is_conserved, it.faults
            )
            for it in (known.conservation() if accounts else ())
        ),
    )


def _accounts(entry: Entry) -> tuple[tuple[str, str], ...]:
    match entry.event:
        case PositionRecorded(participant=who, instrument=code):
            return ((who, code),)
        case Transferred() | HoldPlaced() | HoldExecuted() | HoldReleased() as event:
            parties = (event.sender, event.receiver)
            return tuple((who, event.instrument) for who in parties if who)
        case _:
            return ()


def _trade(known: ReadModel, trade_id: bytes) -> TradeFacts:
    trade = known.trades[trade_id]
    why = known.explain(trade_id)
    terms = trade.instruction
    return TradeFacts(
        trade_id=trade_id.hex(),
        label=trade.label,
        reference=terms.reference,
        hub=terms.hub,
        state=trade.state.value,
        verdict=trade.verdict,
        outcome=trade.outcome.name.lower() if trade.outcome else "",
        legs=tuple(
            LegFacts(
                leg.terms.chain,
                leg.terms.instrument,
                leg.terms.sender,
                leg.terms.receiver,
                leg.terms.amount,
                leg.state.value,
            )
            for leg in trade.legs
        ),
        prepare_by_s=terms.prepare_by_s,
        decide_by_s=terms.decide_by_s,
        decided_at_ms=-1 if trade.decided_at_ms is None else trade.decided_at_ms,
        why=WhyFacts(
            why.cause.name,
            why.reason_code or "",
            why.chain,
            why.participant,
            why.instrument,
            why.needed,
            why.available,
        )
        if why
        else None,
    )
