"""The README's CI job, taken from the page and run as it stands; then with a broken expectation."""

import json
import re
import shlex
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.support.command_line import ROOT, Finished, main_py

PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
(BLOCK,) = re.findall(r"## In CI\n.*?```sh\n(.*?)```", PAGE, re.DOTALL)
PROGRAM, SCRIPT, *ARGUMENTS = shlex.split(BLOCK)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ci")


@pytest.fixture(scope="module")
def job(place: Path) -> Finished:
    return main_py(*ARGUMENTS, cwd=place)


def test_the_page_calls_the_program_as_it_is_installed() -> None:
    assert (PROGRAM, SCRIPT) == (".venv/bin/python", "main.py")


def test_junit_json_and_html_appear(job: Finished, place: Path) -> None:
    assert (job.code, job.err) == (0, "")
    assert ET.parse(place / "junit.xml").getroot().get("failures") == "0"
    assert len(json.loads((place / "summary.json").read_text())["runs"]) == 3
    for name in ("dvp", "pvp", "refused"):
        page = (place / "runs" / name / "report.html").read_text(encoding="utf-8")
        assert page.startswith("<!DOCTYPE html>")


def test_a_broken_expectation_says_which_trade_what_was_expected_what_happened_and_why(
    tmp_path: Path,
) -> None:
    broken = (*ARGUMENTS, "--set", "trades[0].expect=aborted")
    done = main_py(*broken, cwd=tmp_path)
    assert done.code == 1
    failure = ET.parse(tmp_path / "junit.xml").getroot().find(".//failure")
    assert failure is not None
    told = (
        "trade DVP0001: expected aborted, but it is settled. Why: shanghai committed it at 4.0 s "
        "in block 5 and every leg was delivered"
    )
    assert failure.get("message") == told
    assert told in done.out
    assert told in (tmp_path / "runs" / "dvp" / "report.html").read_text(encoding="utf-8")
    assert "committed on shanghai, block 5" in (failure.text or "")
    assert json.loads((tmp_path / "summary.json").read_text())["runs"][0]["expectations"] == {
        "met": 4,
        "failed": 1,
    }
