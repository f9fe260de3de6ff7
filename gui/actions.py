"""Every command of the window, once: menus, toolbar, shortcuts and tests take it from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.i18n import mark, tr


@dataclass(frozen=True, slots=True)
class Command:
    """``text`` and ``hint`` are marked; the shortcut is Qt's notation."""

    id: str
    text: str
    hint: str
    shortcut: str


COMMANDS: Final = (
    Command("file.open", mark("Open scenario\u2026"), mark("Open a scenario file"), "Ctrl+O"),
    Command("file.quit", mark("Quit"), mark("Close the window and end the run"), "Ctrl+Q"),
    Command("run.toggle", mark("Run"), mark("Let time pass, or stand still"), "F5"),
    Command("run.step", mark("Step"), mark("Go on to the next moment of the run"), "F10"),
    Command("run.restart", mark("Restart"), mark("Begin the run again"), "Ctrl+R"),
    Command("run.faster", mark("Faster"), mark("Let time pass faster"), "Ctrl+Right"),
    Command("run.slower", mark("Slower"), mark("Let time pass slower"), "Ctrl+Left"),
    Command("trade.next", mark("Next trade"), mark("Select the next trade"), "Alt+Down"),
    Command("trade.previous", mark("Previous trade"), mark("Select the trade before"), "Alt+Up"),
    Command(
        "view.theme", mark("Dark theme"), mark("Change between light and dark"), "Ctrl+Shift+D"
    ),
    Command(
        "view.language", "\u7b80\u4f53\u4e2d\u6587", mark("Change the language"), "Ctrl+Shift+L"
    ),
    Command("view.larger", mark("Larger text"), mark("Make everything larger"), "Ctrl++"),
    Command("view.smaller", mark("Smaller text"), mark("Make everything smaller"), "Ctrl+-"),
    Command("help.about", mark("About Lockstep"), mark("What this is and what it is not"), "F1"),
)


class Actions:
    """The commands as actions of one window."""

    def __init__(self, window: QWidget) -> None:
        self._actions: dict[str, QAction] = {}
        for command in COMMANDS:
            action = QAction(window)
            action.setObjectName(command.id)
            action.setShortcut(QKeySequence(command.shortcut))
            window.addAction(action)
            self._actions[command.id] = action
        self.retranslate()

    def __getitem__(self, command_id: str) -> QAction:
        """The action of a command."""
        return self._actions[command_id]

    def connect(self, command_id: str, do: Callable[[], object]) -> None:
        """What the command does."""
        self._actions[command_id].triggered.connect(lambda checked=False: do())

    def call(self, command_id: str, text: str) -> None:
        """Give a command another text, in menus and on buttons."""
        self._actions[command_id].setText(text)
        self._actions[command_id].setIconText(text)

    def retranslate(self) -> None:
        """Texts and hints in the language of the moment."""
        for command in COMMANDS:
            action = self._actions[command.id]
            self.call(command.id, tr(command.text))
            action.setToolTip(f"{tr(command.hint)} ({command.shortcut})")
