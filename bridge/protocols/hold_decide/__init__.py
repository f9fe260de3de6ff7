"""Hold, prove, decide, deliver: the protocol of our contracts, as one table.

``table`` is the state machine; its words are in ``words``, what the contracts say when they refuse
in ``reasons``. From the same table come what to do next (``actions``), the diagrams of
docs/protocol.md (``diagram``) and the exhaustive exploration (``world``, ``exploration``).
"""

from bridge.protocols.hold_decide.actions import HoldDecide
from bridge.protocols.hold_decide.cells import Answer, Cell, NoOp, Refused, Transition
from bridge.protocols.hold_decide.reasons import REASON_TEXTS, reason_of
from bridge.protocols.hold_decide.table import STATES, TRANSITIONS, Case, answer, cases, step
from bridge.protocols.hold_decide.words import Effect, Event, Guard, Reason, Role

__all__ = [
    "REASON_TEXTS",
    "STATES",
    "TRANSITIONS",
    "Answer",
    "Case",
    "Cell",
    "Effect",
    "Event",
    "Guard",
    "HoldDecide",
    "NoOp",
    "Reason",
    "Refused",
    "Role",
    "Transition",
    "answer",
    "cases",
    "reason_of",
    "step",
]
