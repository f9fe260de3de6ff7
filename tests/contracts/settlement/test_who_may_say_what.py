"""Who said it counts, and where: agent, hub, chain, event, header and receipt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.model import ChainId, Status, Trade
from contracts.artifacts import Optimize
from tests.support.bare_evm import RawLog
from tests.support.refusals import refused
from tests.support.settlement_chain import CASH, balance
from tests.support.settlement_prover import ANNOUNCED, announcement
from tests.support.settlement_world import LONDON, SHANGHAI, ZURICH, World

MIMIC = "0x" + "3e" * 20


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


def test_an_emitter_that_is_no_agent_of_the_trade_tells_the_hub_nothing(
    world: World, trade: Trade
) -> None:
    with refused("hub: not an agent of the trade"):
        world.prove(world.lie(LONDON, trade, Status.HELD, by=MIMIC), trade, SHANGHAI)
    assert nothing_happened(world, trade)


@pytest.mark.parametrize("decision", [Status.COMMITTED, Status.ABORTED])
def test_an_emitter_that_is_not_the_hub_tells_the_agent_nothing(
    world: World, trade: Trade, decision: Status
) -> None:
    with refused("settlement: not the trade's hub"):
        world.prove(world.lie(SHANGHAI, trade, decision, by=MIMIC), trade, LONDON)
    assert nothing_happened(world, trade)


@pytest.mark.parametrize(
    "topics",
    [
        (),
        (b"\x11" * 32,),
        (ANNOUNCED, b"\x11" * 32),
        (b"\x11" * 32, ANNOUNCED),
    ],
)
def test_a_log_with_other_topics_is_no_announcement(
    world: World, trade: Trade, topics: tuple[bytes, ...]
) -> None:
    hub = world[SHANGHAI].settlement
    true = announcement(SHANGHAI, hub.address, [world.id_of(trade)], [Status.COMMITTED])
    packet = world.packet(SHANGHAI, [replace(true, topics=topics)], 0)
    packet = replace(packet, ids=(world.id_of(trade),), statuses=(Status.COMMITTED,))
    with refused("settlement: not an announcement"):
        world.prove(packet, trade, LONDON)
    assert nothing_happened(world, trade)


def test_the_word_of_an_agent_does_not_count_on_its_own_chain(world: World, trade: Trade) -> None:
    held = world.announced(LONDON, trade)
    with refused("settlement: not a peer chain"):
        world.prove(held, trade, LONDON)


def test_the_hubs_word_does_not_count_at_the_hub(world: World, trade: Trade) -> None:
    decision = world.lie(SHANGHAI, trade, Status.ABORTED)
    with refused("settlement: not a peer chain"):
        world.prove(decision, trade, SHANGHAI)
    world.prove(decision, trade, LONDON)


@pytest.mark.parametrize("fact", [Status.HELD, Status.OBJECTED, Status.REFUSED, Status.OPEN])
def test_a_fact_about_legs_is_no_decision(world: World, trade: Trade, fact: Status) -> None:
    with refused("legs: not a decision"):
        world.prove(world.lie(SHANGHAI, trade, fact), trade, LONDON)
    assert nothing_happened(world, trade)


@pytest.mark.parametrize(
    "fact", [Status.COMMITTED, Status.ABORTED, Status.EXECUTED, Status.RELEASED, Status.NONE]
)
def test_a_decision_is_no_fact_about_legs(world: World, trade: Trade, fact: Status) -> None:
    with refused("hub: not a fact about legs"):
        world.prove(world.lie(LONDON, trade, fact), trade, SHANGHAI)
    assert nothing_happened(world, trade)


def test_one_agent_does_not_decide_for_another(build: Optimize) -> None:
    world = World.of(build, (SHANGHAI, LONDON, ZURICH))
    trade = world.dvp()
    world.open(trade)
    held = world.packet(LONDON, world.hold(trade).logs)
    with refused("settlement: not the trade's hub"):
        world.prove(held, trade, ZURICH)
    with refused("settlement: not the trade's hub"):
        world.prove(world.lie(ZURICH, trade, Status.ABORTED), trade, LONDON)


@pytest.mark.parametrize("claimed", [ZURICH, SHANGHAI, ChainId(0)])
def test_a_source_on_a_chain_that_is_no_peer_is_refused(
    world: World, trade: Trade, claimed: ChainId
) -> None:
    packet = world.announced(LONDON, trade)
    with refused("settlement: not a peer chain"):
        world.prove(
            replace(packet, source=replace(packet.source, chain_id=claimed)), trade, SHANGHAI
        )


def test_a_header_of_one_chain_is_not_believed_of_another(build: Optimize) -> None:
    world = World.of(build, (SHANGHAI, LONDON, ZURICH))
    trade = world.dvp()
    world.open(trade)
    packet = world.lie(ZURICH, trade, Status.HELD, by=world[LONDON].settlement.address)
    swapped = replace(packet, source=replace(packet.source, chain_id=LONDON))
    with refused("settlement: header not proven"):
        world.prove(swapped, trade, SHANGHAI)
    with refused("hub: not an agent of the trade"):
        world.prove(packet, trade, SHANGHAI)


def test_an_announcement_names_the_chain_that_it_is_on(world: World, trade: Trade) -> None:
    agent = world[LONDON].settlement.address
    log = announcement(SHANGHAI, agent, [world.id_of(trade)], [Status.HELD])
    with refused("settlement: not what was said"):
        world.prove(world.packet(LONDON, [log]), trade, SHANGHAI)


@pytest.mark.parametrize("field", ["block_hash", "receipts_root", "height"])
def test_a_header_that_is_not_believed_proves_nothing(
    world: World, trade: Trade, field: str
) -> None:
    packet = world.announced(LONDON, trade)
    changed: object = packet.source.height + 1 if field == "height" else b"\x01" * 32
    source = replace(packet.source, **{field: changed})  # type: ignore[arg-type]
    with refused("settlement: header not proven"):
        world.prove(replace(packet, source=source), trade, SHANGHAI)


def test_a_header_that_nobody_brought_proves_nothing(world: World, trade: Trade) -> None:
    announced = world[LONDON].settlement.transact("announce", [world.id_of(trade)])
    packet = world[LONDON].prover.packet(announced.logs)
    with refused("settlement: header not proven"):
        world.prove(packet, trade, SHANGHAI)
    world.carried(packet)
    world.prove(packet, trade, SHANGHAI)


def test_the_log_of_a_failed_transaction_proves_nothing(world: World, trade: Trade) -> None:
    agent = world[LONDON].settlement.address
    log: RawLog = announcement(LONDON, agent, [world.id_of(trade)], [Status.HELD])
    packet = world.carried(world[LONDON].prover.failed([log]))
    with refused("receipt: not successful"):
        world.prove(packet, trade, SHANGHAI)
    assert balance(world[LONDON].cash, "alice") == CASH
