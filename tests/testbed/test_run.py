"""Whole runs on two chains: settle in time, end as each policy says, the same every time."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import ResourceClosedError

from bridge.errors import EngineUnavailable, UsageError
from bridge.events import (
    Action,
    HoldExecuted,
    LegsExecuted,
    LegsHeld,
    LegsRefused,
    LegsReleased,
    ParticipantActed,
    PositionRecorded,
    RunFinished,
    TradeDecided,
    TradeInstructed,
    TransactionFailed,
    TransactionIncluded,
    TransactionSubmitted,
    Transferred,
    When,
)
from bridge.model import Outcome
from bridge.outbox import Outbox
from bridge.testbed.chain_reader import ChainReader
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import FUNDS_WEI, RELAYER
from tests.support.runs import PVP, ended_well, events, leg, scenario, trade

BLOCK_MS = 1_000


def run(*trades: dict[str, object], **fields: object) -> Testbed:
    testbed = Testbed.from_scenario(scenario(*trades, **fields))  # type: ignore[arg-type]
    testbed.run()
    return testbed


def test_an_undisturbed_trade_is_decided_within_3_blocks_and_executed_by_the_5th() -> None:
    testbed = run(PVP)
    ((submitted, _),) = events(testbed, TradeInstructed)
    ((decided, decision),) = events(testbed, TradeDecided)
    executed = [at for at, _ in events(testbed, LegsExecuted)]
    assert decision.outcome is Outcome.COMMITTED
    assert decided - submitted <= 3 * BLOCK_MS
    assert len(executed) == 2
    assert max(executed) - submitted <= 5 * BLOCK_MS
    assert ended_well(testbed)


def test_a_finished_trade_leaves_no_more_than_one_turn_to_abort_it() -> None:
    testbed = run(PVP, PVP)
    left = [trade_id for *_, trade_id in testbed._participants._agenda]
    assert len(left) == len(set(left)) == 2


@pytest.mark.parametrize("gone", [(), ("alice",), ("alice", "bob")])
def test_those_concerned_take_turns_to_abort_whoever_has_ceased(gone: tuple[str, ...]) -> None:
    late = {"policy": "late", "delay_s": 100}
    testbed = Testbed.from_scenario(scenario(PVP, people={"bob": late}))
    testbed.step()
    for name in gone:
        testbed._participants.cease(name)
    testbed.run()
    acts = [act for _, act in events(testbed, ParticipantActed)]
    turns = [act.participant for act in acts if act.action is Action.ASKED_TO_ABORT]
    assert turns == [name for name in ("alice", "bob") if name not in gone][:1]


def test_terms_are_kept_of_the_trades_that_somebody_will_speak_of() -> None:
    spoken_of = Testbed.from_scenario(load_scenario("objected"))
    spoken_of.run()
    objections = spoken_of.world.scenario.objections
    assert set(spoken_of._terms) == {objection.trade for objection in objections}
    assert not run(PVP)._terms


def test_nothing_is_executed_before_the_decision() -> None:
    testbed = run(PVP)
    order = [type(e) for _, e in events(testbed, TradeDecided, LegsExecuted)]
    assert order == [TradeDecided, LegsExecuted, LegsExecuted]


def test_a_cash_payment_is_final_within_1200_ms() -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    testbed.step()
    paid_at = testbed.now_ms
    tx_hash = testbed.pay("alice", "bob", "SMDC", 1_234)
    testbed.step()
    moved = [(at, e) for at, e in events(testbed, Transferred) if e.amount == 1_234]
    final = [at for at, e in events(testbed, TransactionIncluded) if e.tx_hash == tx_hash]
    assert [(e.sender, e.receiver) for _, e in moved] == [("alice", "bob")]
    assert final
    assert final[0] - paid_at <= 1_200


def test_a_payment_beyond_the_balance_fails_and_says_why() -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    testbed.pay("alice", "bob", "SMDC", 10**9)
    testbed.step()
    assert [e.reason for _, e in events(testbed, TransactionFailed)] == [
        "cash: not enough available"
    ]


@pytest.mark.parametrize("names", [("nobody", "bob", "SMDC"), ("alice", "bob", "XAU")])
def test_a_payment_with_an_unknown_name_is_refused(names: tuple[str, str, str]) -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    with pytest.raises(UsageError, match="unknown name"):
        testbed.pay(*names, 1)


def test_a_trade_on_one_chain_settles_without_a_relayer() -> None:
    on_one = trade(leg("london", "alice", "bob"), leg("london", "bob", "alice", "7.00"))
    testbed = run(on_one)
    assert ended_well(testbed)
    assert not [e for _, e in events(testbed, TransactionSubmitted) if e.sender == "relayer"]


def test_a_trade_over_three_chains_settles() -> None:
    three = trade(
        leg("shanghai", "alice", "bob"),
        leg("london", "bob", "carol", "20.00"),
        leg("frankfurt", "carol", "alice", "30.00"),
    )
    testbed = run(three, chains=("shanghai", "london", "frankfurt"))
    assert {e.chain for _, e in events(testbed, LegsExecuted)} == {
        *("shanghai", "london", "frankfurt"),
    }
    assert ended_well(testbed)


def test_a_hub_on_a_chain_in_the_middle_of_the_ids_settles_just_as_well() -> None:
    three = trade(
        leg("frankfurt", "carol", "alice", "30.00"),
        leg("shanghai", "alice", "bob"),
        leg("london", "bob", "carol", "20.00"),
        hub="london",
    )
    assert ended_well(run(three, chains=("shanghai", "london", "frankfurt")))


def test_a_hub_on_a_chain_without_legs_settles_just_as_well() -> None:
    testbed = run({**PVP, "hub": "frankfurt"}, chains=("shanghai", "london", "frankfurt"))
    assert [e.chain for _, e in events(testbed, TradeDecided)] == ["frankfurt"]
    assert ended_well(testbed)


def test_a_party_that_refuses_under_a_hub_without_legs_ends_the_trade() -> None:
    refused = {**PVP, "hub": "frankfurt", "expect": "aborted"}
    people = {"bob": {"policy": "refuses"}}
    testbed = run(refused, chains=("shanghai", "london", "frankfurt"), people=people)
    assert ended_well(testbed)


def test_a_netted_cycle_of_eight_legs_settles() -> None:
    ring = [
        leg(chain, payer, payee, f"{amount}.00")
        for chain in ("shanghai", "london")
        for amount, (payer, payee) in enumerate(zip("abcd", "bcda", strict=True), start=1)
    ]
    testbed = run(trade(*ring))
    assert ended_well(testbed)
    assert len(events(testbed, HoldExecuted)) == 8


def test_a_trade_settles_on_chains_with_fees() -> None:
    testbed = run(PVP, fees="eip1559")
    assert ended_well(testbed)
    spender = testbed.world.accounts["relayer"].address
    assert testbed.world.engines["london"].balance(spender) < FUNDS_WEI


@pytest.mark.parametrize("count", [7, 32])
def test_a_trade_settles_between_chains_of_many_validators(count: int) -> None:
    assert ended_well(run(PVP, validators=count))


def test_a_trade_is_free_on_chains_without_fees() -> None:
    testbed = run(PVP)
    assert testbed.world.engines["london"].balance(testbed.world.accounts["bob"].address) == 0


def test_a_late_party_delays_the_trade_and_does_not_stop_it() -> None:
    testbed = run(PVP, people={"bob": {"policy": "late", "delay_s": 12}})
    ((decided, _),) = events(testbed, TradeDecided)
    assert 12_000 <= decided <= 16_000
    assert ended_well(testbed)


def test_a_party_that_is_too_late_lets_the_trade_abort() -> None:
    late = {**PVP, "expect": "aborted"}
    testbed = run(late, people={"bob": {"policy": "late", "delay_s": 35}})
    reasons = [e.reason for _, e in events(testbed, ParticipantActed)]
    assert "too late to prepare" in reasons
    assert ended_well(testbed)


@pytest.mark.parametrize("silent", ["alice", "bob"])
def test_a_silent_party_lets_the_trade_abort_and_nothing_stays_held(silent: str) -> None:
    testbed = run({**PVP, "expect": "aborted"}, people={silent: {"policy": "silent"}})
    assert ended_well(testbed)
    assert not any(c.held for c in testbed.query().conservation())


def test_a_party_that_refuses_on_a_leg_chain_ends_the_trade_at_once() -> None:
    testbed = run({**PVP, "expect": "aborted"}, people={"bob": {"policy": "refuses"}})
    assert [(e.chain, e.by) for _, e in events(testbed, LegsRefused)] == [("london", "bob")]
    ((decided, _),) = events(testbed, TradeDecided)
    assert decided <= 3 * BLOCK_MS
    assert ended_well(testbed)


def test_a_party_that_refuses_on_the_hub_chain_ends_the_trade_at_once() -> None:
    testbed = run({**PVP, "expect": "aborted"}, people={"alice": {"policy": "refuses"}})
    assert events(testbed, LegsHeld)
    assert [e.chain for _, e in events(testbed, LegsReleased)] == ["london"]
    assert ended_well(testbed)
    assert testbed.now_ms <= 5 * BLOCK_MS


SHARED = (
    leg("shanghai", "alice", "bob"),
    leg("shanghai", "dave", "bob"),
    leg("london", "bob", "alice"),
    leg("london", "carol", "alice"),
)


@pytest.mark.parametrize("who", ["alice", "bob", "carol", "dave"])
def test_a_refusal_by_one_of_several_senders_on_a_chain_ends_the_trade_at_once(who: str) -> None:
    testbed = run(trade(*SHARED, expect="aborted"), people={who: {"policy": "refuses"}})
    assert ended_well(testbed)
    assert testbed.now_ms <= 6 * BLOCK_MS
    assert not events(testbed, TransactionFailed)


def test_a_trade_with_several_senders_on_each_chain_settles_when_all_agree() -> None:
    assert ended_well(run(trade(*SHARED)))


def test_a_buyer_who_is_short_makes_the_trade_abort_and_says_so() -> None:
    short = trade(
        leg("shanghai", "alice", "bob"), leg("london", "bob", "alice", "5000.00"), expect="aborted"
    )
    testbed = run(short)
    assert [e.reason for _, e in events(testbed, TransactionFailed)] == [
        "legs: token declined the hold"
    ]
    said = [e.reason for _, e in events(testbed, ParticipantActed)]
    assert "short of tGBP: needs 5,000.00, has 1,000.00" in said
    assert ended_well(testbed)


def test_a_buyer_who_gets_the_money_in_time_settles_after_all() -> None:
    short = trade(leg("shanghai", "alice", "bob"), leg("london", "bob", "alice", "1500.00"))
    testbed = Testbed.from_scenario(scenario(short))
    for _ in range(5):
        testbed.step()
    testbed.pay("alice", "bob", "tGBP", 60_000)
    testbed.run()
    assert ended_well(testbed)


def test_a_trade_that_ends_otherwise_than_expected_is_said_to() -> None:
    testbed = run({**PVP, "expect": "aborted"})
    verdicts = [(e.expected, e.actual, e.met) for e in testbed.query().expectations]
    assert ("aborted", "settled", False) in verdicts


def test_a_run_stops_at_its_time_limit_with_what_is_pending() -> None:
    testbed = Testbed.from_scenario(
        scenario(PVP, people={"alice": {"policy": "silent"}, "bob": {"policy": "silent"}})
    )
    testbed.run()
    assert [e.reason for _, e in events(testbed, RunFinished)] == ["time limit"]
    assert "pending" in [e.actual for e in testbed.query().expectations]


@pytest.mark.parametrize("engine", ["pyevm", "revm"])
def test_what_is_not_final_when_a_run_ends_is_neither_made_nor_lost(engine: str) -> None:
    testbed = Testbed.from_scenario(scenario(PVP, finality_lag=3), engine=engine)
    for _ in range(6):
        testbed.step()
    testbed.pay("alice", "bob", "SMDC", 100)
    testbed.step()
    testbed.end()
    closing = [e for _, e in events(testbed, PositionRecorded) if e.when is When.CLOSING]
    assert {(e.instrument, e.participant): (e.balance, e.held) for e in closing} == {
        ("SMDC", "alice"): (100_000, 10_000),
        ("SMDC", "bob"): (100_000, 0),
        ("tGBP", "alice"): (100_000, 0),
        ("tGBP", "bob"): (100_000, 5_000),
    }
    assert [e.actual for e in testbed.query().expectations] == ["pending", "conserved"]


def test_what_a_token_made_of_nothing_is_still_found_when_a_run_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    testbed = Testbed.from_scenario(scenario(PVP, finality_lag=3))
    testbed.step()
    honest = ChainReader.position

    def one_more(self: ChainReader, *asked: Any) -> tuple[int, int]:
        balance, held = honest(self, *asked)
        return balance + 1, held

    monkeypatch.setattr(ChainReader, "position", one_more)
    testbed.end()
    assert [e.actual for e in testbed.query().expectations] == ["pending", "violated"]


def test_a_closed_testbed_lets_go_of_its_own_outbox_and_not_of_a_lent_one() -> None:
    lent = Outbox()
    own, other = (Testbed.from_scenario(scenario(PVP), outbox=it) for it in (None, lent))
    own.close()
    other.close()
    with pytest.raises(ResourceClosedError):
        own.outboxes[RELAYER].entries()
    assert list(lent.entries()) == []


def test_a_closed_testbed_does_nothing_more() -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    testbed.close()
    before = len(testbed.journal)
    assert testbed.step() is False
    assert len(testbed.journal) == before


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(EngineUnavailable, match="no engine 'steam'"):
        Testbed.from_scenario(scenario(PVP), engine="steam")


def test_the_same_seed_gives_the_same_journal_and_another_seed_another() -> None:
    first, again, other = (Testbed.from_scenario(scenario(PVP), seed) for seed in (5, 5, 6))
    for testbed in (first, again, other):
        testbed.run()
    assert first.journal.sha256() == again.journal.sha256()
    assert first.journal.sha256() != other.journal.sha256()


def test_random_streams_are_named_and_independent() -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    network = testbed.random("network").random()
    assert testbed.random("network").random() == network
    assert testbed.random("disk").random() != network
