"""A lane asks for what has ended, and for no more: thousands of calls may be on their way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, cast

import pytest

from bridge.account import Account
from bridge.deployed import DeployedChain
from bridge.lane import Lane, Underway
from bridge.model import TradeId
from bridge.outbox import State
from bridge.relay_view import LOST, Announce
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import RELAYER
from chains.engine import Engine
from tests.support.runs import PVP, scenario

CHAIN = "london"
CALLS = 20
NOW_S = 0


class Counted:
    """An engine that counts what it is asked for."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.asked[name] += 1
        return getattr(self.engine, name)


class Bench:
    """A chain that only its test writes to, and a lane on it."""

    def __init__(self, testbed: Testbed) -> None:
        self.deployed: DeployedChain = testbed.deployment.chains[CHAIN]
        self.engine = testbed.world.engines[CHAIN]
        self.account: Account = testbed.world.accounts[RELAYER]
        self.counted = Counted(self.engine)
        self.lane = self.new_lane()

    def new_lane(self) -> Lane:
        return Lane(cast(Engine, self.counted), self.deployed, self.account, 0)

    def drafts(self, count: int) -> tuple[Underway, ...]:
        effects = [
            Announce(self.deployed.chain_id, (TradeId(bytes([n]) * 32),)) for n in range(count)
        ]
        return self.lane.draft(effects)

    def send(self, calls: tuple[Underway, ...]) -> None:
        for call in calls:
            assert self.lane.submit(call, NOW_S)

    def rival(self) -> None:
        """Somebody with our key sends something else."""
        nonce = self.engine.nonce(self.account.address, pending=True)
        chain_id, address = self.deployed.chain_id, self.account.address
        self.engine.submit(self.account.sign(chain_id, nonce, address, b"", 21_000))

    def block(self) -> None:
        head = self.engine.block(self.engine.latest)
        self.engine.produce_block(head.timestamp_s + 1)

    def asked(self, act: Callable[[], object]) -> Counter[str]:
        self.counted.asked.clear()
        act()
        return self.counted.asked


@pytest.fixture
def bench() -> Bench:
    return Bench(Testbed.from_scenario(scenario(PVP)))


def nonces(lane: Lane) -> list[int]:
    return [call.entry.nonce for call in lane.underway]


def test_what_waits_for_a_block_is_not_asked_for(bench: Bench) -> None:
    bench.send(bench.drafts(CALLS))
    asked = bench.asked(lambda: bench.lane.ended())
    assert set(asked) == {"nonce"}
    assert len(bench.lane.underway) == CALLS
    assert not list(bench.lane.missing(NOW_S))


def test_what_a_block_includes_has_ended_by_nonce_and_is_asked_for_once(bench: Bench) -> None:
    drafts = bench.drafts(CALLS)
    bench.send(drafts)
    bench.block()
    bench.send(bench.drafts(CALLS))
    ended: list[object] = []
    asked = bench.asked(lambda: ended.extend(end.errand for end in bench.lane.ended()))
    assert ended == [call.errand for call in drafts]
    assert asked["receipt"] == CALLS
    assert not asked["pending_transactions"]
    assert len(bench.lane.underway) == CALLS


def test_a_lane_with_nothing_on_its_way_asks_nothing(bench: Bench) -> None:
    assert not bench.asked(lambda: (bench.lane.ended(), bench.lane.draft(())))


def test_what_a_node_does_not_know_is_missing_by_nonce(bench: Bench) -> None:
    drafts = bench.drafts(CALLS)
    bench.send(drafts)
    again = bench.new_lane()
    unknown = bench.drafts(3)
    again.adopt(call.entry for call in (*reversed(unknown), *reversed(drafts)))
    assert not again.ended()
    assert [call.entry for call in again.missing(NOW_S)] == [call.entry for call in unknown]
    assert nonces(again) == sorted(nonces(again))


def test_a_call_in_whose_place_another_waits_is_lost_once_that_one_is_in(bench: Bench) -> None:
    (call,) = bench.drafts(1)
    bench.rival()
    bench.lane.adopt([call.entry])
    assert not bench.lane.ended()
    bench.block()
    (end,) = bench.lane.ended()
    assert (end.errand, end.is_success, end.reason) == (call.errand, False, LOST)
    assert bench.lane.marks == {call.entry.tx_hash: State.LOST}
    assert not bench.lane.underway


def test_a_nonce_that_was_left_empty_is_followed_in_its_place(bench: Bench) -> None:
    skipped, *behind = bench.drafts(4)
    bench.send(tuple(behind))
    (filling,) = bench.lane.draft(())
    assert filling.entry.nonce == skipped.entry.nonce
    bench.send((filling,))
    assert nonces(bench.lane) == sorted(nonces(bench.lane))
    bench.block()
    assert len(bench.lane.ended()) == 4
    assert not bench.lane.underway
