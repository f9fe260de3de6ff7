from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gui.display import DISPLAYS, why_no_answer, why_no_window

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


def test_without_a_display_there_is_no_window() -> None:
    assert why_no_window({}) == "there is no display"
    assert why_no_window({"DISPLAY": ""}) == "there is no display"


def test_with_a_display_of_any_kind_there_is_one() -> None:
    assert why_no_window({"WAYLAND_DISPLAY": "wayland-0"}) == ""
    assert why_no_window({"QT_QPA_PLATFORM": "offscreen"}) == ""


def test_a_display_without_qt_is_no_display() -> None:
    assert "no_such_toolkit" in why_no_window({"WAYLAND_DISPLAY": "w"}, "no_such_toolkit")


def test_a_desktop_of_another_system_needs_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert why_no_window({}) == ""


def test_without_a_display_the_terminal_plays() -> None:
    done = subprocess.run(
        [sys.executable, "main.py", "desktop", "dvp"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in DISPLAYS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "there is no display: playing dvp in the terminal" in done.stderr
    assert "DVP0001" in done.stdout


def test_a_display_that_answers_nobody_is_told_by_its_name() -> None:
    dead = {"DISPLAY": ":4711"}
    kept = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    assert why_no_answer({**kept, **dead}) == "the display cannot be used (DISPLAY=:4711)"


def test_a_display_that_answers_is_used() -> None:
    assert why_no_answer({**os.environ, "QT_QPA_PLATFORM": "offscreen"}) == ""
