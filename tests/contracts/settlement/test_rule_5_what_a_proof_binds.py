"""Rule 5: a proof binds chain, emitter, event, receipt status, position, trade and status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bridge.model import Packet, Status, Trade, TradeId
from chains.keys import keccak
from tests.support.refusals import refused
from tests.support.settlement_prover import announcement
from tests.support.settlement_world import LONDON, SHANGHAI, World

MIMIC = "0x" + "3e" * 20
Forgery = Callable[[World, Trade], Packet]


@pytest.fixture
def trade(world: World) -> Trade:
    """Open; London holds its leg, and every forgery below claims just that."""
    trade = world.dvp()
    world.open(trade)
    world.hold(trade)
    return trade


def held_log(world: World, trade: Trade, chain: int = LONDON, by: str = "") -> Packet:
    emitter = by or world[LONDON].settlement.address
    log = announcement(chain, emitter, [world.id_of(trade)], [Status.HELD])
    return world.packet(LONDON, [log])


def under_another_event(world: World, trade: Trade) -> Packet:
    agent = world[LONDON].settlement.address
    log = announcement(LONDON, agent, [world.id_of(trade)], [Status.HELD])
    renamed = replace(log, topics=(keccak(b"Announced(uint256,bytes32[],uint256[])"),))
    packet = world.packet(LONDON, [renamed], 0)
    return replace(packet, ids=(world.id_of(trade),), statuses=(Status.HELD,))


def in_a_failed_transaction(world: World, trade: Trade) -> Packet:
    agent = world[LONDON].settlement.address
    log = announcement(LONDON, agent, [world.id_of(trade)], [Status.HELD])
    return world.carried(world[LONDON].prover.failed([log]))


def of_another_trade(world: World, trade: Trade) -> Packet:
    other = world.dvp()
    return replace(held_log(world, other), ids=(world.id_of(trade),))


def with_another_status(world: World, trade: Trade) -> Packet:
    packet = world.lie(LONDON, trade, Status.REFUSED)
    return replace(packet, statuses=(Status.HELD,))


def at_another_position(world: World, trade: Trade) -> Packet:
    agent = world[LONDON].settlement.address
    ids = [TradeId(b"\x01" * 32), world.id_of(trade)]
    log = announcement(LONDON, agent, ids, [Status.HELD, Status.REFUSED])
    packet = world.packet(LONDON, [log])
    return replace(packet, ids=tuple(ids[::-1]))


def of_another_log(world: World, trade: Trade) -> Packet:
    packet = world.packet(
        LONDON, world[LONDON].settlement.transact("announce", [world.id_of(trade)]).logs
    )
    return replace(packet, source=replace(packet.source, log_index=1))


def of_another_transaction(world: World, trade: Trade) -> Packet:
    packet = held_log(world, trade)
    return replace(packet, source=replace(packet.source, tx_index=0))


FORGERIES: dict[str, tuple[Forgery, str]] = {
    "another chain": (
        lambda world, trade: held_log(world, trade, chain=SHANGHAI),
        "settlement: not what was said",
    ),
    "another emitter": (
        lambda world, trade: held_log(world, trade, by=MIMIC),
        "hub: not an agent of the trade",
    ),
    "another event": (under_another_event, "settlement: not an announcement"),
    "a failed transaction": (in_a_failed_transaction, "receipt: not successful"),
    "another trade": (of_another_trade, "settlement: not what was said"),
    "another status": (with_another_status, "settlement: not what was said"),
    "another position": (at_another_position, "settlement: not what was said"),
    "another log": (of_another_log, "log: no such index"),
    "another transaction": (of_another_transaction, "trie: node has another hash"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_proof_is_refused(world: World, trade: Trade, forgery: str) -> None:
    forge, reason = FORGERIES[forgery]
    packet = forge(world, trade)
    with refused(reason):
        world.prove(packet, trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.OPEN


def test_the_true_proof_is_accepted(world: World, trade: Trade) -> None:
    world.prove(held_log(world, trade), trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.COMMITTED
