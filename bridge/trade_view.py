"""One trade as the journal tells it: where it stands, each leg, and how it came to that.

A trade counts as settled only when its hub has committed it and every leg is delivered, and as
aborted only when its hub has aborted it and nothing is held any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from sys import intern
from typing import Final

from bridge.events import (
    Event,
    LegDelivered,
    LegsExecuted,
    LegsHeld,
    LegsObjected,
    LegsRefused,
    LegsReleased,
    LegTerms,
    MemberSkipped,
    ParticipantActed,
    Purpose,
    TradeDecided,
    TradeInstructed,
    TradeOpened,
    TransactionFailed,
    TransactionIncluded,
)
from bridge.model import Outcome


class LegState(StrEnum):
    """What has become of a leg on its own chain."""

    WAITING = "waiting"
    HELD = "held"
    OBJECTED = "objected"
    EXECUTED = "executed"
    RELEASED = "released"
    REFUSED = "refused"
    UNDELIVERED = "undelivered"


class TradeState(StrEnum):
    """Where a trade stands; the two in the middle are decided but not yet carried out."""

    INSTRUCTED = "instructed"
    OPEN = "open"
    COMMITTED = "committed"
    ABORTING = "aborting"
    SETTLED = "settled"
    ABORTED = "aborted"


class Milestone(StrEnum):
    """The kinds of steps on a trade's timeline."""

    INSTRUCTED = "instructed"
    ACTED = "acted"
    OPENED = "opened"
    HELD = "held"
    OBJECTED = "objected"
    REFUSED = "refused"
    COMMITTED = "committed"
    ABORTED = "aborted"
    EXECUTED = "executed"
    RELEASED = "released"
    DELIVERED = "delivered"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of a trade; ``height`` is 0 for what happened off the chains."""

    at_ms: int
    milestone: Milestone
    chain: str = ""
    height: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LegView:
    """A leg's terms and what has become of it."""

    terms: LegTerms
    state: LegState = LegState.WAITING


