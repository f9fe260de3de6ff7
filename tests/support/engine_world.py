"""Chains on the reference engine whose blocks an auditor reads, and trades between people on them.

Nothing here is simulated: engines seal, light clients check seals, receipts are proven.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from bridge import contract_calls, eip712
from bridge.model import ChainId, Packet, SealedHeader, Trade
from chains.engine import Height, Receipt, SnapshotId
from chains.selection import EngineName
from contracts.artifacts import Artifact, Optimize, load
from tests.support.engine_audit import AuditedEngines
from tests.support.engine_chain import Clock, EngineChain, validator_keys
from tests.support.engine_packets import contradiction, header_of, packet_of, validators_at
from tests.support.engine_setup import set_up
from tests.support.engine_trades import LONDON, SHANGHAI, ZURICH

__all__ = ["COURIER", "LONDON", "SHANGHAI", "ZURICH", "EngineWorld", "Moment"]

COURIER = "courier"


@dataclass(frozen=True, slots=True)
class Moment:
    """All chains at one time."""

    now_s: int
    trades: int
    snapshots: dict[ChainId, SnapshotId]


@dataclass(slots=True)
class EngineWorld(AuditedEngines):
    """All chains, their clock, who audits them, and what people do."""

    @classmethod
    def of(
        cls,
        chain_ids: Sequence[ChainId] = (SHANGHAI, LONDON),
        also_served: Iterable[Artifact] = (),
        *,
        is_audited: bool = True,
        engine: EngineName = EngineName.AUTO,
        build: Optimize = "gas",
    ) -> EngineWorld:
        """A world whose settlement contracts serve our tokens and perhaps others."""
        clock = Clock()
        chains = {chain: EngineChain(chain, clock, engine, build) for chain in chain_ids}
        genesis = {chain: each.engine.genesis_hash for chain, each in chains.items()}
        ours = [load(name, build) for name in ("cash_token", "security_token")]
        world = cls(chains, clock, eip712.domain_salt(genesis))
        for each in chains.values():
            set_up(each, genesis, [*ours, *also_served])
        if is_audited:
            world.audit_from_the_start()
        return world

    @classmethod
    def fresh(
        cls, chain_ids: Sequence[ChainId] = (SHANGHAI, LONDON), build: Optimize = "gas"
    ) -> EngineWorld:
        """As new: built once, and brought back to its beginning."""
        world, beginning = _built(tuple(chain_ids), build)
        world.go_back(beginning)
        return world

    # --- going back

    def moment(self) -> Moment:
        snapshots = {name: chain.engine.snapshot() for name, chain in self.chains.items()}
        return Moment(self.clock.now_s, self.trades, snapshots)

    def go_back(self, moment: Moment) -> None:
        """Be as it was then; an auditor starts again."""
        self.clock.now_s, self.trades = moment.now_s, moment.trades
        for name, snapshot in moment.snapshots.items():
            self.chains[name].engine.restore(snapshot)
        if self.auditor is not None:
            self.audit_from_the_start()

    def wait_until(self, now_s: int) -> None:
        """Nothing happens until then."""
        self.clock.now_s = max(self.clock.now_s, now_s - 1)

    # --- calls

    def open(self, trade: Trade) -> Receipt:
        hub = self[trade.hub_chain_id]
        data = contract_calls.open_trade(trade, self.signed(trade))
        return hub.do(COURIER, hub.settlement, data)

    def hold(self, trade: Trade, on: ChainId = LONDON) -> Receipt:
        data = contract_calls.hold(trade, self.signed_on(trade, on))
        return self[on].do(COURIER, self[on].settlement, data)

    def cancel(self, trade: Trade) -> Receipt:
        hub = self[trade.hub_chain_id]
        data = contract_calls.cancel(trade, self.cancel_signed(trade))
        return hub.do(COURIER, hub.settlement, data)

    def announce(self, chain: ChainId, *trades: Trade) -> Packet:
        """What a chain says of these trades now."""
        ids = list(map(self.id_of, trades))
        data = contract_calls.announce(ids)
        return packet_of(self[chain], self[chain].do(COURIER, self[chain].settlement, data))

    def carry(self, header: SealedHeader, on: ChainId, who: str = COURIER) -> Receipt:
        """Show a header to the client of its chain."""
        data = contract_calls.update(header)
        return self[on].do(who, self[on].clients[header.chain_id], data)

    def carry_all(self, packet: Packet) -> Packet:
        """Show a packet's header to every other chain."""
        for chain in self.chains:
            if chain != packet.header.chain_id:
                self.carry(packet.header, chain)
        return packet

    def prove(self, packet: Packet, trade: Trade, on: ChainId, who: str = COURIER) -> Receipt:
        """Prove what a packet says of a trade, whatever comes of it."""
        data = contract_calls.prove(packet, packet.ids.index(self.id_of(trade)), trade)
        return self[on].send(who, self[on].settlement, data)

    def tell(self, source: ChainId, trade: Trade, on: ChainId) -> Receipt:
        """Announce, carry and prove: what a chain knows of a trade is acted on elsewhere."""
        packet = self.announce(source, trade)
        self.carry(packet.header, on)
        receipt = self.prove(packet, trade, on)
        assert receipt.is_success
        return receipt

    def settle(self, trade: Trade) -> None:
        """All of it."""
        self.open(trade)
        for chain in trade.foreign_chain_ids:
            self.hold(trade, chain)
            self.tell(chain, trade, trade.hub_chain_id)
        for chain in trade.foreign_chain_ids:
            self.tell(trade.hub_chain_id, trade, chain)

    # --- clients

    def freeze(self, source: ChainId, on: ChainId, generation: int = 0) -> None:
        """The validators of a chain contradict themselves, and ``on`` sees both blocks."""
        height = self[source].mine().height
        self.carry(header_of(self[source], height), on)
        keys = validator_keys(source, generation)
        self.carry(contradiction(self[source], height, keys), on)
        assert self[on].is_frozen(source)

    def rotate(self, source: ChainId, generation: int) -> Height:
        """Another set seals from the next block on; that block's height."""
        self[source].engine.rotate_validators(validator_keys(source, generation))
        return self[source].mine().height

    def follow(self, source: ChainId, height: int, on: ChainId) -> Receipt:
        """Show the header that changes the set."""
        trusted = validators_at(self[source], height - 1)
        return self.carry(header_of(self[source], height, trusted), on)


@cache
def _built(chain_ids: tuple[ChainId, ...], build: Optimize) -> tuple[EngineWorld, Moment]:
    world = EngineWorld.of(chain_ids, build=build)
    return world, world.moment()
