"""A call that a reorganisation has lost is told, and sent again by whom it concerns."""

from __future__ import annotations

import pytest

from bridge.events import (
    Purpose,
    RunFinished,
    TransactionFailed,
    TransactionIncluded,
    TransactionLost,
    TransactionSubmitted,
    Transferred,
)
from bridge.testbed.testbed import Testbed
from tests.support.runs import PVP, ended_well, events, scenario, steps, with_plans


def test_a_trade_settles_although_the_relayers_transactions_are_dropped() -> None:
    testbed = steps(Testbed.from_scenario(scenario(PVP, finality_lag=2)), 4)
    hub = testbed.world.engines["shanghai"]
    dropped = [e.tx_hash for _, e in events(testbed, TransactionSubmitted) if e.sender == "relayer"]
    assert dropped
    hub.reorganise(2, drop=dropped)
    testbed.run()
    assert ended_well(testbed)
    assert events(testbed, RunFinished)[0][1].reason == "all trades terminal"


def test_a_call_that_was_dropped_is_told_as_lost_and_a_call_that_was_not_is_not() -> None:
    testbed = steps(Testbed.from_scenario(scenario(PVP, finality_lag=2)), 1)
    (opened,) = [e for _, e in events(testbed, TransactionSubmitted) if e.purpose is Purpose.OPEN]
    testbed.world.engines["shanghai"].reorganise(1, drop=[opened.tx_hash])
    testbed.world.engines["london"].reorganise(1)
    testbed.run()
    lost = [event for _, event in events(testbed, TransactionLost)]
    assert lost == [
        TransactionLost("shanghai", opened.tx_hash, "alice", Purpose.OPEN, opened.trade_ids)
    ]


def test_a_party_sends_again_what_was_dropped() -> None:
    testbed = steps(Testbed.from_scenario(scenario(PVP, finality_lag=2)), 1)
    sent = [(e.chain, e.tx_hash) for _, e in events(testbed, TransactionSubmitted)]
    for name, engine in testbed.world.engines.items():
        engine.reorganise(1, drop=[tx_hash for chain, tx_hash in sent if chain == name])
    testbed.run()
    lost = {event.purpose for _, event in events(testbed, TransactionLost)}
    assert lost >= {Purpose.OPEN, Purpose.HOLD}
    assert ended_well(testbed)
    assert events(testbed, RunFinished)[0][1].reason == "all trades terminal"


def test_a_party_asks_again_for_an_abort_that_was_dropped() -> None:
    people = {"bob": {"policy": "silent"}}
    testbed = Testbed.from_scenario(scenario(PVP, people=people, finality_lag=2))
    hub = testbed.world.engines["shanghai"]
    while testbed.step():
        sent = (event for _, event in events(testbed, TransactionSubmitted))
        aborts = [event.tx_hash for event in sent if event.purpose is Purpose.ABORT]
        if len(aborts) == 1:
            hub.reorganise(hub.latest - hub.finalized, drop=aborts)
    (aborted,) = testbed.query().trades.values()
    assert aborted.verdict == "aborted"


def losing(testbed: Testbed, purpose: Purpose, times: int = 1) -> Testbed:
    """The run at its end; the first calls for a purpose are dropped from their blocks."""
    dropped: set[bytes] = set()
    while testbed.step():
        for _, event in events(testbed, TransactionSubmitted):
            engine = testbed.world.engines[event.chain]
            is_wanted = event.purpose is purpose and event.tx_hash not in dropped
            if is_wanted and len(dropped) < times and engine.receipt(event.tx_hash):
                dropped.add(event.tx_hash)
                engine.reorganise(engine.latest - engine.finalized, drop=[event.tx_hash])
    assert len(dropped) == times
    return testbed


def lost_for_good(testbed: Testbed) -> set[bytes]:
    """The calls that were lost and never came into a block."""
    lost = {event.tx_hash for _, event in events(testbed, TransactionLost)}
    ended = events(testbed, TransactionIncluded, TransactionFailed)
    return lost - {event.tx_hash for _, event in ended}


def test_a_party_refuses_again_when_its_refusal_was_dropped() -> None:
    refused = {**PVP, "expect": "aborted", "because": "REFU"}
    people = {"bob": {"policy": "refuses"}}
    asked = scenario(refused, people=people, finality_lag=2)
    testbed = losing(Testbed.from_scenario(asked), Purpose.REFUSE)
    assert ended_well(testbed)
    assert not lost_for_good(testbed)


