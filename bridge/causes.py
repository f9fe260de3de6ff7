"""Why a trade is not settling: a typed cause, its ISO 20022 reason code, one plain sentence.

Codes are those of the settlement status advice (sese.024, pending and failing reasons). A cause
that only a bridge can have, such as a proof still on its way, has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bridge.amounts import grouped_text
from bridge.events import InstrumentListed, Kind
from bridge.positions import Positions
from bridge.trade_view import LegState, LegView, TradeView


class Cause(StrEnum):
    """What stands between a trade and its settlement."""

    SHORT_OF_CASH = "short of cash"
    SHORT_OF_SECURITIES = "short of securities"
    REFUSED = "refused"
    OBJECTED = "objected"
    DECLINED = "declined by the token"
    CANCELLED = "cancelled"
    DEADLINE_PASSED = "deadline passed"
    CLIENT_FROZEN = "light client frozen"
    NOT_OPENED = "not yet opened"
    AWAITING_CASH = "awaiting cash"
    AWAITING_SECURITIES = "awaiting securities"
    AWAITING_PROOF = "awaiting proof"
    AWAITING_DELIVERY = "awaiting delivery"
    AWAITING_RELEASE = "awaiting release"


REASON_CODES: Final[Mapping[Cause, str]] = MappingProxyType(
    {
        Cause.SHORT_OF_CASH: "MONY",
        Cause.SHORT_OF_SECURITIES: "LACK",
        Cause.REFUSED: "REFU",
        Cause.OBJECTED: "SBLO",
        Cause.DECLINED: "BLOC",
        Cause.DEADLINE_PASSED: "LATE",
        Cause.AWAITING_CASH: "AWMO",
        Cause.AWAITING_SECURITIES: "AWSH",
    }
)

DECLINED_REASON: Final = "legs: token declined the hold"
"""The contract's reason when a token answered false to ``hold``."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One cause, where it lies and who could mend it; empty strings where nobody in particular.

    What is short of is told in minor units of ``instrument`` too.
    """

    cause: Cause
    sentence: str
    chain: str = ""
    participant: str = ""
    instrument: str = ""
    needed: int = 0
    available: int = 0

    @property
    def reason_code(self) -> str | None:
        """The ISO 20022 code, where there is one."""
        return REASON_CODES.get(self.cause)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a trade alone does not know."""

    positions: Positions
    instruments: Mapping[str, InstrumentListed]
    frozen_clients: frozenset[tuple[str, str]]
    is_cancelled: bool


def pending_cause(trade: TradeView, around: Surroundings) -> Explanation:
    """Why an undecided trade is not decided, the gravest cause first."""
    return (
        _stopped(trade, around)
        or _short(trade, around)
        or _declined(trade)
        or _not_opened(trade)
        or _awaited_leg(trade, around)
        or Explanation(
            Cause.AWAITING_PROOF,
            f"everything is held; {trade.instruction.hub} still waits for the proof of it",
            trade.instruction.hub,
        )
    )


def abort_cause(trade: TradeView, around: Surroundings) -> Explanation:
    """Why a trade is being aborted, judged by the moment before: a mere wait has become late."""
    cause = pending_cause(trade, around)
    if cause.reason_code and cause.cause not in (Cause.AWAITING_CASH, Cause.AWAITING_SECURITIES):
        return cause
    if cause.cause in (Cause.CANCELLED, Cause.CLIENT_FROZEN):
        return cause
    sentence = f"the time to decide ran out: {cause.sentence}"
    return Explanation(Cause.DEADLINE_PASSED, sentence, cause.chain, cause.participant)


def delivery_cause(trade: TradeView) -> Explanation:
    """Why a decided trade is not yet carried out everywhere."""
    done = (LegState.EXECUTED, LegState.RELEASED, LegState.REFUSED)
    chain = next((leg.terms.chain for leg in trade.legs if leg.state not in done), "")
    if trade.state.value == "committed":
        sentence = f"decided and irrevocable; the legs on {chain} wait for the proof of it"
        return Explanation(Cause.AWAITING_DELIVERY, sentence, chain)
    sentence = f"aborted; what is held on {chain} waits for the proof of it"
    return Explanation(Cause.AWAITING_RELEASE, sentence, chain)


