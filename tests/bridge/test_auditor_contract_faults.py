"""Every fault sown into a contract is found in the very block in which it shows."""

from __future__ import annotations

import pytest

from bridge import abi, contract_calls
from bridge.audit.findings import Concern, Rule
from bridge.model import Outcome, Status, TradeId
from tests.support.audited_world import FAR, HUB, AuditedWorld
from tests.support.faulty_contracts import faulty_contracts


@pytest.fixture
def world() -> AuditedWorld:
    return AuditedWorld(faulty_contracts())


def assert_found_at_once(
    world: AuditedWorld, *rules: Rule, trade_id: TradeId | None = None
) -> None:
    """The rules are broken in the last block shown, and nothing was found before it."""
    *before, last = world.history
    assert [found for found in before if found] == []
    assert set(rules) <= {violation.name for violation in last}
    if trade_id is not None:
        assert {v.trade_id for v in last if v.name in rules} == {trade_id}
    assert all(v.height == world.engine(v.chain).latest for v in last)


def test_sleeping_faults_are_not_found(world: AuditedWorld) -> None:
    kept, dropped = world.trade(100), world.trade(200)
    world.prepare(kept, dropped)
    world.relay(FAR, HUB, kept)
    world.relay(HUB, FAR, kept)
    world.cancel(dropped)
    world.mine()
    world.relay(HUB, FAR, dropped)
    assert world.auditor.recount() == ()
    assert world.found == ()


def test_a_committed_leg_that_is_released_is_found(world: AuditedWorld) -> None:
    trade = world.trade(101)
    world.prepare(trade)
    world.relay(FAR, HUB, trade)
    assert_found_at_once(
        world,
        Rule.DELIVERY,
        Rule.RELEASE_WITHOUT_DECISION,
        Rule.ONE_SIDED,
        trade_id=world.id(trade),
    )


def test_a_leg_that_is_delivered_twice_is_found(world: AuditedWorld) -> None:
    trade, victim = world.trade(102), world.trade(102)
    world.prepare(trade, victim)
    world.relay(FAR, HUB, trade)
    assert_found_at_once(world, Rule.DOUBLE_DELIVERY, Rule.HOLDS)


def test_a_trade_that_is_held_again_is_found(world: AuditedWorld) -> None:
    trade = world.trade(103)
    world.prepare(trade)
    world.hold(trade)
    world.mine()
    assert_found_at_once(world, Rule.HELD_TWICE, trade_id=world.id(trade))


def test_a_commit_before_the_other_chain_has_held_is_found(world: AuditedWorld) -> None:
    trade = world.trade(104)
    world.open(trade)
    world.mine()
    assert_found_at_once(world, Rule.DECISION_BEFORE_HELD, trade_id=world.id(trade))


def test_a_second_decision_is_found(world: AuditedWorld) -> None:
    trade = world.trade(105)
    world.prepare(trade)
    world.relay(FAR, HUB, trade)
    world.relay(HUB, FAR, trade)
    world.cancel(trade)
    world.mine()
    assert_found_at_once(world, Rule.DECISION_UNIQUE, trade_id=world.id(trade))


def test_showing_an_agent_the_opposite_decision_alarms(world: AuditedWorld) -> None:
    trade = world.trade(105)
    world.prepare(trade)
    world.relay(FAR, HUB, trade)
    world.relay(HUB, FAR, trade)
    world.cancel(trade)
    world.mine()
    assert world.relay(HUB, FAR, trade) == ()
    (alarm,) = world.auditor.alarms
    assert (alarm.name, alarm.trade_id) == (Concern.CONTRADICTION, world.id(trade))


def test_showing_it_in_a_batch_alarms_too(world: AuditedWorld) -> None:
    trade = world.trade(105)
    world.prepare(trade)
    world.relay(FAR, HUB, trade)
    world.relay(HUB, FAR, trade)
    cancelled = world.cancel(trade)
    world.mine()
    packet = world.packet(HUB, cancelled)
    world.believe(FAR, packet)
    world.settle(FAR, contract_calls.prove_batch(packet, [(0, trade)]))
    assert world.mine() == ()
    (alarm,) = world.auditor.alarms
    assert (alarm.name, alarm.trade_id) == (Concern.CONTRADICTION, world.id(trade))


def test_an_aborted_leg_that_is_executed_is_found(world: AuditedWorld) -> None:
    trade = world.trade(106)
    world.prepare(trade)
    world.cancel(trade)
    world.mine()
    world.relay(HUB, FAR, trade)
    assert_found_at_once(
        world, Rule.EXECUTION_WITHOUT_DECISION, Rule.ONE_SIDED, trade_id=world.id(trade)
    )


