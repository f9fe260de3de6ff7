"""A network on the screen, and a hand on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.models.scene import NetworkScene
from gui.views.lanes import LanesView


def shown(qtbot: QtBot, scene: NetworkScene, width: int = 860, height: int = 312) -> LanesView:
    view = LanesView()
    qtbot.addWidget(view)
    view.resize(width, height)
    view.show_scene(scene)
    view.show()
    return view


def clicked(view: LanesView, area: QRectF) -> None:
    place = area.center().toPoint()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def reached_by_tab(view: LanesView) -> None:
    # Sent by hand: without a window manager no window is ever active.
    event = QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason)
    QApplication.sendEvent(view, event)
