"""What to do next for a trade, by looking its state up in the table.

An action is named only if the table gives it a transition: a fact that the other chain would
refuse, or knows already, is not worth carrying.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from bridge.model import ChainId, Outcome, Status, Trade
from bridge.protocols.hold_decide.cells import Transition
from bridge.protocols.hold_decide.table import answer
from bridge.protocols.hold_decide.words import Event, Guard, Role
from bridge.protocols.protocol import (
    Abort,
    Action,
    Carry,
    ChainView,
    Deliver,
    Hold,
    Open,
    TradeView,
)

PROVEN_EVENTS = {
    Status.HELD: Event.HELD_PROVEN,
    Status.OBJECTED: Event.OBJECTED_PROVEN,
    Status.REFUSED: Event.REFUSED_PROVEN,
    Status.COMMITTED: Event.COMMITTED_PROVEN,
    Status.ABORTED: Event.ABORTED_PROVEN,
}


class HoldDecide:
    """Hold, prove, decide, deliver; satisfies ``SettlementProtocol``."""

    name = "hold_decide"

    def next_actions(self, trade: Trade, view: TradeView) -> tuple[Action, ...]:
        """What would move this trade on now; the hub's part first, then chain by chain."""
        actions: list[Action] = list(_at_the_hub(trade, view[trade.hub_chain_id]))
        for chain in trade.foreign_chain_ids:
            actions += _at_the_legs(trade, chain, view)
        for chain in sorted(view):
            actions += _deliveries(trade, chain, view[chain])
        return tuple(actions)

    def decision(self, trade: Trade, view: TradeView) -> Outcome | None:
        """What the hub has decided."""
        status = view[trade.hub_chain_id].status
        if status in (Status.COMMITTED, Status.ABORTED):
            return Outcome(status)
        return None

    def is_finished(self, trade: Trade, view: TradeView) -> bool:
        """Decided, nothing held, nothing left to deliver."""
        if self.decision(trade, view) is None:
            return False
        held = (Status.HELD, Status.OBJECTED)
        return all(chain.status not in held and not chain.pending_mask for chain in view.values())


def _at_the_hub(trade: Trade, hub: ChainView) -> Iterator[Action]:
    if _moves(Role.HUB, hub, Event.OPEN, trade):
        yield Open(trade.hub_chain_id)
    if _moves(Role.HUB, hub, Event.ABORT, trade):
        yield Abort(trade.hub_chain_id)


def _at_the_legs(trade: Trade, chain: ChainId, view: TradeView) -> Iterator[Action]:
    hub, legs = view[trade.hub_chain_id], view[chain]
    if hub.status is not Status.ABORTED and _moves(Role.LEGS, legs, Event.HOLD, trade):
        yield Hold(chain)
    if _carries(Role.HUB, trade, chain, source=legs, target=hub):
        yield Carry(chain, trade.hub_chain_id, legs.status)
    if _carries(Role.LEGS, trade, trade.hub_chain_id, source=hub, target=legs):
        is_tombstone = legs.status is Status.NONE
        if not is_tombstone or legs.now_s <= trade.prepare_by_s:  # later nothing can be held
            yield Carry(trade.hub_chain_id, chain, hub.status)


def _deliveries(trade: Trade, chain: ChainId, at: ChainView) -> Iterator[Action]:
    role = Role.HUB if chain == trade.hub_chain_id else Role.LEGS
    if isinstance(answer(role, at.status, Event.DELIVER), Transition):
        for index in range(len(trade.legs)):
            if at.pending_mask >> index & 1:
                yield Deliver(chain, index)


def _carries(
    role: Role, trade: Trade, source_chain: ChainId, source: ChainView, target: ChainView
) -> bool:
    """Whether the target would act on what the source announces."""
    event = PROVEN_EVENTS.get(source.status)
    if event is None or source_chain in target.frozen_clients:
        return False
    if not _moves(role, target, event, trade):
        return False
    is_mark = role is Role.HUB and event is Event.HELD_PROVEN
    return not is_mark or bool(target.pending_mask & trade.leg_mask(source_chain))


def _moves(role: Role, at: ChainView, event: Event, trade: Trade) -> bool:
    may_prepare, may_decide = at.now_s <= trade.prepare_by_s, at.now_s <= trade.decide_by_s
    return _is_transition(role, at.status, event, may_prepare, may_decide)


@cache
def _is_transition(
    role: Role, status: Status, event: Event, may_prepare: bool, may_decide: bool
) -> bool:
    """Whether the table has a transition, as the clock stands; asked of every trade with news."""
    failing = {Guard.PAST_DECIDE_BY} if may_decide else {Guard.TIME_TO_DECIDE}
    if not may_prepare:
        failing.add(Guard.TIME_TO_PREPARE)
    return isinstance(answer(role, status, event, failing), Transition)
