"""A served token that turns against its holders harms nobody but them, and only for a while."""

from __future__ import annotations

import pytest

from bridge.model import Status, Trade
from contracts.artifacts import Optimize
from tests.support.hostile_tokens import DECLINING, FAILING, RICH, Mood, MoodyToken
from tests.support.people import ALICE, BOB, CAROL, DAVE, EVE, caller
from tests.support.refusals import refused
from tests.support.settlement_chain import CASH, balance, held, hostile
from tests.support.settlement_world import LONDON, SHANGHAI, World

DECLINED = "legs: token declined the hold"


@pytest.fixture
def world(build: Optimize) -> World:
    """Two chains that also serve a moody token."""
    return World.of(build, also_served=[hostile("moody_token", build)])


@pytest.fixture
def moody(world: World, build: Optimize) -> MoodyToken:
    """A token on London that behaves until it is told otherwise."""
    return MoodyToken.on(world[LONDON], build)


@pytest.fixture
def trade(world: World, moody: MoodyToken) -> Trade:
    """Its leg stands between two honest ones on the same chain."""
    cash = world[LONDON].cash
    return world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].security, ALICE, BOB, 10),
        world.leg(LONDON, cash, BOB, ALICE, 500),
        world.leg(LONDON, moody.token, CAROL, DAVE, 7),
        world.leg(LONDON, cash, CAROL, ALICE, 300),
    )


def test_a_token_that_behaves_settles(world: World, moody: MoodyToken, trade: Trade) -> None:
    world.settle(trade)
    assert world.status(trade, LONDON) is Status.EXECUTED
    assert moody.balance(DAVE) == RICH + 7


@pytest.mark.parametrize("mood", DECLINING)
def test_a_token_that_does_not_hold_leaves_no_other_leg_held(
    world: World, moody: MoodyToken, trade: Trade, mood: Mood
) -> None:
    moody.behave(hold=mood)
    with refused(DECLINED):
        world.hold(trade)
    assert world.status(trade, LONDON) is Status.NONE
    assert held(world[LONDON].cash, BOB) == held(world[LONDON].cash, CAROL) == 0
    moody.behave()
    world.hold(trade)
    assert held(world[LONDON].cash, CAROL) == 300


@pytest.mark.parametrize("mood", FAILING)
def test_a_token_that_does_not_execute_keeps_only_its_own_leg(
    world: World, moody: MoodyToken, trade: Trade, mood: Mood
) -> None:
    decision = world.commit(trade)
    moody.behave(execute=mood)
    outcome = world.prove(decision, trade, LONDON)
    assert outcome.events[-1].fields == {"trade_id": world.id_of(trade), "undelivered": 0b100}
    assert world.status(trade, LONDON) is Status.EXECUTED
    assert world.pending(trade, LONDON) == 0b100
    assert balance(world[LONDON].cash, ALICE) == CASH + 800
    assert moody.held(CAROL) == 7


@pytest.mark.parametrize("mood", FAILING)
def test_a_leg_left_behind_is_delivered_by_anyone_once_its_token_recovers(
    world: World, moody: MoodyToken, trade: Trade, mood: Mood
) -> None:
    decision = world.commit(trade)
    moody.behave(execute=mood)
    world.prove(decision, trade, LONDON)
    agent = world[LONDON].settlement
    with refused("legs: token failed to deliver"):
        agent.transact("deliver", trade.as_tuple(), 2)
    assert world.pending(trade, LONDON) == 0b100
    moody.behave()
    outcome = agent.transact("deliver", trade.as_tuple(), 2, sender=caller(EVE))
    assert outcome.events[-1].name == "Delivered"
    assert outcome.events[-1].fields == {"trade_id": world.id_of(trade), "leg": 2}
    assert (moody.balance(DAVE), moody.held(CAROL)) == (RICH + 7, 0)
    with refused("legs: nothing to deliver"):
        agent.transact("deliver", trade.as_tuple(), 2)


