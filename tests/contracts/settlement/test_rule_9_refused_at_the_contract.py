"""Rule 9: refused at the contract, not only at the form, though every party has signed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bridge.model import ZERO_ADDRESS, Address, ChainId, Leg, Status, Trade
from bridge.signatures import CURVE_ORDER, sign_all
from tests.support.people import ALICE, BOB, EVE, KEYS, account
from tests.support.refusals import WITHOUT_REASON, refused
from tests.support.settlement_calls import Signatures, tuples
from tests.support.settlement_chain import held
from tests.support.settlement_world import LONDON, SHANGHAI, World

Change = Callable[[Trade], Trade]


def first_leg(**changes: Any) -> Change:
    return lambda trade: replace(trade, legs=(replace(trade.legs[0], **changes), trade.legs[1]))


def last_leg(**changes: Any) -> Change:
    return lambda trade: replace(trade, legs=(trade.legs[0], replace(trade.legs[1], **changes)))


def receiver_is_its(field: str) -> Change:
    def change(trade: Trade) -> Trade:
        leg: Leg = trade.legs[1]
        target: Address = getattr(leg, field)
        return last_leg(receiver=target)(trade)

    return change


REFUSED: dict[str, tuple[Change, str]] = {
    "sender is receiver": (receiver_is_its("sender"), "terms: sender is receiver"),
    "zero amount": (last_leg(amount_minor=0), "terms: zero amount or address"),
    "zero receiver": (last_leg(receiver=ZERO_ADDRESS), "terms: zero amount or address"),
    "zero sender": (last_leg(sender=ZERO_ADDRESS), "terms: zero amount or address"),
    "zero token": (last_leg(token=ZERO_ADDRESS), "terms: zero amount or address"),
    "receiver is the agent": (receiver_is_its("agent"), "terms: receiver is a contract"),
    "receiver is the token": (receiver_is_its("token"), "terms: receiver is a contract"),
    "unknown chain": (last_leg(chain_id=ChainId(4)), "terms: unknown chain"),
    "another agent here": (first_leg(agent=account(EVE)), "terms: another agent"),
    "another hub": (lambda trade: replace(trade, hub=account(EVE)), "terms: another hub"),
    "another hub chain": (
        lambda trade: replace(trade, hub_chain_id=LONDON),
        "settlement: hub is elsewhere",
    ),
    "more than eight legs": (
        lambda trade: replace(trade, legs=trade.legs[:1] * 9),
        WITHOUT_REASON,
    ),
}


def signed_by_all(world: World, trade: Trade) -> Signatures:
    able = [party for party in trade.parties if party in KEYS]
    return tuples(sign_all(KEYS, able, world.id_of(trade)))


@pytest.mark.parametrize("case", REFUSED)
def test_terms_that_everybody_signed_are_refused(world: World, case: str) -> None:
    change, reason = REFUSED[case]
    trade = change(world.dvp())
    with refused(reason):
        world[SHANGHAI].settlement.transact("open", trade.as_tuple(), signed_by_all(world, trade))
    assert world.status(trade, SHANGHAI) is Status.NONE
    assert held(world[SHANGHAI].security, ALICE) == 0


@pytest.mark.parametrize("change", [lambda trade: trade, last_leg(amount_minor=1)], ids=["", "1"])
def test_sound_terms_that_everybody_signed_are_opened(world: World, change: Change) -> None:
    trade = change(world.dvp())
    world.open(trade)
    assert world.status(trade, SHANGHAI) is Status.OPEN


def test_eight_legs_are_opened(world: World) -> None:
    trade = world.dvp()
    eight = replace(trade, legs=trade.legs[:1] * 7 + trade.legs[1:])
    world.open(eight)
    assert held(world[SHANGHAI].security, ALICE) == 70


def test_a_zero_signer_is_refused(world: World) -> None:
    trade = world.dvp()
    ours, _ = world.signed(trade)
    with refused("terms: not signed by a party"):
        world[SHANGHAI].settlement.transact("open", trade.as_tuple(), [ours, (27, 0, 0)])


def test_a_high_s_is_refused(world: World) -> None:
    trade = world.dvp()
    (v, r, s), theirs = world.signed(trade)
    with refused("terms: malformed signature"):
        world[SHANGHAI].settlement.transact(
            "open", trade.as_tuple(), [(55 - v, r, CURVE_ORDER - s), theirs]
        )


@pytest.mark.parametrize("sender", [ALICE, BOB])
def test_a_reference_used_by_a_sender_at_this_hub_is_refused(world: World, sender: str) -> None:
    trade = world.dvp()
    world.open(trade)
    legs = [world.leg(LONDON, world[LONDON].cash, sender, "carol")]
    again = replace(world.trade(*legs), uti=trade.uti)
    with refused("hub: reference already used"):
        world.open(again)
    world.open(world.trade(*legs))


def test_a_reference_used_at_one_hub_is_free_at_another(world: World) -> None:
    trade = world.dvp()
    world.open(trade)
    world.open(replace(world.dvp(hub=LONDON), uti=trade.uti))
