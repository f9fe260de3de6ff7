"""Trades between people on real engines, and what the parties sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge import contract_calls, eip712
from bridge.model import Address, ChainId, Leg, Outcome, Signature, Status, Trade, TradeId, UtiWord
from bridge.signatures import sign_all
from chains.keys import keccak
from tests.support.engine_chain import Clock, EngineChain
from tests.support.people import ALICE, BOB, KEYS, account

SHANGHAI, LONDON, ZURICH = ChainId(1001), ChainId(1002), ChainId(1003)
PREPARE_S = 500  # from the moment a trade is made; as long again until it must be decided


def member(trade: Trade, signatures: Sequence[Signature]) -> bytes:
    """One trade in ``open_batch`` or ``hold_batch``: the arguments of the single form."""
    data = contract_calls.open_trade(trade, signatures)
    return data[4:]


@dataclass(slots=True)
class EngineTrades:
    """All chains, and what is agreed on them."""

    chains: dict[ChainId, EngineChain]
    clock: Clock
    salt: bytes
    trades: int = 0

    def __getitem__(self, chain: ChainId) -> EngineChain:
        return self.chains[chain]

    def leg(
        self, chain: ChainId, token: Address, sender: str, receiver: str, amount: int = 10
    ) -> Leg:
        """A movement between two people."""
        agent = self[chain].settlement
        return Leg(chain, agent, token, account(sender), account(receiver), amount)

    def trade(self, *legs: Leg, hub: ChainId = SHANGHAI, prepare_s: int = PREPARE_S) -> Trade:
        """A trade with a reference of its own."""
        self.trades += 1
        return Trade(
            legs=legs,
            hub_chain_id=hub,
            hub=self[hub].settlement,
            prepare_by_s=self.clock.now_s + prepare_s,
            decide_by_s=self.clock.now_s + 2 * prepare_s,
            uti=UtiWord(keccak(b"book")[:28] + self.trades.to_bytes(4, "big")),
        )

    def dvp(self, units: int = 10, price: int = 500, hub: ChainId = SHANGHAI) -> Trade:
        """Alice delivers units on Shanghai, Bob pays on London."""
        return self.trade(
            self.leg(SHANGHAI, self[SHANGHAI].security, ALICE, BOB, units),
            self.leg(LONDON, self[LONDON].cash, BOB, ALICE, price),
            hub=hub,
        )

    def id_of(self, trade: Trade) -> TradeId:
        return eip712.trade_id(trade, self.salt)

    def signed(self, trade: Trade) -> tuple[Signature, ...]:
        """By all parties."""
        return sign_all(KEYS, trade.parties, self.id_of(trade))

    def signed_on(self, trade: Trade, chain: ChainId) -> tuple[Signature, ...]:
        """By the senders of one chain's legs."""
        return sign_all(KEYS, trade.parties_on(chain), self.id_of(trade))

    def cancel_signed(self, trade: Trade) -> tuple[Signature, ...]:
        digest = eip712.cancel_digest(eip712.Domain.of(trade, self.salt), self.id_of(trade))
        return sign_all(KEYS, trade.parties, digest)

    def resolve_signed(self, trade: Trade, outcome: Outcome) -> tuple[Signature, ...]:
        domain = eip712.Domain.of(trade, self.salt)
        digest = eip712.resolve_digest(domain, self.id_of(trade), outcome)
        return sign_all(KEYS, trade.parties, digest)

    def status(self, trade: Trade, on: ChainId) -> Status:
        return self[on].status(self.id_of(trade))

    def pending(self, trade: Trade, on: ChainId) -> int:
        return self[on].pending(self.id_of(trade))
