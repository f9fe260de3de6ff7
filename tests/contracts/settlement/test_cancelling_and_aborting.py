"""Cancel and abort: all parties before the decision, anyone after decide_by."""

from __future__ import annotations

import pytest

from bridge.model import Status, Trade
from tests.support.people import ALICE, EVE, caller
from tests.support.refusals import refused
from tests.support.settlement_chain import held
from tests.support.settlement_world import DECIDE_BY_S, LONDON, NOW_S, SHANGHAI, World


@pytest.fixture
def trade(world: World) -> Trade:
    return world.dvp()


def test_all_parties_cancel_what_is_open(world: World, trade: Trade) -> None:
    world.open(trade)
    world.abort(trade)
    assert world.status(trade, SHANGHAI) is Status.ABORTED
    assert held(world[SHANGHAI].security, ALICE) == 0


@pytest.mark.parametrize("missing", [0, 1])
def test_a_cancel_with_one_signature_missing_is_refused(
    world: World, trade: Trade, missing: int
) -> None:
    world.open(trade)
    signatures = world.cancel_signed(trade)
    del signatures[missing]
    reasons = ("terms: not signed by a party", "terms: count of signatures")
    with refused(reasons[missing]):
        world[SHANGHAI].settlement.transact("cancel", trade.as_tuple(), signatures)
    assert world.status(trade, SHANGHAI) is Status.OPEN


def test_the_signatures_that_open_a_trade_do_not_cancel_it(world: World, trade: Trade) -> None:
    world.open(trade)
    with refused("terms: not signed by a party"):
        world[SHANGHAI].settlement.transact("cancel", trade.as_tuple(), world.signed(trade))


def test_a_cancel_of_one_trade_does_not_cancel_another(world: World, trade: Trade) -> None:
    world.open(trade)
    other = world.dvp()
    with refused("terms: not signed by a party"):
        world[SHANGHAI].settlement.transact("cancel", trade.as_tuple(), world.cancel_signed(other))


def test_a_cancel_counts_only_at_the_hub(world: World, trade: Trade) -> None:
    with refused("settlement: hub is elsewhere"):
        world[LONDON].settlement.transact("cancel", trade.as_tuple(), world.cancel_signed(trade))


@pytest.mark.parametrize("is_open", [True, False])
def test_anyone_aborts_what_was_not_decided_in_time(
    world: World, trade: Trade, is_open: bool
) -> None:
    if is_open:
        world.open(trade)
    hub = world[SHANGHAI].settlement
    for now_s in (NOW_S, DECIDE_BY_S):
        world.set_time(now_s)
        with refused("settlement: before decide_by"):
            hub.transact("abort", trade.as_tuple(), sender=caller(EVE))
    world.set_time(DECIDE_BY_S + 1)
    hub.transact("abort", trade.as_tuple(), sender=caller(EVE))
    assert world.status(trade, SHANGHAI) is Status.ABORTED
    assert held(world[SHANGHAI].security, ALICE) == 0


def test_the_clock_of_another_chain_aborts_nothing(world: World, trade: Trade) -> None:
    world.hold(trade)
    world.set_time(DECIDE_BY_S + 1)
    with refused("settlement: hub is elsewhere"):
        world[LONDON].settlement.transact("abort", trade.as_tuple())
