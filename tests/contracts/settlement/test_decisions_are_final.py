"""A trade is decided once: the same word again changes nothing, the opposite word is refused."""

from __future__ import annotations

import pytest

from bridge.model import Status, Trade
from contracts.artifacts import Optimize
from tests.support.bare_evm import Outcome
from tests.support.people import ALICE, BOB, caller
from tests.support.refusals import refused
from tests.support.settlement_chain import CASH, balance, held
from tests.support.settlement_world import DECIDE_BY_S, LONDON, SHANGHAI, ZURICH, World


@pytest.fixture
def trade(world: World) -> Trade:
    return world.dvp(price=500)


def is_a_repetition(outcome: Outcome) -> bool:
    return [event.name for event in outcome.events] == ["Duplicate"]


def abort_late(world: World, trade: Trade) -> Outcome:
    world.set_time(DECIDE_BY_S + 1)
    return world[trade.hub_chain_id].settlement.transact("abort", trade.as_tuple())


def test_what_is_committed_cannot_be_aborted(world: World, trade: Trade) -> None:
    world.commit(trade)
    with refused("hub: already decided"):
        world.abort(trade)
    with refused("hub: already decided"):
        abort_late(world, trade)
    with refused("hub: already decided"):
        world.prove(world.lie(LONDON, trade, Status.REFUSED), trade, SHANGHAI)
    with refused("settlement: too late to refuse"):
        world[SHANGHAI].settlement.transact("refuse", trade.as_tuple(), sender=caller(ALICE))
    with refused("settlement: not open"):
        world[SHANGHAI].settlement.transact("object", trade.as_tuple(), sender=caller("authority"))
    assert world.status(trade, SHANGHAI) is Status.COMMITTED


def test_what_is_aborted_cannot_be_committed(world: World, trade: Trade) -> None:
    world.open(trade)
    packet = world.packet(LONDON, world.hold(trade).logs)
    world.abort(trade)
    with refused("hub: already decided"):
        world.prove(packet, trade, SHANGHAI)
    with refused("hub: already known"):
        world.open(trade)
    assert world.status(trade, SHANGHAI) is Status.ABORTED


def test_what_is_aborted_is_not_aborted_again(world: World, trade: Trade) -> None:
    world.abort(trade)
    with refused("hub: already decided"):
        world.abort(trade)
    with refused("hub: already decided"):
        abort_late(world, trade)


def test_what_was_aborted_before_it_was_opened_cannot_be_opened(world: World, trade: Trade) -> None:
    world.abort(trade)
    with refused("hub: already known"):
        world.open(trade)
    assert held(world[SHANGHAI].security, ALICE) == 0


def test_a_trade_is_opened_once(world: World, trade: Trade) -> None:
    world.open(trade)
    with refused("hub: already known"):
        world.open(trade)
    assert held(world[SHANGHAI].security, ALICE) == 10


def test_legs_are_held_once(world: World, trade: Trade) -> None:
    world.hold(trade)
    with refused("legs: already known"):
        world.hold(trade)
    assert held(world[LONDON].cash, BOB) == 500


@pytest.mark.parametrize("decision", [Status.COMMITTED, Status.ABORTED])
def test_legs_that_were_settled_are_not_held_again(
    world: World, trade: Trade, decision: Status
) -> None:
    world.hold(trade)
    world.prove(world.lie(SHANGHAI, trade, decision), trade, LONDON)
    with refused("legs: already known"):
        world.hold(trade)


def test_held_legs_proven_again_are_a_repetition(world: World, trade: Trade) -> None:
    world.open(trade)
    packet = world.packet(LONDON, world.hold(trade).logs)
    world.prove(packet, trade, SHANGHAI)
    again = world.prove(packet, trade, SHANGHAI)
    assert is_a_repetition(again)
    assert again.events[0].fields == {"trade_id": world.id_of(trade)}
    assert balance(world[SHANGHAI].security, BOB) == 1_010


