"""What a cell of the state machine is, and the guards that the hub's and the legs' cells share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bridge.model import Status
from bridge.protocols.hold_decide.words import Effect, Event, Guard, Reason, Role


@dataclass(frozen=True, slots=True)
class Transition:
    """The state becomes ``target`` (it may be the same) and the effects happen, in this order."""

    target: Status
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class NoOp:
    """A packet that says what is known already: accepted, logged as Duplicate, changes nothing."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The call reverts with this reason and nothing happens."""

    reason: Reason


Answer: TypeAlias = Transition | NoOp | Refused
Checks: TypeAlias = tuple[tuple[Guard, Answer], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """The answers to one event in one state: the first failing guard's, or the last one."""

    guards: Checks
    answer: Answer


Row: TypeAlias = Mapping[Event, Cell]
Table: TypeAlias = Mapping[Role, Mapping[Status, Row]]


def checks(*pairs: tuple[Guard, Reason]) -> Checks:
    """Guards that each refuse with their reason."""
    return tuple((guard, Refused(reason)) for guard, reason in pairs)


def no(reason: Reason, after: Checks = ()) -> Cell:
    """Refused, whatever holds; ``after`` is checked before."""
    return Cell(after, Refused(reason))


def go(target: Status, *effects: Effect, after: Checks = ()) -> Cell:
    """A transition, once ``after`` holds."""
    return Cell(after, Transition(target, effects))


def known(after: Checks) -> Cell:
    """A packet that says what is known already, once ``after`` holds."""
    return Cell(after, NoOp())


TERMS = checks((Guard.TERMS_SOUND, Reason.TERMS_UNSOUND))
ALL_SIGN = checks((Guard.SIGNED_BY_ALL, Reason.SIGNATURES))
GAS = checks((Guard.ENOUGH_GAS, Reason.LEGS_LOW_GAS))
SENDER = TERMS + checks((Guard.BY_A_SENDER, Reason.LEGS_NOT_A_SENDER))
AUTHORITY = TERMS + checks((Guard.BY_AN_AUTHORITY, Reason.LEGS_NOT_AUTHORITY))
PLACED = checks(
    (Guard.TOKENS_SERVED, Reason.LEGS_TOKEN_NOT_SERVED),
    (Guard.ENOUGH_GAS, Reason.LEGS_LOW_GAS),
    (Guard.TOKENS_HOLD, Reason.LEGS_TOKEN_DECLINED),
    (Guard.NO_CALL_BACK, Reason.LEGS_CALLED_BACK),
)
RETRY = TERMS + checks(
    (Guard.LEFT_BEHIND, Reason.LEGS_NOT_UNDELIVERED),
    (Guard.ENOUGH_GAS, Reason.LEGS_LOW_GAS),
    (Guard.TOKEN_DELIVERS, Reason.LEGS_DELIVERY_FAILED),
)
PROVEN = (
    checks(
        (Guard.FROM_A_PEER, Reason.PROOF_NOT_A_PEER),
        (Guard.SEALED, Reason.PROOF_NOT_SEALED),
        (Guard.ANNOUNCEMENT, Reason.PROOF_NOT_ANNOUNCED),
        (Guard.SAME_FACTS, Reason.PROOF_OTHER_FACTS),
    )
    + TERMS
    + checks((Guard.NAMED, Reason.PROOF_NOT_NAMED))
)
