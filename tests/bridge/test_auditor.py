"""What the auditor must not find, and what it must tell all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge import abi, contract_calls
from bridge.audit.findings import Concern, Rule
from bridge.model import Outcome, Status
from tests.support.audited_world import FAR, HUB, SECURITY, AuditedWorld


@pytest.fixture
def world() -> AuditedWorld:
    return AuditedWorld()


def test_honest_trades_alarm_nobody(world: AuditedWorld) -> None:
    kept, cancelled, refused, objected = (world.trade(100 + i) for i in range(4))
    world.prepare(kept, cancelled, objected)
    world.open(refused)
    world.settle(FAR, contract_calls.refuse(refused), world.seller)
    world.settle(FAR, contract_calls.object_to(objected), world.issuer)
    world.cancel(cancelled)
    world.mine()
    world.relay(FAR, HUB, kept)
    for ended in (refused, objected):
        world.relay(FAR, HUB, ended)
    for decided in (kept, cancelled, refused, objected):
        world.relay(HUB, FAR, decided)
        world.relay(HUB, FAR, decided)
    assert world.auditor.recount() == ()
    assert (world.found, world.auditor.alarms) == ((), ())
    assert {world.status(HUB, t) for t in (cancelled, refused, objected)} == {Status.ABORTED}
    assert world.status(FAR, kept) is Status.EXECUTED


def test_batches_alarm_nobody(world: AuditedWorld) -> None:
    trades = [world.trade(10 + i) for i in range(3)]
    far = world.at(FAR).chain_id
    world.settle(HUB, contract_calls.open_batch(trades, [world.signed(t) for t in trades]))
    held = contract_calls.hold_batch(trades, [world.signed(t, far) for t in trades])
    world.settle(FAR, held)
    world.settle(FAR, held)
    world.mine()
    ids = [world.id(trade) for trade in trades]
    for source, target in ((FAR, HUB), (HUB, FAR)):
        said = world.settle(source, contract_calls.announce(ids))
        world.mine()
        packet = world.packet(source, said)
        world.believe(target, packet)
        world.settle(target, contract_calls.prove_batch(packet, list(enumerate(trades))))
        world.mine()
    assert world.auditor.recount() == ()
    assert (world.found, world.auditor.alarms) == ((), ())
    assert {world.status(FAR, trade) for trade in trades} == {Status.EXECUTED}


def test_what_issuers_may_do_alarms_nobody(world: AuditedWorld) -> None:
    world.prepare(world.trade(50))
    seller, buyer = world.seller.address, world.buyer.address
    security = world.at(FAR).tokens[SECURITY]
    forced = abi.selector("forcedTransfer(address,address,uint256)")
    world.send(FAR, security, forced + _words(seller, buyer, 7), world.issuer)
    burn = abi.selector("burn(address,uint256)")
    world.send(HUB, world.cash, burn + _words(buyer, 9), world.issuer)
    world.send(HUB, world.cash, contract_calls.mint(seller, 9), world.issuer)
    world.send(HUB, world.cash, contract_calls.transfer(seller, 5), world.buyer)
    world.mine()
    assert world.auditor.recount() == ()
    assert world.found == ()


def test_a_refused_transaction_is_no_alarm(world: AuditedWorld) -> None:
    stolen = world.send(HUB, world.cash, contract_calls.mint(world.buyer.address, 5), world.buyer)
    world.mine()
    assert not world.receipt(HUB, stolen).is_success
    assert (world.found, world.auditor.alarms) == ((), ())


def test_chains_with_a_finality_lag_are_audited_when_blocks_are_sealed() -> None:
    world = AuditedWorld(lag=2)
    trade = world.trade(100)
    world.prepare(trade)
    world.relay(FAR, HUB, trade)
    world.relay(HUB, FAR, trade)
    world.mine()
    world.mine()
    assert world.auditor.recount() == ()
    assert world.found == ()
    assert world.status(FAR, trade) is Status.EXECUTED


def test_a_reorganised_block_is_audited_in_its_last_form() -> None:
    world = AuditedWorld(lag=2)
    trade = world.trade(100)
    world.prepare(trade)
    world.engine(FAR).reorganise(1)
    for _ in range(4):
        world.mine()
    assert world.auditor.recount() == ()
    assert world.found == ()
    assert world.status(FAR, trade) is Status.HELD


def test_a_trade_may_name_a_hub_of_its_parties(world: AuditedWorld) -> None:
    stranger = world.stranger()
    trade = world.trade(100, hub=stranger)
    world.hold(trade)
    world.mine()
    said = world.announce_as(stranger, world.id(trade), Status.COMMITTED)
    world.relay(HUB, FAR, trade, said)
    assert world.status(FAR, trade) is Status.EXECUTED
    assert world.found == ()


def test_a_hub_of_the_parties_that_decides_twice_is_found(world: AuditedWorld) -> None:
    stranger = world.stranger()
    trade = world.trade(100, hub=stranger)
    world.hold(trade)
    world.mine()
    world.announce_as(stranger, world.id(trade), Status.COMMITTED)
    assert world.found == ()
    world.announce_as(stranger, world.id(trade), Status.ABORTED)
    (found,) = world.history[-1]
    assert (found.name, found.trade_id) == (Rule.DECISION_UNIQUE, world.id(trade))


def test_a_stranger_may_announce_what_it_likes(world: AuditedWorld) -> None:
    stranger = world.stranger()
    trade = world.trade(100)
    world.prepare(trade)
    world.announce_as(stranger, world.id(trade), Status.COMMITTED)
    world.announce_as(stranger, world.id(trade), Status.ABORTED)
    world.send(HUB, stranger, b"nonsense")
    world.mine()
    assert world.found == ()


def test_a_light_client_that_believes_a_fork_is_found(world: AuditedWorld) -> None:
    height = world.engine(HUB).latest
    fork = replace(world.header(HUB, height), gas_used=1)
    found = world.forge(HUB, FAR, fork)
    assert [(v.name, v.chain) for v in found] == [(Rule.CLIENT_FORK, FAR)]


def test_a_light_client_that_believes_an_unsealed_block_is_found(world: AuditedWorld) -> None:
    height = world.engine(HUB).latest
    future = replace(world.header(HUB, height), height=height + 10)
    found = world.forge(HUB, FAR, future)
    assert [(v.name, v.chain) for v in found] == [(Rule.FINALITY, FAR)]


def test_a_light_client_of_a_lagging_chain_is_held_to_its_seals() -> None:
    world = AuditedWorld(lag=2)
    head = world.header(HUB, world.engine(HUB).latest)
    world.forge(HUB, FAR, head)
    world.mine()
    world.mine()
    assert [(v.name, v.chain) for v in world.found] == [(Rule.FINALITY, FAR)]


def test_an_execution_by_a_decision_that_is_not_sealed_yet_is_found() -> None:
    world = AuditedWorld(lag=3)
    trade = world.trade(100)
    world.prepare(trade)
    world.relay(FAR, HUB, trade)
    said = world.settle(HUB, contract_calls.announce([world.id(trade)]))
    world.mine()
    head = world.header(HUB, world.engine(HUB).latest)
    packet = world.packet_in(HUB, said, world.sealed(HUB, head))
    world.believe(FAR, packet)
    world.settle(FAR, contract_calls.prove(packet, 0, trade))
    for _ in range(4):
        world.mine()
    assert {violation.name for violation in world.found} == {
        Rule.FINALITY,
        Rule.EXECUTION_WITHOUT_DECISION,
    }


def test_a_frozen_client_alarms_and_lets_the_parties_resolve(world: AuditedWorld) -> None:
    trade = world.trade(100)
    world.prepare(trade)
    freeze(world)
    assert [alarm.name for alarm in world.auditor.alarms] == [Concern.CLIENT_FROZEN]
    world.resolve(trade, Outcome.ABORTED)
    assert world.mine() == ()
    assert world.status(FAR, trade) is Status.RELEASED


def test_a_resolution_that_leaves_one_leg_executed_is_found(world: AuditedWorld) -> None:
    trade = world.trade(100)
    world.prepare(trade)
    world.relay(FAR, HUB, trade)
    freeze(world)
    world.resolve(trade, Outcome.ABORTED)
    assert [(v.name, v.trade_id) for v in world.mine()] == [(Rule.ONE_SIDED, world.id(trade))]


def test_a_finding_is_told_once(world: AuditedWorld) -> None:
    stranger = world.stranger()
    trade = world.trade(100, hub=stranger)
    world.hold(trade)
    world.mine()
    for status in (Status.COMMITTED, Status.ABORTED, Status.COMMITTED, Status.ABORTED):
        world.announce_as(stranger, world.id(trade), status)
    assert len(world.found) == 1


def freeze(world: AuditedWorld) -> None:
    """The far chain's client sees a block of the hub's chain, then another at the same height."""
    height = world.engine(HUB).latest
    true = world.header(HUB, height)
    assert world.forge(HUB, FAR, true) == ()
    assert world.forge(HUB, FAR, replace(true, gas_used=1)) == ()


def _words(*values: bytes | int) -> bytes:
    return b"".join(
        value.to_bytes(32, "big") if isinstance(value, int) else value.rjust(32, b"\x00")
        for value in values
    )
