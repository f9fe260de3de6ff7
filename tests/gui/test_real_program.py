"""The program itself, as a user starts it, on a screen of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 40.0


@pytest.fixture
def screen() -> Iterator[str]:
    """A display number on which nothing else is shown."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1500x950x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as answer:
        display = f":{answer.readline().strip()}"
    manager = subprocess.Popen(["openbox"], env=on(display), stderr=subprocess.DEVNULL)
    yield display
    for process in (manager, server):
        process.terminate()
        process.wait()


def on(display: str) -> dict[str, str]:
    """Surroundings with this display and no other."""
    others = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "LANG", "LC_ALL")
    kept = {name: value for name, value in os.environ.items() if name not in others}
    return {**kept, "DISPLAY": display, "LANG": "C.UTF-8"}


def xdotool(display: str, *arguments: str) -> str:
    done = subprocess.run(
        ["xdotool", *arguments], env=on(display), capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def awaited(ask: Callable[[], str], wanted: str) -> str:
    stop_s = time.monotonic() + WAIT_S
    answer = ask()
    while not re.search(wanted, answer) and time.monotonic() < stop_s:
        time.sleep(0.1)
        answer = ask()
    return answer


def test_the_program_runs_on_a_screen_obeys_the_keyboard_and_leaves_nothing(screen: str) -> None:
    program = subprocess.Popen(
        [sys.executable, "main.py", "desktop", "dvp"], cwd=ROOT, env=on(screen)
    )
    search = ("search", "--onlyvisible", "--name", "settlement")
    window = awaited(lambda: xdotool(screen, *search), r"\d").split("\n")[0]

    def title() -> str:
        return xdotool(screen, "getwindowname", window)

    assert title() == "Lockstep \u2013 cross-chain settlement"
    xdotool(screen, "windowfocus", "--sync", window)
    xdotool(screen, "key", "--window", window, "F5")
    xdotool(screen, "key", "--window", window, "ctrl+shift+l")
    assert awaited(title, "\u7ed3\u7b97") == "Lockstep \u2013 \u8de8\u94fe\u7ed3\u7b97"
    xdotool(screen, "key", "--window", window, "ctrl+shift+d", "F10")
    assert program.poll() is None
    xdotool(screen, "key", "--window", window, "ctrl+q")
    assert program.wait(timeout=WAIT_S) == 0
