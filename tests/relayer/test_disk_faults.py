"""When the disk fails: one clear error, the run stops where it is, and nothing is lost."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.doctor import rebuild
from bridge.errors import ExitCode, OutboxFault
from bridge.events import TransactionSubmitted
from bridge.outbox import Outbox
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import RELAYER
from tests.relayer.test_kill_points import ENDED, watched
from tests.support.runs import PVP, ended_well, events, scenario

STEPS_UNTIL_IT_RELAYS = 1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    opened = Outbox(path)
    yield opened
    opened.close()


def begun(outbox: Outbox) -> Testbed:
    """A run right before its relayer has something to send."""
    testbed = Testbed.from_scenario(scenario(PVP), outbox=outbox)
    for _ in range(STEPS_UNTIL_IT_RELAYS):
        testbed.step()
    return testbed


def stopped(testbed: Testbed) -> str:
    """The code with which the run stops; it leads to exit 4, and nothing was sent."""
    with pytest.raises(OutboxFault) as caught:
        testbed.run()
    assert caught.value.exit_code is ExitCode.ENVIRONMENT
    assert "\n" not in str(caught.value)
    assert not [e for _, e in events(testbed, TransactionSubmitted) if e.sender == RELAYER]
    return caught.value.code


def assert_it_goes_on(testbed: Testbed) -> None:
    """A new relayer on the same outbox brings the run to its end."""
    testbed.restart_relayer()
    testbed.run()
    assert ended_well(testbed)
    stored = testbed.outboxes[RELAYER].entries()
    assert stored
    assert all(entry.state in ENDED for entry in stored)


def pragma(outbox: Outbox, setting: str) -> None:
    file = outbox._connection.connection.driver_connection
    assert isinstance(file, sqlite3.Connection)
    file.execute(f"PRAGMA {setting}")


def test_a_run_on_a_disk_that_is_full_stops_and_goes_on_when_there_is_room(
    path: Path, outbox: Outbox
) -> None:
    testbed = begun(outbox)
    pragma(outbox, "max_page_count = 1")  # what is there stays
    assert stopped(testbed) == "E-ENVIRONMENT-OUTBOX-FULL"
    pragma(outbox, "max_page_count = 1000000")
    assert_it_goes_on(testbed)


def test_a_run_whose_outbox_cannot_be_written_stops_and_goes_on_when_it_can(
    outbox: Outbox,
) -> None:
    testbed = begun(outbox)
    pragma(outbox, "query_only = 1")
    assert stopped(testbed) == "E-ENVIRONMENT-OUTBOX-READ-ONLY"
    pragma(outbox, "query_only = 0")
    assert_it_goes_on(testbed)


def test_an_outbox_that_somebody_has_locked_cannot_be_opened(path: Path) -> None:
    Outbox(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(OutboxFault) as caught:
        Outbox(path)
    assert caught.value.code == "E-ENVIRONMENT-OUTBOX-BUSY"
    other.close()
    Outbox(path).close()


def test_an_outbox_in_use_is_locked_for_everybody_else(path: Path, outbox: Outbox) -> None:
    testbed = begun(outbox)
    with pytest.raises(OutboxFault) as caught:
        Outbox(path)
    assert caught.value.code == "E-ENVIRONMENT-OUTBOX-BUSY"
    other = sqlite3.connect(path, isolation_level=None, timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN EXCLUSIVE")
    other.close()
    testbed.run()
    assert ended_well(testbed)


def in_mid_trade(path: Path) -> Testbed:
    """A run whose relayer has gone after its first submissions."""
    outbox = Outbox(path)
    testbed = begun(outbox)
    testbed.step()
    assert outbox.open_entries()
    outbox.close()
    return testbed


def spoil(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xde\xad\xbe\xef" * 64)


@pytest.mark.parametrize("at", [0, 4096], ids=["header", "page"])
def test_a_damaged_outbox_is_refused_and_rebuilt_from_the_chains(path: Path, at: int) -> None:
    testbed = in_mid_trade(path)
    spoil(path, at)
    with pytest.raises(OutboxFault) as caught:
        Outbox(path)
    assert caught.value.code == "E-ENVIRONMENT-OUTBOX-DAMAGED"
    assert "doctor" in str(caught.value)
    path.unlink()
    outbox = testbed.outboxes[RELAYER] = Outbox(path)
    rebuild(outbox, testbed.world.accounts[RELAYER].address, watched(testbed))
    assert_it_goes_on(testbed)
    outbox.close()


@pytest.mark.parametrize("kept_share", [0.0, 0.5, 0.9])
def test_a_log_that_was_torn_by_a_power_cut_loses_no_trade(
    path: Path, tmp_path: Path, kept_share: float
) -> None:
    outbox = Outbox(path)
    testbed = begun(outbox)
    testbed.step()
    torn = tmp_path / "torn"
    shutil.copyfile(path, torn)
    log = Path(f"{path}-wal").read_bytes()
    Path(f"{torn}-wal").write_bytes(log[: int(len(log) * kept_share)])
    outbox.close()
    testbed.outboxes[RELAYER] = reopened = survivor(torn)
    assert_it_goes_on(testbed)
    reopened.close()


def survivor(torn: Path) -> Outbox:
    """What can be read of a torn file, or a new one."""
    try:
        return Outbox(torn)
    except OutboxFault:
        torn.unlink()
        return Outbox(torn)