@pytest.mark.parametrize(
    ("section", "plan", "purpose", "because"),
    [
        ("cancellations", {}, Purpose.CANCEL, "cancelled"),
        ("objections", {"chain": "london"}, Purpose.OBJECT, "SBLO"),
    ],
)
def test_what_is_said_in_the_middle_of_a_trade_is_said_again_when_it_was_dropped(
    section: str, plan: dict[str, str], purpose: Purpose, because: str
) -> None:
    people = {"alice": {"policy": "late", "delay_s": 20}}
    stopped = {**PVP, "expect": "aborted", "because": because}
    calm = scenario(stopped, people=people, finality_lag=2)
    spoken = {"trade": calm.trades[0].reference, "at_s": 6, **plan}
    testbed = losing(Testbed.from_scenario(with_plans(calm, **{section: [spoken]})), purpose)
    assert ended_well(testbed)
    assert not lost_for_good(testbed)


def test_payments_that_were_dropped_are_made_again_in_their_order() -> None:
    testbed = Testbed.from_scenario(scenario(PVP, finality_lag=2))
    testbed.step()
    for amount in (10, 20, 30):
        testbed.pay("alice", "bob", "SMDC", amount)
    losing(testbed, Purpose.TRANSFER, times=2)
    paid = [e.amount for _, e in events(testbed, Transferred) if e.sender == "alice"]
    assert [amount for amount in paid if amount in (10, 20, 30)] == [10, 20, 30]
    assert ended_well(testbed)


def test_what_waits_behind_a_dropped_hold_does_not_wait_for_ever() -> None:
    """Who has stopped holds no more; yet its account's last payment is behind that hold."""
    stopped = {**PVP, "expect": "settled"}
    testbed = Testbed.from_scenario(scenario(stopped, finality_lag=2))
    testbed.step()
    (held,) = [e for _, e in events(testbed, TransactionSubmitted) if e.purpose is Purpose.HOLD]
    paid = testbed.pay("bob", "alice", "tGBP", 5)
    testbed._participants.cease("bob")
    testbed.world.engines["london"].reorganise(1, drop=[held.tx_hash])
    testbed.run()
    assert paid in {event.tx_hash for _, event in events(testbed, TransactionIncluded)}
    assert ended_well(testbed)
    assert testbed.now_ms < 20_000


def relayed_by_bob(*losses: dict[str, object]) -> tuple[Testbed, bytes]:
    """The moment at which bob's account has relayed a call to London, and that call."""
    calm = scenario(PVP, finality_lag=3)
    testbed = Testbed.from_scenario(with_plans(calm, faults=losses))
    testbed.restart_relayer(account_of="bob")
    relayed = (Purpose.UPDATE_CLIENT, Purpose.PROVE)
    while testbed.step():
        for _, event in events(testbed, TransactionSubmitted):
            if (event.chain, event.sender) == ("london", "bob") and event.purpose in relayed:
                return testbed, event.tx_hash
    raise AssertionError("nothing was relayed")


def paid_by_bob(testbed: Testbed) -> list[int]:
    return [e.amount for _, e in events(testbed, Transferred) if e.sender == "bob"]


def test_a_payment_does_not_wait_for_ever_behind_a_call_of_a_relayer_that_has_left() -> None:
    testbed, relayed = relayed_by_bob()
    testbed.pay("bob", "alice", "tGBP", 7)
    testbed.world.engines["london"].reorganise(1, drop=[relayed])
    testbed.restart_relayer(account_of="operator")
    testbed.run()
    assert paid_by_bob(testbed).count(7) == 1
    assert ended_well(testbed)
    assert testbed.now_ms < 30_000


def test_a_payment_that_is_sent_again_leaves_the_nonces_of_others_alone() -> None:
    at_s = relayed_by_bob()[0].now_ms // 1000 + 1
    loss = {"kind": "reorganisation", "at_s": at_s, "chain": "london", "depth": 2, "drop": True}
    testbed, relayed = relayed_by_bob(loss)
    lost = testbed.pay("bob", "alice", "tGBP", 7)
    testbed.step()
    testbed.restart_relayer(account_of="operator")
    testbed.pay("bob", "alice", "tGBP", 8)
    testbed.run()
    assert {event.tx_hash for _, event in events(testbed, TransactionLost)} >= {relayed, lost}
    assert [amount for amount in paid_by_bob(testbed) if amount in (7, 8)] == [7, 8]
    assert ended_well(testbed)
    assert testbed.now_ms < 30_000
