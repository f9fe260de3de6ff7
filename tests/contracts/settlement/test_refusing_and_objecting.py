"""Refuse and object: who may stop a trade from its legs, and until when."""

from __future__ import annotations

import pytest

from bridge.model import Status, Trade
from contracts.artifacts import Optimize, load
from tests.support.people import ALICE, AUTHORITY, BOB, CAROL, EVE, ISSUER, account, caller
from tests.support.refusals import refused
from tests.support.settlement_chain import UNITS, balance, held
from tests.support.settlement_world import LONDON, SHANGHAI, World


@pytest.fixture
def trade(world: World) -> Trade:
    return world.dvp()


def refuse(world: World, trade: Trade, who: str, on: int = LONDON) -> None:
    chain = world[SHANGHAI] if on == SHANGHAI else world[LONDON]
    chain.settlement.transact("refuse", trade.as_tuple(), sender=caller(who))


def object_(world: World, trade: Trade, who: str, on: int = LONDON) -> None:
    chain = world[SHANGHAI] if on == SHANGHAI else world[LONDON]
    chain.settlement.transact("object", trade.as_tuple(), sender=caller(who))


def test_a_sender_refuses_before_anything_is_held(world: World, trade: Trade) -> None:
    refuse(world, trade, BOB)
    assert world.status(trade, LONDON) is Status.REFUSED
    with refused("legs: refused before"):
        world.hold(trade)


@pytest.mark.parametrize("who", [ALICE, EVE, ISSUER, AUTHORITY])
def test_a_stranger_to_these_legs_cannot_refuse(world: World, trade: Trade, who: str) -> None:
    with refused("legs: not a sender here"):
        refuse(world, trade, who)
    world.hold(trade)


def test_a_refusal_that_is_proven_aborts(world: World, trade: Trade) -> None:
    world.open(trade)
    refuse(world, trade, BOB)
    world.prove(world.announced(LONDON, trade), trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.ABORTED
    assert (balance(world[SHANGHAI].security, ALICE), held(world[SHANGHAI].security, ALICE)) == (
        UNITS,
        0,
    )


def test_a_refusal_that_is_proven_before_the_trade_is_opened_aborts(
    world: World, trade: Trade
) -> None:
    refuse(world, trade, BOB)
    world.prove(world.announced(LONDON, trade), trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.ABORTED
    with refused("hub: already known"):
        world.open(trade)


def test_nobody_refuses_what_is_held(world: World, trade: Trade) -> None:
    world.hold(trade)
    with refused("settlement: too late to refuse"):
        refuse(world, trade, BOB)


def test_nobody_refuses_twice(world: World, trade: Trade) -> None:
    refuse(world, trade, BOB)
    with refused("settlement: too late to refuse"):
        refuse(world, trade, BOB)


def test_a_sender_on_the_hubs_chain_refuses_before_it_is_opened(world: World, trade: Trade) -> None:
    refuse(world, trade, ALICE, on=SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.ABORTED
    with refused("hub: already known"):
        world.open(trade)


def test_a_sender_on_another_chain_cannot_refuse_at_the_hub(world: World, trade: Trade) -> None:
    with refused("legs: not a sender here"):
        refuse(world, trade, BOB, on=SHANGHAI)
    world.open(trade)


def test_nobody_refuses_at_the_hub_once_it_is_open(world: World, trade: Trade) -> None:
    world.open(trade)
    with refused("settlement: too late to refuse"):
        refuse(world, trade, ALICE, on=SHANGHAI)


def test_an_authority_objects_and_the_leg_stays_held(world: World, trade: Trade) -> None:
    world.open(trade)
    world.hold(trade)
    object_(world, trade, AUTHORITY)
    assert world.status(trade, LONDON) is Status.OBJECTED
    assert held(world[LONDON].cash, BOB) == 500
    world.prove(world.announced(LONDON, trade), trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.ABORTED
    world.prove(world.announced(SHANGHAI, trade), trade, LONDON)
    assert world.status(trade, LONDON) is Status.RELEASED
    assert held(world[LONDON].cash, BOB) == 0


@pytest.mark.parametrize("who", [ALICE, BOB, EVE, ISSUER])
def test_only_an_authority_objects(world: World, trade: Trade, who: str) -> None:
    world.hold(trade)
    with refused("legs: not an authority"):
        object_(world, trade, who)
    assert world.status(trade, LONDON) is Status.HELD


def test_an_authority_objects_only_to_what_is_held(world: World, trade: Trade) -> None:
    with refused("legs: not held"):
        object_(world, trade, AUTHORITY)
    world.hold(trade)
    object_(world, trade, AUTHORITY)
    with refused("legs: not held"):
        object_(world, trade, AUTHORITY)


def test_an_objection_without_effect_once_committed(world: World, trade: Trade) -> None:
    decision = world.commit(trade)
    object_(world, trade, AUTHORITY)
    with refused("hub: already decided"):
        world.prove(world.announced(LONDON, trade), trade, SHANGHAI)
    world.prove(decision, trade, LONDON)
    assert world.status(trade, LONDON) is Status.EXECUTED


def test_an_objection_comes_back_from_a_trade_that_was_never_opened(
    world: World, trade: Trade
) -> None:
    world.hold(trade)
    object_(world, trade, AUTHORITY)
    world.prove(world.announced(LONDON, trade), trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.ABORTED


def test_an_authority_at_the_hub_aborts_an_open_trade(world: World, trade: Trade) -> None:
    world.open(trade)
    object_(world, trade, AUTHORITY, on=SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.ABORTED
    assert held(world[SHANGHAI].security, ALICE) == 0


def test_an_authority_at_the_hub_has_nothing_to_stop_before(world: World, trade: Trade) -> None:
    with refused("settlement: not open"):
        object_(world, trade, AUTHORITY, on=SHANGHAI)
    world.open(trade)


def test_an_authority_of_a_leg_elsewhere_is_none_here(world: World, build: Optimize) -> None:
    theirs = world[LONDON].evm.deploy(
        load("cash_token", build), "Theirs", "THR", 2, caller(ISSUER), caller(CAROL)
    )
    trade = world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].security, ALICE, BOB),
        world.leg(LONDON, theirs, BOB, ALICE),
    )
    world.open(trade)
    with refused("legs: not an authority"):
        object_(world, trade, CAROL, on=SHANGHAI)
    object_(world, trade, AUTHORITY, on=SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.ABORTED


@pytest.mark.parametrize("who", [CAROL, AUTHORITY])
def test_the_authority_of_any_leg_here_may_object(world: World, build: Optimize, who: str) -> None:
    here = world[LONDON]
    other = here.evm.deploy(
        load("cash_token", build), "Other", "OTH", 2, caller(ISSUER), caller(CAROL)
    )
    other.transact("set_notary", here.settlement.address, sender=caller(ISSUER))
    other.transact("mint", account(BOB), 10, sender=caller(ISSUER))
    trade = world.trade(
        world.leg(LONDON, here.cash, ALICE, BOB), world.leg(LONDON, other, BOB, CAROL)
    )
    world.hold(trade)
    object_(world, trade, who)
    assert world.status(trade, LONDON) is Status.OBJECTED
