"""The only door from the window to the bridge: commands go in, plain facts come out.

A testbed computes on a thread of its own, a second of virtual time at a piece. Its journal entries
wait here until the playhead reaches them; then the read model takes them in and one signal a frame
tells what is new. Nothing blocks: a command returns at once and its effect is a later signal.
"""

from __future__ import annotations

import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum, IntEnum
from typing import Final, TypeAlias

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from bridge.errors import LockstepError
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
from gui.engine_thread import EngineThread
from gui.models.facts import (
    Changes,
    ConservationFacts,
    Happening,
    InstrumentFacts,
    LegFacts,
    Plain,
    PositionFacts,
    Problem,
    RunFacts,
    RunState,
    ScenarioFacts,
    TradeFacts,
    WhyFacts,
)
from gui.playhead import Playhead

FRAME_MS: Final = 33
Build: TypeAlias = Callable[[str, int | None], Testbed]

PIECE_S: Final = 0.05
"""The engine answers at least this often, so that a pause is soon obeyed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What the engine has computed: up to where, and the new entries."""

    testbed: Testbed
    computed_ms: int
    entries: Sequence[Entry]
    is_finished: bool


def build_testbed(target: str, seed: int | None) -> Testbed:
    """A run at virtual time zero. Raises LockstepError."""
    return Testbed.from_scenario(load_scenario(target), seed)


