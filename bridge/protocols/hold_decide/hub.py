"""The hub's half of the state machine: it decides a trade, once and for ever.

On its own chain the hub also holds, executes and releases, in the same transaction as its decision;
so no other call can hold or resolve a leg there.
"""

from __future__ import annotations

from collections.abc import Mapping

from bridge.model import Status
from bridge.protocols.hold_decide.cells import (
    ALL_SIGN,
    AUTHORITY,
    GAS,
    PLACED,
    PROVEN,
    RETRY,
    SENDER,
    TERMS,
    Cell,
    Checks,
    NoOp,
    Refused,
    Row,
    Transition,
    checks,
    go,
    known,
    no,
)
from bridge.protocols.hold_decide.words import Effect, Event, Guard, Reason

_IN_TIME = checks((Guard.TIME_TO_PREPARE, Reason.HUB_LATE_TO_OPEN))
_UNUSED = checks((Guard.REFERENCE_UNUSED, Reason.HUB_REFERENCE_USED))
_CANCELLED = TERMS + ALL_SIGN
_TIMED_OUT = checks((Guard.PAST_DECIDE_BY, Reason.HUB_NOT_LATE)) + TERMS
_BY_AGENT = PROVEN + checks((Guard.FROM_ITS_AGENT, Reason.HUB_NOT_AN_AGENT))
_NEWS_IN_TIME: Checks = (
    (Guard.IS_NEWS, NoOp()),
    (Guard.TIME_TO_DECIDE, Refused(Reason.HUB_LATE_TO_COMMIT)),
    (Guard.COMPLETE, Transition(Status.OPEN, (Effect.MARK,))),
)
_SOME_ELSEWHERE: Checks = (
    (
        Guard.HAS_FOREIGN_LEGS,
        Transition(Status.COMMITTED, (Effect.PLACE, Effect.ANNOUNCE, Effect.EXECUTE)),
    ),
)
_TO_ABORTED = Transition(Status.ABORTED, (Effect.ANNOUNCE,))
_TO_ABORTED_RELEASING = Transition(Status.ABORTED, (Effect.ANNOUNCE, Effect.RELEASE))

_ANYWHERE: Row = {
    Event.HOLD: no(Reason.LEGS_HUB_HOLDS_HERE),
    Event.RESOLVE_COMMITTED: no(Reason.LEGS_HUB_HOLDS_HERE),
    Event.RESOLVE_ABORTED: no(Reason.LEGS_HUB_HOLDS_HERE),
    Event.COMMITTED_PROVEN: no(Reason.HUB_NOT_A_LEG_FACT, _BY_AGENT),
    Event.ABORTED_PROVEN: no(Reason.HUB_NOT_A_LEG_FACT, _BY_AGENT),
}
_UNDECIDED: Row = {
    **_ANYWHERE,
    Event.DELIVER: no(Reason.LEGS_NOT_UNDELIVERED, TERMS),
    Event.ANNOUNCE: no(Reason.NOTHING_TO_ANNOUNCE),
}
_DECIDED: Row = {
    **_ANYWHERE,
    Event.OPEN: no(Reason.HUB_KNOWS_TRADE, TERMS),
    Event.REFUSE: no(Reason.TOO_LATE_TO_REFUSE, SENDER),
    Event.OBJECT: no(Reason.HUB_NOTHING_TO_OBJECT_TO, AUTHORITY),
    Event.CANCEL: no(Reason.HUB_ALREADY_DECIDED, _CANCELLED),
    Event.ABORT: no(Reason.HUB_ALREADY_DECIDED, _TIMED_OUT),
}

HUB: Mapping[Status, Row] = {
    Status.NONE: {
        **_UNDECIDED,
        Event.OPEN: go(
            Status.OPEN,
            Effect.PLACE,
            after=TERMS + _IN_TIME + ALL_SIGN + _UNUSED + PLACED + _SOME_ELSEWHERE,
        ),
        Event.REFUSE: Cell(SENDER, _TO_ABORTED),
        Event.OBJECT: no(Reason.HUB_NOTHING_TO_OBJECT_TO, AUTHORITY),
        Event.CANCEL: Cell(_CANCELLED, _TO_ABORTED),
        Event.ABORT: Cell(_TIMED_OUT, _TO_ABORTED),
        Event.HELD_PROVEN: no(Reason.HUB_NOT_OPEN, _BY_AGENT),
        Event.OBJECTED_PROVEN: Cell(_BY_AGENT, _TO_ABORTED),
        Event.REFUSED_PROVEN: Cell(_BY_AGENT, _TO_ABORTED),
    },
    Status.OPEN: {
        **_UNDECIDED,
        Event.OPEN: no(Reason.HUB_KNOWS_TRADE, TERMS),
        Event.REFUSE: no(Reason.TOO_LATE_TO_REFUSE, SENDER),
        Event.OBJECT: Cell(AUTHORITY + GAS, _TO_ABORTED_RELEASING),
        Event.CANCEL: Cell(_CANCELLED + GAS, _TO_ABORTED_RELEASING),
        Event.ABORT: Cell(_TIMED_OUT + GAS, _TO_ABORTED_RELEASING),
        Event.HELD_PROVEN: go(
            Status.COMMITTED,
            Effect.ANNOUNCE,
            Effect.EXECUTE,
            after=_BY_AGENT + _NEWS_IN_TIME + GAS,
        ),
        Event.OBJECTED_PROVEN: Cell(_BY_AGENT + GAS, _TO_ABORTED_RELEASING),
        Event.REFUSED_PROVEN: Cell(_BY_AGENT + GAS, _TO_ABORTED_RELEASING),
    },
    Status.COMMITTED: {
        **_DECIDED,
        Event.DELIVER: go(Status.COMMITTED, Effect.DELIVER, after=RETRY),
        Event.ANNOUNCE: go(Status.COMMITTED, Effect.ANNOUNCE),
        Event.HELD_PROVEN: known(_BY_AGENT),
        Event.OBJECTED_PROVEN: no(Reason.HUB_ALREADY_DECIDED, _BY_AGENT),
        Event.REFUSED_PROVEN: no(Reason.HUB_ALREADY_DECIDED, _BY_AGENT),
    },
    Status.ABORTED: {
        **_DECIDED,
        Event.DELIVER: go(Status.ABORTED, Effect.DELIVER, after=RETRY),
        Event.ANNOUNCE: go(Status.ABORTED, Effect.ANNOUNCE),
        Event.HELD_PROVEN: no(Reason.HUB_ALREADY_DECIDED, _BY_AGENT),
        Event.OBJECTED_PROVEN: known(_BY_AGENT),
        Event.REFUSED_PROVEN: known(_BY_AGENT),
    },
}
