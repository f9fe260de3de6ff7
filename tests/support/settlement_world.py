"""Chains on bare EVMs with settlement, real light clients and tokens, and people who trade.

Deploying a world of two chains takes a few milliseconds, so every test has its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bridge import eip712
from bridge.model import ChainId, Leg, Outcome, Packet, Status, Trade, TradeId, UtiWord
from bridge.signatures import sign_all
from chains.keys import keccak
from contracts.artifacts import Artifact, Optimize, load
from tests.support import bare_evm
from tests.support.bare_evm import Contract, RawLog
from tests.support.people import ALICE, BOB, KEYS, account, caller
from tests.support.settlement_calls import (
    Signatures,
    batch_arguments,
    prove_arguments,
    signed_member,
    tuples,
)
from tests.support.settlement_chain import Chain, address_of, deploy_chain, new_prover
from tests.support.settlement_prover import announcement

SHANGHAI, LONDON, ZURICH = ChainId(1001), ChainId(1002), ChainId(1003)
NOW_S = 1_800_000_000
PREPARE_BY_S = NOW_S + 60
DECIDE_BY_S = NOW_S + 120


@dataclass(slots=True)
class World:
    """All chains, and what people do on them."""

    build: Optimize
    chains: dict[ChainId, Chain]
    salt: bytes
    trades: int = field(default=0)

    @classmethod
    def of(
        cls,
        build: Optimize,
        chain_ids: Sequence[ChainId] = (SHANGHAI, LONDON),
        also_served: Iterable[Artifact] = (),
    ) -> World:
        """A world whose settlement contracts serve our tokens and perhaps others."""
        deployers = {chain: caller(f"deployer on {chain}") for chain in chain_ids}
        return cls._deployed(build, deployers, also_served)

    @classmethod
    def twins(cls, build: Optimize, chain_ids: Sequence[ChainId]) -> World:
        """The same deployer everywhere: each contract has one address on all chains."""
        return cls._deployed(build, dict.fromkeys(chain_ids, caller("deployer")), ())

    @classmethod
    def _deployed(
        cls, build: Optimize, deployers: Mapping[ChainId, str], also_served: Iterable[Artifact]
    ) -> World:
        codes = [load(name, build).code_hash for name in ("cash_token", "security_token")]
        codes += [artifact.code_hash for artifact in also_served]
        provers = {chain: new_prover(chain) for chain in deployers}
        world = cls(
            build=build,
            chains={
                chain: deploy_chain(build, chain, provers, codes, deployer)
                for chain, deployer in deployers.items()
            },
            salt=eip712.domain_salt({c: p.genesis_hash for c, p in provers.items()}),
        )
        world.set_time(NOW_S)
        return world

    def __getitem__(self, chain: ChainId) -> Chain:
        return self.chains[chain]

    def set_time(self, now_s: int) -> None:
        for chain in self.chains.values():
            chain.evm.set_block(now_s)

    # --- terms

    def leg(
        self, chain: ChainId, token: Contract, sender: str, receiver: str, amount: int = 10
    ) -> Leg:
        """A movement between two people."""
        return Leg(
            chain,
            self[chain].agent,
            address_of(token),
            account(sender),
            account(receiver),
            amount,
        )

    def trade(self, *legs: Leg, hub: ChainId = SHANGHAI) -> Trade:
        """A trade with a reference of its own."""
        self.trades += 1
        return Trade(
            legs=legs,
            hub_chain_id=hub,
            hub=self[hub].agent,
            prepare_by_s=PREPARE_BY_S,
            decide_by_s=DECIDE_BY_S,
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

    # --- signatures, as contracts take them

    def signed(self, trade: Trade) -> Signatures:
        """By all parties."""
        return tuples(sign_all(KEYS, trade.parties, self.id_of(trade)))

    def signed_on(self, trade: Trade, chain: ChainId) -> Signatures:
        """By the senders of one chain's legs."""
        return tuples(sign_all(KEYS, trade.parties_on(chain), self.id_of(trade)))

    def cancel_signed(self, trade: Trade) -> Signatures:
        domain = eip712.Domain.of(trade, self.salt)
        digest = eip712.cancel_digest(domain, self.id_of(trade))
        return tuples(sign_all(KEYS, trade.parties, digest))

    def resolve_signed(self, trade: Trade, outcome: Outcome) -> Signatures:
        domain = eip712.Domain.of(trade, self.salt)
        digest = eip712.resolve_digest(domain, self.id_of(trade), outcome)
        return tuples(sign_all(KEYS, trade.parties, digest))

    # --- steps

    def open(self, trade: Trade) -> bare_evm.Outcome:
        hub = self[trade.hub_chain_id].settlement
        return hub.transact("open", trade.as_tuple(), self.signed(trade))

    def hold(self, trade: Trade, on: ChainId = LONDON) -> bare_evm.Outcome:
        agent = self[on].settlement
        return agent.transact("hold", trade.as_tuple(), self.signed_on(trade, on))

    def packet(self, chain: ChainId, logs: Sequence[RawLog], position: int | None = None) -> Packet:
        """The proof of one log, with its header already brought to every other chain."""
        return self.carried(self[chain].prover.packet(logs, position))

    def carried(self, packet: Packet) -> Packet:
        """Bring a packet's header to every other chain."""
        for chain in self.chains.values():
            if chain.chain_id != packet.header.chain_id:
                chain.believe(packet.header)
        return packet

    def announced(self, chain: ChainId, *trades: Trade) -> Packet:
        """What a chain says of these trades now."""
        ids = list(map(self.id_of, trades))
        return self.packet(chain, self[chain].settlement.transact("announce", ids).logs)

    def lie(self, chain: ChainId, trade: Trade, status: Status, by: str | None = None) -> Packet:
        """A proof that ``by``, or the settlement contract itself, announced what is not so."""
        emitter = by or self[chain].settlement.address
        return self.packet(chain, [announcement(chain, emitter, [self.id_of(trade)], [status])])

    def prove(
        self, packet: Packet, trade: Trade, on: ChainId, index: int | None = None
    ) -> bare_evm.Outcome:
        """Prove to a chain what a packet says of a trade."""
        if index is None:
            index = packet.ids.index(self.id_of(trade))
        return self[on].settlement.transact("prove", *prove_arguments(packet, trade, index))

    def open_batch(self, *trades: Trade, on: ChainId = SHANGHAI) -> bare_evm.Outcome:
        members = [signed_member(trade, self.signed(trade)) for trade in trades]
        return self[on].settlement.transact("open_batch", members)

    def hold_batch(self, *trades: Trade, on: ChainId = LONDON) -> bare_evm.Outcome:
        members = [signed_member(trade, self.signed_on(trade, on)) for trade in trades]
        return self[on].settlement.transact("hold_batch", members)

    def prove_batch(self, packet: Packet, *trades: Trade, on: ChainId) -> bare_evm.Outcome:
        """Prove to a chain what a packet says of these trades, in the packet's order."""
        arguments = batch_arguments(packet, {self.id_of(trade): trade for trade in trades})
        return self[on].settlement.transact("prove_batch", *arguments)

    def commit(self, trade: Trade) -> Packet:
        """Open, hold everywhere, prove it to the hub; the decision's packet."""
        self.open(trade)
        outcome = None
        for chain in trade.foreign_chain_ids:
            held = self.packet(chain, self.hold(trade, chain).logs)
            outcome = self.prove(held, trade, trade.hub_chain_id)
        assert outcome is not None
        return self.packet(trade.hub_chain_id, outcome.logs)

    def abort(self, trade: Trade) -> Packet:
        """All parties cancel; the decision's packet."""
        hub = self[trade.hub_chain_id].settlement
        outcome = hub.transact("cancel", trade.as_tuple(), self.cancel_signed(trade))
        return self.packet(trade.hub_chain_id, outcome.logs)

    def settle(self, trade: Trade) -> None:
        """All of it."""
        decision = self.commit(trade)
        for chain in trade.foreign_chain_ids:
            self.prove(decision, trade, chain)

    def freeze(self, chain: ChainId, on: ChainId) -> None:
        """The validators of ``chain`` contradict themselves, and ``on`` sees it."""
        packet = self[chain].prover.packet([_blank_log()], 0)
        self[on].believe(packet.header)
        self[on].believe(self[chain].prover.contradiction(packet))

    # --- readings

    def status(self, trade: Trade, on: ChainId) -> Status:
        return self[on].status(self.id_of(trade))

    def pending(self, trade: Trade, on: ChainId) -> int:
        return self[on].pending(self.id_of(trade))


def _blank_log() -> RawLog:
    return RawLog("0x" + "bb" * 20, (), b"")
