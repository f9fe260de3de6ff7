"""The pytest plugin, used as a stranger would: in a folder and a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import main_py

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"

BROKEN = """
def test_a_short_buyer_settles(lockstep):
    trial = lockstep.trial("dvp", seed=7)
    trial.trade(
        ("50000", "SHGB29", "huangpu", "fleet"),
        ("552486.19", "tGBP", "fleet", "huangpu"),
        name="DEAL", decide_by_s=20, prepare_by_s=10,
    )
    trial.run().assert_settled("DEAL")
"""
BEGUN = """
def test_a_step_is_the_last(lockstep):
    testbed = lockstep.trial("pvp").start()
    assert not testbed.step()
"""
HEAVY = ("web3", "eth", "eth_tester", "vyper", "pydantic", "bridge.testbed.testbed", "chains")


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "bridge.testbed.pytest_plugin", "-q"]
    return subprocess.run(
        [*command, f"--basetemp={folder / 'kept'}", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def readme_test() -> str:
    (block,) = re.findall(r"```python\n(.*?def test_.*?)```", README.read_text("utf-8"), re.DOTALL)
    return str(block)


def test_the_readme_s_bridge_test_passes_and_has_ten_lines(tmp_path: Path) -> None:
    source = readme_test()
    assert len([line for line in source.splitlines() if line.strip()]) <= 10
    (tmp_path / "test_readme.py").write_text(source, encoding="utf-8")
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_a_failing_test_names_the_trade_the_cause_and_the_kept_run(tmp_path: Path) -> None:
    (tmp_path / "test_broken.py").write_text(BROKEN, encoding="utf-8")
    done = run_pytest(tmp_path)
    assert done.returncode == 1
    assert "trade DEAL: expected settled, it is aborted" in done.stdout
    assert "[MONY] fleet is short of tGBP on london" in done.stdout
    (place,) = re.findall(r"the run is kept in (\S+)", done.stdout)
    assert (Path(place) / "journal.jsonl").stat().st_size > 1000


def test_what_is_kept_of_a_failing_test_is_a_whole_run_directory(tmp_path: Path) -> None:
    (tmp_path / "test_broken.py").write_text(BROKEN, encoding="utf-8")
    (place,) = re.findall(r"the run is kept in (\S+)", run_pytest(tmp_path).stdout)
    kept = {path.name for path in Path(place).iterdir()}
    assert kept == {"journal.jsonl", "scenario.toml", "summary.json", "report.html"}
    assert "DEAL" in (Path(place) / "report.html").read_text("utf-8")
    checked = main_py("doctor", place)
    assert checked.code == 0, checked.out + checked.err


def test_a_run_that_a_failing_test_only_began_is_kept_too(tmp_path: Path) -> None:
    (tmp_path / "test_begun.py").write_text(BEGUN, encoding="utf-8")
    (place,) = re.findall(r"the run is kept in (\S+)", run_pytest(tmp_path).stdout)
    again = main_py("replay", place)
    assert again.code == 0, again.out + again.err


def test_a_passing_test_keeps_no_run(tmp_path: Path) -> None:
    (tmp_path / "test_readme.py").write_text(readme_test(), encoding="utf-8")
    run_pytest(tmp_path)
    assert not list(tmp_path.rglob("journal.jsonl"))


def test_tests_may_be_spread_over_processes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"test_{name}.py").write_text(readme_test(), encoding="utf-8")
    done = run_pytest(tmp_path, "-n", "2")
    assert "2 passed" in done.stdout, done.stdout


def test_nothing_heavy_is_imported_before_the_fixture_is_used() -> None:
    script = (
        "import sys, bridge.testbed.pytest_plugin;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_an_unknown_instrument_is_told_with_a_hint() -> None:
    from bridge.errors import UsageError
    from bridge.testbed.trial import Trial

    with pytest.raises(UsageError, match="did you mean SHGB29"):
        Trial("dvp").trade(("1", "SHGB28", "huangpu", "thames"))


def test_what_a_trial_adds_is_checked_like_a_file() -> None:
    from bridge.errors import LockstepError
    from bridge.testbed.trial import Trial

    trial = Trial("dvp").trade(("-5", "SHGB29", "huangpu", "thames"))
    with pytest.raises(LockstepError, match="amount"):
        trial.scenario()


def test_settings_and_positions_can_be_changed() -> None:
    from bridge.testbed.trial import Trial

    trial = Trial("dvp").set("participants.thames.policy", "silent")
    scenario = trial.position("fleet", "tGBP", "12.34").scenario()
    assert scenario.participants["thames"].policy == "silent"
    assert [p.amount for p in scenario.positions if p.participant == "fleet"] == [1234]
