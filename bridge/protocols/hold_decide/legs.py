"""The legs' half of the state machine: all legs of one trade on a chain that is not the hub's.

They are held together or not at all, and leave their holds only through the hub's decision or,
while nothing can be proven of the hub's chain any more, the parties' unanimous resolution. No
clock executes or releases them.
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
    Row,
    checks,
    go,
    known,
    no,
)
from bridge.protocols.hold_decide.words import Effect, Event, Guard, Reason

_IN_TIME = checks((Guard.TIME_TO_PREPARE, Reason.LEGS_LATE_TO_HOLD))
_SENDERS_SIGN = checks((Guard.SIGNED_BY_SENDERS_HERE, Reason.SIGNATURES))
_FROZEN = TERMS + checks((Guard.CLIENT_FROZEN, Reason.LEGS_CLIENT_NOT_FROZEN))
_BY_HUB = PROVEN + checks((Guard.FROM_ITS_HUB, Reason.LEGS_NOT_THE_HUB))

_ANYWHERE: Row = {
    Event.OPEN: no(Reason.HUB_ELSEWHERE),
    Event.CANCEL: no(Reason.HUB_ELSEWHERE),
    Event.ABORT: no(Reason.HUB_ELSEWHERE),
    Event.HELD_PROVEN: no(Reason.LEGS_NOT_A_DECISION, _BY_HUB),
    Event.OBJECTED_PROVEN: no(Reason.LEGS_NOT_A_DECISION, _BY_HUB),
    Event.REFUSED_PROVEN: no(Reason.LEGS_NOT_A_DECISION, _BY_HUB),
}
_NOT_HELD: Row = {
    **_ANYWHERE,
    Event.OBJECT: no(Reason.LEGS_NOT_HELD, AUTHORITY),
    Event.RESOLVE_COMMITTED: no(Reason.LEGS_NOTHING_TO_RESOLVE, _FROZEN),
    Event.RESOLVE_ABORTED: no(Reason.LEGS_NOTHING_TO_RESOLVE, _FROZEN),
}
_KNOWN: Row = {
    Event.HOLD: no(Reason.LEGS_KNOW_TRADE, TERMS),
    Event.REFUSE: no(Reason.TOO_LATE_TO_REFUSE, SENDER),
}
_WAITING: Row = {
    **_ANYWHERE,
    **_KNOWN,
    Event.RESOLVE_COMMITTED: go(Status.EXECUTED, Effect.EXECUTE, after=_FROZEN + ALL_SIGN + GAS),
    Event.RESOLVE_ABORTED: go(Status.RELEASED, Effect.RELEASE, after=_FROZEN + ALL_SIGN + GAS),
    Event.DELIVER: no(Reason.LEGS_NOT_UNDELIVERED, TERMS),
    Event.COMMITTED_PROVEN: go(Status.EXECUTED, Effect.EXECUTE, after=_BY_HUB + GAS),
    Event.ABORTED_PROVEN: go(Status.RELEASED, Effect.RELEASE, after=_BY_HUB + GAS),
}

LEGS: Mapping[Status, Row] = {
    Status.NONE: {
        **_NOT_HELD,
        Event.HOLD: go(
            Status.HELD,
            Effect.ANNOUNCE,
            Effect.PLACE,
            after=TERMS + _IN_TIME + _SENDERS_SIGN + PLACED,
        ),
        Event.REFUSE: go(Status.REFUSED, Effect.ANNOUNCE, after=SENDER),
        Event.DELIVER: no(Reason.LEGS_NOT_UNDELIVERED, TERMS),
        Event.ANNOUNCE: no(Reason.NOTHING_TO_ANNOUNCE),
        Event.COMMITTED_PROVEN: no(Reason.LEGS_NOTHING_HELD, _BY_HUB),
        Event.ABORTED_PROVEN: go(Status.REFUSED, Effect.ANNOUNCE, after=_BY_HUB),
    },
    Status.HELD: {
        **_WAITING,
        Event.OBJECT: go(Status.OBJECTED, Effect.ANNOUNCE, after=AUTHORITY),
        Event.ANNOUNCE: go(Status.HELD, Effect.ANNOUNCE),
    },
    Status.OBJECTED: {
        **_WAITING,
        Event.OBJECT: no(Reason.LEGS_NOT_HELD, AUTHORITY),
        Event.ANNOUNCE: go(Status.OBJECTED, Effect.ANNOUNCE),
    },
    Status.EXECUTED: {
        **_NOT_HELD,
        **_KNOWN,
        Event.DELIVER: go(Status.EXECUTED, Effect.DELIVER, after=RETRY),
        Event.ANNOUNCE: no(Reason.NOTHING_TO_ANNOUNCE),
        Event.COMMITTED_PROVEN: known(_BY_HUB),
        Event.ABORTED_PROVEN: no(Reason.LEGS_CONTRADICTION, _BY_HUB),
    },
    Status.RELEASED: {
        **_NOT_HELD,
        **_KNOWN,
        Event.DELIVER: go(Status.RELEASED, Effect.DELIVER, after=RETRY),
        Event.ANNOUNCE: no(Reason.NOTHING_TO_ANNOUNCE),
        Event.COMMITTED_PROVEN: no(Reason.LEGS_CONTRADICTION, _BY_HUB),
        Event.ABORTED_PROVEN: known(_BY_HUB),
    },
    Status.REFUSED: {
        **_NOT_HELD,
        **_KNOWN,
        Event.HOLD: no(Reason.LEGS_TOMBSTONE, TERMS),
        Event.DELIVER: no(Reason.LEGS_NOT_UNDELIVERED, TERMS),
        Event.ANNOUNCE: go(Status.REFUSED, Effect.ANNOUNCE),
        Event.COMMITTED_PROVEN: no(Reason.LEGS_CONTRADICTION, _BY_HUB),
        Event.ABORTED_PROVEN: known(_BY_HUB),
    },
}
