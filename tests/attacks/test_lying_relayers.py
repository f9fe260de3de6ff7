"""A relayer may lie, lose, reorder, repeat and garble: it can only waste time and its own gas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import pytest

from bridge import contract_calls
from bridge.model import ChainId, Packet, Status, Trade
from bridge.relay_view import CallEffect, Prove, Report, UpdateClient
from chains.consensus import ValidatorSet
from contracts.artifacts import Optimize
from tests.support.engine_chain import validator_keys
from tests.support.engine_packets import Said, forged, validators_at
from tests.support.engine_relaying import Relay, assert_settled
from tests.support.engine_world import LONDON, SHANGHAI, ZURICH, EngineWorld
from tests.support.people import EVE

CHAINS = (SHANGHAI, LONDON, ZURICH)
ROUNDS = 16
Call = tuple[ChainId, bytes, bytes]  # chain, contract, calldata


@pytest.fixture
def world(build: Optimize) -> EngineWorld:
    return EngineWorld.fresh(CHAINS, build)


def begin(world: EngineWorld) -> list[Trade]:
    """Trades in every direction, opened and held; only facts have to be carried."""
    cash = world[SHANGHAI].cash
    trades = [
        world.dvp(units=1, price=10),
        world.dvp(units=2, price=20, hub=LONDON),
        world.trade(
            world.leg(SHANGHAI, cash, "alice", "bob", 30),
            world.leg(LONDON, world[LONDON].cash, "bob", "carol", 40),
            world.leg(ZURICH, world[ZURICH].cash, "carol", "alice", 50),
            hub=ZURICH,
        ),
    ]
    for trade in trades:
        world.open(trade)
        for chain in trade.foreign_chain_ids:
            world.hold(trade, chain)
    return trades


class Liar:
    """Passes an honest relayer's calls on in its own way, from an account of its own."""

    def __init__(self, world: EngineWorld, trades: Sequence[Trade], random: Random) -> None:
        self.world = world
        self.trades = trades
        self.random = random
        self.seen: list[Call] = []
        self.refused = 0

    def round(self) -> None:
        """What an honest relayer would do now, and what becomes of it."""
        effects = Relay(self.world).look()
        calls = [self.call_of(e) for e in effects if not isinstance(e, Report)]
        self.seen += calls
        for _ in range(4):
            trick = self.random.choice([self._repeat, self._garble, self._garbage, self._forge])
            self.send(trick())
        self.random.shuffle(calls)
        for call in calls:
            if self.random.random() < 0.2:
                self.send(call)

    def send(self, call: Call) -> None:
        chain, to, data = call
        self.refused += not self.world[chain].send(EVE, to, data).is_success

    def call_of(self, effect: CallEffect) -> Call:
        here = self.world[effect.chain_id]
        match effect:
            case UpdateClient(_, header):
                client = here.clients[header.chain_id]
                return here.chain_id, client, contract_calls.update(header)
            case Prove(_, packet, (member,)):
                (index,) = effect.indices
                data = contract_calls.prove(packet, index, member.trade)
                return here.chain_id, here.settlement, data
            case Prove(_, packet, members):
                trades = list(zip(effect.indices, [m.trade for m in members], strict=True))
                return here.chain_id, here.settlement, contract_calls.prove_batch(packet, trades)
            case _:
                data = contract_calls.announce(effect.trade_ids)
                return here.chain_id, here.settlement, data

    # --- tricks

    def _repeat(self) -> Call:
        return self.random.choice(self.seen) if self.seen else self._garbage()

    def _garble(self) -> Call:
        """An honest call with a byte changed, lost or moved."""
        chain, to, data = self._repeat()
        at = self.random.randrange(4, len(data))
        changes: list[Callable[[], bytes]] = [
            lambda: data[:at] + bytes([data[at] ^ 1 << self.random.randrange(8)]) + data[at + 1 :],
            lambda: data[:at],
            lambda: data[:at] + data[at + 1 :] + b"\0",
            lambda: data[:at] + self.random.randbytes(32) + data[at + 32 :],
        ]
        return chain, to, self.random.choice(changes)()

    def _garbage(self) -> Call:
        here = self.world[self.random.choice(CHAINS)]
        to = self.random.choice([here.settlement, *here.clients.values()])
        selector = self.random.choice(
            [contract_calls.announce([])[:4], contract_calls.update(self._lie().header)[:4]]
        )
        return here.chain_id, to, selector + self.random.randbytes(self.random.randrange(1_500))

    def _forge(self) -> Call:
        """A packet that too few validators, or strangers, have sealed."""
        packet, trade = self._lie(), self.random.choice(self.trades)
        others = [c for c in CHAINS if c != packet.header.chain_id]
        here = self.world[self.random.choice(others)]
        if self.random.random() < 0.5:
            client = here.clients[packet.header.chain_id]
            return here.chain_id, client, contract_calls.update(packet.header)
        return here.chain_id, here.settlement, contract_calls.prove(packet, 0, trade)

    def _lie(self) -> Packet:
        source = self.world[self.random.choice(CHAINS)]
        trade = self.random.choice(self.trades)
        statuses = [Status.COMMITTED, Status.ABORTED, Status.HELD, Status.REFUSED]
        said = Said(source.settlement, (self.world.id_of(trade),), (self.random.choice(statuses),))
        keys = validator_keys(source.chain_id)
        if self.random.random() < 0.5:
            return forged(source, keys[:2], said)
        strangers = validator_keys(source.chain_id, 100)
        packet = forged(source, strangers, said, listed=ValidatorSet.of(strangers).addresses)
        trusted = validators_at(source, 0)
        return replace(packet, header=replace(packet.header, trusted_validators=trusted))


@pytest.mark.parametrize("seed", range(4))
def test_nothing_that_a_relayer_does_changes_what_is_decided(world: EngineWorld, seed: int) -> None:
    trades = begin(world)
    liar = Liar(world, trades, Random(seed))
    for _ in range(ROUNDS):
        liar.round()
    assert liar.refused > ROUNDS
    assert world.alarms() == []
    Relay(world).finish()
    assert_settled(world, *trades)


def test_what_was_withheld_for_long_is_still_carried_by_somebody_else(world: EngineWorld) -> None:
    trades = begin(world)
    for _ in range(30):
        for chain in world.chains.values():
            chain.mine()
    Relay(world).finish()
    assert_settled(world, *trades)


def test_packets_replayed_by_a_stranger_in_any_order_change_nothing(world: EngineWorld) -> None:
    trades = begin(world)
    liar = Liar(world, trades, Random(7))
    relay = Relay(world)
    for _ in range(40):
        effects = relay.look()
        liar.seen += [liar.call_of(e) for e in effects if not isinstance(e, Report)]
        relay.courier.perform(effects)
        relay.mine()
        if not relay.relayer.open_trades:
            break
    assert_settled(world, *trades)
    before = [world.status(t, c) for t in trades for c in t.chain_ids]
    Random(8).shuffle(liar.seen)
    for call in liar.seen:
        liar.send(call)
    assert [world.status(t, c) for t in trades for c in t.chain_ids] == before
    assert_settled(world, *trades)


def test_two_relayers_at_once_disturb_nobody(world: EngineWorld) -> None:
    trades = begin(world)
    first, second = Relay(world, "one courier"), Relay(world, "another courier")
    for _ in range(40):
        for relay in (first, second):
            relay.courier.perform(relay.look())
        first.mine()
    assert first.relayer.open_trades == second.relayer.open_trades == 0
    assert_settled(world, *trades)