@pytest.mark.parametrize("is_commit", [True, False])
def test_a_decision_proven_again_is_a_repetition(
    world: World, trade: Trade, is_commit: bool
) -> None:
    if is_commit:
        packet = world.commit(trade)
    else:
        world.hold(trade)
        packet = world.abort(trade)
    world.prove(packet, trade, LONDON)
    before = (balance(world[LONDON].cash, ALICE), held(world[LONDON].cash, BOB))
    assert is_a_repetition(world.prove(packet, trade, LONDON))
    assert is_a_repetition(world.prove(world.announced(SHANGHAI, trade), trade, LONDON))
    assert (balance(world[LONDON].cash, ALICE), held(world[LONDON].cash, BOB)) == before


def test_a_refusal_proven_again_is_a_repetition(world: World, trade: Trade) -> None:
    world.open(trade)
    packet = world.lie(LONDON, trade, Status.REFUSED)
    world.prove(packet, trade, SHANGHAI)
    assert is_a_repetition(world.prove(packet, trade, SHANGHAI))


def test_executed_legs_are_never_released(world: World, trade: Trade) -> None:
    world.settle(trade)
    with refused("legs: contradicts the decision"):
        world.prove(world.lie(SHANGHAI, trade, Status.ABORTED), trade, LONDON)
    assert balance(world[LONDON].cash, ALICE) == CASH + 500


def test_released_legs_are_never_executed(world: World, trade: Trade) -> None:
    world.hold(trade)
    world.prove(world.abort(trade), trade, LONDON)
    with refused("legs: contradicts the decision"):
        world.prove(world.lie(SHANGHAI, trade, Status.COMMITTED), trade, LONDON)
    assert balance(world[LONDON].cash, ALICE) == CASH


def test_refused_legs_are_never_executed(world: World, trade: Trade) -> None:
    world[LONDON].settlement.transact("refuse", trade.as_tuple(), sender=caller(BOB))
    with refused("legs: contradicts the decision"):
        world.prove(world.lie(SHANGHAI, trade, Status.COMMITTED), trade, LONDON)
    assert is_a_repetition(world.prove(world.lie(SHANGHAI, trade, Status.ABORTED), trade, LONDON))


def test_legs_that_were_never_held_are_never_executed(world: World, trade: Trade) -> None:
    with refused("legs: nothing was held"):
        world.prove(world.lie(SHANGHAI, trade, Status.COMMITTED), trade, LONDON)
    assert world.status(trade, LONDON) is Status.NONE


def test_an_abort_that_comes_before_the_hold_is_a_tombstone(world: World, trade: Trade) -> None:
    world.prove(world.abort(trade), trade, LONDON)
    assert world.status(trade, LONDON) is Status.REFUSED
    with refused("legs: refused before"):
        world.hold(trade)
    assert held(world[LONDON].cash, BOB) == 0


def test_held_legs_of_a_trade_that_is_not_open_prove_nothing(world: World, trade: Trade) -> None:
    packet = world.packet(LONDON, world.hold(trade).logs)
    with refused("hub: not open"):
        world.prove(packet, trade, SHANGHAI)
    world.open(trade)
    world.prove(packet, trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.COMMITTED


def test_one_of_two_foreign_chains_proven_again_is_a_repetition(build: Optimize) -> None:
    world = World.of(build, (SHANGHAI, LONDON, ZURICH))
    trade = world.trade(
        world.leg(LONDON, world[LONDON].cash, ALICE, BOB),
        world.leg(ZURICH, world[ZURICH].cash, BOB, ALICE),
    )
    world.open(trade)
    packet = world.packet(LONDON, world.hold(trade, LONDON).logs)
    world.prove(packet, trade, SHANGHAI)
    assert is_a_repetition(world.prove(packet, trade, SHANGHAI))
    assert world.pending(trade, SHANGHAI) == 0b10
