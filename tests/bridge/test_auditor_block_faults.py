"""Every block that was tampered with is found at once: what it says of itself, and of trades."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bridge.audit.facts import ANNOUNCED, HELD, HOLDS, OPENED, SETTLED, Verb
from bridge.audit.findings import Rule
from bridge.model import Trade
from chains.engine import Block, Height, Log
from chains.headers import Header
from tests.support.audited_world import FAR, HUB, AuditedWorld
from tests.support.doctored_blocks import Change, as_headed, on, rebuilt, with_logs

TOPIC = {verb: topic for topic, verb in (SETTLED | HOLDS).items() if topic in SETTLED}
PLACED = next(topic for topic, verb in HOLDS.items() if verb is Verb.PLACED)


@pytest.fixture
def world() -> AuditedWorld:
    return AuditedWorld()


@pytest.fixture
def trade(world: AuditedWorld) -> Trade:
    return world.trade(100)


def rules(world: AuditedWorld, chain: str, change: Callable[[Block], Block]) -> set[Rule]:
    """What a block violates that was changed; nothing was found before it."""
    assert world.found == ()
    return {violation.name for violation in world.mine(on(chain, change))}


def test_rebuilding_a_block_as_it_was_is_no_fault(world: AuditedWorld, trade: Trade) -> None:
    world.open(trade)
    world.hold(trade)
    assert rules(world, FAR, with_logs(lambda log: [log])) == set()


# --- what a block says of itself ----------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda block: replace(block, hash=b"\x01" * 32),
        lambda block: replace(block, receipts_root=b"\x01" * 32),
        lambda block: replace(block, unsealed_rlp=b"\xc0"),
        lambda block: replace(block, unsealed_rlp=b"\xff" * 40),
        lambda block: replace(block, unsealed_rlp=block.unsealed_rlp + b"\x00"),
        lambda block: replace(block, unsealed_rlp=block.header_rlp),
        lambda block: replace(block, header_rlp=b"\xc0"),
        lambda block: replace(block, header_rlp=_later(block).encode()),
        lambda block: replace(block, receipts=()),
        lambda block: replace(block, receipts=(replace(block.receipts[0], encoded=b""),)),
        lambda block: replace(block, receipts=(replace(block.receipts[0], encoded=b"\xc0"),)),
        lambda block: replace(block, receipts=(replace(block.receipts[0], logs=()),)),
        lambda block: replace(block, receipts=(replace(block.receipts[0], is_success=False),)),
        lambda block: replace(block, transactions=()),
    ],
    ids=[
        "another hash",
        "another receipts root",
        "an empty header",
        "a header of noise",
        "something behind the header",
        "a header with its seals",
        "an empty header in store",
        "another block's header in store",
        "no receipts",
        "an empty receipt",
        "a receipt without fields",
        "logs left out in parsing",
        "a status parsed otherwise",
        "receipts without transactions",
    ],
)
def test_a_block_that_contradicts_its_bytes_is_found(
    world: AuditedWorld, trade: Trade, change: Callable[[Block], Block]
) -> None:
    world.hold(trade)
    assert Rule.BLOCK in rules(world, FAR, change)


def test_a_block_of_another_parent_is_found(world: AuditedWorld) -> None:
    world.mine(on(FAR, lambda block: rebuilt(block, ())))
    assert world.found == ()

    def of_another(block: Block) -> Block:
        header = replace(Header.decode(block.unsealed_rlp), parent_hash=b"\x01" * 32)
        return as_headed(block, header)

    assert rules(world, FAR, of_another) == {Rule.BLOCK}


def test_a_sealed_header_of_the_same_block_is_no_fault(world: AuditedWorld) -> None:
    assert rules(world, FAR, lambda block: replace(block, header_rlp=block.header_rlp)) == set()


def test_an_audit_asks_for_no_seals(world: AuditedWorld, trade: Trade) -> None:
    world.prepare(trade)
    engine = world.engine(FAR)
    assert engine.block(engine.latest).is_sealed
    assert engine.block(engine.latest).stored_rlp is None


def test_a_block_that_was_never_shown_is_found(world: AuditedWorld) -> None:
    engine = world.engine(FAR)
    world.now_s += 1
    engine.produce_block(world.now_s)
    assert rules(world, FAR, lambda block: block) == {Rule.BLOCK}


def test_a_sealed_block_shown_again_is_no_fault(world: AuditedWorld) -> None:
    block = world.engine(FAR).block(Height(1))
    chain_id = world.at(FAR).chain_id
    assert world.auditor.after_block(chain_id, block, world.engine(FAR).finalized) == ()


def test_a_sealed_block_that_is_replaced_is_found(world: AuditedWorld) -> None:
    block = replace(world.engine(FAR).block(Height(1)), hash=b"\x01" * 32)
    chain_id = world.at(FAR).chain_id
    found = world.auditor.after_block(chain_id, block, world.engine(FAR).finalized)
    assert [(violation.name, violation.height) for violation in found] == [(Rule.FINALITY, 1)]


# --- what a block says of trades ----------------------------------------------------------------


def test_other_terms_than_the_hubs_are_found(world: AuditedWorld, trade: Trade) -> None:
    world.open(trade)
    world.mine()
    world.hold(trade)
    later = with_logs(_changed(HELD, lambda log: _word(log.data, 4, trade.decide_by_s + 1)))
    assert rules(world, FAR, later) == {Rule.TERMS}


def test_terms_of_another_amount_than_is_held_are_found(world: AuditedWorld, trade: Trade) -> None:
    world.hold(trade)
    more = with_logs(_changed(HELD, lambda log: _word(log.data, 8 + 5, 101)))
    assert rules(world, FAR, more) == {Rule.DELIVERY, Rule.HOLDS}


def test_an_execution_of_what_was_never_held_is_found(world: AuditedWorld, trade: Trade) -> None:
    world.hold(trade)

    def say_executed(log: Log) -> list[Log]:
        if log.topics[0] != ANNOUNCED:
            return [log]
        said = log._replace(topics=(TOPIC[Verb.EXECUTED], b"\x01" * 32), data=bytes(32))
        return [log, said]

    assert rules(world, FAR, with_logs(say_executed)) == {Rule.SETTLED_UNHELD}


def test_an_execution_told_before_any_decision_is_found(world: AuditedWorld, trade: Trade) -> None:
    world.prepare(trade)
    world.hold(world.trade(7))

    def say_executed(log: Log) -> list[Log]:
        if log.topics[0] != ANNOUNCED:
            return [log]
        said = log._replace(topics=(TOPIC[Verb.EXECUTED], world.id(trade)), data=bytes(32))
        return [log, said]

    found = rules(world, FAR, with_logs(say_executed))
    assert {Rule.EXECUTION_WITHOUT_DECISION, Rule.DELIVERY, Rule.HOLDS} <= found


def test_a_hold_without_a_trade_is_found(world: AuditedWorld, trade: Trade) -> None:
    world.hold(trade)
    hidden = with_logs(lambda log: [] if log.topics[0] == HELD else [log])
    assert rules(world, FAR, hidden) == {Rule.DELIVERY, Rule.HOLDS}


def test_a_hold_told_twice_by_its_token_is_found(world: AuditedWorld, trade: Trade) -> None:
    world.hold(trade)
    twice = with_logs(lambda log: [log, log] if log.topics[0] == PLACED else [log])
    assert rules(world, FAR, twice) == {Rule.DOUBLE_DELIVERY, Rule.HOLDS}


def test_an_opening_that_is_told_twice_is_found(world: AuditedWorld, trade: Trade) -> None:
    world.open(trade)
    twice = with_logs(lambda log: [log, log] if log.topics[0] == OPENED else [log])
    assert Rule.HELD_TWICE in rules(world, HUB, twice)


@pytest.mark.parametrize(
    "data",
    [
        lambda data: data[:-1],
        lambda data: data + bytes(32),
        lambda data: data[:32] + b"\xff" * 32 + data[64:],
        lambda data: _word(data, 3, 2**255),
        lambda data: _word(data, 3, 33),
        lambda data: b"",
        lambda data: _word(data, 0, 1),
    ],
    ids=["cut", "longer", "wild offset", "endless", "too many", "empty", "of another chain"],
)
def test_an_announcement_that_cannot_be_ours_is_found(
    world: AuditedWorld, trade: Trade, data: Callable[[bytes], bytes]
) -> None:
    world.hold(trade)
    broken = with_logs(_changed(ANNOUNCED, lambda log: data(log.data)))
    assert rules(world, FAR, broken) == {Rule.MALFORMED}


@pytest.mark.parametrize("topic", [HELD, PLACED], ids=["terms", "hold"])
def test_any_log_of_ours_that_cannot_be_read_is_found(
    world: AuditedWorld, trade: Trade, topic: bytes
) -> None:
    world.hold(trade)
    broken = with_logs(_changed(topic, lambda log: log.data[:-1]))
    assert Rule.MALFORMED in rules(world, FAR, broken)


def test_a_commit_without_a_hold_elsewhere_is_found(world: AuditedWorld, trade: Trade) -> None:
    """The announcement of HELD is hidden from the auditor, so the commit has no ground."""
    world.open(trade)
    held = world.hold(trade)
    hidden = with_logs(lambda log: [] if log.topics[0] == ANNOUNCED else [log])
    world.mine(on(FAR, hidden))
    assert world.found == ()
    packet = world.packet(FAR, held)
    rebuilt_parent_and_fork = {violation.name for violation in world.believe(HUB, packet)}
    assert rebuilt_parent_and_fork == {Rule.BLOCK, Rule.CLIENT_FORK}
    found = world.relay(FAR, HUB, trade, held)
    assert Rule.DECISION_BEFORE_HELD in {violation.name for violation in found}


def _later(block: Block) -> Header:
    header = Header.decode(block.header_rlp)
    return replace(header, timestamp_s=header.timestamp_s + 1)


def _changed(topic: bytes, data: Callable[[Log], bytes]) -> Change:
    return lambda log: [log._replace(data=data(log)) if log.topics[0] == topic else log]


def _word(data: bytes, index: int, value: int) -> bytes:
    return data[: index * 32] + value.to_bytes(32, "big") + data[(index + 1) * 32 :]
