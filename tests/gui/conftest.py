"""One application for all tests of the desktop, without a screen unless one is asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import theme
from gui.app import make_app
from gui.i18n import Language, current_language
from gui.language import speak
from gui.main_window import MainWindow
from gui.player import Player

if not all(map(shutil.which, ("Xvfb", "xdotool", "openbox"))):
    collect_ignore = ["test_real_program.py"]  # the report's header says so


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as users get it, fonts and all."""
    app = QApplication.instance()
    return app if isinstance(app, QApplication) else make_app(["lockstep"])


@pytest.fixture(autouse=True)
def english_and_light(qapp: QApplication) -> Iterator[None]:
    """Every test begins and ends with the usual looks."""
    _usual()
    yield
    _usual()


@pytest.fixture
def player(qapp: QApplication) -> Iterator[Player]:
    """A player that is closed afterwards."""
    made = Player()
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, player: Player) -> MainWindow:
    """The window, shown, without a run."""
    made = MainWindow(player)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def _usual() -> None:
    if current_language() is not Language.ENGLISH:
        speak(Language.ENGLISH)
    if theme.current_scale() != 1.0:
        theme.use_scale(1.0)
    if theme.current_theme() is not theme.LIGHT:
        theme.use_theme(theme.LIGHT)
    QApplication.processEvents()
