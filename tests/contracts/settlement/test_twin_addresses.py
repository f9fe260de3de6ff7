"""One address on all chains: only the chain id keeps the twins apart, and it does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.model import ChainId, Status, Trade
from contracts.artifacts import Optimize
from tests.support.people import ALICE, BOB, caller
from tests.support.refusals import refused
from tests.support.settlement_chain import CASH, UNITS, balance, held
from tests.support.settlement_world import LONDON, SHANGHAI, ZURICH, World


@pytest.fixture
def world(build: Optimize) -> World:
    """Three chains on which every contract has the same address."""
    return World.twins(build, (SHANGHAI, LONDON, ZURICH))


def test_the_contracts_are_twins(world: World) -> None:
    assert world[SHANGHAI].agent == world[LONDON].agent == world[ZURICH].agent
    assert world[SHANGHAI].cash.address == world[LONDON].cash.address


@pytest.mark.parametrize("hub", [SHANGHAI, LONDON, ZURICH])
def test_twins_settle_a_trade(world: World, hub: ChainId) -> None:
    trade = world.dvp(units=10, price=500, hub=hub)
    world.settle(trade)
    assert balance(world[SHANGHAI].security, BOB) == UNITS + 10
    assert balance(world[LONDON].cash, ALICE) == CASH + 500
    assert world.status(trade, hub) is Status.COMMITTED


def test_a_trade_is_opened_only_by_the_twin_on_its_hubs_chain(world: World) -> None:
    trade = world.dvp(hub=LONDON)
    with refused("settlement: hub is elsewhere"):
        world[SHANGHAI].settlement.transact("open", trade.as_tuple(), world.signed(trade))
    with refused("settlement: the hub holds here"):
        world.hold(trade, LONDON)
    world.open(trade)


def test_the_same_terms_at_another_twin_are_another_trade(world: World) -> None:
    trade = world.dvp(hub=SHANGHAI)
    moved = replace(trade, hub_chain_id=LONDON)
    assert world.id_of(moved) != world.id_of(trade)
    with refused("terms: not signed by a party"):
        world[LONDON].settlement.transact("open", moved.as_tuple(), world.signed(trade))


@pytest.mark.parametrize("fact", [Status.HELD, Status.REFUSED, Status.OBJECTED])
def test_the_word_of_a_twin_on_a_third_chain_is_not_the_agents(world: World, fact: Status) -> None:
    trade = opened_and_held(world)
    with refused("hub: not an agent of the trade"):
        world.prove(world.lie(ZURICH, trade, fact), trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.OPEN


@pytest.mark.parametrize("decision", [Status.COMMITTED, Status.ABORTED])
def test_the_word_of_a_twin_on_a_third_chain_is_not_the_hubs(
    world: World, decision: Status
) -> None:
    trade = opened_and_held(world)
    with refused("settlement: not the trade's hub"):
        world.prove(world.lie(ZURICH, trade, decision), trade, LONDON)
    assert world.status(trade, LONDON) is Status.HELD


def test_a_refusal_on_a_third_chain_says_nothing_about_the_legs(world: World) -> None:
    """Zurich has no leg of the trade, yet it can learn of an abort and bury it."""
    trade = world.dvp()
    world.prove(world.lie(SHANGHAI, trade, Status.ABORTED), trade, ZURICH)
    assert world.status(trade, ZURICH) is Status.REFUSED
    world.open(trade)
    with refused("hub: not an agent of the trade"):
        world.prove(world.announced(ZURICH, trade), trade, SHANGHAI)


def test_the_hub_on_one_chain_does_not_hold_the_legs_on_another(world: World) -> None:
    trade = world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].cash, ALICE, BOB, 10),
        world.leg(LONDON, world[LONDON].cash, ALICE, BOB, 20),
    )
    world.open(trade)
    assert held(world[SHANGHAI].cash, ALICE) == 10
    assert held(world[LONDON].cash, ALICE) == 0
    assert world.pending(trade, SHANGHAI) == 0b10


def test_a_refusal_counts_on_the_chain_where_it_is_made(world: World) -> None:
    trade = world.dvp()
    for chain in (SHANGHAI, ZURICH):
        with refused("legs: not a sender here"):
            world[chain].settlement.transact("refuse", trade.as_tuple(), sender=caller(BOB))
    world[LONDON].settlement.transact("refuse", trade.as_tuple(), sender=caller(BOB))


def opened_and_held(world: World) -> Trade:
    trade = world.dvp()
    world.open(trade)
    world.hold(trade)
    return trade
