"""Rule 4: compliance is checked when the hold is placed; after that executing cannot fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from bridge.model import ChainId, Status, Trade
from tests.support.people import ALICE, AUTHORITY, BOB, CAROL, ISSUER, REGISTRAR, account, caller
from tests.support.refusals import refused
from tests.support.settlement_chain import UNITS, Chain, balance, held
from tests.support.settlement_world import LONDON, SHANGHAI, World

HELD = 10


@dataclass(frozen=True, slots=True)
class Act:
    """What an issuer or a registrar does; whether it stops a hold that is not placed yet."""

    do: Callable[[Chain], object]
    stops_a_new_hold: bool = True


def issuer(function: str, *arguments: object) -> Callable[[Chain], object]:
    return lambda chain: chain.security.transact(function, *arguments, sender=caller(ISSUER))


def registrar(function: str, *arguments: object) -> Callable[[Chain], object]:
    return lambda chain: chain.registry.transact(function, *arguments, sender=caller(REGISTRAR))


ACTS = {
    "pause": Act(issuer("pause")),
    "freeze of the sender": Act(issuer("setAddressFrozen", account(ALICE), True)),
    "freeze of the receiver": Act(issuer("setAddressFrozen", account(BOB), True)),
    "burn of all that is not held": Act(issuer("burn", account(ALICE), UNITS - HELD), False),
    "forced transfer of all that is not held": Act(
        issuer("forcedTransfer", account(ALICE), account(CAROL), UNITS - HELD), False
    ),
    "recovery of the sender": Act(issuer("recoveryAddress", account(ALICE), account(CAROL))),
    "recovery of the receiver": Act(issuer("recoveryAddress", account(BOB), account(CAROL)), False),
    "lowered holding limit": Act(issuer("set_holding_limit", 1)),
    "another registry": Act(issuer("setIdentityRegistry", account(CAROL))),
    "removal of the sender": Act(registrar("remove", account(ALICE))),
    "removal of the receiver": Act(registrar("remove", account(BOB))),
}
STOPPING = [name for name, act in ACTS.items() if act.stops_a_new_hold]


def trade_with_units_on(world: World, chain: ChainId) -> Trade:
    """Decided on Shanghai."""
    other = LONDON if chain == SHANGHAI else SHANGHAI
    return world.trade(
        world.leg(chain, world[chain].security, ALICE, BOB, HELD),
        world.leg(other, world[other].cash, BOB, ALICE, 500),
    )


@pytest.mark.parametrize("act", ACTS)
def test_nothing_between_commit_and_execute_stops_the_execution(world: World, act: str) -> None:
    trade = trade_with_units_on(world, LONDON)
    decision = world.commit(trade)
    ACTS[act].do(world[LONDON])
    before = balance(world[LONDON].security, BOB)
    world.prove(decision, trade, LONDON)
    assert world.status(trade, LONDON) is Status.EXECUTED
    assert world.pending(trade, LONDON) == 0
    assert balance(world[LONDON].security, BOB) == before + HELD


@pytest.mark.parametrize("act", ACTS)
def test_nothing_between_open_and_commit_stops_the_execution_at_the_hub(
    world: World, act: str
) -> None:
    trade = trade_with_units_on(world, SHANGHAI)
    world.open(trade)
    packet = world.packet(LONDON, world.hold(trade).logs)
    ACTS[act].do(world[SHANGHAI])
    before = balance(world[SHANGHAI].security, BOB)
    world.prove(packet, trade, SHANGHAI)
    assert world.pending(trade, SHANGHAI) == 0
    assert balance(world[SHANGHAI].security, BOB) == before + HELD


@pytest.mark.parametrize("act", ACTS)
def test_nothing_stops_a_release_either(world: World, act: str) -> None:
    trade = trade_with_units_on(world, LONDON)
    world.hold(trade)
    decision = world.abort(trade)
    ACTS[act].do(world[LONDON])
    world.prove(decision, trade, LONDON)
    assert world.pending(trade, LONDON) == 0
    assert held(world[LONDON].security, ALICE) == 0


@pytest.mark.parametrize("act", STOPPING)
def test_what_comes_before_the_hold_stops_it(world: World, act: str) -> None:
    trade = trade_with_units_on(world, LONDON)
    world.open(trade)
    ACTS[act].do(world[LONDON])
    with refused("legs: token declined the hold"):
        world.hold(trade)
    assert world.status(trade, LONDON) is Status.NONE


def test_a_freeze_applies_to_the_receiver_after_the_execution(world: World) -> None:
    trade = trade_with_units_on(world, LONDON)
    decision = world.commit(trade)
    ACTS["freeze of the receiver"].do(world[LONDON])
    world.prove(decision, trade, LONDON)
    with refused("security: frozen account"):
        world[LONDON].security.transact("transfer", account(CAROL), 1, sender=caller(BOB))


def test_the_receivers_limit_is_reserved_by_the_hold(world: World) -> None:
    issuer("set_holding_limit", UNITS + HELD)(world[LONDON])
    first, second = trade_with_units_on(world, LONDON), trade_with_units_on(world, LONDON)
    decision = world.commit(first)
    with refused("legs: token declined the hold"):
        world.hold(second)
    world.prove(decision, first, LONDON)
    assert balance(world[LONDON].security, BOB) == UNITS + HELD


def test_room_reserved_under_a_hub_that_is_none_is_beyond_what_is_promised(world: World) -> None:
    """The known limit, shown on purpose: Carol gives up units of her own to keep Bob's room."""
    security = world[LONDON].security
    issuer("set_holding_limit", UNITS + HELD)(world[LONDON])
    nowhere = replace(
        world.trade(world.leg(LONDON, security, CAROL, BOB, HELD)), hub=account(CAROL)
    )
    world.hold(nowhere)
    world[LONDON].settlement.transact("object", nowhere.as_tuple(), sender=caller(AUTHORITY))
    wanted = trade_with_units_on(world, LONDON)
    with refused("legs: token declined the hold"):
        world.hold(wanted)
    issuer("set_holding_limit", UNITS + 2 * HELD)(world[LONDON])
    world.hold(wanted)
    assert (held(security, ALICE), held(security, CAROL)) == (HELD, HELD)


def test_incoming_legs_do_not_fund_outgoing_ones_of_the_same_trade(world: World) -> None:
    security = world[LONDON].security
    trade = world.trade(
        world.leg(LONDON, security, ALICE, BOB, HELD),
        world.leg(LONDON, security, BOB, CAROL, UNITS + HELD),
    )
    with refused("legs: token declined the hold"):
        world.hold(trade)
    assert held(security, ALICE) == held(security, BOB) == 0
