"""What each shipped scenario is about really happens in it, in the order that makes the point."""

from __future__ import annotations

import pytest

from bridge.events import (
    Event,
    FaultInjected,
    LegsExecuted,
    LegsHeld,
    LegsObjected,
    LegsReleased,
    PacketRelayed,
    ParticipantActed,
    Purpose,
    TradeDecided,
    TradeOpened,
    TransactionFailed,
    TransactionIncluded,
    TransactionSubmitted,
    ValidatorsChanged,
)
from bridge.positions import Account
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.summary import verdict
from bridge.testbed.testbed import Testbed
from tests.support.shipped import ran, run_to_its_end, told


def order(testbed: Testbed, label: str, *kinds: type[Event]) -> list[type[Event]]:
    """The kinds of events of one trade, and of all faults, in their order."""
    trade_id = testbed.query().trade(label).instruction.trade_id
    return [
        type(event)
        for event in told(testbed, *kinds)
        if isinstance(event, FaultInjected) or getattr(event, "trade_id", None) == trade_id
    ]


def at_ms(testbed: Testbed, kind: type[Event], label: str) -> list[int]:
    """When events of a kind happened to one trade."""
    trade_id = testbed.query().trade(label).instruction.trade_id
    return [
        entry.at_ms
        for entry in testbed.journal
        if isinstance(entry.event, kind) and getattr(entry.event, "trade_id", None) == trade_id
    ]


def senders(testbed: Testbed, purpose: Purpose) -> set[str]:
    """Who sent transactions for a purpose."""
    return {
        event.sender
        for event in told(testbed, TransactionSubmitted)
        if isinstance(event, TransactionSubmitted) and event.purpose is purpose
    }


def test_pvp_moves_each_currency_only_with_the_other() -> None:
    positions = ran("pvp").query().positions
    assert positions.of("lombard", "SMDC").balance == 18_420_000_00 + 6_907_504_61
    assert positions.of("pudong", "tGBP").balance == 2_000_000_00 + 750_000_50


def test_cross_currency_dvp_decides_three_legs_once() -> None:
    testbed = ran("cross_currency_dvp")
    assert order(testbed, "XCY0001", TradeDecided) == [TradeDecided]
    trade = testbed.query().trade("XCY0001")
    assert len({leg.terms.sender for leg in trade.legs}) == 3


def test_netted_cycle_moves_six_legs_and_leaves_each_with_the_net() -> None:
    positions = ran("netted_cycle").query().positions
    assert positions.of("pudong", "SMDC").balance == 1_090_000_00
    assert positions.of("lombard", "tGBP").balance == 1_017_500_25
    assert len(ran("netted_cycle").query().trade("NET0001").legs) == 6


def test_intraledger_dvp_needs_no_relayer_and_one_block() -> None:
    testbed = ran("intraledger_dvp")
    assert not list(told(testbed, PacketRelayed))
    assert at_ms(testbed, TradeOpened, "INT0001") == at_ms(testbed, LegsExecuted, "INT0001")


def test_late_counterparty_costs_twenty_seconds_and_nothing_else() -> None:
    (decided,) = at_ms(ran("late_counterparty"), TradeDecided, "LAT0001")
    assert 22_000 <= decided <= 26_000


def test_refused_ends_within_three_blocks() -> None:
    for label in ("REF0001", "REF0002"):
        trade = ran("refused").query().trade(label)
        assert (trade.decided_at_ms or 0) - trade.timeline[0].at_ms <= 3_000


def test_objected_stops_what_is_undecided_and_not_what_is_committed() -> None:
    testbed = ran("objected")
    before = order(testbed, "OBJ0001", LegsObjected, TradeDecided, LegsReleased)
    assert before == [LegsObjected, TradeDecided, LegsReleased]
    after = order(testbed, "OBJ0003", TradeDecided, LegsObjected, LegsExecuted)
    assert after == [TradeDecided, LegsExecuted, LegsObjected, LegsExecuted]


def test_objected_at_the_hub_is_told_as_an_objection() -> None:
    testbed = ran("objected")
    trade_id = testbed.query().trade("OBJ0002").instruction.trade_id
    why = testbed.query().explain(trade_id)
    assert why is not None
    assert (why.reason_code, why.chain) == ("SBLO", "london")
    assert not at_ms(testbed, LegsObjected, "OBJ0002")


def test_cancelled_by_all_is_open_and_held_before_and_released_after() -> None:
    testbed = ran("cancelled_by_all")
    kinds = order(testbed, "CAN0001", TradeOpened, LegsHeld, TradeDecided, LegsReleased)
    assert kinds == [TradeOpened, LegsHeld, TradeDecided, LegsReleased, LegsReleased]


def test_a_cancellation_without_one_of_the_parties_is_not_sent() -> None:
    testbed = ran("cancelled_by_all")
    said = [
        event.reason
        for event in told(testbed, ParticipantActed)
        if isinstance(event, ParticipantActed) and event.participant == "suzhou"
    ]
    assert "does not sign the cancellation" in said
    cancels = [
        event
        for event in told(testbed, TransactionIncluded)
        if isinstance(event, TransactionIncluded) and event.purpose is Purpose.CANCEL
    ]
    assert len(cancels) == 1


def test_frozen_after_commit_freezes_between_decision_and_delivery() -> None:
    testbed = ran("frozen_after_commit")
    kinds = order(testbed, "FRZ0001", TradeDecided, FaultInjected, LegsExecuted)
    silence, *freezes = [FaultInjected] * 3
    assert kinds == [TradeDecided, LegsExecuted, silence, *freezes, LegsExecuted]
    frozen = [
        event
        for event in told(testbed, TransactionIncluded)
        if isinstance(event, TransactionIncluded) and event.purpose is Purpose.FREEZE
    ]
    assert len(frozen) == 2


