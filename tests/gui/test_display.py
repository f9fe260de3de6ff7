from __future__ import annotations

import sys

import pytest

from gui.display import why_no_window


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
