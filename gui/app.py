"""Starts the desktop: fonts, looks, language, the window, and an end that leaves nothing behind."""

from __future__ import annotations

import signal
import sys
from typing import Final

from PySide6.QtCore import QLocale, QSize, QTimer
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.i18n import Language
from gui.language import speak
from gui.main_window import MainWindow
from gui.player import Player

FRAME: Final = QSize(8, 40)
"""What a window manager may put around a window."""


def make_app(arguments: list[str]) -> QApplication:
    """The one application object, ready to show windows that look the same everywhere."""
    app = QApplication(arguments)
    app.setApplicationName("Lockstep")
    app.setStyle("Fusion")
    theme.load_fonts()
    theme.use_theme(theme.LIGHT)
    return app


def fitted(wanted: QSize, room: QSize) -> QSize:
    """As large as wanted, but with its frame no larger than the screen: the status must be seen."""
    return wanted.boundedTo(room - FRAME)


def show(target: str, seed: int | None) -> int:
    """Open the window on a scenario and return when it is closed."""
    app = make_app(sys.argv[:1])
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while Qt waits, Python would not hear it
    is_chinese = QLocale.system().language() is QLocale.Language.Chinese
    speak(Language.CHINESE if is_chinese else Language.ENGLISH)
    window = MainWindow(Player())
    window.resize(fitted(window.size(), window.screen().availableSize()))
    window.show()
    QTimer.singleShot(0, lambda: window.open(target, seed))
    return app.exec()
