"""What the options of ``run`` change, and that nothing hangs."""

import tomllib
from pathlib import Path

from bridge.testbed.scenario_file import load_scenario
from tests.support.command_line import main_py


def test_a_setting_changes_what_happens() -> None:
    done = main_py(
        *("run", "refused", "--set", "participants.suzhou.policy=prompt", "--junit", "/dev/stdout")
    )
    assert done.code == 4  # a stream is no file: nothing can be renamed onto it
    done = main_py("run", "dvp", "--set", "participants.suzhou.policy=prompt")
    assert done.code == 1
    assert "trade DVP0004: expected aborted: REFU, but it is settled" in done.out
    assert "committed it at" in done.out


def test_a_setting_that_the_scenario_refuses_is_bad_input() -> None:
    done = main_py("run", "dvp", "--set", "participants.suzhou.policy=promt")
    assert (done.code, done.out) == (3, "")
    assert "participants.suzhou.policy" in done.err


def test_the_saved_scenario_runs_the_same_way_again(tmp_path: Path) -> None:
    saved = tmp_path / "saved.toml"
    change = ("--set", "participants.fleet.policy=silent", "--set", "trades[2].because=LATE")
    first = main_py("run", "dvp", "--seed", "9", *change, "--save-scenario", str(saved))
    assert first.code in (0, 1)
    document = tomllib.loads(saved.read_text(encoding="utf-8"))
    assert document["seed"] == 9
    assert document["participants"]["fleet"]["policy"] == "silent"
    again = main_py("run", str(saved))
    assert again.code == first.code
    assert [line for line in again.out.splitlines() if "DVP0003" in line] == [
        line for line in first.out.splitlines() if "DVP0003" in line
    ]


def test_a_run_that_is_stopped_says_why_each_trade_waits() -> None:
    done = main_py("run", "dvp", "--max-virtual-seconds", "20")
    assert done.code == 1
    assert "the run stopped at 20.0 s before all was done" in done.out
    assert "trade DVP0003 waits: fleet is short of tGBP on london" in done.out
    assert "[MONY]" in done.out


def test_trades_that_never_came_fail_a_stopped_run() -> None:
    done = main_py("run", "dvp", "--max-virtual-seconds", "1")
    assert done.code == 1
    assert "4 trades were still to come" in done.out


def test_a_limit_that_is_never_reached_changes_nothing() -> None:
    assert main_py("run", "dvp", "--max-virtual-seconds", "1000").code == 0


def test_a_run_directory_holds_what_is_needed_to_run_it_again(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b"
    assert main_py("run", "dvp", "--seed", "3", "--out", str(place)).code == 0
    assert load_scenario(place / "scenario.toml").sha256() == load_scenario("dvp").sha256()
    assert place.joinpath("journal.jsonl").read_bytes().count(b"\n") > 100


def test_a_place_that_is_no_directory_is_told_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    for place in ("taken", "taken/below", "/proc/here"):
        done = main_py("run", "dvp", "--out", place, cwd=tmp_path)
        assert (done.code, done.out) == (4, "")
        assert "E-ENVIRONMENT-OUTPUT" in done.err
    assert (tmp_path / "taken").read_text() == "mine"
