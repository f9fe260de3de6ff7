"""One poisoned member in a batch of any form: the others settle, and nothing is stranded."""

from __future__ import annotations

import pytest

from bridge.model import Status, Trade
from contracts.artifacts import Optimize
from tests.support.hostile_tokens import DECLINING, FAILING, RICH, Mood, MoodyToken
from tests.support.people import ALICE, BOB
from tests.support.settlement_batches import skipped
from tests.support.settlement_chain import CASH, UNITS, balance, held, hostile
from tests.support.settlement_world import LONDON, SHANGHAI, World

DECLINED = "legs: token declined the hold"


@pytest.fixture
def world(build: Optimize) -> World:
    """Two chains that also serve a moody token."""
    return World.of(build, also_served=[hostile("moody_token", build)])


@pytest.fixture
def at_hub(world: World, build: Optimize) -> MoodyToken:
    """The token on Shanghai."""
    return MoodyToken.on(world[SHANGHAI], build)


@pytest.fixture
def elsewhere(world: World, build: Optimize) -> MoodyToken:
    """The token on London."""
    return MoodyToken.on(world[LONDON], build)


def batch(world: World, poison: Trade) -> list[Trade]:
    """The poisoned trade between two good ones."""
    return [world.dvp(units=1, price=10), poison, world.dvp(units=1, price=10)]


def poisoned_at_hub(world: World, moody: MoodyToken) -> Trade:
    return world.trade(
        world.leg(SHANGHAI, moody.token, ALICE, BOB, 7),
        world.leg(SHANGHAI, world[SHANGHAI].cash, ALICE, BOB, 20),
        world.leg(LONDON, world[LONDON].cash, BOB, ALICE, 30),
    )


def poisoned_elsewhere(world: World, moody: MoodyToken) -> Trade:
    return world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].cash, ALICE, BOB, 20),
        world.leg(LONDON, moody.token, BOB, ALICE, 7),
        world.leg(LONDON, world[LONDON].cash, BOB, ALICE, 30),
    )


def settle_the_good_ones(world: World, trades: list[Trade]) -> None:
    """What is left of the protocol for the first and the last."""
    good = [trades[0], trades[2]]
    world.hold_batch(*[trade for trade in good if world.status(trade, LONDON) is Status.NONE])
    world.prove_batch(world.announced(LONDON, *good), *good, on=SHANGHAI)
    world.prove_batch(world.announced(SHANGHAI, *good), *good, on=LONDON)
    assert {world.status(trade, LONDON) for trade in good} == {Status.EXECUTED}
    assert balance(world[SHANGHAI].security, BOB) == UNITS + 2


@pytest.mark.parametrize("mood", [*DECLINING, Mood.CALLS_BACK])
def test_a_poisoned_open_is_skipped(world: World, at_hub: MoodyToken, mood: Mood) -> None:
    trades = batch(world, poisoned_at_hub(world, at_hub))
    at_hub.be_its_own_authority()
    hub = world[SHANGHAI].settlement
    at_hub.plan(hub, hub.calldata("object", trades[1].as_tuple()))
    at_hub.behave(hold=mood)
    ((trade_id, reason),) = skipped(world.open_batch(*trades))
    assert trade_id == world.id_of(trades[1])
    assert reason == ("legs: a token called back" if mood is Mood.CALLS_BACK else DECLINED)
    assert world.status(trades[1], SHANGHAI) is Status.NONE
    assert held(world[SHANGHAI].cash, ALICE) == at_hub.held(ALICE) == 0
    settle_the_good_ones(world, trades)


@pytest.mark.parametrize("mood", DECLINING)
def test_a_poisoned_hold_is_skipped(world: World, elsewhere: MoodyToken, mood: Mood) -> None:
    trades = batch(world, poisoned_elsewhere(world, elsewhere))
    elsewhere.behave(hold=mood)
    world.open_batch(*trades)
    assert skipped(world.hold_batch(*trades)) == [(world.id_of(trades[1]), DECLINED)]
    assert world.status(trades[1], LONDON) is Status.NONE
    settle_the_good_ones(world, trades)
    assert held(world[LONDON].cash, BOB) == elsewhere.held(BOB) == 0
    world.prove(world.abort(trades[1]), trades[1], LONDON)
    assert world.status(trades[1], LONDON) is Status.REFUSED
    assert held(world[SHANGHAI].cash, ALICE) == 0


@pytest.mark.parametrize("mood", FAILING)
def test_a_poisoned_commit_at_the_hub_delivers_the_rest(
    world: World, at_hub: MoodyToken, mood: Mood
) -> None:
    trades = batch(world, poisoned_at_hub(world, at_hub))
    world.open_batch(*trades)
    world.hold_batch(*trades)
    at_hub.behave(execute=mood)
    packet = world.announced(LONDON, *trades)
    assert skipped(world.prove_batch(packet, *trades, on=SHANGHAI)) == []
    assert {world.status(trade, SHANGHAI) for trade in trades} == {Status.COMMITTED}
    assert [world.pending(trade, SHANGHAI) for trade in trades] == [0, 0b001, 0]
    assert balance(world[SHANGHAI].cash, BOB) == CASH + 20
    decisions = world.announced(SHANGHAI, *trades)
    world.prove_batch(decisions, *trades, on=LONDON)
    assert {world.status(trade, LONDON) for trade in trades} == {Status.EXECUTED}
    at_hub.behave()
    world[SHANGHAI].settlement.transact("deliver", trades[1].as_tuple(), 0)
    assert (at_hub.balance(BOB), at_hub.held(ALICE)) == (RICH + 7, 0)


@pytest.mark.parametrize("mood", FAILING)
@pytest.mark.parametrize("is_commit", [True, False])
def test_a_poisoned_delivery_elsewhere_delivers_the_rest(
    world: World, elsewhere: MoodyToken, mood: Mood, is_commit: bool
) -> None:
    trades = batch(world, poisoned_elsewhere(world, elsewhere))
    world.open_batch(*trades)
    world.hold_batch(*trades)
    if is_commit:
        world.prove_batch(world.announced(LONDON, *trades), *trades, on=SHANGHAI)
    else:
        for trade in trades:
            world.abort(trade)
    elsewhere.behave(execute=mood, release=mood)
    decisions = world.announced(SHANGHAI, *trades)
    assert skipped(world.prove_batch(decisions, *trades, on=LONDON)) == []
    ended = Status.EXECUTED if is_commit else Status.RELEASED
    assert {world.status(trade, LONDON) for trade in trades} == {ended}
    assert [world.pending(trade, LONDON) for trade in trades] == [0, 0b010, 0]
    assert balance(world[LONDON].cash, ALICE) == CASH + (50 if is_commit else 0)
    elsewhere.behave()
    world[LONDON].settlement.transact("deliver", trades[1].as_tuple(), 1)
    assert elsewhere.balance(ALICE) == RICH + (7 if is_commit else 0)
    assert elsewhere.held(BOB) == held(world[LONDON].cash, BOB) == 0


def test_a_batch_of_only_poison_changes_nothing(world: World, at_hub: MoodyToken) -> None:
    trades = [poisoned_at_hub(world, at_hub) for _ in range(3)]
    at_hub.behave(hold=Mood.BURNS_ALL_GAS)
    outcome = world.open_batch(*trades)
    assert [reason for _, reason in skipped(outcome)] == [DECLINED] * 3
    assert {world.status(trade, SHANGHAI) for trade in trades} == {Status.NONE}
    assert held(world[SHANGHAI].cash, ALICE) == 0
