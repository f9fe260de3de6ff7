"""Whether a window can be shown here, asked before Qt is: Qt would end the process instead."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from ctypes import CDLL
from importlib import import_module
from pathlib import Path
from subprocess import DEVNULL, TimeoutExpired, run
from typing import Final

DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
QT: Final = "PySide6.QtWidgets"
XCB: Final = "plugins/platforms/libqxcb.so"
"""Loads only with libraries that a Debian without a desktop does not have."""

PROBE: Final = "import sys; from PySide6.QtGui import QGuiApplication; QGuiApplication(sys.argv)"
PROBE_S: Final = 15


def why_no_window(surroundings: Mapping[str, str] = os.environ, toolkit: str = QT) -> str:
    """Empty when a window can be shown, else why not."""
    is_windowed = sys.platform in ("darwin", "win32")
    if not is_windowed and not any(surroundings.get(name) for name in DISPLAYS):
        return "there is no display"
    try:
        qt = import_module(toolkit)
        if set(DISPLAYS) & {name for name, value in surroundings.items() if value} == {"DISPLAY"}:
            CDLL(str(Path(qt.__file__ or "").with_name("Qt") / XCB))
    except (ImportError, OSError) as error:
        return f"Qt cannot be loaded: {error}"
    return ""


def why_no_answer(surroundings: Mapping[str, str] = os.environ) -> str:
    """Empty when what is named as display answers, else why not: a child process tries it."""
    if sys.platform in ("darwin", "win32"):
        return ""
    names = [f"{name}={surroundings[name]}" for name in DISPLAYS if surroundings.get(name)]
    try:
        child = run(
            [sys.executable, "-c", PROBE],
            env=dict(surroundings),
            stdout=DEVNULL,
            stderr=DEVNULL,
            timeout=PROBE_S,
            check=False,
        )
    except TimeoutExpired:
        return f"the display does not answer ({', '.join(names)})"
    return f"the display cannot be used ({', '.join(names)})" if child.returncode else ""