class Workbench(QObject):
    """One run at a time: open, run, pause, step, and what there is to see of it."""

    run_opened = Signal(object)  # RunFacts
    state_changed = Signal(object)  # RunState
    changed = Signal(object)  # Changes
    failed = Signal(object)  # Problem

    def __init__(self, build: Build = build_testbed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = RunState.EMPTY
        self._build = build
        self._engine = EngineThread[Piece]()
        self._playhead = Playhead()
        self._wall = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._frame)
        self._forget_run()

    # --- commands -------------------------------------------------------------------------------

    def open(self, target: str, seed: int | None = None) -> None:
        """Build a run of a shipped scenario or a file; ``run_opened`` follows, or ``failed``."""
        self._engine.forget()
        self._forget_run()
        self._become(RunState.STARTING)
        self._engine.submit(lambda: _opened(self._build(target, seed)))
        self._wake()

    def run(self) -> None:
        """Let time pass."""
        if self.state is RunState.PAUSED:
            self._become(RunState.RUNNING)
            self._wake()

    def pause(self) -> None:
        """Stand still at this moment."""
        if self.state is RunState.RUNNING:
            self._become(RunState.PAUSED)

    def step(self) -> None:
        """Go on to the next moment at which anything happens, and stand there."""
        self.pause()
        if self.state is RunState.PAUSED:
            self._is_stepping = True
            self._wake()

    def set_speed(self, speed: float) -> None:
        """How many virtual seconds pass in one of ours."""
        self._playhead.speed = speed

    def close(self, wait: bool = True) -> None:
        """End the run and its thread."""
        self._timer.stop()
        self._engine.close(wait)

    # --- reading --------------------------------------------------------------------------------

    @property
    def now_ms(self) -> int:
        """The moment on screen, in virtual milliseconds."""
        return self._playhead.now_ms

    def scenarios(self) -> tuple[ScenarioFacts, ...]:
        """The shipped scenarios; one that does not load is left out."""
        return tuple(ScenarioFacts(n, load_scenario(n).about) for n in shipped_scenarios())

    def journal_sha256(self) -> str:
        """The hash of all that was computed, in hex; empty before the first run."""
        return self._testbed.journal.sha256() if self._testbed else ""

    # --- frames ---------------------------------------------------------------------------------

    def _forget_run(self) -> None:
        self._playhead.restart()
        self._known = ReadModel()
        self._ahead: deque[Entry] = deque()
        self._testbed: Testbed | None = None
        self._is_computed = False
        self._is_stepping = False

    def _become(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _wake(self) -> None:
        if not self._timer.isActive():
            self._wall.start()
            self._timer.start()

    def _frame(self) -> None:
        wall_ms = self._wall.restart()
        self._take_computed()
        if self.state is RunState.RUNNING:
            self._playhead.advance(wall_ms)
        if self._is_stepping and self._ahead:
            self._playhead.go_to(self._ahead[0].at_ms)
            self._is_stepping = False
        self._show_due()
        self._ask_for_more()
        if self._is_computed and not self._ahead and self._playhead.is_at_end:
            self._become(RunState.FINISHED)
        is_quiet = self.state not in (RunState.STARTING, RunState.RUNNING)
        if is_quiet and not self._is_stepping and not self._engine.is_busy:
            self._timer.stop()

    def _take_computed(self) -> None:
        while (future := self._engine.poll()) is not None:
            error = future.exception()
            if error is not None:
                self._fail(error)
                return
            piece = future.result()
            self._ahead.extend(piece.entries)
            self._playhead.computed_to(piece.computed_ms)
            self._is_computed = piece.is_finished
            if self._testbed is None:
                self._testbed = piece.testbed
                self.run_opened.emit(_run_facts(piece))
                self._become(RunState.PAUSED)

    def _ask_for_more(self) -> None:
        testbed = self._testbed
        if testbed is None or self._is_computed or self._engine.is_busy:
            return
        wanted = self._is_stepping or self.state is RunState.RUNNING
        if wanted and (self._is_stepping or self._playhead.wants_more):
            until_ms = self._playhead.wanted_ms
            self._engine.submit(lambda: _advanced(testbed, until_ms))

    def _fail(self, error: BaseException) -> None:
        self._engine.forget()
        self._is_stepping = False
        self._become(RunState.FAILED)
        self.failed.emit(_problem(error))

    def _show_due(self) -> None:
        due = []
        while self._ahead and self._ahead[0].at_ms <= self._playhead.now_ms:
            due.append(self._ahead.popleft())
            self._known.apply(due[-1])
        if due or self.state is RunState.RUNNING:
            self.changed.emit(_changes(self._known, due, self.now_ms))


# --- the engine's thread --------------------------------------------------------------------------


def _opened(testbed: Testbed) -> Piece:
    return Piece(testbed, testbed.now_ms, testbed.journal.since(0), testbed.is_finished)


def _advanced(testbed: Testbed, until_ms: int) -> Piece:
    known = len(testbed.journal)
    stop_s = time.monotonic() + PIECE_S
    while testbed.step() and testbed.now_ms < until_ms and time.monotonic() < stop_s:
        pass
    return Piece(testbed, testbed.now_ms, testbed.journal.since(known), testbed.is_finished)


# --- from the bridge's words to plain facts -------------------------------------------------------


def _run_facts(piece: Piece) -> RunFacts:
    world, known = piece.testbed.world, ReadModel.of(piece.entries)
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
    happenings = tuple(_happening(entry) for entry in due)
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
        why=WhyFacts(why.cause.name, why.reason_code or "", why.chain, why.participant)
        if why
        else None,
    )


def _happening(entry: Entry) -> Happening:
    event = entry.event
    values = {field.name: _plain(getattr(event, field.name)) for field in fields(event)}
    return Happening(entry.sequence, entry.at_ms, type(event).__name__, values)


def _plain(value: object) -> Plain:
    match value:
        case IntEnum():
            return value.name.lower()
        case Enum():
            return str(value.value)
        case bytes():
            return value.hex()
        case tuple():
            return tuple(_plain(each) for each in value)
        case str() | int():
            return value
        case _ if is_dataclass(value):
            return tuple(_plain(getattr(value, field.name)) for field in fields(value))
        case _:
            raise TypeError(f"{type(value).__name__} is no plain value")


def _problem(error: BaseException) -> Problem:
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, LockstepError):
        place = f"{error.where}: " if str(error.where) else ""
        return Problem(error.code, f"{place}{error.message}", error.hint, trace)
    return Problem("E-INTERNAL-DESKTOP", f"{type(error).__name__}: {error}", detail=trace)
