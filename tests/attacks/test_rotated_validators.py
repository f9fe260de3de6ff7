"""Validators change while trades are under way, in the worst order."""

from __future__ import annotations

import pytest

from bridge import contract_calls
from bridge.model import Status, Trade
from contracts.artifacts import Optimize
from tests.support.engine_chain import reason
from tests.support.engine_packets import header_of, packet_of
from tests.support.engine_relaying import Relay, assert_settled
from tests.support.engine_world import COURIER, LONDON, SHANGHAI, EngineWorld


@pytest.fixture
def world(build: Optimize) -> EngineWorld:
    return EngineWorld.fresh(build=build)


@pytest.fixture
def trade(world: EngineWorld) -> Trade:
    """Shanghai decides, and has decided; London does not know yet."""
    trade = world.dvp()
    world.open(trade)
    world.hold(trade)
    world.tell(LONDON, trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.COMMITTED
    return trade


def test_a_decision_older_than_the_trusted_set_is_announced_again(
    world: EngineWorld, trade: Trade
) -> None:
    decided = world.announce(SHANGHAI, trade)
    world.follow(SHANGHAI, world.rotate(SHANGHAI, 1), LONDON)
    late = world[LONDON].send(
        COURIER, world[LONDON].clients[SHANGHAI], contract_calls.update(decided.header)
    )
    assert reason(late) == "client: below the trusted set"
    assert reason(world.prove(decided, trade, LONDON)) == "settlement: header not proven"
    other = world.dvp(units=2, price=20)
    world.settle(other)
    world.tell(SHANGHAI, trade, LONDON)
    assert_settled(world, trade, other)


def test_a_decision_that_was_carried_before_the_rotation_needs_no_other(
    world: EngineWorld, trade: Trade
) -> None:
    decided = world.announce(SHANGHAI, trade)
    world.carry(decided.header, LONDON)
    world.follow(SHANGHAI, world.rotate(SHANGHAI, 1), LONDON)
    assert world.prove(decided, trade, LONDON).is_success
    assert_settled(world, trade)


def test_a_hold_older_than_the_trusted_set_is_announced_again(world: EngineWorld) -> None:
    trade = world.dvp()
    world.open(trade)
    held = packet_of(world[LONDON], world.hold(trade))
    world.follow(LONDON, world.rotate(LONDON, 1), SHANGHAI)
    assert (
        not world[SHANGHAI]
        .send(COURIER, world[SHANGHAI].clients[LONDON], contract_calls.update(held.header))
        .is_success
    )
    Relay(world).finish()
    assert_settled(world, trade)


def test_all_validators_of_both_chains_may_be_replaced_one_by_one(
    world: EngineWorld, trade: Trade
) -> None:
    relay = Relay(world)
    for generation in range(1, 5):
        world.rotate(SHANGHAI, generation)
        world.rotate(LONDON, generation)
    other = world.dvp(units=2, price=20, hub=LONDON)
    world.open(other)
    world.hold(other, SHANGHAI)
    relay.finish()
    assert_settled(world, trade, other)


def test_a_rotation_that_nobody_carried_does_not_strand_a_trade(
    world: EngineWorld, trade: Trade
) -> None:
    """A client that skips no set must be shown each change; a new relayer finds them all."""
    world.rotate(SHANGHAI, 1)
    world.rotate(SHANGHAI, 2)
    unseen = header_of(world[SHANGHAI], world[SHANGHAI].mine().height)
    refused = world[LONDON].send(
        COURIER, world[LONDON].clients[SHANGHAI], contract_calls.update(unseen)
    )
    assert reason(refused) == "client: not the trusted set"
    Relay(world).finish()
    assert_settled(world, trade)
