"""``block show`` on a recorded run, as a shell would call it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bridge.events import BlockProduced, LegsHeld
from bridge.journal_file import read_journal
from tests.support.command_line import main_py
from tests.support.recorded import recorded


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("recorded") / "run")


def held(run: Path) -> LegsHeld:
    events = (entry.event for entry in read_journal(run))
    return next(event for event in events if isinstance(event, LegsHeld))


@pytest.mark.parametrize("engine", ["revm", "pyevm"])
def test_a_block_is_shown_with_the_hash_that_the_journal_has(run: Path, engine: str) -> None:
    at = held(run)
    done = main_py("block", "show", str(run), at.chain, str(at.height), "--engine", engine)
    assert done.code == 0, done.err
    produced = (entry.event for entry in read_journal(run))
    (block,) = (
        event
        for event in produced
        if isinstance(event, BlockProduced) and (event.chain, event.height) == (at.chain, at.height)
    )
    assert f"hash               0x{block.hash.hex()}" in done.out
    assert "seal hash" in done.out
    assert "seals: 4 of 4, 3 make it final" in done.out


def test_the_calls_and_logs_of_a_block_are_told_in_the_words_of_the_run(run: Path) -> None:
    at = held(run)
    done = main_py("block", "show", str(run), at.chain, str(at.height))
    assert "settlement.hold, to hold DVP0001" in done.out
    assert "log 1 of settlement: Announced on london: DVP0001 HELD" in done.out
    assert "succeeded; gas " in done.out


def test_contracts_and_a_genesis_without_seals_are_shown(run: Path) -> None:
    assert (
        "seals: none, a genesis needs none" in main_py("block", "show", str(run), "london", "0").out
    )
    assert "creates settlement at 0x" in main_py("block", "show", str(run), "london", "1").out


@pytest.mark.parametrize(
    ("chain", "height", "said"),
    [
        ("shangai", "1", "did you mean shanghai"),
        ("london", "99999", "its newest in this run is"),
        ("london", "-1", "greater than or equal to 0"),
        ("london", "one", "a valid integer"),
    ],
)
def test_a_block_that_is_not_there_is_one_clear_line(
    run: Path, chain: str, height: str, said: str
) -> None:
    done = main_py("block", "show", str(run), chain, "--", height)
    assert done.code == 2
    assert said in done.err
    assert len(done.error_lines) == 1


def test_nothing_is_shown_of_a_run_that_does_not_come_out_again(run: Path, tmp_path: Path) -> None:
    place = tmp_path / "changed"
    shutil.copytree(run, place)
    journal = place / "journal.jsonl"
    content = journal.read_bytes()
    journal.write_bytes(content.replace(b'"action":"signed"', b'"action":"waited"', 1))
    done = main_py("block", "show", str(place), "london", "99")
    assert done.code == 3
    assert "does not come out as it was recorded" in done.err
    assert len(done.error_lines) == 1
