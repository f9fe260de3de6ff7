"""Amounts are exact, small and large; gifts to the contract belong to no trade."""

from __future__ import annotations

import pytest

from bridge.model import Status
from tests.support.people import ALICE, BOB, CAROL, ISSUER, PEOPLE, account, caller
from tests.support.refusals import refused
from tests.support.settlement_chain import CASH, UNITS, balance, held
from tests.support.settlement_world import LONDON, SHANGHAI, World

CASH_MAX, UNITS_MAX = 2**128 - 1, 2**84 - 1


@pytest.mark.parametrize(("units", "price"), [(1, 1), (UNITS, CASH), (UNITS - 1, 1), (1, CASH - 1)])
def test_legs_move_exactly_what_was_agreed(world: World, units: int, price: int) -> None:
    world.settle(world.dvp(units, price))
    assert balance(world[SHANGHAI].security, ALICE) == UNITS - units
    assert balance(world[SHANGHAI].security, BOB) == UNITS + units
    assert balance(world[LONDON].cash, BOB) == CASH - price
    assert balance(world[LONDON].cash, ALICE) == CASH + price


def test_the_largest_amounts_settle(world: World) -> None:
    security, cash = world[SHANGHAI].security, world[LONDON].cash
    units, price = UNITS_MAX - len(PEOPLE) * UNITS, CASH_MAX - len(PEOPLE) * CASH
    security.transact("mint", account(ALICE), units, sender=caller(ISSUER))
    cash.transact("mint", account(BOB), price, sender=caller(ISSUER))
    world.settle(world.dvp(units, price))
    assert balance(security, BOB) == UNITS + units
    assert balance(cash, ALICE) == CASH + price
    assert security.call("totalSupply") == UNITS_MAX
    assert cash.call("totalSupply") == CASH_MAX


@pytest.mark.parametrize("price", [CASH + 1, 2**127, 2**128, 2**255, 2**256 - 1])
def test_more_than_the_sender_owns_is_not_held(world: World, price: int) -> None:
    trade = world.dvp(price=price)
    world.open(trade)
    with refused("legs: token declined the hold"):
        world.hold(trade)
    assert held(world[LONDON].cash, BOB) == 0


@pytest.mark.parametrize("units", [UNITS + 1, 2**84, 2**168, 2**252, 2**256 - 1])
def test_more_units_than_the_sender_owns_are_not_held(world: World, units: int) -> None:
    with refused("legs: token declined the hold"):
        world.open(world.dvp(units=units))
    assert held(world[SHANGHAI].security, ALICE) == 0


def test_legs_of_one_sender_must_be_covered_together(world: World) -> None:
    cash = world[LONDON].cash
    both = [world.leg(LONDON, cash, ALICE, name, CASH // 2 + 1) for name in (BOB, CAROL)]
    with refused("legs: token declined the hold"):
        world.hold(world.trade(*both))
    assert held(cash, ALICE) == 0
    world.hold(world.trade(both[0]))


def test_a_gift_to_the_settlement_contract_changes_no_trade(world: World) -> None:
    cash, agent = world[LONDON].cash, world[LONDON].settlement
    trade = world.dvp(price=500)
    world.open(trade)
    world.hold(trade)
    cash.transact("transfer", agent.address, 77, sender=caller(CAROL))
    assert held(cash, BOB) == 500
    world.prove(world.announced(LONDON, trade), trade, SHANGHAI)
    world.prove(world.announced(SHANGHAI, trade), trade, LONDON)
    assert world.status(trade, LONDON) is Status.EXECUTED
    assert cash.call("balanceOf", agent.address) == 77
    assert balance(cash, ALICE) == CASH + 500
