"""What an outbox stores, what it refuses, and that nothing in it grows for ever."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from bridge.errors import ExitCode, InternalError, OutboxFault
from bridge.model import Address, ChainId
from bridge.outbox import ENDED_KEPT, PRUNE_EVERY, Entry, Outbox, State
from bridge.outbox_file import APPLICATION_ID, SCHEMA_VERSION

HUB, LEG = ChainId(1), ChainId(2**256 - 1)
WORLD = {HUB: b"\1" * 32, LEG: b"\2" * 32}
ACCOUNT = Address(b"\7" * 20)


def entry(nonce: int, chain: ChainId = HUB, raw: bytes = b"raw") -> Entry:
    return Entry(chain, nonce, nonce.to_bytes(31, "big") + bytes([chain % 256]), raw)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "an outbox.sqlite"


@pytest.fixture(params=["file", "memory"])
def outbox(request: pytest.FixtureRequest, path: Path) -> Iterator[Outbox]:
    opened = Outbox(path if request.param == "file" else None)
    yield opened
    opened.close()


def reopened(path: Path) -> tuple[Entry, ...]:
    outbox = Outbox(path)
    stored = outbox.entries()
    outbox.close()
    return stored


# --- what is stored -----------------------------------------------------------------------------


def test_what_is_stored_is_open_until_it_is_marked_as_ended(outbox: Outbox) -> None:
    first, second = entry(0), entry(1)
    outbox.write([first, second])
    assert outbox.open_entries() == (first, second)
    outbox.write(marks={first.tx_hash: State.INCLUDED, second.tx_hash: State.SUBMITTED})
    assert [(e.nonce, e.state) for e in outbox.open_entries()] == [(1, State.SUBMITTED)]


def test_numbers_are_as_large_as_those_of_the_chains(outbox: Outbox) -> None:
    large = Entry(LEG, 2**256 - 1, b"\3" * 32, b"raw")
    outbox.write([large])
    assert outbox.open_entries() == (large,)


def test_no_large_number_is_in_an_integer_column(path: Path) -> None:
    outbox = Outbox(path)
    outbox.write([Entry(LEG, 2**64, b"\3" * 32, b"raw")])
    outbox.close()
    with sqlite3.connect(path) as other:
        (row,) = other.execute(
            "SELECT typeof(chain_id), length(chain_id), typeof(nonce) FROM calls"
        )
        assert row == ("blob", 32, "blob")
        with pytest.raises(sqlite3.IntegrityError):
            other.execute("UPDATE calls SET nonce = 5")
    other.close()


def test_a_commit_waits_for_the_disk_and_no_file_is_shared(path: Path) -> None:
    outbox = Outbox(path)
    outbox.write([entry(0)])
    assert outbox._file.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert outbox._file.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert {found.name for found in path.parent.iterdir()} == {path.name, f"{path.name}-wal"}
    outbox.close()


def test_what_was_committed_is_there_when_the_file_is_opened_again(path: Path) -> None:
    outbox = Outbox(path)
    outbox.write([entry(0)])
    outbox.close()
    assert reopened(path) == (entry(0),)


def test_two_open_calls_never_share_a_nonce(outbox: Outbox) -> None:
    outbox.write([entry(5)])
    with pytest.raises(InternalError):
        outbox.write([Entry(HUB, 5, b"\x99" * 32, b"other")])
    assert outbox.open_entries() == (entry(5),)


def test_a_nonce_is_free_again_once_its_call_is_lost(outbox: Outbox) -> None:
    outbox.write([entry(5)])
    other = Entry(HUB, 5, b"\x99" * 32, b"other")
    outbox.write([other], {entry(5).tx_hash: State.LOST})
    assert outbox.open_entries() == (other,)


def test_a_lost_call_that_is_signed_again_is_the_same_entry(outbox: Outbox) -> None:
    outbox.write([entry(5)])
    outbox.write(marks={entry(5).tx_hash: State.LOST})
    outbox.write([entry(5)])
    assert outbox.entries() == (entry(5),)


@pytest.mark.parametrize("ended", [State.INCLUDED, State.FAILED, State.LOST])
def test_what_has_ended_is_not_marked_again(outbox: Outbox, ended: State) -> None:
    outbox.write([entry(0)])
    outbox.write(marks={entry(0).tx_hash: ended})
    outbox.write(marks={entry(0).tx_hash: State.SUBMITTED})
    assert [e.state for e in outbox.entries()] == [ended]


def test_a_step_is_written_as_a_whole_or_not_at_all(outbox: Outbox) -> None:
    outbox.write([entry(0)])
    with pytest.raises(InternalError):
        outbox.write(
            [entry(1), entry(2), Entry(HUB, 2, b"\x99" * 32, b"")],
            {entry(0).tx_hash: State.INCLUDED},
        )
    assert outbox.entries() == (entry(0),)


class Disturbed:
    """SQLite's connection, at which something happens when it is to commit."""

    def __init__(self, file: sqlite3.Connection, fault: BaseException) -> None:
        self._file = file
        self._fault = fault

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        if statement == "COMMIT":
            raise self._fault
        return self._file.execute(statement, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def failed_sync() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    return error


@pytest.mark.parametrize(
    ("fault", "told"),
    [(failed_sync(), OutboxFault), (KeyboardInterrupt(), KeyboardInterrupt)],
    ids=["disk", "interrupt"],
)
def test_a_step_that_is_not_committed_is_undone_and_the_next_one_is_written(
    outbox: Outbox, fault: BaseException, told: type[BaseException]
) -> None:
    outbox.write([entry(0)])
    sound = outbox._file
    outbox._file = cast(sqlite3.Connection, Disturbed(sound, fault))
    with pytest.raises(told) as caught:
        outbox.write([entry(1)], {entry(0).tx_hash: State.INCLUDED})
    if isinstance(caught.value, OutboxFault):
        assert caught.value.code == "E-ENVIRONMENT-OUTBOX-IO"
    assert outbox.entries() == (entry(0),)
    outbox._file = sound
    outbox.write([entry(2)])
    assert outbox.entries() == (entry(0), entry(2))


def test_nothing_grows_with_what_has_ended(outbox: Outbox) -> None:
    outbox.write([entry(0)])  # stays open
    for first in range(1, 4 * ENDED_KEPT, 100):
        batch = [entry(nonce) for nonce in range(first, first + 100)]
        outbox.write(batch)
        outbox.write(marks={e.tx_hash: State.INCLUDED for e in batch})
    stored = outbox.entries()
    assert ENDED_KEPT < len(stored) <= ENDED_KEPT + PRUNE_EVERY + 100
    assert outbox.open_entries() == (entry(0),)


# --- whose it is --------------------------------------------------------------------------------


def test_an_outbox_goes_on_with_its_own_world(outbox: Outbox) -> None:
    for _ in range(2):
        outbox.bind(ACCOUNT, WORLD)


@pytest.mark.parametrize(
    ("account", "world"),
    [
        (Address(b"\x08" * 20), WORLD),
        (ACCOUNT, {**WORLD, HUB: b"\x09" * 32}),
        (ACCOUNT, {HUB: WORLD[HUB]}),
    ],
    ids=["account", "genesis", "chains"],
)
def test_an_outbox_of_another_world_is_refused(
    outbox: Outbox, account: Address, world: dict[ChainId, bytes]
) -> None:
    outbox.bind(ACCOUNT, WORLD)
    assert refusal(lambda: outbox.bind(account, world)) == "E-ENVIRONMENT-OUTBOX-OTHER-WORLD"


# --- files that are not ours --------------------------------------------------------------------


def refusal(act: object) -> str:
    """The code of the fault, which is one line and leads to exit 4."""
    assert callable(act)
    with pytest.raises(OutboxFault) as caught:
        act()
    assert caught.value.exit_code is ExitCode.ENVIRONMENT
    assert "\n" not in str(caught.value)
    return caught.value.code


def foreign(path: Path, *statements: str) -> bytes:
    """A database of somebody else's, byte for byte."""
    with sqlite3.connect(path) as other:
        for statement in statements:
            other.execute(statement)
    other.close()
    return path.read_bytes()


def test_a_new_file_is_marked_as_ours(path: Path) -> None:
    Outbox(path).close()
    with sqlite3.connect(path) as other:
        assert other.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert other.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.close()


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        (["CREATE TABLE theirs (x)"], "E-ENVIRONMENT-OUTBOX-FOREIGN"),
        (["PRAGMA application_id = 77"], "E-ENVIRONMENT-OUTBOX-FOREIGN"),
        (
            [f"PRAGMA application_id = {APPLICATION_ID}", "PRAGMA user_version = 2"],
            "E-ENVIRONMENT-OUTBOX-NEWER",
        ),
    ],
    ids=["unmarked", "another program", "newer"],
)
def test_a_file_that_is_not_ours_is_refused_and_left_as_it_was(
    path: Path, statements: list[str], code: str
) -> None:
    before = foreign(path, *statements)
    assert refusal(lambda: Outbox(path)) == code
    assert path.read_bytes() == before


def test_a_text_file_is_refused_and_left_as_it_was(path: Path) -> None:
    path.write_text("dear diary, " * 500)
    assert refusal(lambda: Outbox(path)) == "E-ENVIRONMENT-OUTBOX-DAMAGED"
    assert path.read_text() == "dear diary, " * 500


def test_a_directory_is_no_outbox(tmp_path: Path) -> None:
    assert refusal(lambda: Outbox(tmp_path)) == "E-ENVIRONMENT-OUTBOX-UNREADABLE"


def test_a_place_that_does_not_exist_is_no_outbox(tmp_path: Path) -> None:
    place = tmp_path / "nowhere" / "outbox"
    assert refusal(lambda: Outbox(place)) == "E-ENVIRONMENT-OUTBOX-UNREADABLE"
