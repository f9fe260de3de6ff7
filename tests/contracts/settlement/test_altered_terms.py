"""Terms that differ in anything from those announced are another trade's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.model import Status, Trade, UtiWord
from tests.support.people import EVE, account
from tests.support.refusals import refused
from tests.support.settlement_world import LONDON, SHANGHAI, World


@pytest.fixture
def trade(world: World) -> Trade:
    """Open on Shanghai and held on London."""
    trade = world.dvp()
    world.open(trade)
    world.hold(trade)
    return trade


def nothing_happened(world: World, trade: Trade) -> bool:
    return world.status(trade, SHANGHAI) is Status.OPEN and world.status(trade, LONDON) is (
        Status.HELD
    )


@pytest.mark.parametrize(
    "change",
    [
        {"prepare_by_s": 1},
        {"decide_by_s": 2**255},
        {"uti": UtiWord(b"\x07" * 32)},
    ],
)
def test_altered_terms_are_not_those_proven(
    world: World, trade: Trade, change: dict[str, object]
) -> None:
    packet = world.announced(LONDON, trade)
    altered = replace(trade, **change)  # type: ignore[arg-type]
    with refused("settlement: trade not named"):
        world.prove(packet, altered, SHANGHAI, index=0)
    assert nothing_happened(world, trade)


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 1},
        {"receiver": account(EVE)},
        {"sender": account(EVE)},
        {"token": account(EVE)},
    ],
)
@pytest.mark.parametrize("at", [0, 1])
def test_an_altered_leg_is_not_the_one_proven(
    world: World, trade: Trade, change: dict[str, object], at: int
) -> None:
    packet = world.announced(LONDON, trade)
    legs = list(trade.legs)
    legs[at] = replace(legs[at], **change)  # type: ignore[arg-type]
    with refused("settlement: trade not named"):
        world.prove(packet, replace(trade, legs=tuple(legs)), SHANGHAI, index=0)
    assert nothing_happened(world, trade)


def test_legs_in_another_order_are_another_trade(world: World, trade: Trade) -> None:
    packet = world.announced(LONDON, trade)
    with refused("settlement: trade not named"):
        world.prove(packet, replace(trade, legs=trade.legs[::-1]), SHANGHAI, index=0)


def test_a_leg_less_is_another_trade(world: World, trade: Trade) -> None:
    packet = world.announced(LONDON, trade)
    with refused("settlement: trade not named"):
        world.prove(packet, replace(trade, legs=trade.legs[1:]), SHANGHAI, index=0)