def test_what_is_frozen_stays_frozen_for_the_next_trade() -> None:
    testbed = ran("frozen_after_commit")
    reasons = {
        event.reason
        for event in told(testbed, TransactionFailed)
        if isinstance(event, TransactionFailed)
    }
    assert reasons == {"legs: token declined the hold"}


def test_insolvency_comes_between_hold_and_decision_and_takes_only_what_is_not_held() -> None:
    testbed = ran("insolvent_between_hold_and_decision")
    kinds = order(testbed, "INS0001", LegsHeld, FaultInjected, TradeDecided)
    assert kinds == [LegsHeld, FaultInjected, FaultInjected, TradeDecided]
    positions = testbed.query().positions
    assert positions.of("huangpu", "tGBP").balance == 552_486_19
    assert positions.of("estate", "tGBP").balance == 900_000_00 - 552_486_19
    assert positions.of("fleet", "SHGB29").balance == 50_000


def test_an_insolvent_participant_does_nothing_any_more() -> None:
    testbed = ran("insolvent_between_hold_and_decision")
    acted = [
        entry.at_ms
        for entry in testbed.journal
        if isinstance(entry.event, ParticipantActed) and entry.event.participant == "fleet"
    ]
    assert acted
    assert max(acted) < 6_000


def test_nobody_relays_while_the_relayer_is_down() -> None:
    testbed = ran("relayer_restart")
    carried = [e.at_ms for e in testbed.journal if isinstance(e.event, PacketRelayed)]
    assert not [at for at in carried if 4_000 <= at < 10_000]
    assert min(carried) < 4_000
    assert max(carried) > 11_000


def test_a_third_party_carries_what_the_relayer_left() -> None:
    testbed = ran("third_party_finishes")
    assert {"relayer", "thames"} <= senders(testbed, Purpose.PROVE)
    late = [
        entry.event.sender
        for entry in testbed.journal
        if isinstance(entry.event, TransactionSubmitted)
        and entry.event.purpose is Purpose.PROVE
        and entry.at_ms >= 4_000
    ]
    assert set(late) == {"thames"}


def test_a_reorganisation_replaces_blocks_that_held_something() -> None:
    testbed = ran("finality_lag_reorg")
    details = [e.detail for e in told(testbed, FaultInjected) if isinstance(e, FaultInjected)]
    assert len(details) == 2
    assert all(" 0 calls" not in detail for detail in details)
    assert "queued again" in details[0]
    assert "lost" in details[1]


def test_validators_change_under_trades_in_flight_and_every_client_follows() -> None:
    testbed = ran("validator_rotation")
    changes = [
        (event.chain, event.source)
        for event in told(testbed, ValidatorsChanged)
        if isinstance(event, ValidatorsChanged)
    ]
    assert sorted(changes) == [("london", "shanghai"), *[("shanghai", "london")] * 3]
    kinds = order(testbed, "ROT0002", FaultInjected, TradeDecided, LegsExecuted)
    assert kinds.index(FaultInjected) < kinds.index(TradeDecided)


def test_market_day_has_dozens_of_trades_in_flight_as_it_says() -> None:
    model = ran("market_day").query()
    assert len(model.trades) == 500
    spans = [(t.timeline[0].at_ms, t.timeline[-1].at_ms) for t in model.trades.values()]
    busiest = max(sum(a <= at < b for a, b in spans) for at in range(0, 100_000, 1_000))
    assert busiest >= 24
    assert "dozens of them in flight" in load_scenario("market_day").about
    assert model.count("settled") > 450
    assert model.count("aborted") > 20


@pytest.mark.parametrize(
    "name",
    ["relayer_restart", "third_party_finishes", "finality_lag_reorg", "validator_rotation"],
)
def test_without_its_faults_the_same_trades_settle_sooner_or_as_soon(name: str) -> None:
    calm = run_to_its_end(load_scenario(name).model_copy(update={"faults": ()}))
    assert verdict(calm.query()) == 0
    assert calm.now_ms <= ran(name).now_ms
    assert not list(told(calm, FaultInjected))


def test_without_a_third_party_a_silent_relayer_leaves_trades_pending() -> None:
    scenario = load_scenario("third_party_finishes")
    alone = run_to_its_end(scenario.model_copy(update={"faults": scenario.faults[:1]}))
    model = alone.query()
    assert model.count("pending") > 0
    assert not model.violations


def test_without_the_insolvency_both_trades_settle() -> None:
    scenario = load_scenario("insolvent_between_hold_and_decision")
    solvent = run_to_its_end(scenario.model_copy(update={"faults": scenario.faults[:1]}))
    assert solvent.query().count("settled") == 2
    assert solvent.query().positions.of(*Account("estate", "tGBP")).balance == 0


def test_without_the_freeze_both_trades_settle() -> None:
    scenario = load_scenario("frozen_after_commit")
    free = run_to_its_end(scenario.model_copy(update={"faults": scenario.faults[:1]}))
    assert free.query().count("settled") == 2


def test_without_objections_and_cancellations_the_trades_settle() -> None:
    unopposed = load_scenario("objected").model_copy(update={"objections": ()})
    assert run_to_its_end(unopposed).query().count("settled") == 3
    kept = load_scenario("cancelled_by_all").model_copy(update={"cancellations": ()})
    assert run_to_its_end(kept).query().count("settled") == 2