def test_a_held_leg_that_anyone_takes_out_is_found(world: AuditedWorld) -> None:
    trade = world.trade(107)
    world.prepare(trade)
    world.settle(FAR, contract_calls.deliver(trade, 0))
    world.mine()
    assert_found_at_once(world, Rule.DOUBLE_DELIVERY, Rule.HOLDS)


def test_a_resolution_while_the_hub_can_decide_is_found(world: AuditedWorld) -> None:
    trade = world.trade(108)
    world.prepare(trade)
    world.resolve(trade, Outcome.ABORTED)
    world.mine()
    assert_found_at_once(world, Rule.RELEASE_WITHOUT_DECISION, trade_id=world.id(trade))


def test_an_execution_on_a_strangers_word_is_found(world: AuditedWorld) -> None:
    trade = world.trade(109)
    world.prepare(trade)
    said = world.announce_as(world.stranger(), world.id(trade), Status.COMMITTED)
    world.relay(HUB, FAR, trade, said)
    assert_found_at_once(world, Rule.EXECUTION_WITHOUT_DECISION, trade_id=world.id(trade))


def test_legs_said_to_be_held_that_are_not_are_found(world: AuditedWorld) -> None:
    trade = world.trade(110)
    world.hold(trade)
    world.mine()
    assert_found_at_once(world, Rule.DELIVERY, Rule.HOLDS)


def test_legs_that_are_settled_once_more_are_found(world: AuditedWorld) -> None:
    trade = world.trade(111)
    world.prepare(trade)
    world.relay(FAR, HUB, trade)
    world.relay(HUB, FAR, trade)
    world.relay(HUB, FAR, trade)
    assert_found_at_once(world, Rule.DOUBLE_DELIVERY, trade_id=world.id(trade))


def test_a_refusal_of_what_is_held_is_found_when_the_other_leg_is_executed(
    world: AuditedWorld,
) -> None:
    trade = world.trade(112)
    world.open(trade)
    held = world.hold(trade)
    world.mine()
    world.settle(FAR, contract_calls.refuse(trade), world.seller)
    world.mine()
    world.relay(FAR, HUB, trade, held)
    assert_found_at_once(world, Rule.ONE_SIDED, trade_id=world.id(trade))


def test_a_hold_of_what_was_refused_is_found(world: AuditedWorld) -> None:
    trade = world.trade(113)
    world.settle(FAR, contract_calls.refuse(trade), world.seller)
    world.mine()
    world.hold(trade)
    world.mine()
    assert_found_at_once(world, Rule.HELD_TWICE, trade_id=world.id(trade))


def test_a_hold_that_mints_is_found(world: AuditedWorld) -> None:
    world.prepare(world.trade(121))
    assert_found_at_once(world, Rule.SUPPLY)


def test_a_delivery_that_never_arrives_is_found(world: AuditedWorld) -> None:
    trade = world.trade(122)
    world.prepare(trade)
    world.relay(FAR, HUB, trade)
    assert_found_at_once(world, Rule.SUPPLY)


def test_a_balance_that_moves_without_a_word_is_found(world: AuditedWorld) -> None:
    trade = world.trade(123)
    world.prepare(trade)
    world.relay(FAR, HUB, trade)
    assert_found_at_once(world, Rule.SUPPLY, Rule.DELIVERY)


def test_spending_what_is_held_is_found(world: AuditedWorld) -> None:
    world.prepare(world.trade(100, cash=200_000_000))
    spend = contract_calls.transfer(world.seller.address, 100_000_024)
    world.send(HUB, world.cash, spend, world.buyer)
    world.mine()
    assert_found_at_once(world, Rule.HOLDS)


def test_minting_by_anybody_is_found(world: AuditedWorld) -> None:
    world.send(HUB, world.cash, contract_calls.mint(world.buyer.address, 125), world.buyer)
    world.mine()
    assert_found_at_once(world, Rule.SUPPLY)


def test_a_released_hold_that_stays_is_found(world: AuditedWorld) -> None:
    trade = world.trade(126)
    world.prepare(trade)
    world.cancel(trade)
    world.mine()
    assert_found_at_once(world, Rule.HOLDS)


def test_a_burn_that_stays_in_the_supply_is_found(world: AuditedWorld) -> None:
    burn = abi.selector("burn(address,uint256)")
    arguments = abi.address(world.buyer.address) + (127).to_bytes(32, "big")
    world.send(HUB, world.cash, burn + arguments, world.issuer)
    world.mine()
    assert_found_at_once(world, Rule.SUPPLY)