def _stopped(trade: TradeView, around: Surroundings) -> Explanation | None:
    if trade.refused_by or any(leg.state is LegState.REFUSED for leg in trade.legs):
        return _refusal(trade)
    for leg in trade.legs:
        chain = leg.terms.chain
        if leg.state is LegState.OBJECTED:
            sentence = f"the authority of {leg.terms.instrument} objected on {chain}"
            return Explanation(Cause.OBJECTED, sentence, chain)
    if around.is_cancelled:
        return Explanation(Cause.CANCELLED, "all parties cancelled it", trade.instruction.hub)
    chains = {leg.terms.chain for leg in trade.legs} | {trade.instruction.hub}
    for chain, source in sorted(around.frozen_clients):
        if {chain, source} <= chains:
            sentence = f"the light client on {chain} froze: it believes {source} no more"
            return Explanation(Cause.CLIENT_FROZEN, sentence, chain)
    return None


def _refusal(trade: TradeView) -> Explanation:
    refused = [leg for leg in trade.legs if leg.state is LegState.REFUSED]
    own = [leg for leg in trade.legs if leg.terms.sender == trade.refused_by]
    terms = (refused or own or list(trade.legs))[0].terms
    who = trade.refused_by or terms.sender
    return Explanation(Cause.REFUSED, f"{who} refused its leg on {terms.chain}", terms.chain, who)


def _short(trade: TradeView, around: Surroundings) -> Explanation | None:
    needs: defaultdict[tuple[str, str], int] = defaultdict(int)
    for leg in _waiting(trade):
        needs[leg.terms.sender, leg.terms.instrument] += leg.terms.amount
    for (sender, code), need in needs.items():
        has = around.positions.of(sender, code).available
        if has >= need:
            continue
        listed = around.instruments[code]
        is_cash = listed.kind is Kind.CASH
        need_text, has_text = (grouped_text(n, listed.minor_units) for n in (need, has))
        return Explanation(
            Cause.SHORT_OF_CASH if is_cash else Cause.SHORT_OF_SECURITIES,
            f"{sender} is short of {code} on {listed.chain}: needs {need_text}, has {has_text}",
            listed.chain,
            sender,
            code,
            need,
            has,
        )
    return None


def _declined(trade: TradeView) -> Explanation | None:
    for step in trade.timeline:
        if step.detail == DECLINED_REASON:
            sentence = f"a token on {step.chain} declined the hold: not eligible, or above a limit"
            return Explanation(Cause.DECLINED, sentence, step.chain)
    return None


def _not_opened(trade: TradeView) -> Explanation | None:
    """The hub's own legs are held by opening; without such legs, opening can only come last."""
    hub, waiting = trade.instruction.hub, _waiting(trade)
    if trade.is_open or (waiting and not trade.legs_on(hub)):
        return None
    opener = (trade.legs_on(hub) or trade.legs)[0].terms.sender
    return Explanation(Cause.NOT_OPENED, f"nobody has opened it on {hub} yet", hub, opener)


def _awaited_leg(trade: TradeView, around: Surroundings) -> Explanation | None:
    for leg in _waiting(trade):
        terms = leg.terms
        is_cash = around.instruments[terms.instrument].kind is Kind.CASH
        cause = Cause.AWAITING_CASH if is_cash else Cause.AWAITING_SECURITIES
        kind = "payment" if is_cash else "delivery"
        sentence = f"{terms.sender} has not held its {kind} leg on {terms.chain} yet"
        return Explanation(cause, sentence, terms.chain, terms.sender)
    return None


def _waiting(trade: TradeView) -> list[LegView]:
    return [leg for leg in trade.legs if leg.state is LegState.WAITING]
