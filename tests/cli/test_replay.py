"""``replay``, ``diff`` and ``trade`` on recorded runs, as a shell would call them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.commandline.app import app
from bridge.testbed.scenario_file import find_scenario, load_scenario
from bridge.testbed.testbed import Testbed
from tests.support.command_line import main_py


def record(place: Path, seed: int, seconds: int = 10_000, *, batching: bool = True) -> Path:
    asked = load_scenario("dvp").model_copy(update={"batching": batching})
    testbed = Testbed.from_scenario(asked, seed)
    for _ in range(seconds):
        if not testbed.step():
            break
    place.mkdir()
    (place / "journal.jsonl").write_bytes(b"".join(testbed.journal.lines()))
    shutil.copy(find_scenario("dvp"), place / "scenario.toml")
    return place


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("recorded") / "run", 7)


@pytest.fixture
def changed(run: Path, tmp_path: Path) -> Callable[[bytes, bytes], Path]:
    def change(old: bytes, new: bytes) -> Path:
        place = tmp_path / "changed"
        shutil.copytree(run, place)
        file = place / "journal.jsonl"
        content = file.read_bytes()
        assert old in content
        file.write_bytes(content.replace(old, new, 1))
        return place

    return change


@pytest.mark.parametrize("engine", ["revm", "pyevm"])
def test_a_recorded_run_is_the_same_again_on_each_engine(run: Path, engine: str) -> None:
    done = main_py("replay", str(run), "--engine", engine)
    assert done.code == 0, done.err
    assert f"again on {engine}" in done.out


def test_a_run_that_was_recorded_before_there_was_batching_is_the_same_again(
    tmp_path: Path,
) -> None:
    run = record(tmp_path / "run", 7, batching=False)
    assert "batching" not in (run / "scenario.toml").read_text(encoding="utf-8")
    done = main_py("replay", str(run))
    assert done.code == 0, done.err
    assert "the same" in done.out


def test_a_stopped_run_is_compared_as_far_as_it_goes(tmp_path: Path) -> None:
    done = main_py("replay", str(record(tmp_path / "run", 7, seconds=5)))
    assert done.code == 0, done.err
    assert "as far as the stopped run went" in done.out


def test_a_journal_that_no_replay_gives_is_told_with_its_first_event(
    changed: Callable[[bytes, bytes], Path],
) -> None:
    done = main_py("replay", str(changed(b'"action":"signed"', b'"action":"waited"')))
    assert done.code == 1
    assert "then they differ" in done.out
    assert done.out.count("waited") == 1


def test_a_run_of_another_scenario_is_not_replayed(
    changed: Callable[[bytes, bytes], Path],
) -> None:
    place = changed(b"x", b"x")
    scenario = (place / "scenario.toml").read_text(encoding="utf-8")
    (place / "scenario.toml").write_text(scenario.replace("552486.19", "552486.18"), "utf-8")
    done = main_py("replay", str(place))
    assert done.code == 3
    assert "its hash differs" in done.err


def test_a_run_does_not_differ_from_itself(run: Path) -> None:
    done = main_py("diff", str(run), str(run / "journal.jsonl"))
    assert done.code == 0
    assert done.out.startswith("the same: ")


def test_runs_of_two_seeds_differ_from_their_first_event(run: Path, tmp_path: Path) -> None:
    done = main_py("diff", str(run), str(record(tmp_path / "other", 8)))
    assert done.code == 1
    assert "the same up to event 0" in done.out


def test_a_trade_is_shown_with_its_legs_and_its_timeline(run: Path) -> None:
    done = main_py("trade", "show", str(run), "DVP0001")
    assert done.code == 0
    assert "50,000 SHGB29 on shanghai, executed" in done.out
    assert "settlement is final" in done.out


def test_why_a_trade_did_not_settle_is_told_with_its_code(run: Path) -> None:
    done = main_py("trade", "why", str(run), "DVP0003")
    assert done.code == 1
    assert "[MONY]" in done.out
    assert "fleet is short of tGBP" in done.out


def test_a_settled_trade_has_no_why(run: Path) -> None:
    assert main_py("trade", "why", str(run), "DVP0001").code == 0


def test_an_unknown_trade_is_told_with_a_hint(run: Path) -> None:
    done = main_py("trade", "why", str(run), "DVP0009")
    assert done.code == 2
    assert "did you mean" in done.err
    assert len(done.error_lines) == 1


def test_a_place_without_a_run_is_one_clear_line(tmp_path: Path) -> None:
    for command in (["replay"], ["trade", "why"]):
        done = main_py(*command, str(tmp_path), *(["X"] if "why" in command else []))
        assert done.code == 3
        assert len(done.error_lines) == 1


def test_whether_a_run_can_be_read_is_found_out_by_reading_it(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "access", lambda *_args, **_more: False)  # else it would be usage, 2
    assert app(["diff", str(run), str(run)], standalone_mode=False) == 0
    assert "the same" in capsys.readouterr().out
