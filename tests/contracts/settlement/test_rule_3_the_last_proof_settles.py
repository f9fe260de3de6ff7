"""Rule 3: the transaction that proves the last leg commits and executes the hub's own legs."""

from __future__ import annotations

import pytest

from bridge.model import Status, Trade
from contracts.artifacts import Optimize
from tests.support.hostile_tokens import RICH, Mood, MoodyToken
from tests.support.people import ALICE, BOB, CAROL, EVE, caller
from tests.support.refusals import refused
from tests.support.settlement_chain import UNITS, balance, held, hostile
from tests.support.settlement_prover import said
from tests.support.settlement_world import LONDON, SHANGHAI, ZURICH, World


@pytest.fixture
def world(build: Optimize) -> World:
    """Three chains that also serve a moody token."""
    served = [hostile("moody_token", build)]
    return World.of(build, (SHANGHAI, LONDON, ZURICH), served)


@pytest.fixture
def trade(world: World) -> Trade:
    """Two chains must be heard before the legs on Shanghai move."""
    return world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].security, ALICE, BOB, 10),
        world.leg(LONDON, world[LONDON].cash, BOB, CAROL, 500),
        world.leg(ZURICH, world[ZURICH].cash, CAROL, ALICE, 450),
    )


def test_the_last_proof_decides_and_executes_in_one_transaction(world: World, trade: Trade) -> None:
    world.open(trade)
    london = world.packet(LONDON, world.hold(trade, LONDON).logs)
    zurich = world.packet(ZURICH, world.hold(trade, ZURICH).logs)
    world.prove(london, trade, SHANGHAI)
    outcome = world.prove(zurich, trade, SHANGHAI)
    names = [event.name for event in outcome.events]
    assert names == ["Announced", "HoldExecuted", "Transfer", "Executed"]
    assert said(outcome.logs[0]) == ((world.id_of(trade),), (Status.COMMITTED,))
    assert balance(world[SHANGHAI].security, BOB) == UNITS + 10


def test_a_proof_that_is_not_the_last_moves_nothing(world: World, trade: Trade) -> None:
    world.open(trade)
    outcome = world.prove(world.packet(LONDON, world.hold(trade, LONDON).logs), trade, SHANGHAI)
    assert outcome.events == ()
    assert held(world[SHANGHAI].security, ALICE) == 10
    assert balance(world[SHANGHAI].security, BOB) == UNITS


def test_the_order_of_proofs_does_not_matter(world: World, trade: Trade) -> None:
    world.open(trade)
    zurich = world.packet(ZURICH, world.hold(trade, ZURICH).logs)
    london = world.packet(LONDON, world.hold(trade, LONDON).logs)
    world.prove(zurich, trade, SHANGHAI)
    world.prove(london, trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.COMMITTED


def test_the_aborting_transaction_gives_the_hubs_legs_back(world: World, trade: Trade) -> None:
    world.open(trade)
    outcome = world[SHANGHAI].settlement.transact(
        "cancel", trade.as_tuple(), world.cancel_signed(trade)
    )
    names = [event.name for event in outcome.events]
    assert names == ["Announced", "HoldReleased", "Released"]
    assert held(world[SHANGHAI].security, ALICE) == 0


def test_the_decision_stands_though_no_leg_could_be_executed(world: World, build: Optimize) -> None:
    moody, trade = left_behind(world, build)
    assert world.status(trade, SHANGHAI) is Status.COMMITTED
    assert world.pending(trade, SHANGHAI) == 0b011
    assert moody.held(ALICE) == 12


def test_each_leg_left_behind_is_executed_alone_by_anyone(world: World, build: Optimize) -> None:
    moody, trade = left_behind(world, build)
    moody.behave()
    hub = world[SHANGHAI].settlement
    hub.transact("deliver", trade.as_tuple(), 1, sender=caller(EVE))
    assert world.pending(trade, SHANGHAI) == 0b001
    assert moody.balance(BOB) == RICH + 5
    hub.transact("deliver", trade.as_tuple(), 0, sender=caller(EVE))
    assert world.pending(trade, SHANGHAI) == 0
    assert (moody.balance(BOB), moody.held(ALICE)) == (RICH + 12, 0)


def test_a_leg_that_was_executed_is_not_executed_again(world: World, trade: Trade) -> None:
    world.settle(trade)
    for chain, leg in ((SHANGHAI, 0), (LONDON, 1), (ZURICH, 2)):
        with refused("legs: nothing to deliver"):
            world[chain].settlement.transact("deliver", trade.as_tuple(), leg)


def left_behind(world: World, build: Optimize) -> tuple[MoodyToken, Trade]:
    """A committed trade whose token at the hub failed for both of its legs."""
    moody = MoodyToken.on(world[SHANGHAI], build)
    trade = world.trade(
        world.leg(SHANGHAI, moody.token, ALICE, BOB, 7),
        world.leg(SHANGHAI, moody.token, ALICE, BOB, 5),
        world.leg(LONDON, world[LONDON].cash, BOB, ALICE, 500),
    )
    world.open(trade)
    packet = world.packet(LONDON, world.hold(trade).logs)
    moody.behave(execute=Mood.REVERTS)
    world.prove(packet, trade, SHANGHAI)
    return moody, trade
