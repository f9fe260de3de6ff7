"""A proof says one thing: this status of this trade, at this place in an announcement."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.model import Packet, Status, Trade, TradeId
from tests.support.people import EVE, caller
from tests.support.refusals import WITHOUT_REASON, refused
from tests.support.settlement_prover import announcement
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


def test_a_true_proof_commits(world: World, trade: Trade) -> None:
    world.prove(world.announced(LONDON, trade), trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.COMMITTED


def test_anyone_may_bring_a_proof(world: World, trade: Trade) -> None:
    packet = world.announced(LONDON, trade)
    arguments = (packet.source.as_tuple(), packet.ids, packet.statuses, 0, trade.as_tuple())
    hub = world[SHANGHAI].settlement
    hub.transact("prove", *arguments, packet.proof, sender=caller(EVE))
    assert world.status(trade, SHANGHAI) is Status.COMMITTED


def test_a_log_of_another_trade_proves_nothing(world: World, trade: Trade) -> None:
    other = world.dvp()
    world.open(other)
    packet = world.packet(LONDON, world.hold(other).logs)
    with refused("settlement: trade not named"):
        world.prove(packet, trade, SHANGHAI, index=0)
    assert nothing_happened(world, trade)
    world.prove(packet, other, SHANGHAI)


@pytest.mark.parametrize("changed", [Status.COMMITTED, Status.EXECUTED, Status.HELD])
def test_another_outcome_than_the_one_announced_is_refused(
    world: World, trade: Trade, changed: Status
) -> None:
    packet = replace(world.abort(trade), statuses=(changed,))
    with refused("settlement: not what was said"):
        world.prove(packet, trade, LONDON)
    assert world.status(trade, LONDON) is Status.HELD


def test_an_id_that_is_not_in_the_log_is_refused(world: World, trade: Trade) -> None:
    other = world.dvp()
    world.open(other)
    packet = world.packet(LONDON, world.hold(other).logs)
    with refused("settlement: not what was said"):
        world.prove(replace(packet, ids=(world.id_of(trade),)), trade, SHANGHAI)
    both = replace(
        packet, ids=(*packet.ids, world.id_of(trade)), statuses=(Status.HELD, Status.HELD)
    )
    with refused("settlement: not what was said"):
        world.prove(both, trade, SHANGHAI)


def test_a_status_that_is_not_in_the_log_is_refused(world: World, trade: Trade) -> None:
    packet = world.announced(LONDON, trade)
    with refused("settlement: not what was said"):
        world.prove(replace(packet, statuses=(Status.HELD, Status.HELD)), trade, SHANGHAI)


@pytest.mark.parametrize("index", [1, 2, 31, 32, 2**255])
def test_an_index_past_the_array_is_refused(world: World, trade: Trade, index: int) -> None:
    packet = world.announced(LONDON, trade)
    with refused("settlement: trade not named"):
        world.prove(packet, trade, SHANGHAI, index=index)


def test_fewer_statuses_than_ids_prove_nothing(world: World, trade: Trade) -> None:
    agent = world[LONDON].settlement.address
    ids = [bytes(32), world.id_of(trade)]
    packet = world.packet(LONDON, [announcement(LONDON, agent, ids, [Status.HELD])])
    packet = replace(packet, ids=tuple(map(TradeId, ids)))
    with refused(WITHOUT_REASON):
        world.prove(packet, trade, SHANGHAI, index=1)
    assert nothing_happened(world, trade)


@pytest.fixture
def two(world: World, trade: Trade) -> tuple[Trade, Packet]:
    """A refused trade, and a packet that names the held one and the refused one."""
    refuses = world.dvp()
    world.open(refuses)
    agent = world[LONDON].settlement
    agent.transact("refuse", refuses.as_tuple(), sender=caller("bob"))
    return refuses, world.announced(LONDON, trade, refuses)


def test_each_trade_of_an_announcement_has_its_own_status(
    world: World, trade: Trade, two: tuple[Trade, Packet]
) -> None:
    refuses, packet = two
    world.prove(packet, trade, SHANGHAI)
    world.prove(packet, refuses, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.COMMITTED
    assert world.status(refuses, SHANGHAI) is Status.ABORTED


def test_a_status_of_another_id_is_refused(
    world: World, trade: Trade, two: tuple[Trade, Packet]
) -> None:
    refuses, packet = two
    with refused("settlement: trade not named"):
        world.prove(packet, trade, SHANGHAI, index=packet.ids.index(world.id_of(refuses)))
    swapped = replace(packet, statuses=packet.statuses[::-1])
    with refused("settlement: not what was said"):
        world.prove(swapped, refuses, SHANGHAI)
    swapped = replace(packet, ids=packet.ids[::-1])
    with refused("settlement: not what was said"):
        world.prove(swapped, refuses, SHANGHAI)
    assert nothing_happened(world, trade)
