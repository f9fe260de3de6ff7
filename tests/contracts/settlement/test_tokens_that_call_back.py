"""A token that calls the settlement contract while it is called gains nothing by it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bridge.model import Status, Trade
from contracts.artifacts import Optimize
from tests.support.bare_evm import Outcome, Reverted
from tests.support.hostile_tokens import RICH, Mood, MoodyToken
from tests.support.people import ALICE, BOB
from tests.support.refusals import refused
from tests.support.settlement_calls import prove_arguments
from tests.support.settlement_chain import CASH, balance, held, hostile
from tests.support.settlement_world import LONDON, SHANGHAI, World

CALLED_BACK = "legs: a token called back"
OTHER_HOLD = 100


@pytest.fixture
def world(build: Optimize) -> World:
    """Two chains that also serve a moody token."""
    return World.of(build, also_served=[hostile("moody_token", build)])


@pytest.fixture
def moody(world: World, build: Optimize) -> MoodyToken:
    """On Shanghai; it is its own authority, and another trade holds as much cash of Alice."""
    token = MoodyToken.on(world[SHANGHAI], build)
    token.be_its_own_authority()
    here = world[SHANGHAI]
    world.open(
        world.trade(
            world.leg(SHANGHAI, here.cash, ALICE, BOB, OTHER_HOLD),
            world.leg(LONDON, world[LONDON].cash, BOB, ALICE, 5),
        )
    )
    return token


def call_backs(outcome: Outcome) -> list[bool]:
    """Whether each call back was let through."""
    return [e.fields["is_done"] for e in outcome.events if e.name == "CalledBack"]


def is_let_through(placed_in_vain: Callable[[], bool]) -> bool:
    """Whether a hold stands though its token called back, which then had no effect; or it reverts.

    Which of the two depends on how far the fixed gas of a token takes the call back.
    """
    try:
        assert placed_in_vain()
    except Reverted as reverted:
        assert_called_back(reverted)
        return False
    return True


def assert_called_back(reverted: Reverted) -> None:
    assert reverted.reason == CALLED_BACK


def local(world: World, moody: MoodyToken, is_first: bool) -> Trade:
    """A trade whose legs are all at the hub, one of them in the hostile token."""
    legs = [
        world.leg(SHANGHAI, moody.token, BOB, ALICE, 7),
        world.leg(SHANGHAI, world[SHANGHAI].cash, ALICE, BOB, OTHER_HOLD),
    ]
    return world.trade(*(legs if is_first else legs[::-1]))


def nothing_was_stolen(world: World) -> bool:
    """The other trade's hold stands."""
    return held(world[SHANGHAI].cash, ALICE) == OTHER_HOLD


