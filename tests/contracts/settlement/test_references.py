"""A trade reference serves each party once at a hub."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.model import Status, Trade, UtiWord
from tests.support.people import ALICE, BOB, CAROL, DAVE, EVE, account
from tests.support.refusals import refused
from tests.support.settlement_chain import held
from tests.support.settlement_world import LONDON, SHANGHAI, World

USED = "hub: reference already used"


def word(number: int) -> UtiWord:
    return UtiWord(b"\x5a" * 28 + number.to_bytes(4, "big"))


def is_used(world: World, name: str, uti: bytes) -> bool:
    return bool(world[SHANGHAI].settlement.call("reference_used", account(name), uti))


def test_an_amended_trade_under_the_same_reference_is_refused(world: World) -> None:
    trade = world.dvp(price=500)
    world.open(trade)
    amended = replace(trade, legs=(trade.legs[0], replace(trade.legs[1], amount_minor=5)))
    with refused(USED):
        world.open(amended)
    assert world.status(amended, SHANGHAI) is Status.NONE
    assert held(world[SHANGHAI].security, ALICE) == 10


def test_the_same_trade_under_another_reference_is_another_trade(world: World) -> None:
    trade = world.dvp()
    world.open(trade)
    world.open(replace(trade, uti=word(1)))
    assert held(world[SHANGHAI].security, ALICE) == 20


@pytest.mark.parametrize("sender", [ALICE, BOB])
def test_one_party_in_common_is_enough_to_refuse_a_reference(world: World, sender: str) -> None:
    trade = world.dvp()
    world.open(trade)
    cash = world[LONDON].cash
    other = replace(world.trade(world.leg(LONDON, cash, sender, CAROL)), uti=trade.uti)
    with refused(USED):
        world.open(other)


def test_other_parties_may_use_the_same_reference(world: World) -> None:
    trade = world.dvp()
    world.open(trade)
    cash = world[LONDON].cash
    other = replace(world.trade(world.leg(LONDON, cash, CAROL, ALICE)), uti=trade.uti)
    world.open(other)
    assert world.status(other, SHANGHAI) is Status.OPEN


def test_an_aborted_trade_has_used_its_reference(world: World) -> None:
    trade = world.dvp()
    world.open(trade)
    world.abort(trade)
    with refused(USED):
        world.open(replace(trade, decide_by_s=trade.decide_by_s + 1))


def test_a_trade_that_was_never_opened_has_not(world: World) -> None:
    trade = world.dvp()
    world.abort(trade)
    assert not is_used(world, ALICE, trade.uti)
    world.open(replace(trade, decide_by_s=trade.decide_by_s + 1))


def test_only_senders_use_a_reference(world: World) -> None:
    trade = world.trade(world.leg(SHANGHAI, world[SHANGHAI].cash, ALICE, BOB))
    world.open(trade)
    assert is_used(world, ALICE, trade.uti)
    assert not is_used(world, BOB, trade.uti)
    assert not is_used(world, EVE, trade.uti)


def test_each_bit_of_the_map_is_one_reference(world: World) -> None:
    numbers = (0, 1, 127, 128, 255, 256, 257, 2**32 - 1)
    for number in numbers:
        world.open(replace(small(world), uti=word(number)))
    for number in numbers:
        with refused(USED):
            world.open(replace(small(world, amount=2), uti=word(number)))
    for unused in (2, 126, 254, 258, 511, 512, 2**32 - 2):
        assert not is_used(world, ALICE, word(unused))


def test_references_of_other_words_share_nothing(world: World) -> None:
    world.open(replace(small(world), uti=word(7)))
    other = UtiWord(b"\x5b" * 28 + word(7)[28:])
    assert not is_used(world, ALICE, other)
    world.open(replace(small(world), uti=other))


def small(world: World, amount: int = 1) -> Trade:
    return world.trade(world.leg(LONDON, world[LONDON].cash, ALICE, DAVE, amount))
