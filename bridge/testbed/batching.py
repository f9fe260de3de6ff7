"""The participants' port with batching: what one party asks of one chain at one moment goes as one.

Opening and holding are done in batches; a party that holds for several trades also has its chain
announce them in one log right behind, so that one proof serves all. What failed in company is
tried alone. An order that is the only one of its kind goes as it is, at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bridge import contract_calls
from bridge.abi import revert_reason
from bridge.batches import gas_of, in_batches
from bridge.contract_logs import skipped_in
from bridge.deployed import Deployment
from bridge.events import Purpose
from bridge.model import ChainId, Trade
from bridge.relay_calls import ANNOUNCE_GAS, ANNOUNCE_GAS_PER_TRADE
from bridge.testbed.faults import Acts
from bridge.testbed.party import Act, Order
from chains.engine import Receipt

BATCHED = {
    Purpose.OPEN: contract_calls.open_batch_of,
    Purpose.HOLD: contract_calls.hold_batch_of,
}


@dataclass(frozen=True, slots=True)
class Batched:
    """Collects the orders of one moment."""

    acts: Acts

    def step(self, now_s: int) -> Iterator[Act]:
        """Everything that is done by now; what goes in batches comes last."""
        collected: dict[tuple[str, ChainId, Purpose], list[Order]] = {}
        for act in self.acts.step(now_s):
            if isinstance(act, Order) and act.purpose in BATCHED and act.terms is not None:
                key = act.participant, act.chain_id, act.purpose
                collected.setdefault(key, []).append(act)
            else:
                yield act
        for orders in collected.values():
            for batch in in_batches(orders, _terms_of):
                yield from _together(batch)


def failures_of(
    order: Order, receipt: Receipt, deployment: Deployment
) -> Iterator[tuple[Order, str]]:
    """The orders that came to nothing in a transaction, each with the contract's reason."""
    members = order.members or (order,)
    if not receipt.is_success:
        reason = revert_reason(receipt.output)
        yield from ((member, reason) for member in members)
    elif order.members:
        settlement = deployment.by_id(order.chain_id).settlement
        skipped = skipped_in(receipt.logs, settlement)
        for member in members:
            if member.trade_id in skipped:
                yield member, skipped[member.trade_id]


def _together(orders: tuple[Order, ...]) -> Iterator[Order]:
    if len(orders) == 1:
        yield orders[0]
        return
    who, chain, purpose = orders[0].participant, orders[0].chain_id, orders[0].purpose
    trade_ids = tuple(trade_id for order in orders for trade_id in order.trade_ids)
    data = BATCHED[purpose]([order.data for order in orders])
    gas = gas_of(map(_terms_of, orders))
    yield Order(who, chain, purpose, data, gas, trade_ids, members=orders)
    if purpose is Purpose.HOLD:
        data = contract_calls.announce(trade_ids)
        gas = ANNOUNCE_GAS + ANNOUNCE_GAS_PER_TRADE * len(trade_ids)
        yield Order(who, chain, Purpose.ANNOUNCE, data, gas, trade_ids)


def _terms_of(order: Order) -> Trade:
    if order.terms is None:
        raise ValueError("an order without terms is in no batch")
    return order.terms
