"""The office of issuers, authorities and administrators: what they may do to an account.

Each order is one plain transaction, from the account that the token lets do it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bridge import contract_calls
from bridge.deployed import Deployment
from bridge.events import Action, Purpose
from bridge.model import Trade, TradeId
from bridge.testbed.chain_reader import ChainReader
from bridge.testbed.participants import DECISION_GAS, DECISION_GAS_PER_LEG, Participants
from bridge.testbed.party import Act, Note, Order
from bridge.testbed.scenario import Security
from bridge.testbed.world import ISSUER, World

ORDER_GAS = 200_000


@dataclass(frozen=True, slots=True)
class Office:
    """Speaks for all issuers and authorities of a run, and for administrators of the insolvent."""

    world: World
    deployment: Deployment
    reader: ChainReader
    participants: Participants

    def freeze(self, participant: str, instrument: str) -> Order:
        """The issuer freezes an account in a security."""
        data = contract_calls.set_frozen(self.world.accounts[participant].address, True)
        return self._order(ISSUER, Purpose.FREEZE, instrument, data)

    def wind_up(self, participant: str, administrator: str) -> Iterator[Order]:
        """The participant stops; all that is not held goes to its administrator, then freezes."""
        self.participants.cease(participant)
        address = self.world.accounts[participant].address
        estate = self.world.accounts[administrator].address
        accounts = self.world.scenario.chains_of(participant)
        for code, item in self.world.scenario.instruments.items():
            if item.chain not in accounts:
                continue
            balance, held = self.reader.position(item.chain, code, address)
            is_security = isinstance(item, Security)
            if balance > held and is_security:
                data = contract_calls.forced_transfer(address, estate, balance - held)
                yield self._order(ISSUER, Purpose.TRANSFER, code, data)
            elif balance > held:
                data = contract_calls.transfer(estate, balance - held)
                yield self._order(participant, Purpose.TRANSFER, code, data)
            if is_security:
                yield self.freeze(participant, code)

    def object_to(self, trade_id: TradeId, trade: Trade, chain: str) -> Iterator[Act]:
        """The authority of a leg's token objects on a chain."""
        yield Note(ISSUER, Action.OBJECTED, trade_id, f"as authority on {chain}")
        data = contract_calls.object_to(trade)
        gas = DECISION_GAS + DECISION_GAS_PER_LEG * len(trade.legs)
        yield Order(ISSUER, self.world.chain_id(chain), Purpose.OBJECT, data, gas, (trade_id,))

    def _order(self, sender: str, purpose: Purpose, instrument: str, data: bytes) -> Order:
        chain = self.world.scenario.instruments[instrument].chain
        token = self.deployment.chains[chain].tokens[instrument]
        return Order(sender, self.world.chain_id(chain), purpose, data, ORDER_GAS, to=token)
