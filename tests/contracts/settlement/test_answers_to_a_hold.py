"""Only one answer places a hold: a call that succeeds and returns the word 1."""

from __future__ import annotations

import pytest

from bridge.model import Status
from contracts.artifacts import Artifact, Optimize
from tests.support.answering_contracts import ONE, answering
from tests.support.people import ALICE, BOB
from tests.support.refusals import refused
from tests.support.settlement_chain import CASH, balance
from tests.support.settlement_world import LONDON, SHANGHAI, World


def hold_it(build: Optimize, artifact: Artifact) -> tuple[World, bytes]:
    """Hold a leg in such a token beside an honest one; the world, and the trade's id."""
    world = World.of(build, also_served=[artifact])
    token = world[LONDON].evm.deploy(artifact)
    trade = world.trade(
        world.leg(LONDON, token, ALICE, BOB),
        world.leg(LONDON, world[LONDON].cash, BOB, ALICE),
        world.leg(SHANGHAI, world[SHANGHAI].cash, BOB, ALICE),
    )
    world.settle(trade)
    return world, world.id_of(trade)


@pytest.mark.parametrize("more", [b"", b"\xff", b"\xff" * 32, bytes(8_000)])
def test_the_word_one_places_a_hold_whatever_follows_it(build: Optimize, more: bytes) -> None:
    world, trade_id = hold_it(build, answering(ONE + more))
    assert world[LONDON].status(trade_id) is Status.EXECUTED
    assert balance(world[LONDON].cash, ALICE) == CASH + 10


OTHERS = {
    "nothing": b"",
    "a byte that is 1": b"\x01",
    "31 bytes that end in 1": ONE[1:],
    "the word 0": bytes(32),
    "the word 2": bytes(31) + b"\x02",
    "the word 1 at the wrong end": ONE[::-1],
    "all ones": b"\xff" * 32,
    "the word 1 too late": bytes(32) + ONE,
}


@pytest.mark.parametrize("answer", OTHERS)
def test_no_other_answer_places_a_hold(build: Optimize, answer: str) -> None:
    with refused("legs: token declined the hold"):
        hold_it(build, answering(OTHERS[answer]))


@pytest.mark.parametrize("data", [ONE, ONE * 2, b"", bytes(8_000)], ids=["1", "11", "", "0"])
def test_a_revert_places_no_hold_whatever_it_says(build: Optimize, data: bytes) -> None:
    with refused("legs: token declined the hold"):
        hold_it(build, answering(data, reverting=True))
