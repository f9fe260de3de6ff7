"""Terms that no honest party would sign are refused by every entry, whoever signed them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bridge.model import ZERO_ADDRESS, ChainId, Status, Trade
from bridge.signatures import sign_all
from tests.support.people import ALICE, EVE, KEYS, account
from tests.support.refusals import WITHOUT_REASON, refused
from tests.support.settlement_calls import Signatures, prove_arguments, tuples
from tests.support.settlement_world import LONDON, SHANGHAI, World

Change = Callable[[Trade], Trade]


def of_trade(**changes: Any) -> Change:
    return lambda trade: replace(trade, **changes)


def of_leg(at: int, **changes: Any) -> Change:
    def apply(trade: Trade) -> Trade:
        legs = list(trade.legs)
        legs[at] = replace(legs[at], **changes)
        return replace(trade, legs=tuple(legs))

    return apply


def receiver_is(at: int, field: str) -> Change:
    return lambda trade: of_leg(at, receiver=getattr(trade.legs[at], field))(trade)


BAD = {
    "no legs": (of_trade(legs=()), "terms: legs, hub or deadlines"),
    "no hub": (of_trade(hub=ZERO_ADDRESS), "terms: legs, hub or deadlines"),
    "deadlines in the wrong order": (
        of_trade(prepare_by_s=11, decide_by_s=10),
        "terms: legs, hub or deadlines",
    ),
    "another hub": (of_trade(hub=account(EVE)), "terms: another hub"),
    "a hub on an unknown chain": (of_trade(hub_chain_id=ChainId(9)), "terms: unknown chain"),
    "a leg on an unknown chain": (of_leg(1, chain_id=ChainId(9)), "terms: unknown chain"),
    "a leg on no chain": (of_leg(1, chain_id=ChainId(0)), "terms: unknown chain"),
    "another agent": (of_leg(0, agent=account(EVE)), "terms: another agent"),
    "a zero agent elsewhere": (of_leg(1, agent=ZERO_ADDRESS), "terms: zero amount or address"),
    "a zero amount here": (of_leg(0, amount_minor=0), "terms: zero amount or address"),
    "a zero amount elsewhere": (of_leg(1, amount_minor=0), "terms: zero amount or address"),
    "a zero token": (of_leg(0, token=ZERO_ADDRESS), "terms: zero amount or address"),
    "a zero sender": (of_leg(1, sender=ZERO_ADDRESS), "terms: zero amount or address"),
    "a zero receiver": (of_leg(0, receiver=ZERO_ADDRESS), "terms: zero amount or address"),
    "the sender as receiver": (receiver_is(0, "sender"), "terms: sender is receiver"),
    "the sender as receiver elsewhere": (receiver_is(1, "sender"), "terms: sender is receiver"),
    "the agent as receiver": (receiver_is(0, "agent"), "terms: receiver is a contract"),
    "the agent elsewhere as receiver": (receiver_is(1, "agent"), "terms: receiver is a contract"),
    "the token as receiver": (receiver_is(0, "token"), "terms: receiver is a contract"),
    "the token elsewhere as receiver": (receiver_is(1, "token"), "terms: receiver is a contract"),
}


def signed_by_those_who_can(world: World, trade: Trade) -> Signatures:
    """Nobody signs for the zero address."""
    digest = world.id_of(trade)
    return tuples(sign_all(KEYS, (p for p in trade.parties if p in KEYS), digest))


@pytest.mark.parametrize("case", BAD)
def test_malformed_terms_are_not_opened(world: World, case: str) -> None:
    change, reason = BAD[case]
    trade = change(world.dvp())
    hub = world[SHANGHAI].settlement
    if trade.hub_chain_id != SHANGHAI:
        with refused("settlement: hub is elsewhere"):
            hub.transact("open", trade.as_tuple(), [])
    else:
        with refused(reason):
            hub.transact("open", trade.as_tuple(), signed_by_those_who_can(world, trade))
    assert world.status(trade, SHANGHAI) is Status.NONE


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("entry", ["refuse", "object", "abort", "trade_id"])
def test_malformed_terms_are_refused_by_every_entry(world: World, case: str, entry: str) -> None:
    change, reason = BAD[case]
    trade = change(world.dvp())
    world.set_time(2**60)
    contract = world[SHANGHAI].settlement
    if entry == "abort" and trade.hub_chain_id != SHANGHAI:
        reason = "settlement: hub is elsewhere"
    with refused(reason):
        contract.transact(entry, trade.as_tuple())


@pytest.mark.parametrize("case", BAD)
def test_malformed_terms_are_neither_proven_nor_delivered(world: World, case: str) -> None:
    change, reason = BAD[case]
    trade = change(world.dvp())
    packet = world.lie(LONDON, trade, Status.HELD)
    with refused(reason):
        world[SHANGHAI].settlement.transact("prove", *prove_arguments(packet, trade, 0))
    with refused(reason):
        world[SHANGHAI].settlement.transact("deliver", trade.as_tuple(), 0)


def test_well_formed_terms_have_an_id(world: World) -> None:
    trade = world.dvp()
    for chain in (SHANGHAI, LONDON):
        assert world[chain].settlement.call("trade_id", trade.as_tuple()) == world.id_of(trade)


@pytest.mark.parametrize("count", [1, 8])
def test_one_to_eight_legs_have_an_id(world: World, count: int) -> None:
    trade = legs(world, count)
    assert world[SHANGHAI].settlement.call("trade_id", trade.as_tuple()) == world.id_of(trade)


@pytest.mark.parametrize("count", [9, 32])
def test_more_than_eight_legs_are_refused(world: World, count: int) -> None:
    with refused(WITHOUT_REASON):
        world[SHANGHAI].settlement.call("trade_id", legs(world, count).as_tuple())


def legs(world: World, count: int) -> Trade:
    return world.trade(*[world.leg(SHANGHAI, world[SHANGHAI].cash, "alice", "bob")] * count)


def test_a_leg_on_the_hubs_chain_is_not_held_directly(world: World) -> None:
    trade = world.dvp()
    with refused("settlement: the hub holds here"):
        world.hold(trade, SHANGHAI)
    assert world[SHANGHAI].security.call("held_of", account(ALICE)) == 0
    world.open(trade)
    with refused("settlement: the hub holds here"):
        world.hold(trade, SHANGHAI)
    assert world[SHANGHAI].security.call("held_of", account(ALICE)) == 10
