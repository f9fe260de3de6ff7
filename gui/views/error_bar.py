"""What went wrong, in place: the window stays alive and says what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from gui.i18n import tr
from gui.models.facts import Problem
from gui.models.scene import StepState
from gui.views.named import named

MOST_LINES = 8


class ErrorBar(QFrame):
    """Hidden until there is a problem."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("errorBar")
        self._problem = Problem("", "")
        self.text = named(QLabel(wordWrap=True), "errorText")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = named(QPushButton(), "copyProblem")
        self.dismiss = named(QPushButton(), "dismissProblem")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.copy)
        layout.addWidget(self.dismiss)
        self.copy.clicked.connect(self._copy)
        self.dismiss.clicked.connect(self.hide)
        self.hide()
        self.retranslate()

    def show_problem(self, problem: Problem) -> None:
        """Tell it, and what to do about it."""
        self._problem = problem
        self.retranslate()
        self.show()

    def retranslate(self) -> None:
        """Texts in the language of the moment; the message itself is the bridge's."""
        problem = self._problem
        hint = f" \u2013 {problem.hint}" if problem.hint else ""
        told = tr("The run has stopped.")
        glyph = StepState.FAILED.glyph
        lines = problem.message.split("\n")
        if len(lines) == 1:
            self.text.setText(f"{glyph} {told} {problem.message}{hint} [{problem.code}]")
        else:
            told = tr("{count} faults; nothing has been loaded.", count=len(lines))
            shown = [f"\u2013 {line}" for line in lines[:MOST_LINES]]
            if len(lines) > MOST_LINES:
                shown.append(
                    tr("and {count} more: see Copy details", count=len(lines) - MOST_LINES)
                )
            self.text.setText("\n".join([f"{glyph} {told} [{problem.code}]", *shown]))
        self.text.setAccessibleName(tr("Problem"))
        self.setAccessibleName(tr("Problem"))
        self.copy.setText(tr("Copy details"))
        self.dismiss.setText(tr("Dismiss"))
        for button in (self.copy, self.dismiss):
            button.setAccessibleName(button.text())

    def _copy(self) -> None:
        problem = self._problem
        QGuiApplication.clipboard().setText(f"{problem.code}: {problem.message}\n{problem.detail}")
