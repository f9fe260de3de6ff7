"""Rule 6: the same packet again is a no-op; the opposite decision has a reason of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.model import Packet, Status, Trade
from tests.support.bare_evm import Outcome, Reverted
from tests.support.people import ALICE, BOB, caller
from tests.support.refusals import refused
from tests.support.settlement_chain import balance, held
from tests.support.settlement_world import LONDON, SHANGHAI, World

CONTRADICTION = "legs: contradicts the decision"


def executed(world: World, trade: Trade) -> None:
    world.settle(trade)


def released(world: World, trade: Trade) -> None:
    world.hold(trade)
    world.prove(world.abort(trade), trade, LONDON)


def buried(world: World, trade: Trade) -> None:
    world[LONDON].settlement.transact("refuse", trade.as_tuple(), sender=caller(BOB))


TERMINAL: dict[str, tuple[Callable[[World, Trade], None], Status, Status]] = {
    "executed": (executed, Status.COMMITTED, Status.ABORTED),
    "released": (released, Status.ABORTED, Status.COMMITTED),
    "refused": (buried, Status.ABORTED, Status.COMMITTED),
}


@pytest.mark.parametrize("state", TERMINAL)
def test_the_same_decision_again_is_a_repetition(world: World, state: str) -> None:
    trade = world.dvp()
    reach, same, _ = TERMINAL[state]
    reach(world, trade)
    before = readings(world, trade)
    outcome = world.prove(world.lie(SHANGHAI, trade, same), trade, LONDON)
    assert [event.name for event in outcome.events] == ["Duplicate"]
    assert readings(world, trade) == before


@pytest.mark.parametrize("state", TERMINAL)
def test_the_opposite_decision_is_refused_with_a_reason_of_its_own(
    world: World, state: str
) -> None:
    trade = world.dvp()
    reach, _, opposite = TERMINAL[state]
    reach(world, trade)
    before = readings(world, trade)
    with refused(CONTRADICTION):
        world.prove(world.lie(SHANGHAI, trade, opposite), trade, LONDON)
    assert readings(world, trade) == before


def test_a_contradiction_in_a_batch_is_skipped_with_that_reason(world: World) -> None:
    trade = world.dvp()
    world.settle(trade)
    outcome = world.prove_batch(world.lie(SHANGHAI, trade, Status.ABORTED), trade, on=LONDON)
    (event,) = outcome.events
    assert event.name == "Skipped"
    assert event.fields["reason"].rstrip(b"\0").decode() == CONTRADICTION


def test_the_first_decision_is_taken(world: World) -> None:
    trade = world.dvp()
    world.hold(trade)
    world.prove(world.lie(SHANGHAI, trade, Status.ABORTED), trade, LONDON)
    assert world.status(trade, LONDON) is Status.RELEASED


AFTER: dict[Status, frozenset[Status]] = {
    Status.NONE: frozenset({Status.OPEN, Status.ABORTED, Status.HELD, Status.REFUSED}),
    Status.OPEN: frozenset({Status.COMMITTED, Status.ABORTED}),
    Status.HELD: frozenset({Status.OBJECTED, Status.EXECUTED, Status.RELEASED}),
    Status.OBJECTED: frozenset({Status.EXECUTED, Status.RELEASED}),
}
STEPS: dict[str, Callable[[World, Trade], object]] = {
    "open": lambda world, trade: world.open(trade),
    "hold": lambda world, trade: world.hold(trade),
    "refuse": buried,
    "refuse at the hub": lambda world, trade: world[SHANGHAI].settlement.transact(
        "refuse", trade.as_tuple(), sender=caller(ALICE)
    ),
    "object": lambda world, trade: world[LONDON].settlement.transact(
        "object", trade.as_tuple(), sender=caller("authority")
    ),
    "object at the hub": lambda world, trade: world[SHANGHAI].settlement.transact(
        "object", trade.as_tuple(), sender=caller("authority")
    ),
    "cancel": lambda world, trade: world.abort(trade),
    "tell the hub": lambda world, trade: tell(world, trade, world.announced(LONDON, trade), True),
    "tell the agent": lambda world, trade: tell(
        world, trade, world.announced(SHANGHAI, trade), False
    ),
}


def tell(world: World, trade: Trade, packet: Packet, is_hub: bool) -> Outcome:
    return world.prove(packet, trade, SHANGHAI if is_hub else LONDON)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=14))
def test_no_sequence_of_steps_goes_back_or_ends_one_sided(world: World, steps: list[str]) -> None:
    with world[SHANGHAI].evm.undone(), world[LONDON].evm.undone():
        trade = replace(world.dvp(), prepare_by_s=2**40, decide_by_s=2**40)
        for name in steps:
            before = states(world, trade)
            try:
                STEPS[name](world, trade)
            except Reverted:
                assert states(world, trade) == before
            for was, now in zip(before, states(world, trade), strict=True):
                assert now is was or now in AFTER.get(was, frozenset())
            check_not_one_sided(world, trade)


def check_not_one_sided(world: World, trade: Trade) -> None:
    hub, agent = states(world, trade)
    assert not (hub is Status.COMMITTED and agent in (Status.RELEASED, Status.REFUSED))
    assert not (hub is not Status.COMMITTED and agent is Status.EXECUTED)
    is_held = agent in (Status.HELD, Status.OBJECTED)
    assert held(world[LONDON].cash, BOB) == (500 if is_held else 0)
    assert held(world[SHANGHAI].security, ALICE) == (10 if hub is Status.OPEN else 0)


def states(world: World, trade: Trade) -> tuple[Status, Status]:
    return world.status(trade, SHANGHAI), world.status(trade, LONDON)


def readings(world: World, trade: Trade) -> tuple[object, ...]:
    cash = world[LONDON].cash
    return (*states(world, trade), balance(cash, ALICE), balance(cash, BOB), held(cash, BOB))