@dataclass(frozen=True, slots=True)
class TradeView:
    """A trade at one moment; ``after`` gives the next moment."""

    instruction: TradeInstructed
    legs: tuple[LegView, ...]
    timeline: tuple[Step, ...]
    is_open: bool = False
    outcome: Outcome | None = None
    decided_at_ms: int | None = None
    refused_by: str = ""

    @classmethod
    def of(cls, instruction: TradeInstructed, at_ms: int) -> TradeView:
        """A trade of which only the instruction is known."""
        legs = tuple(LegView(terms) for terms in instruction.legs)
        return cls(instruction, legs, (Step(at_ms, Milestone.INSTRUCTED, instruction.hub),))

    @property
    def label(self) -> str:
        """The reference without the LEI it starts with: short enough for a table."""
        reference = self.instruction.reference
        return reference[20:] if len(reference) > 20 else reference

    @property
    def state(self) -> TradeState:
        """Where the trade stands; never settled before its hub has committed it."""
        match self.outcome:
            case None:
                return TradeState.OPEN if self.is_open else TradeState.INSTRUCTED
            case Outcome.COMMITTED:
                is_carried_out = all(leg.state is LegState.EXECUTED for leg in self.legs)
                return TradeState.SETTLED if is_carried_out else TradeState.COMMITTED
            case Outcome.ABORTED:
                is_over = all(leg.state in _IDLE for leg in self.legs)
                return TradeState.ABORTED if is_over else TradeState.ABORTING

    @property
    def verdict(self) -> str:
        """What an expectation is compared with: settled, aborted or pending."""
        state = self.state
        return state.value if state in _FINAL else "pending"

    def legs_on(self, chain: str) -> tuple[LegView, ...]:
        """The legs on one chain."""
        return tuple(leg for leg in self.legs if leg.terms.chain == chain)

    def after(self, event: Event, at_ms: int) -> TradeView:
        """The trade once ``event``, which concerns it, has happened."""
        match event:
            case ParticipantActed():
                return self._next(Step(at_ms, Milestone.ACTED, detail=_acted(event)))
            case TransactionFailed():
                return self._next(_step(Milestone.FAILED, event, at_ms, event.reason))
            case MemberSkipped():
                return self._next(_step(Milestone.SKIPPED, event, at_ms, event.reason))
            case TradeOpened():
                held = self._moved(event.chain, LegState.HELD)
                return self._next(_step(Milestone.OPENED, event, at_ms), held, is_open=True)
            case LegsHeld() | LegsObjected() | LegsRefused() | LegsExecuted() | LegsReleased():
                return self._legs_moved(event, at_ms)
            case TransactionIncluded(purpose=Purpose.REFUSE):
                return replace(self, refused_by=event.sender)
            case TransactionIncluded(purpose=Purpose.OBJECT):
                return self._next(None, self._moved(event.chain, LegState.OBJECTED))
            case TradeDecided():
                decided = _step(Milestone[event.outcome.name], event, at_ms)
                return replace(self._next(decided), outcome=event.outcome, decided_at_ms=at_ms)
            case LegDelivered():
                delivered = _step(Milestone.DELIVERED, event, at_ms, f"leg {event.leg}")
                return self._next(delivered, self._delivered(event.leg))
            case _:
                return self

    def _legs_moved(self, event: _LegsMoved, at_ms: int) -> TradeView:
        milestone, state = _MOVES[type(event)]
        step, legs = _step(milestone, event, at_ms), self._moved(event.chain, state)
        match event:
            case LegsRefused():
                return self._next(step, legs, refused_by=self.refused_by or event.by)
            case LegsExecuted() | LegsReleased():
                return self._next(step, _left_behind(legs, event.undelivered))
            case _:
                return self._next(step, legs)

    def _next(
        self,
        step: Step | None,
        legs: tuple[LegView, ...] | None = None,
        *,
        is_open: bool = False,
        refused_by: str = "",
    ) -> TradeView:
        """The next moment, spelt out: ``replace`` takes several times as long."""
        return TradeView(
            self.instruction,
            self.legs if legs is None else legs,
            self.timeline if step is None else (*self.timeline, step),
            self.is_open or is_open,
            self.outcome,
            self.decided_at_ms,
            refused_by or self.refused_by,
        )

    def _moved(self, chain: str, state: LegState) -> tuple[LegView, ...]:
        return tuple(
            [LegView(leg.terms, state) if leg.terms.chain == chain else leg for leg in self.legs]
        )

    def _delivered(self, index: int) -> tuple[LegView, ...]:
        is_commit = self.outcome is not Outcome.ABORTED
        state = LegState.EXECUTED if is_commit else LegState.RELEASED
        return tuple(
            [LegView(leg.terms, state) if n == index else leg for n, leg in enumerate(self.legs)]
        )


def _left_behind(legs: tuple[LegView, ...], undelivered: tuple[int, ...]) -> tuple[LegView, ...]:
    if not undelivered:
        return legs
    left = list(legs)
    for index in undelivered:
        left[index] = LegView(left[index].terms, LegState.UNDELIVERED)
    return tuple(left)


_LegsMoved = LegsHeld | LegsObjected | LegsRefused | LegsExecuted | LegsReleased
_OnChain = (
    _LegsMoved | TradeOpened | TradeDecided | LegDelivered | MemberSkipped | TransactionFailed
)

_FINAL: Final = (TradeState.SETTLED, TradeState.ABORTED)
_IDLE: Final = (LegState.WAITING, LegState.REFUSED, LegState.RELEASED)

_MOVES: Final[Mapping[type[_LegsMoved], tuple[Milestone, LegState]]] = {
    LegsHeld: (Milestone.HELD, LegState.HELD),
    LegsObjected: (Milestone.OBJECTED, LegState.OBJECTED),
    LegsRefused: (Milestone.REFUSED, LegState.REFUSED),
    LegsExecuted: (Milestone.EXECUTED, LegState.EXECUTED),
    LegsReleased: (Milestone.RELEASED, LegState.RELEASED),
}


def _step(milestone: Milestone, event: _OnChain, at_ms: int, detail: str = "") -> Step:
    return Step(at_ms, milestone, event.chain, event.height, detail)


def _acted(event: ParticipantActed) -> str:
    """What somebody did, and why; few parties do few things, so equal texts are one."""
    reason = f": {event.reason}" if event.reason else ""
    return intern(f"{event.participant} {event.action.value}{reason}")
