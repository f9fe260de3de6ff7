"""A snapshot restored is the run as it was, and a recorded run with commands replays."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.errors import InternalError, JournalError, UsageError
from bridge.events import (
    BlockProduced,
    Command,
    CommandGiven,
    Event,
    Restored,
    RunFinished,
    TradeInstructed,
)
from bridge.journal import Journal
from bridge.journal_file import read_journal
from bridge.outbox import Outbox
from bridge.testbed.replay import first_difference, replay
from bridge.testbed.scenario_file import load_scenario, shipped_scenarios
from bridge.testbed.scenario_text import save_scenario
from bridge.testbed.snapshots import SnapshotId
from bridge.testbed.testbed import Testbed
from tests.support.runs import PVP, events, leg, scenario, trade

LAGGING = trade(leg("london", "bob", "alice", "5.00"), leg("shanghai", "alice", "bob", "6.00"))
SMALL = tuple(name for name in shipped_scenarios() if name != "market_day")


def stepped(testbed: Testbed, steps: int) -> Testbed:
    while testbed.steps < steps and testbed.step():
        pass
    return testbed


def told(journal: Journal) -> list[tuple[int, Event]]:
    """What happened and when, but for where branches begin."""
    return [(e.at_ms, e.event) for e in journal if not isinstance(e.event, Restored)]


def assert_restoring_changes_nothing(testbed: Testbed, moment: int) -> None:
    """Go on to the end, return, go on again, return again: always the same blocks and events."""
    snapshot, at_ms = stepped(testbed, moment).snapshot(), testbed.now_ms
    testbed.run()
    for _ in range(2):
        testbed.restore(snapshot)
        assert testbed.now_ms == at_ms
        testbed.run()
    first, second, third = testbed.branches
    assert told(first) == told(second)
    assert second.sha256() == third.sha256() != first.sha256()
    assert any(isinstance(event, BlockProduced) for _, event in told(third))


@pytest.mark.parametrize("moment", [0, 1, 4, 8, 10_000])
@pytest.mark.parametrize("engine", ["revm", "pyevm"])
def test_a_run_goes_on_from_any_moment_as_it_did(engine: str, moment: int) -> None:
    planned = scenario(PVP, LAGGING, finality_lag=2)
    assert_restoring_changes_nothing(Testbed.from_scenario(planned, 5, engine), moment)


@pytest.mark.parametrize("name", SMALL)
def test_every_shipped_scenario_goes_on_in_the_middle_of_its_faults(name: str) -> None:
    planned = load_scenario(name)
    middle = planned.last_plan_s or 4
    assert_restoring_changes_nothing(Testbed.from_scenario(planned), middle)


@pytest.mark.parametrize("name", ["finality_lag_reorg", "relayer_restart", "validator_rotation"])
def test_faults_come_again_on_the_slower_engine(name: str) -> None:
    planned = load_scenario(name)
    testbed = Testbed.from_scenario(planned, None, "pyevm")
    assert_restoring_changes_nothing(testbed, planned.last_plan_s)


def test_the_chains_of_a_restored_run_are_those_of_the_snapshot() -> None:
    testbed = stepped(Testbed.from_scenario(scenario(PVP, finality_lag=3)), 3)
    before = {name: engine.latest for name, engine in testbed.world.engines.items()}
    snapshot = testbed.snapshot()
    testbed.run()
    testbed.restore(snapshot)
    assert {name: engine.latest for name, engine in testbed.world.engines.items()} == before
    assert testbed.query().count("settled") == 0
    assert not testbed.is_finished


def test_a_branch_may_go_elsewhere_and_both_journals_stay() -> None:
    testbed = stepped(Testbed.from_scenario(scenario(PVP)), 2)
    snapshot = testbed.snapshot()
    testbed.run()
    testbed.restore(snapshot)
    testbed.pay("alice", "bob", "SMDC", 99_999)
    testbed.run()
    settled, short = testbed.branches
    assert testbed.journal is short
    assert settled.sha256() != short.sha256()
    assert [e.sequence for e in short] == list(range(len(short)))
    found = first_difference(settled, short)
    assert found is not None
    assert found.right is not None
    assert found.right.event == Restored(2, 0)


def test_a_branch_can_be_left_for_a_moment_of_another() -> None:
    testbed = stepped(Testbed.from_scenario(scenario(PVP)), 2)
    early = testbed.snapshot()
    testbed.restart_relayer()
    late = stepped(testbed, 4).snapshot()
    testbed.restore(early)
    testbed.run()
    testbed.restore(late)
    restarts = [event.command for _, event in events(testbed, CommandGiven)]
    assert restarts == [Command.RESTART_RELAYER]
    testbed.run()
    assert len(testbed.branches) == 3


def test_what_was_never_taken_cannot_be_restored() -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    for number in (0, -1):
        with pytest.raises(UsageError, match="there is no snapshot"):
            testbed.restore(SnapshotId(number))


def test_a_run_whose_outbox_is_kept_elsewhere_has_no_snapshots() -> None:
    with pytest.raises(UsageError, match="cannot be restored"):
        Testbed.from_scenario(scenario(PVP), outbox=Outbox()).snapshot()


def test_what_was_done_behind_the_testbeds_back_is_not_restored_in_silence() -> None:
    testbed = stepped(Testbed.from_scenario(scenario(PVP, finality_lag=2)), 3)
    testbed.world.engines["shanghai"].reorganise(1)
    snapshot = stepped(testbed, 5).snapshot()
    with pytest.raises(InternalError, match="behind its back"):
        testbed.restore(snapshot)


# --- replay -------------------------------------------------------------------------------------


def commanded() -> Testbed:
    """A run with every command in it."""
    testbed = stepped(Testbed.from_scenario(scenario(PVP, finality_lag=3)), 1)
    testbed.pay("alice", "bob", "SMDC", 1_234)
    stepped(testbed, 2).submit(scenario(PVP, LAGGING).trades[1])
    snapshot = testbed.snapshot()
    testbed.run()
    testbed.restore(snapshot)
    testbed.restart_relayer()
    stepped(testbed, 4).restart_relayer(account_of="operator")
    stepped(testbed, 6).end()
    return testbed


def written(testbed: Testbed, place: Path, journal: bytes = b"") -> Path:
    place.mkdir()
    content = journal or b"".join(testbed.journal.lines())
    (place / "journal.jsonl").write_bytes(content)
    save_scenario(testbed.world.scenario, place / "scenario.toml")
    return place


@pytest.mark.parametrize("engine", ["revm", "pyevm"])
def test_a_run_with_every_command_replays(tmp_path: Path, engine: str) -> None:
    testbed = commanded()
    given = [event.command for _, event in events(testbed, CommandGiven)]
    assert given == [Command.PAY, Command.SUBMIT, *[Command.RESTART_RELAYER] * 2, Command.END]
    assert len(events(testbed, TradeInstructed)) == 2
    assert events(testbed, RunFinished)
    done = replay(written(testbed, tmp_path / "run"), engine)
    assert done.difference is None
    assert done.repeated.sha256() == testbed.journal.sha256()
    assert read_journal(tmp_path / "run").sha256() == testbed.journal.sha256()


def test_an_effect_that_no_command_has_does_not_replay(tmp_path: Path) -> None:
    journal = b"".join(commanded().journal.lines())
    forged = journal.replace(b'"SMDC","1234"', b'"SMDC","1235"', 1)
    assert forged != journal
    done = replay(written(commanded(), tmp_path / "run", forged))
    assert done.difference is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"SMDC","1234"', b'"SMDC","-1"'),
        (b'"SMDC","1234"', b'"nothing","1234"'),
        (b'"SMDC","1234"', b'"SMDC"'),
        (b'["operator"]', b'["nobody"]'),
        (b'\\"hub\\":', b'\\"hob\\":'),
    ],
)
def test_a_command_that_nobody_can_have_given_is_told(
    tmp_path: Path, old: bytes, new: bytes
) -> None:
    testbed = commanded()
    journal = b"".join(testbed.journal.lines())
    assert old in journal
    with pytest.raises(JournalError, match="cannot be given"):
        replay(written(testbed, tmp_path / "run", journal.replace(old, new, 1)))
