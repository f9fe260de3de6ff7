"""Two that would decide at once: one wins, and both legs follow it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from bridge.model import Status, Trade
from tests.support.bare_evm import Reverted
from tests.support.people import AUTHORITY, BOB, caller
from tests.support.settlement_chain import CASH, UNITS, balance, held
from tests.support.settlement_world import LONDON, SHANGHAI, World

Step = Callable[[World, Trade], object]


def commit(world: World, trade: Trade) -> object:
    return world.prove(world.announced(LONDON, trade), trade, SHANGHAI)


def cancel(world: World, trade: Trade) -> object:
    return world.abort(trade)


def refuse(world: World, trade: Trade) -> object:
    agent = world[LONDON].settlement
    return agent.transact("refuse", trade.as_tuple(), sender=caller(BOB))


def hold(world: World, trade: Trade) -> object:
    return world.hold(trade)


def object_at_the_hub(world: World, trade: Trade) -> object:
    hub = world[SHANGHAI].settlement
    return hub.transact("object", trade.as_tuple(), sender=caller(AUTHORITY))


@pytest.mark.parametrize(
    ("first", "second"), tuple(permutations([commit, cancel, object_at_the_hub], 2))
)
def test_the_first_decision_stands_and_both_legs_follow_it(
    world: World, first: Step, second: Step
) -> None:
    trade = world.dvp(units=10, price=500)
    world.open(trade)
    world.hold(trade)
    first(world, trade)
    with pytest.raises(Reverted):
        second(world, trade)
    is_commit = first is commit
    assert world.status(trade, SHANGHAI) is (Status.COMMITTED if is_commit else Status.ABORTED)
    world.prove(world.announced(SHANGHAI, trade), trade, LONDON)
    assert world.status(trade, LONDON) is (Status.EXECUTED if is_commit else Status.RELEASED)
    assert balance(world[SHANGHAI].security, BOB) == UNITS + (10 if is_commit else 0)
    assert balance(world[LONDON].cash, BOB) == CASH - (500 if is_commit else 0)
    assert held(world[LONDON].cash, BOB) == 0


def test_a_refusal_and_a_hold_exclude_each_other(world: World) -> None:
    for first, second, status in (
        (refuse, hold, Status.REFUSED),
        (hold, refuse, Status.HELD),
    ):
        trade = world.dvp()
        first(world, trade)
        with pytest.raises(Reverted):
            second(world, trade)
        assert world.status(trade, LONDON) is status


def test_an_abort_that_overtakes_the_hold_buries_it(world: World) -> None:
    trade = world.dvp()
    world.open(trade)
    world.prove(world.abort(trade), trade, LONDON)
    with pytest.raises(Reverted, match="legs: refused before"):
        world.hold(trade)
    assert held(world[LONDON].cash, BOB) == 0
