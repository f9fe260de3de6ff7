"""What happens to a trade, from its instruction to the last leg."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.events.words import Action, Wide
from bridge.model import Outcome


@dataclass(frozen=True, slots=True)
class LegTerms:
    """One leg as instructed, in the scenario's names and the instrument's minor units."""

    chain: str
    instrument: str
    sender: str
    receiver: str
    amount: Wide


@dataclass(frozen=True, slots=True)
class TradeInstructed:
    """The parties' instruction. ``prepare_by_s`` and ``decide_by_s`` are Unix seconds."""

    reference: str
    trade_id: bytes
    hub: str
    legs: tuple[LegTerms, ...]
    prepare_by_s: int
    decide_by_s: int


@dataclass(frozen=True, slots=True)
class ParticipantActed:
    """A participant's choice, with its own reason, also when no transaction follows."""

    participant: str
    action: Action
    trade_id: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class TradeOpened:
    """The hub recorded the trade and holds the legs of its own chain."""

    trade_id: bytes
    chain: str
    height: int


@dataclass(frozen=True, slots=True)
class LegsHeld:
    """All legs of the trade on this chain are held."""

    trade_id: bytes
    chain: str
    height: int


@dataclass(frozen=True, slots=True)
class LegsRefused:
    """The legs on this chain can never be held; ``by`` is the participant, or empty."""

    trade_id: bytes
    chain: str
    height: int
    by: str = ""


@dataclass(frozen=True, slots=True)
class LegsObjected:
    """A token's authority objected: the legs stay held, and an undecided trade will abort."""

    trade_id: bytes
    chain: str
    height: int


@dataclass(frozen=True, slots=True)
class TradeDecided:
    """The one irrevocable point: ``chain`` is the hub's."""

    trade_id: bytes
    outcome: Outcome
    chain: str
    height: int


@dataclass(frozen=True, slots=True)
class LegsExecuted:
    """Delivered, except the leg indices in ``undelivered``, which anyone may deliver later."""

    trade_id: bytes
    chain: str
    height: int
    undelivered: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LegsReleased:
    """The held legs on this chain went back to their senders."""

    trade_id: bytes
    chain: str
    height: int
    undelivered: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LegDelivered:
    """A leg that was left behind is delivered; ``leg`` is its index in the trade."""

    trade_id: bytes
    chain: str
    height: int
    leg: int


@dataclass(frozen=True, slots=True)
class MemberSkipped:
    """A batch went on without this trade."""

    trade_id: bytes
    chain: str
    height: int
    reason: str
