"""One signature a party, in order of first appearance, in its one canonical form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.model import ZERO_ADDRESS, Status, Trade
from bridge.signatures import CURVE_ORDER, HALF_ORDER, sign
from tests.support.people import ALICE, BOB, CAROL, DAVE, EVE, key
from tests.support.refusals import WITHOUT_REASON, refused
from tests.support.settlement_calls import Signatures
from tests.support.settlement_world import LONDON, SHANGHAI, World

FORM, SIGNER, COUNT = (
    "terms: malformed signature",
    "terms: not signed by a party",
    "terms: count of signatures",
)


@pytest.fixture
def trade(world: World) -> Trade:
    return world.dvp()


def open_with(world: World, trade: Trade, signatures: Signatures) -> None:
    world[SHANGHAI].settlement.transact("open", trade.as_tuple(), signatures)


def hold_with(world: World, trade: Trade, signatures: Signatures) -> None:
    world[LONDON].settlement.transact("hold", trade.as_tuple(), signatures)


def by(world: World, trade: Trade, *names: str) -> Signatures:
    return [sign(key(name), world.id_of(trade)).as_tuple() for name in names]


def test_all_parties_sign_in_order(world: World, trade: Trade) -> None:
    open_with(world, trade, by(world, trade, ALICE, BOB))
    hold_with(world, trade, by(world, trade, BOB))
    assert world.status(trade, SHANGHAI) is Status.OPEN


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ((), COUNT),
        ((ALICE,), COUNT),
        ((BOB,), SIGNER),
        ((BOB, ALICE), SIGNER),
        ((ALICE, ALICE), SIGNER),
        ((ALICE, EVE), SIGNER),
        ((EVE, BOB), SIGNER),
        ((ALICE, BOB, EVE), COUNT),
        ((ALICE, BOB, BOB), COUNT),
        ((ALICE, BOB, *[EVE] * 6), COUNT),
    ],
)
def test_other_signatures_do_not_open(
    world: World, trade: Trade, names: tuple[str, ...], reason: str
) -> None:
    with refused(reason):
        open_with(world, trade, by(world, trade, *names))
    assert world.status(trade, SHANGHAI) is Status.NONE


def test_more_signatures_than_legs_can_have_are_refused(world: World, trade: Trade) -> None:
    with refused(WITHOUT_REASON):
        open_with(world, trade, by(world, trade, ALICE, BOB, *[EVE] * 7))


@pytest.mark.parametrize(
    ("names", "reason"),
    [((), COUNT), ((ALICE,), SIGNER), ((ALICE, BOB), SIGNER), ((BOB, ALICE), COUNT)],
)
def test_only_the_senders_on_a_chain_sign_for_its_hold(
    world: World, trade: Trade, names: tuple[str, ...], reason: str
) -> None:
    with refused(reason):
        hold_with(world, trade, by(world, trade, *names))
    assert world.status(trade, LONDON) is Status.NONE


def test_a_party_of_several_legs_signs_once(world: World) -> None:
    cash = world[LONDON].cash
    trade = world.trade(
        world.leg(LONDON, cash, ALICE, BOB),
        world.leg(LONDON, cash, BOB, ALICE),
        world.leg(LONDON, cash, ALICE, CAROL),
        world.leg(SHANGHAI, world[SHANGHAI].cash, DAVE, ALICE),
        world.leg(SHANGHAI, world[SHANGHAI].cash, ALICE, DAVE),
    )
    with refused(SIGNER):
        open_with(world, trade, by(world, trade, ALICE, BOB, ALICE, DAVE))
    open_with(world, trade, by(world, trade, ALICE, BOB, DAVE))
    hold_with(world, trade, by(world, trade, ALICE, BOB))


def test_a_receiver_does_not_sign(world: World) -> None:
    trade = world.trade(world.leg(SHANGHAI, world[SHANGHAI].cash, ALICE, BOB))
    with refused(COUNT):
        open_with(world, trade, by(world, trade, ALICE, BOB))
    open_with(world, trade, by(world, trade, ALICE))


def test_a_hold_on_a_chain_without_legs_is_signed_by_nobody(world: World) -> None:
    trade = world.trade(world.leg(SHANGHAI, world[SHANGHAI].cash, ALICE, BOB))
    with refused(COUNT):
        hold_with(world, trade, [])
    assert world.status(trade, LONDON) is Status.NONE


def test_a_high_s_is_refused(world: World, trade: Trade) -> None:
    (v, r, s), other = by(world, trade, ALICE, BOB)
    assert s <= HALF_ORDER
    with refused(FORM):
        open_with(world, trade, [(55 - v, r, CURVE_ORDER - s), other])
    open_with(world, trade, [(v, r, s), other])


@pytest.mark.parametrize("shift", [-27, -1, 2, 8, 2**200])
def test_v_is_27_or_28(world: World, trade: Trade, shift: int) -> None:
    (v, r, s), other = by(world, trade, ALICE, BOB)
    shifted = v + shift if v + shift not in (27, 28) else v + 2 * shift
    with refused(FORM):
        open_with(world, trade, [(shifted, r, s), other])


def test_the_other_v_is_somebody_else(world: World, trade: Trade) -> None:
    (v, r, s), other = by(world, trade, ALICE, BOB)
    with refused(SIGNER):
        open_with(world, trade, [(55 - v, r, s), other])


@pytest.mark.parametrize("junk", [(27, 0, 0), (28, 0, 1), (27, 1, 0), (27, CURVE_ORDER, 1)])
def test_a_signature_that_recovers_nobody_is_refused(
    world: World, trade: Trade, junk: tuple[int, int, int]
) -> None:
    _, other = by(world, trade, ALICE, BOB)
    with refused(SIGNER):
        open_with(world, trade, [junk, other])


@pytest.mark.parametrize("junk", [(27, 0, 0), (28, 1, 1), (27, CURVE_ORDER, 1)])
def test_a_zero_sender_signed_by_junk_is_refused(
    world: World, trade: Trade, junk: tuple[int, int, int]
) -> None:
    legs = (trade.legs[0], replace(trade.legs[1], sender=ZERO_ADDRESS))
    zero = replace(trade, legs=legs)
    with refused("terms: zero amount or address"):
        open_with(world, zero, [*by(world, zero, ALICE), junk])
    with refused("terms: zero amount or address"):
        hold_with(world, zero, [junk])


def test_signatures_of_one_trade_do_not_open_another(world: World, trade: Trade) -> None:
    other = world.dvp()
    with refused(SIGNER):
        open_with(world, trade, by(world, other, ALICE, BOB))


def test_signatures_of_one_world_do_not_count_in_another(world: World, trade: Trade) -> None:
    elsewhere = replace(world, salt=b"\x01" * 32)
    with refused(SIGNER):
        open_with(world, trade, elsewhere.signed(trade))
    open_with(world, trade, world.signed(trade))
