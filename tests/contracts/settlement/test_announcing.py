"""Announce: a fact can be said again at any time, by anyone, in one small log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bridge.model import Status, Trade
from tests.support.people import AUTHORITY, BOB, EVE, caller
from tests.support.refusals import WITHOUT_REASON, refused
from tests.support.settlement_prover import said
from tests.support.settlement_world import LONDON, SHANGHAI, World

NOTHING = "records: nothing to announce"


def announce(world: World, chain: object, *ids: bytes) -> list[tuple[bytes, Status]]:
    contract = world[LONDON if chain == LONDON else SHANGHAI].settlement
    (log,) = contract.transact("announce", list(ids), sender=caller(EVE)).logs
    return list(zip(*said(log), strict=True))


def held(world: World, trade: Trade) -> None:
    world.hold(trade)


def objected(world: World, trade: Trade) -> None:
    world.hold(trade)
    world[LONDON].settlement.transact("object", trade.as_tuple(), sender=caller(AUTHORITY))


def refused_(world: World, trade: Trade) -> None:
    world[LONDON].settlement.transact("refuse", trade.as_tuple(), sender=caller(BOB))


@pytest.mark.parametrize(
    ("reach", "status"),
    [(held, Status.HELD), (objected, Status.OBJECTED), (refused_, Status.REFUSED)],
)
def test_legs_announce_what_they_are(
    world: World, reach: Callable[[World, Trade], None], status: Status
) -> None:
    trade = world.dvp()
    reach(world, trade)
    for _ in range(2):
        assert announce(world, LONDON, world.id_of(trade)) == [(world.id_of(trade), status)]


def test_a_hub_announces_its_decisions(world: World) -> None:
    committed, aborted = world.dvp(), world.dvp()
    world.commit(committed)
    world.abort(aborted)
    ids = world.id_of(committed), world.id_of(aborted)
    assert announce(world, SHANGHAI, *ids) == [
        (ids[0], Status.COMMITTED),
        (ids[1], Status.ABORTED),
    ]


def test_an_open_trade_is_no_fact_to_announce(world: World) -> None:
    trade = world.dvp()
    world.open(trade)
    with refused(NOTHING):
        announce(world, SHANGHAI, world.id_of(trade))


@pytest.mark.parametrize("is_commit", [True, False])
def test_settled_legs_are_no_fact_to_announce(world: World, is_commit: bool) -> None:
    trade = world.dvp()
    if is_commit:
        world.settle(trade)
    else:
        world.hold(trade)
        world.prove(world.abort(trade), trade, LONDON)
    with refused(NOTHING):
        announce(world, LONDON, world.id_of(trade))


@pytest.mark.parametrize("ids", [[], [b"\x01" * 32], [bytes(32)] * 32])
def test_there_is_no_announcement_of_nothing(world: World, ids: list[bytes]) -> None:
    with refused(NOTHING):
        announce(world, LONDON, *ids)


def test_ids_with_nothing_to_say_are_left_out(world: World) -> None:
    known, unknown = world.dvp(), world.dvp()
    world.hold(known)
    said_of = announce(world, LONDON, world.id_of(unknown), world.id_of(known), b"\x09" * 32)
    assert said_of == [(world.id_of(known), Status.HELD)]


def test_an_announcement_names_up_to_32_trades(world: World) -> None:
    trade = world.dvp()
    world.hold(trade)
    ids = [world.id_of(trade)] * 32
    assert len(announce(world, LONDON, *ids)) == 32
    with refused(WITHOUT_REASON):
        announce(world, LONDON, *ids, ids[0])


def test_every_state_change_announces_its_own_trade(world: World) -> None:
    trade = world.dvp()
    steps = [
        world.hold(trade).logs,
        world[LONDON]
        .settlement.transact("object", trade.as_tuple(), sender=caller(AUTHORITY))
        .logs,
        world[SHANGHAI]
        .settlement.transact("cancel", trade.as_tuple(), world.cancel_signed(trade))
        .logs,
    ]
    facts = [said(log) for logs in steps for log in logs if said(log)[0]]
    assert facts == [
        ((world.id_of(trade),), (status,))
        for status in (Status.HELD, Status.OBJECTED, Status.ABORTED)
    ]


def test_an_announcement_proves_as_well_as_the_first_word(world: World) -> None:
    trade = world.dvp()
    world.open(trade)
    world.hold(trade)
    world.prove(world.announced(LONDON, trade), trade, SHANGHAI)
    world.prove(world.announced(SHANGHAI, trade), trade, LONDON)
    assert world.status(trade, LONDON) is Status.EXECUTED
