"""A trade that never held anything gives nothing back: holds of other trades are not its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bridge.model import ChainId, Status, Trade
from tests.support.bare_evm import Outcome
from tests.support.people import ALICE, BOB, caller
from tests.support.refusals import refused
from tests.support.settlement_chain import held
from tests.support.settlement_world import LONDON, SHANGHAI, World

UNITS, PRICE = 10, 500
Ending = Callable[[World, Trade], Outcome]


@pytest.fixture
def trade(world: World) -> Trade:
    """Never opened, never held; another trade holds just as much of the same people."""
    other = world.dvp(UNITS, PRICE)
    world.open(other)
    world.hold(other)
    return world.dvp(UNITS, PRICE)


def cancelled(world: World, trade: Trade) -> Outcome:
    hub = world[SHANGHAI].settlement
    return hub.transact("cancel", trade.as_tuple(), world.cancel_signed(trade))


def too_late(world: World, trade: Trade) -> Outcome:
    world.set_time(trade.decide_by_s + 1)
    return world[SHANGHAI].settlement.transact("abort", trade.as_tuple())


def refused_here(world: World, trade: Trade) -> Outcome:
    hub = world[SHANGHAI].settlement
    return hub.transact("refuse", trade.as_tuple(), sender=caller(ALICE))


def refused_there(world: World, trade: Trade) -> Outcome:
    return world.prove(world.lie(LONDON, trade, Status.REFUSED), trade, SHANGHAI)


@pytest.mark.parametrize("end", [cancelled, too_late, refused_here, refused_there])
def test_a_hub_that_aborts_what_was_never_opened_releases_nothing(
    world: World, trade: Trade, end: Ending
) -> None:
    assert [event.name for event in end(world, trade).events] == ["Announced"]
    assert world.status(trade, SHANGHAI) is Status.ABORTED
    check_that_others_hold(world)
    check_that_nothing_is_left(world, trade, SHANGHAI)


def test_an_agent_that_hears_of_an_abort_first_releases_nothing(world: World, trade: Trade) -> None:
    outcome = world.prove(world.abort(trade), trade, LONDON)
    assert [event.name for event in outcome.events] == ["Announced"]
    check_that_others_hold(world)
    check_that_nothing_is_left(world, trade, LONDON)


def test_an_agent_that_refuses_releases_nothing(world: World, trade: Trade) -> None:
    agent = world[LONDON].settlement
    agent.transact("refuse", trade.as_tuple(), sender=caller(BOB))
    check_that_others_hold(world)
    check_that_nothing_is_left(world, trade, LONDON)


def test_a_trade_that_was_opened_releases_its_own(world: World, trade: Trade) -> None:
    world.open(trade)
    assert held(world[SHANGHAI].security, ALICE) == 2 * UNITS
    names = [event.name for event in cancelled(world, trade).events]
    assert names == ["Announced", "HoldReleased", "Released"]
    check_that_others_hold(world)


def check_that_others_hold(world: World) -> None:
    assert held(world[SHANGHAI].security, ALICE) == UNITS
    assert held(world[LONDON].cash, BOB) == PRICE


def check_that_nothing_is_left(world: World, trade: Trade, chain: ChainId) -> None:
    assert world.pending(trade, chain) == 0
    for leg in range(len(trade.legs)):
        with refused("legs: nothing to deliver"):
            world[chain].settlement.transact("deliver", trade.as_tuple(), leg)
    check_that_others_hold(world)
