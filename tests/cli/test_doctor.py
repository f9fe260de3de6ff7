"""``doctor`` on whole, damaged and edited run directories, and on outboxes."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command_line import main_py
from tests.support.recorded import recorded


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("recorded") / "run")


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "run")


def test_a_whole_run_is_well(run: Path) -> None:
    done = main_py("doctor", str(run))
    assert done.code == 0, done.out
    assert [line[:5] for line in done.out.splitlines()] == ["well "] * 4


def test_a_summary_that_says_something_else_is_told(run: Path) -> None:
    file = run / "summary.json"
    summary = json.loads(file.read_text("utf-8"))
    summary["trades"]["settled"] += 1
    file.write_text(json.dumps(summary), "utf-8")
    done = main_py("doctor", str(run))
    assert done.code == 1
    assert "WRONG  summary: differs from the journal in trades" in done.out
    assert "do: believe the journal" in done.out


def cut(run: Path) -> None:
    file = run / "journal.jsonl"
    file.write_bytes(file.read_bytes()[:-5])


def edited(run: Path) -> None:
    file = run / "journal.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"action":"signed"', b'"action":"waited"', 1))


def another_scenario(run: Path) -> None:
    file = run / "scenario.toml"
    file.write_text(file.read_text("utf-8").replace("552486.19", "552486.18"), "utf-8")


def no_summary(run: Path) -> None:
    (run / "summary.json").write_bytes(b"\xff")


@pytest.mark.parametrize(
    ("harm", "part"),
    [
        (cut, "journal"),
        (edited, "replay"),
        (another_scenario, "scenario"),
        (no_summary, "summary"),
    ],
)
def test_each_harm_is_told_with_what_to_do(
    run: Path, harm: Callable[[Path], None], part: str
) -> None:
    harm(run)
    done = main_py("doctor", str(run))
    assert done.code == 1
    assert f"WRONG  {part}: " in done.out
    assert "       do: " in done.out
    assert done.err == ""


def test_a_lost_outbox_is_rebuilt_and_then_well(run: Path) -> None:
    file = run / "outbox.sqlite"
    done = main_py("doctor", str(run), "--outbox", str(file))
    assert done.code == 0, done.out
    assert "outbox: was gone: rebuilt with" in done.out
    again = main_py("doctor", str(run), "--outbox", str(file))
    assert again.code == 0, again.out
    assert "calls, as the chains have them" in again.out


def test_an_outbox_that_lacks_a_call_is_told(run: Path) -> None:
    file = run / "outbox.sqlite"
    main_py("doctor", str(run), "--outbox", str(file))
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM calls WHERE sequence = 1")
    connection.close()
    done = main_py("doctor", str(run), "--outbox", str(file))
    assert done.code == 1
    assert "WRONG  outbox: 1 calls on the chains are not in it" in done.out


def test_a_file_that_is_no_outbox_is_told_and_left_alone(run: Path) -> None:
    file = run / "outbox.sqlite"
    file.write_bytes(b"not a database at all, by any means" * 100)
    done = main_py("doctor", str(run), "--outbox", str(file))
    assert done.code == 1
    assert "WRONG  outbox: " in done.out
    assert file.read_bytes().startswith(b"not a database")


def test_a_place_without_a_run_is_one_clear_line(tmp_path: Path) -> None:
    done = main_py("doctor", str(tmp_path / "none"))
    assert done.code == 3
    assert len(done.error_lines) == 1
