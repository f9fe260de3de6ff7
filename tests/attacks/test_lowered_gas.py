"""A deciding or executing call with too little gas does nothing at all: no leg is left behind."""

from __future__ import annotations

import pytest

from bridge import contract_calls
from bridge.model import ChainId, Packet, Status, Trade
from contracts.artifacts import Optimize
from tests.support.engine_chain import reason
from tests.support.engine_relaying import Relay, assert_settled
from tests.support.engine_world import LONDON, SHANGHAI, EngineWorld
from tests.support.people import ALICE, BOB, EVE

STEPS = 40
LOW_GAS = "legs: not enough gas"


def three_legs(world: EngineWorld) -> Trade:
    """One leg at the hub, two at the agent."""
    cash = world[LONDON].cash
    return world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].security, ALICE, BOB, 10),
        world.leg(LONDON, cash, BOB, ALICE, 300),
        world.leg(LONDON, cash, BOB, ALICE, 200),
    )


def brought(world: EngineWorld, trade: Trade, on: ChainId) -> Packet:
    """Everything done but the proof that commits, or the one that executes."""
    world.open(trade)
    world.hold(trade)
    source = LONDON
    if on == LONDON:
        world.tell(LONDON, trade, SHANGHAI)
        source = SHANGHAI
    packet = world.announce(source, trade)
    world.carry(packet.header, on)
    return packet


@pytest.mark.parametrize("on", [SHANGHAI, LONDON], ids=["the commit", "the execution"])
def test_every_gas_limit_does_all_or_nothing(on: ChainId, build: Optimize) -> None:
    world = EngineWorld.of(is_audited=False, build=build)
    trade = three_legs(world)
    packet = brought(world, trade, on)
    data = contract_calls.prove(packet, 0, trade)
    before = world.moment()
    undecided = world.status(trade, on)
    needed = world[on].do(EVE, world[on].settlement, data).gas_used
    reasons = set()
    for step in range(STEPS + 1):
        world.go_back(before)
        gas = 60_000 + (needed + 90_000 - 60_000) * step // STEPS
        receipt = world[on].send(EVE, world[on].settlement, data, gas)
        assert world.pending(trade, on) == (0 if receipt.is_success or on == LONDON else 0b110)
        if receipt.is_success:
            assert world.status(trade, on) in (Status.COMMITTED, Status.EXECUTED)
        else:
            assert world.status(trade, on) is undecided
            reasons.add(reason(receipt))
    assert receipt.is_success
    assert LOW_GAS in reasons


@pytest.mark.parametrize("on", [SHANGHAI, LONDON], ids=["the commit", "the execution"])
def test_after_a_starved_call_the_trade_settles_with_the_others(
    on: ChainId, build: Optimize
) -> None:
    world = EngineWorld.fresh(build=build)
    trade, other = three_legs(world), world.dvp(units=2, price=20)
    packet = brought(world, trade, on)
    data = contract_calls.prove(packet, 0, trade)
    world.open(other)
    world.hold(other)
    starved = world[on].send(EVE, world[on].settlement, data, 160_000)
    assert reason(starved) == LOW_GAS
    Relay(world).finish()
    assert_settled(world, trade, other)


def test_a_starved_hold_never_looks_like_a_token_that_declined(build: Optimize) -> None:
    world = EngineWorld.of(is_audited=False, build=build)
    trade = world.dvp()
    data = contract_calls.hold(trade, world.signed_on(trade, LONDON))
    before = world.moment()
    for gas in range(60_000, 300_000, 6_000):
        world.go_back(before)
        receipt = world[LONDON].send(EVE, world[LONDON].settlement, data, gas)
        assert receipt.is_success or reason(receipt) in ("", LOW_GAS)
    assert receipt.is_success
