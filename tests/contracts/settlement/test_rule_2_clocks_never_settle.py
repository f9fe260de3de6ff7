"""Rule 2: an agent's clock may only refuse a new hold; the hub's clock only aborts."""

from __future__ import annotations

import pytest

from bridge.model import Status, Trade
from tests.support.people import ALICE, BOB
from tests.support.refusals import refused
from tests.support.settlement_chain import CASH, UNITS, balance, held
from tests.support.settlement_world import (
    DECIDE_BY_S,
    LONDON,
    NOW_S,
    PREPARE_BY_S,
    SHANGHAI,
    World,
)

AGES_LATER_S = NOW_S + 10**9


@pytest.fixture
def trade(world: World) -> Trade:
    return world.dvp(units=10, price=500)


@pytest.mark.parametrize("now_s", [PREPARE_BY_S + 1, DECIDE_BY_S + 1, AGES_LATER_S])
def test_no_clock_releases_or_executes(world: World, trade: Trade, now_s: int) -> None:
    world.open(trade)
    world.hold(trade)
    world.set_time(now_s)
    world.announced(LONDON, trade)
    assert world.status(trade, SHANGHAI) is Status.OPEN
    assert world.status(trade, LONDON) is Status.HELD
    assert held(world[SHANGHAI].security, ALICE) == 10
    assert held(world[LONDON].cash, BOB) == 500


@pytest.mark.parametrize("now_s", [NOW_S, PREPARE_BY_S])
def test_a_hold_is_placed_until_prepare_by(world: World, trade: Trade, now_s: int) -> None:
    world.set_time(now_s)
    world.open(trade)
    world.hold(trade)
    assert world.status(trade, LONDON) is Status.HELD


@pytest.mark.parametrize("now_s", [PREPARE_BY_S + 1, AGES_LATER_S])
def test_no_hold_is_placed_after_prepare_by(world: World, trade: Trade, now_s: int) -> None:
    world.set_time(now_s)
    with refused("legs: too late to hold"):
        world.hold(trade)
    with refused("hub: too late to open"):
        world.open(trade)
    assert held(world[LONDON].cash, BOB) == held(world[SHANGHAI].security, ALICE) == 0


@pytest.mark.parametrize("now_s", [NOW_S, PREPARE_BY_S + 1, DECIDE_BY_S])
def test_the_hub_commits_until_decide_by(world: World, trade: Trade, now_s: int) -> None:
    world.open(trade)
    packet = world.packet(LONDON, world.hold(trade).logs)
    world.set_time(now_s)
    world.prove(packet, trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.COMMITTED


@pytest.mark.parametrize("now_s", [DECIDE_BY_S + 1, AGES_LATER_S])
def test_the_hub_does_not_commit_after_decide_by(world: World, trade: Trade, now_s: int) -> None:
    world.open(trade)
    packet = world.packet(LONDON, world.hold(trade).logs)
    world.set_time(now_s)
    with refused("hub: too late to commit"):
        world.prove(packet, trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.OPEN
    world[SHANGHAI].settlement.transact("abort", trade.as_tuple())
    assert world.status(trade, SHANGHAI) is Status.ABORTED


def test_what_was_committed_in_time_is_executed_at_any_time(world: World, trade: Trade) -> None:
    decision = world.commit(trade)
    world.set_time(AGES_LATER_S)
    world.prove(decision, trade, LONDON)
    assert balance(world[LONDON].cash, ALICE) == CASH + 500
    assert balance(world[SHANGHAI].security, BOB) == UNITS + 10


def test_what_was_aborted_is_released_at_any_time(world: World, trade: Trade) -> None:
    world.hold(trade)
    decision = world.abort(trade)
    world.set_time(AGES_LATER_S)
    world.prove(decision, trade, LONDON)
    assert held(world[LONDON].cash, BOB) == 0


def test_a_refusal_is_learnt_at_any_time(world: World, trade: Trade) -> None:
    world.open(trade)
    world.set_time(AGES_LATER_S)
    world.prove(world.lie(LONDON, trade, Status.REFUSED), trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.ABORTED
