"""Trades of every shape settle: all legs, on every chain."""

from __future__ import annotations

import pytest

from bridge.model import ChainId, Status
from contracts.artifacts import Optimize
from tests.support.people import ALICE, BOB, CAROL, DAVE
from tests.support.refusals import WITHOUT_REASON, refused
from tests.support.settlement_chain import CASH, UNITS, balance, held
from tests.support.settlement_world import LONDON, SHANGHAI, ZURICH, World


@pytest.mark.parametrize("hub", [SHANGHAI, LONDON])
def test_delivery_and_payment_settle_together_whichever_chain_decides(
    world: World, hub: ChainId
) -> None:
    trade = world.dvp(units=10, price=500, hub=hub)
    world.settle(trade)
    leg_chain = LONDON if hub == SHANGHAI else SHANGHAI
    assert world.status(trade, hub) is Status.COMMITTED
    assert world.status(trade, leg_chain) is Status.EXECUTED
    assert balance(world[SHANGHAI].security, BOB) == UNITS + 10
    assert balance(world[LONDON].cash, ALICE) == CASH + 500
    assert balance(world[SHANGHAI].security, ALICE) == UNITS - 10
    assert balance(world[LONDON].cash, BOB) == CASH - 500


@pytest.mark.parametrize("hub", [SHANGHAI, LONDON])
def test_an_aborted_trade_gives_both_legs_back(world: World, hub: ChainId) -> None:
    trade = world.dvp(hub=hub)
    leg_chain = LONDON if hub == SHANGHAI else SHANGHAI
    world.open(trade)
    world.hold(trade, leg_chain)
    world.prove(world.abort(trade), trade, leg_chain)
    assert world.status(trade, hub) is Status.ABORTED
    assert world.status(trade, leg_chain) is Status.RELEASED
    assert balance(world[SHANGHAI].security, ALICE) == UNITS
    assert balance(world[LONDON].cash, BOB) == CASH
    assert held(world[SHANGHAI].security, ALICE) == held(world[LONDON].cash, BOB) == 0


def test_a_trade_without_foreign_legs_commits_when_it_is_opened(world: World) -> None:
    here = world[SHANGHAI]
    trade = world.trade(
        world.leg(SHANGHAI, here.security, ALICE, BOB, 10),
        world.leg(SHANGHAI, here.cash, BOB, ALICE, 500),
    )
    world.open(trade)
    assert world.status(trade, SHANGHAI) is Status.COMMITTED
    assert (balance(here.security, BOB), balance(here.cash, ALICE)) == (UNITS + 10, CASH + 500)


def test_a_trade_with_a_foreign_leg_does_not_commit_when_it_is_opened(world: World) -> None:
    trade = world.dvp()
    world.open(trade)
    assert world.status(trade, SHANGHAI) is Status.OPEN
    assert balance(world[SHANGHAI].security, ALICE) == UNITS
    assert held(world[SHANGHAI].security, ALICE) == 10


def test_a_trade_over_three_chains_settles(build: Optimize) -> None:
    world = World.of(build, (SHANGHAI, LONDON, ZURICH))
    trade = world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].security, ALICE, BOB, 10),
        world.leg(LONDON, world[LONDON].cash, BOB, CAROL, 500),
        world.leg(ZURICH, world[ZURICH].cash, CAROL, ALICE, 450),
    )
    world.settle(trade)
    assert [world.status(trade, chain) for chain in (SHANGHAI, LONDON, ZURICH)] == [
        Status.COMMITTED,
        Status.EXECUTED,
        Status.EXECUTED,
    ]
    assert balance(world[ZURICH].cash, ALICE) == CASH + 450


def test_one_of_two_foreign_chains_is_not_enough_to_commit(build: Optimize) -> None:
    world = World.of(build, (SHANGHAI, LONDON, ZURICH))
    trade = world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].security, ALICE, BOB, 10),
        world.leg(LONDON, world[LONDON].cash, BOB, CAROL, 500),
        world.leg(ZURICH, world[ZURICH].cash, CAROL, ALICE, 450),
    )
    world.open(trade)
    assert world.pending(trade, SHANGHAI) == 0b110
    world.prove(world.packet(LONDON, world.hold(trade, LONDON).logs), trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.OPEN
    assert world.pending(trade, SHANGHAI) == 0b100


def test_a_hub_without_a_leg_of_its_own_decides(build: Optimize) -> None:
    world = World.of(build, (SHANGHAI, LONDON, ZURICH))
    trade = world.dvp(hub=ZURICH)
    world.settle(trade)
    assert world.status(trade, ZURICH) is Status.COMMITTED
    assert balance(world[SHANGHAI].security, BOB) == UNITS + 10
    assert balance(world[LONDON].cash, ALICE) == CASH + 500


def test_eight_legs_settle_as_one(world: World) -> None:
    people = (ALICE, BOB, CAROL, DAVE)
    ring = list(zip(people, (*people[1:], people[0]), strict=True))
    trade = world.trade(
        *(world.leg(SHANGHAI, world[SHANGHAI].security, a, b, 5) for a, b in ring),
        *(world.leg(LONDON, world[LONDON].cash, b, a, 50) for a, b in ring),
    )
    world.settle(trade)
    assert world.status(trade, LONDON) is Status.EXECUTED
    assert world.pending(trade, SHANGHAI) == world.pending(trade, LONDON) == 0
    assert {balance(world[SHANGHAI].security, name) for name in people} == {UNITS}


def test_nine_legs_are_refused(world: World) -> None:
    legs = [world.leg(SHANGHAI, world[SHANGHAI].cash, ALICE, BOB)] * 9
    with refused(WITHOUT_REASON):
        world.open(world.trade(*legs))
