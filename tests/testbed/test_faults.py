"""Each fault wraps one port: what passes through before, during and after, and what is noted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest

from bridge.errors import UsageError
from bridge.events import (
    CommandGiven,
    Event,
    FaultInjected,
    ParticipantActed,
    RelayerReported,
    TransactionFailed,
)
from bridge.testbed import faults
from bridge.testbed.faults import Joined, Restarted, Silenced
from bridge.testbed.relayer_seat import RelayerSeat, Relays
from bridge.testbed.scenario import Scenario
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import World
from tests.support.documents import GOOD, parsed
from tests.support.runs import PVP, ended_well, events, scenario, with_plans
from tests.support.shipped import run_to_its_end


@dataclass
class Worker:
    """A relayer that says who it is and when it worked."""

    account_of: str
    worked: list[int] = field(default_factory=list)

    def step(self, now_s: int) -> Iterator[Event]:
        self.worked.append(now_s)
        yield RelayerReported("shanghai", f"{self.account_of} at {now_s}")

    def finish(self, now_s: int) -> Iterator[Event]:
        yield RelayerReported("shanghai", f"{self.account_of} finishes")

    def close(self) -> None:
        pass


def unnoted(event: Event) -> None:
    """A journal that nobody reads."""


def seat() -> RelayerSeat:
    return RelayerSeat(Worker)


def reports(relays: Relays, *seconds: int) -> list[str]:
    said = [event for second in seconds for event in relays.step(second)]
    return [event.detail for event in said if isinstance(event, RelayerReported)]


def test_who_leaves_the_seat_to_another_account_finishes_what_it_has_sent() -> None:
    its_seat = seat()
    its_seat.replace("alice")
    assert reports(its_seat, 1) == ["relayer finishes", "alice at 1"]
    its_seat.replace("alice")
    assert reports(its_seat, 2) == ["relayer finishes", "alice at 2"]
    its_seat.replace()
    assert reports(its_seat, 3) == ["alice finishes", "relayer at 3"]


def test_a_silenced_relayer_works_before_and_after() -> None:
    noted: list[Event] = []
    relays = Silenced(seat(), 3, 5, noted.append)
    assert reports(relays, *range(1, 7)) == [f"relayer at {second}" for second in (1, 2, 5, 6)]
    assert noted == [FaultInjected("relayer_silence", "relayer", "silent for 2 s")]


def test_a_relayer_silenced_for_good_never_works_again() -> None:
    noted: list[Event] = []
    relays = Silenced(seat(), 3, None, noted.append)
    assert reports(relays, 2, 3, 4, 10_000) == ["relayer at 2"]
    assert noted == [FaultInjected("relayer_silence", "relayer", "silent for good")]


def test_a_restarted_relayer_is_another_one() -> None:
    made: list[Worker] = []

    def make(account_of: str) -> Worker:
        made.append(Worker(account_of))
        return made[-1]

    noted: list[Event] = []
    its_seat = RelayerSeat(make)
    relays = Restarted(its_seat, its_seat, 3, 5, noted.append)
    reports(relays, *range(1, 7))
    assert [worker.worked for worker in made] == [[1, 2], [5, 6]]
    assert len(noted) == 2


def test_a_relayer_that_is_back_at_once_misses_no_second() -> None:
    its_seat = seat()
    relays = Restarted(its_seat, its_seat, 3, 3, unnoted)
    assert len(reports(relays, 2, 3, 4)) == 3


def test_a_third_party_relays_beside_the_relayer() -> None:
    relays = Joined(seat(), seat(), "thames", 3, unnoted)
    assert reports(relays, 2, 3) == ["relayer at 2", "relayer at 3", "thames at 3"]


def test_faults_lie_around_each_other() -> None:
    plan = '[[faults]]\nkind = "relayer_silence"\nat_s = 1\n'
    plan += '[[faults]]\nkind = "third_party"\nat_s = 2\nparticipant = "buyer"\n'
    wanted = parsed(f"{GOOD}\n{plan}")
    relays = faults.around_relayer(wanted, seat(), unnoted)
    seconds = (wanted.start_s + second for second in range(4))
    assert [said.split()[0] for said in reports(relays, *seconds)] == ["relayer", "buyer", "buyer"]


def test_without_faults_a_port_is_what_it_was() -> None:
    calm, its_seat = scenario(PVP), seat()
    world = World.build(calm, 1, "auto")
    assert faults.around_relayer(calm, its_seat, unnoted) is its_seat
    assert faults.around_chain(world, "shanghai", unnoted) is world.engines["shanghai"]


def planned(*plans: Mapping[str, object], **fields: object) -> Scenario:
    """The two-leg trade of the tests with faults."""
    return with_plans(scenario(PVP, **fields), faults=plans)  # type: ignore[arg-type]


def test_two_relayers_do_each_other_no_harm() -> None:
    testbed = run_to_its_end(planned({"kind": "third_party", "at_s": 0, "participant": "bob"}))
    assert ended_well(testbed)


def test_the_account_of_a_third_party_takes_no_second_relayer() -> None:
    plan = {"kind": "third_party", "at_s": 5, "participant": "bob"}
    testbed = Testbed.from_scenario(planned(plan))
    with pytest.raises(UsageError, match="one account serves one relayer"):
        testbed.restart_relayer(account_of="bob")
    testbed.restart_relayer(account_of="alice")
    assert [e.arguments for _, e in events(testbed, CommandGiven)] == [("alice",)]


def test_a_relayer_that_restarts_every_second_still_settles() -> None:
    restarts = [{"kind": "relayer_restart", "at_s": second} for second in range(8)]
    assert ended_well(run_to_its_end(planned(*restarts)))


def test_a_chain_that_loses_its_newest_blocks_every_second_for_a_while_still_settles() -> None:
    losses = [
        {"kind": "reorganisation", "at_s": second, "chain": chain, "depth": 2, "drop": True}
        for second in range(2, 12, 3)
        for chain in ("shanghai", "london")
    ]
    assert ended_well(run_to_its_end(planned(*losses, finality_lag=2)))


def test_reorganisations_close_upon_each_other_reach_no_sealed_block() -> None:
    losses = [
        {"kind": "reorganisation", "at_s": second, "chain": "shanghai", "depth": 2, "drop": True}
        for second in (3, 4, 5)
    ]
    testbed = run_to_its_end(planned(*losses, finality_lag=2))
    assert ended_well(testbed)
    details = [event.detail for _, event in events(testbed, FaultInjected)]
    replaced = [detail.split(" replaced")[0].split()[1:] for detail in details]
    assert [int(last) - int(first) + 1 for first, _, last in replaced] == [2, 1, 1]


def test_a_second_reorganisation_in_one_second_says_that_nothing_was_left_for_it() -> None:
    loss = {"kind": "reorganisation", "at_s": 4, "chain": "shanghai", "depth": 2}
    testbed = run_to_its_end(planned(loss, loss, finality_lag=2))
    assert ended_well(testbed)
    details = [event.detail for _, event in events(testbed, FaultInjected)]
    assert details == [
        "blocks 6 to 7 replaced, 2 calls queued again",
        "no block was left to replace",
    ]


def test_all_validators_of_both_chains_can_be_replaced_one_by_one() -> None:
    handovers = [
        {"kind": "rotation", "at_s": second, "chain": chain}
        for second in range(1, 6)
        for chain in ("shanghai", "london")
    ]
    assert ended_well(run_to_its_end(planned(*handovers)))


def test_a_run_waits_for_a_fault_that_is_still_to_come() -> None:
    testbed = run_to_its_end(planned({"kind": "relayer_restart", "at_s": 70}))
    assert ended_well(testbed)
    assert [e.fault for _, e in events(testbed, FaultInjected)] == ["relayer_restart"] * 2


def test_an_administrator_finds_nothing_where_everything_is_held() -> None:
    wind_up = {"kind": "insolvency", "at_s": 20, "participant": "bob", "administrator": "alice"}
    testbed = run_to_its_end(planned(wind_up))
    assert ended_well(testbed)
    assert not events(testbed, TransactionFailed)
    positions = testbed.query().positions
    assert positions.of("alice", "SMDC").balance + positions.of("alice", "tGBP").balance == 400_000


def test_a_participant_that_stops_before_it_signs_never_signs() -> None:
    wind_up = {"kind": "insolvency", "at_s": 0, "participant": "bob", "administrator": "alice"}
    testbed = Testbed.from_scenario(planned(wind_up))
    testbed.run()
    acted = {e.participant for _, e in events(testbed, ParticipantActed)}
    assert "bob" not in acted
    assert testbed.query().count("aborted") == 1
