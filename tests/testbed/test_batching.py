"""A party's orders of one moment go as one transaction; a member that fails fails no other."""

from __future__ import annotations

from collections import Counter

import pytest

from bridge.events import (
    MemberSkipped,
    PacketRelayed,
    Purpose,
    TransactionFailed,
    TransactionIncluded,
    TransactionSubmitted,
)
from bridge.model import BATCH_MAX
from bridge.testbed import batching
from bridge.testbed.scenario import Scenario
from bridge.testbed.testbed import Testbed
from tests.support.runs import PVP, ended_well, events, leg, scenario, trade

MANY = 6
TOO_MUCH = trade(
    leg("shanghai", "alice", "bob"),
    leg("london", "bob", "alice", "1100.00"),
    expect="aborted",
    because="MONY",
)
SMALL = trade(leg("shanghai", "alice", "bob", "1.00"), leg("london", "bob", "alice", "1.00"))


def run(asked: Scenario, engine: str = "auto") -> Testbed:
    testbed = Testbed.from_scenario(asked, engine=engine)
    testbed.run()
    return testbed


def sent(testbed: Testbed) -> Counter[Purpose]:
    """How many transactions settled trades, by what they did."""
    submitted = (event for _, event in events(testbed, TransactionSubmitted))
    return Counter(event.purpose for event in submitted if event.purpose.is_settlement)


@pytest.mark.parametrize("engine", ["pyevm", "revm"])
def test_trades_of_one_moment_share_every_transaction_and_one_header_each_way(engine: str) -> None:
    testbed = run(scenario(*[PVP] * MANY), engine)
    assert ended_well(testbed)
    assert sent(testbed) == {
        Purpose.OPEN: 1,
        Purpose.HOLD: 1,
        Purpose.ANNOUNCE: 2,
        Purpose.UPDATE_CLIENT: 2,
        Purpose.PROVE: 2,
    }
    packets = [event for _, event in events(testbed, PacketRelayed)]
    assert [len(packet.trade_ids) for packet in packets] == [MANY, MANY]


def test_a_batch_takes_no_longer_than_a_trade_alone() -> None:
    alone, together = run(scenario(PVP)), run(scenario(*[PVP] * MANY))
    settled = [
        max(trade.timeline[-1].at_ms for trade in testbed.query().trades.values())
        for testbed in (alone, together)
    ]
    assert settled[0] == settled[1]


def test_without_batching_every_trade_has_transactions_of_its_own() -> None:
    testbed = run(scenario(*[PVP] * MANY).model_copy(update={"batching": False}))
    assert ended_well(testbed)
    assert sent(testbed)[Purpose.OPEN] == sent(testbed)[Purpose.HOLD] == MANY
    assert sent(testbed)[Purpose.PROVE] == 2 * MANY
    assert Purpose.ANNOUNCE not in sent(testbed)


def test_a_member_that_cannot_be_held_is_skipped_and_the_others_settle() -> None:
    testbed = run(scenario(PVP, TOO_MUCH, TOO_MUCH, PVP))
    assert ended_well(testbed)
    skipped = [event for _, event in events(testbed, MemberSkipped)]
    (reason,) = {event.reason for event in skipped}
    assert reason == "legs: token declined the hold"


def test_a_batch_that_reverts_as_a_whole_is_done_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batching, "gas_of", lambda _trades: 500_000)  # less than a member is given
    testbed = run(scenario(*[PVP] * MANY))
    assert ended_well(testbed)
    failed = [event for _, event in events(testbed, TransactionFailed)]
    assert {Purpose.OPEN, Purpose.HOLD} <= {event.purpose for event in failed}
    done = [event for _, event in events(testbed, TransactionIncluded)]
    assert Counter(event.purpose for event in done)[Purpose.OPEN] == MANY


def test_a_trade_between_others_goes_at_once_as_it_is() -> None:
    other = trade(leg("shanghai", "carol", "dave"), leg("london", "dave", "carol", "50.00"))
    testbed = run(scenario(*[PVP] * MANY, other))
    opened = [event for _, event in events(testbed, TransactionSubmitted)]
    sizes = [len(event.trade_ids) for event in opened if event.purpose is Purpose.OPEN]
    assert sorted(sizes) == [1, MANY]
    assert ended_well(testbed)


def test_holds_behind_an_announcement_that_was_dropped_are_still_placed() -> None:
    testbed = Testbed.from_scenario(scenario(*[PVP] * 5, *[SMALL] * BATCH_MAX, finality_lag=2))
    testbed.step()
    submitted = [event for _, event in events(testbed, TransactionSubmitted)]
    dropped = [event.tx_hash for event in submitted if event.purpose is Purpose.ANNOUNCE]
    assert len(dropped) > 1
    testbed.world.engines["london"].reorganise(1, drop=dropped)
    testbed.run()
    assert ended_well(testbed)
    assert not events(testbed, TransactionFailed)


def test_nothing_is_announced_again_when_the_holds_were_dropped_as_well() -> None:
    testbed = Testbed.from_scenario(scenario(*[PVP] * MANY, finality_lag=2))
    testbed.step()
    submitted = [event.tx_hash for _, event in events(testbed, TransactionSubmitted)]
    testbed.world.engines["london"].reorganise(1, drop=submitted)
    testbed.run()
    assert ended_well(testbed)
    assert not events(testbed, TransactionFailed)