@pytest.mark.parametrize("mood", FAILING)
def test_a_token_that_does_not_release_is_made_to_later(
    world: World, moody: MoodyToken, trade: Trade, mood: Mood
) -> None:
    world.hold(trade)
    moody.behave(release=mood)
    outcome = world.prove(world.abort(trade), trade, LONDON)
    assert outcome.events[-1].fields == {"trade_id": world.id_of(trade), "undelivered": 0b100}
    assert world.status(trade, LONDON) is Status.RELEASED
    assert held(world[LONDON].cash, BOB) == held(world[LONDON].cash, CAROL) == 0
    moody.behave()
    world[LONDON].settlement.transact("deliver", trade.as_tuple(), 2)
    assert (moody.held(CAROL), moody.balance(CAROL)) == (0, RICH)


@pytest.mark.parametrize("leg", [0, 1, 3, 4, 7])
def test_only_a_leg_left_behind_is_delivered_alone(
    world: World, moody: MoodyToken, trade: Trade, leg: int
) -> None:
    decision = world.commit(trade)
    moody.behave(execute=Mood.REVERTS)
    world.prove(decision, trade, LONDON)
    reason = "legs: nothing to deliver" if leg < len(trade.legs) else "Revert"
    with refused(reason):
        world[LONDON].settlement.transact("deliver", trade.as_tuple(), leg)
    assert balance(world[LONDON].cash, ALICE) == CASH + 800


@pytest.mark.parametrize("on", [SHANGHAI, LONDON])
def test_nothing_is_delivered_before_the_decision(world: World, trade: Trade, on: int) -> None:
    world.open(trade)
    world.hold(trade)
    chain = world[SHANGHAI] if on == SHANGHAI else world[LONDON]
    for leg in range(4):
        with refused("legs: nothing to deliver"):
            chain.settlement.transact("deliver", trade.as_tuple(), leg)


def test_a_token_that_lies_about_a_hold_fails_only_its_own_holders(
    world: World, moody: MoodyToken, trade: Trade
) -> None:
    moody.behave(hold=Mood.LIES)
    world.settle(trade)
    assert moody.held(CAROL) == 0
    assert world.pending(trade, LONDON) == 0b100
    assert balance(world[LONDON].cash, ALICE) == CASH + 800
    with refused("legs: token failed to deliver"):
        world[LONDON].settlement.transact("deliver", trade.as_tuple(), 2)


def test_a_hostile_leg_at_the_hub_does_not_stop_the_decision(world: World, build: Optimize) -> None:
    moody = MoodyToken.on(world[SHANGHAI], build)
    trade = world.trade(
        world.leg(SHANGHAI, moody.token, ALICE, BOB, 10),
        world.leg(SHANGHAI, world[SHANGHAI].cash, ALICE, BOB, 20),
        world.leg(LONDON, world[LONDON].cash, BOB, ALICE, 500),
    )
    world.open(trade)
    packet = world.packet(LONDON, world.hold(trade).logs)
    moody.behave(execute=Mood.BURNS_ALL_GAS)
    world.prove(packet, trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.COMMITTED
    assert world.pending(trade, SHANGHAI) == 0b001
    assert balance(world[SHANGHAI].cash, BOB) == CASH + 20
    moody.behave()
    world[SHANGHAI].settlement.transact("deliver", trade.as_tuple(), 0)
    assert moody.balance(BOB) == RICH + 10


def test_eight_tokens_that_burn_all_gas_do_not_stop_a_decision(
    world: World, moody: MoodyToken
) -> None:
    legs = [world.leg(LONDON, moody.token, ALICE, BOB, 1)] * 8
    trade = world.trade(*legs)
    decision = world.commit(trade)
    moody.behave(execute=Mood.BURNS_ALL_GAS)
    world.prove_batch(decision, trade, on=LONDON)
    assert world.status(trade, LONDON) is Status.EXECUTED
    assert world.pending(trade, LONDON) == 0xFF
    moody.behave()
    for leg in range(8):
        world[LONDON].settlement.transact("deliver", trade.as_tuple(), leg)
    assert world.pending(trade, LONDON) == 0
    assert moody.balance(BOB) == RICH + 8
