"""Several scenarios in one command: in processes, in order, each as if it ran alone."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.support.command_line import ROOT, RUN_MAX_S, Finished, main_py, surroundings

NAMES = ("refused", "dvp", "pvp")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("many")


@pytest.fixture(scope="module")
def together(place: Path) -> Finished:
    outputs = ("--out", "runs", "--json", "all.json", "--junit", "all.xml")
    return main_py("run", *NAMES, "-j", "2", *outputs, cwd=place)


def test_each_scenario_has_a_line_in_the_order_asked_for(together: Finished) -> None:
    assert (together.code, together.err) == (0, "")
    assert [line.split()[:2] for line in together.out.splitlines()] == [["ok", n] for n in NAMES]


def test_each_summary_is_that_of_the_scenario_alone(together: Finished, place: Path) -> None:
    several = json.loads((place / "all.json").read_text())
    assert several["schema_version"] == 1
    assert [run["scenario"] for run in several["runs"]] == list(NAMES)
    main_py("run", "dvp", "--json", "alone.json", cwd=place)
    alone = json.loads((place / "alone.json").read_text())
    assert alone["journal_sha256"] == several["runs"][1]["journal_sha256"]


def test_junit_has_a_suite_for_each(together: Finished, place: Path) -> None:
    root = ET.parse(place / "all.xml").getroot()
    assert [suite.get("name") for suite in root] == list(NAMES)
    assert root.get("failures") == "0"
    assert int(root.get("tests", "0")) == len(root.findall(".//testcase")) > 60


def test_each_has_a_run_directory_of_its_own(together: Finished, place: Path) -> None:
    for name in NAMES:
        assert {path.name for path in (place / "runs" / name).iterdir()} == {
            *("journal.jsonl", "summary.json", "report.html", "scenario.toml")
        }


def test_the_same_scenario_twice_has_two_directories(tmp_path: Path) -> None:
    assert main_py("run", "refused", "refused", "--out", "runs", cwd=tmp_path).code == 0
    one, two = (tmp_path / "runs" / name / "journal.jsonl" for name in ("refused", "refused-2"))
    assert one.read_bytes() == two.read_bytes()


def test_one_that_fails_fails_the_command_and_spares_the_others(tmp_path: Path) -> None:
    done = main_py(
        *("run", "pvp", "refused", "-j", "2", "--max-virtual-seconds", "6", "--out", "runs"),
        cwd=tmp_path,
    )
    assert done.code == 1
    assert done.out.count("\n     the run stopped at 6.0 s before all was done") >= 1
    assert (tmp_path / "runs" / "pvp" / "report.html").exists()
    assert (tmp_path / "runs" / "refused" / "report.html").exists()


def test_a_bad_scenario_among_good_ones_is_told_before_anything_runs(tmp_path: Path) -> None:
    done = main_py("run", "dvp", "pdv", "dpv", "--out", "runs", cwd=tmp_path)
    assert (done.code, done.out) == (3, "")
    assert len(done.error_lines) == 2
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_all_of_them_without_a_traceback(jobs: str, tmp_path: Path) -> None:
    command = (sys.executable, str(ROOT / "main.py"), "run", "market_day", "market_day")
    child = subprocess.Popen(
        [*command, "-j", jobs, "--out", "runs"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(),
        start_new_session=True,
    )
    time.sleep(3)
    os.killpg(child.pid, signal.SIGINT)
    _out, err = child.communicate(timeout=RUN_MAX_S)
    assert child.returncode == 130, err
    assert b"Traceback" not in err
    assert b"stopped" in err
    assert is_gone(child.pid)


def is_gone(group: int) -> bool:
    """Whether nobody of a process group is left, some seconds later at the latest."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


SLOW_RUN = ("run", "market_day", "--out", "runs", "--engine", "pyevm")  # it takes a minute


def test_an_interrupted_run_leaves_its_journal_so_far(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), *SLOW_RUN],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        env=surroundings(),
    )
    time.sleep(3.5)
    child.send_signal(signal.SIGINT)
    _out, err = child.communicate(timeout=RUN_MAX_S)
    assert child.returncode == 130, err
    if b"of virtual time" in err:  # not while starting
        assert (tmp_path / "runs" / "journal.jsonl").read_bytes().startswith(b'{"journal"')
        assert (tmp_path / "runs" / "scenario.toml").exists()
        assert not (tmp_path / "runs" / "report.html").exists()
