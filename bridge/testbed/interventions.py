"""Words spoken in the middle of a trade: an authority objects, or all parties cancel together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bridge import contract_calls, eip712
from bridge.events import Action, Purpose
from bridge.model import Trade, TradeId
from bridge.signatures import sign
from bridge.testbed.faults import Acts
from bridge.testbed.office import Office
from bridge.testbed.participants import DECISION_GAS, DECISION_GAS_PER_LEG
from bridge.testbed.party import Act, Note, Order


@dataclass(frozen=True, slots=True)
class Interventions:
    """The participants' port, with what the scenario plans besides.

    ``terms`` answers for a reference; None while the trade is not instructed.
    """

    acts: Acts
    office: Office
    terms: Callable[[str], tuple[TradeId, Trade] | None]

    def step(self, now_s: int) -> Iterator[Act]:
        """Everything that is said by now, then everything that is done."""
        scenario = self.office.world.scenario
        at_s = now_s - scenario.start_s
        for objection in scenario.objections:
            if objection.at_s == at_s and (known := self.terms(objection.trade)):
                yield from self.office.object_to(*known, objection.chain)
        for cancellation in scenario.cancellations:
            if cancellation.at_s == at_s and (known := self.terms(cancellation.trade)):
                yield from self._cancel(*known)
        yield from self.acts.step(now_s)

    def _cancel(self, trade_id: TradeId, trade: Trade) -> Iterator[Act]:
        """Every party signs; one that does not act any more keeps the trade as it is."""
        world, participants = self.office.world, self.office.participants
        domain = eip712.Domain.of(trade, self.office.deployment.salt)
        digest = eip712.cancel_digest(domain, trade_id)
        signatures = []
        for address in trade.parties:
            party = participants.party(address)
            if not participants.is_acting(address):
                yield Note(party.name, Action.WITHHELD, trade_id, "does not sign the cancellation")
                continue
            signatures.append(sign(party.account.key, digest))
            yield Note(party.name, Action.CANCELLED, trade_id, "")
        if len(signatures) == len(trade.parties):
            participants.withdraw(trade_id)
            first = world.name_of(trade.parties[0])
            data = contract_calls.cancel(trade, signatures)
            gas = DECISION_GAS + DECISION_GAS_PER_LEG * len(trade.legs)
            yield Order(first, trade.hub_chain_id, Purpose.CANCEL, data, gas, (trade_id,))