CALLS: dict[str, Callable[[World, Trade], bytes]] = {
    "object": lambda world, trade: world[SHANGHAI].settlement.calldata("object", trade.as_tuple()),
    "cancel": lambda world, trade: world[SHANGHAI].settlement.calldata(
        "cancel", trade.as_tuple(), world.cancel_signed(trade)
    ),
    "open": lambda world, trade: world[SHANGHAI].settlement.calldata(
        "open", trade.as_tuple(), world.signed(trade)
    ),
    "deliver": lambda world, trade: world[SHANGHAI].settlement.calldata(
        "deliver", trade.as_tuple(), 1
    ),
    "announce": lambda world, trade: world[SHANGHAI].settlement.calldata(
        "announce", [world.id_of(trade)]
    ),
    "refuse": lambda world, trade: world[SHANGHAI].settlement.calldata("refuse", trade.as_tuple()),
    "abort": lambda world, trade: world[SHANGHAI].settlement.calldata("abort", trade.as_tuple()),
}


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("call", CALLS)
def test_a_call_back_while_holding_decides_nothing_twice(
    world: World, moody: MoodyToken, call: str, is_first: bool
) -> None:
    trade = local(world, moody, is_first)
    moody.plan(world[SHANGHAI].settlement, CALLS[call](world, trade))
    moody.behave(hold=Mood.CALLS_BACK)
    before = balance(world[SHANGHAI].cash, BOB)
    if is_let_through(lambda: call_backs(world.open(trade)) == [False]):
        assert world.status(trade, SHANGHAI) is Status.COMMITTED
        assert balance(world[SHANGHAI].cash, BOB) == before + OTHER_HOLD
    else:
        assert call in ("object", "cancel")
        assert world.status(trade, SHANGHAI) is Status.NONE
        assert balance(world[SHANGHAI].cash, BOB) == before
    assert nothing_was_stolen(world)


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("call", CALLS)
def test_a_call_back_while_executing_delivers_nothing_twice(
    world: World, moody: MoodyToken, call: str, is_first: bool
) -> None:
    trade = local(world, moody, is_first)
    moody.plan(world[SHANGHAI].settlement, CALLS[call](world, trade))
    moody.behave(execute=Mood.CALLS_BACK)
    outcome = world.open(trade)
    assert call_backs(outcome) == [call == "announce"]
    assert world.status(trade, SHANGHAI) is Status.COMMITTED
    assert world.pending(trade, SHANGHAI) == 0
    assert balance(world[SHANGHAI].cash, BOB) == CASH + OTHER_HOLD
    assert moody.balance(ALICE) == RICH + 7
    assert nothing_was_stolen(world)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_call_back_while_releasing_gives_nothing_back_twice(
    world: World, moody: MoodyToken, is_first: bool
) -> None:
    legs = list(local(world, moody, is_first).legs)
    trade = world.trade(*legs, world.leg(LONDON, world[LONDON].cash, BOB, ALICE, 5))
    moody.plan(
        world[SHANGHAI].settlement,
        world[SHANGHAI].settlement.calldata("deliver", trade.as_tuple(), 1 if is_first else 0),
    )
    moody.behave(release=Mood.CALLS_BACK)
    world.open(trade)
    outcome = world[SHANGHAI].settlement.transact(
        "cancel", trade.as_tuple(), world.cancel_signed(trade)
    )
    assert call_backs(outcome) == [False]
    assert world.pending(trade, SHANGHAI) == 0
    assert nothing_was_stolen(world)


def test_a_call_back_while_a_leg_is_delivered_alone_delivers_it_once(
    world: World, moody: MoodyToken
) -> None:
    trade = local(world, moody, is_first=True)
    moody.behave(execute=Mood.REVERTS)
    world.open(trade)
    hub = world[SHANGHAI].settlement
    moody.plan(hub, hub.calldata("deliver", trade.as_tuple(), 0))
    moody.behave(execute=Mood.CALLS_BACK)
    assert call_backs(hub.transact("deliver", trade.as_tuple(), 0)) == [False]
    assert moody.balance(ALICE) == RICH + 7
    assert world.pending(trade, SHANGHAI) == 0


def test_a_token_that_brings_the_abort_while_it_is_held_is_not_held(
    world: World, build: Optimize
) -> None:
    moody = MoodyToken.on(world[LONDON], build)
    trade = world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].cash, ALICE, BOB),
        world.leg(LONDON, moody.token, BOB, ALICE, 7),
    )
    packet = world.abort(trade)
    agent = world[LONDON].settlement
    moody.plan(agent, agent.calldata("prove", *prove_arguments(packet, trade, 0)))
    moody.behave(hold=Mood.CALLS_BACK)
    if is_let_through(lambda: call_backs(world.hold(trade)) == [False]):
        assert world.status(trade, LONDON) is Status.HELD
        world.prove(packet, trade, LONDON)
        assert world.status(trade, LONDON) is Status.RELEASED
    assert moody.held(BOB) == 0


def test_a_token_that_objects_while_it_is_held_is_not_held(world: World, build: Optimize) -> None:
    moody = MoodyToken.on(world[LONDON], build)
    moody.be_its_own_authority()
    trade = world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].cash, ALICE, BOB),
        world.leg(LONDON, moody.token, BOB, ALICE, 7),
        world.leg(LONDON, world[LONDON].cash, BOB, ALICE, 8),
    )
    agent = world[LONDON].settlement
    moody.plan(agent, agent.calldata("object", trade.as_tuple()))
    moody.behave(hold=Mood.CALLS_BACK)
    with refused(CALLED_BACK):
        world.hold(trade)
    assert world.status(trade, LONDON) is Status.NONE
    assert held(world[LONDON].cash, BOB) == moody.held(BOB) == 0
    moody.behave()
    world.hold(trade)
