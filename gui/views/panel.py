"""A titled card: what every part of the window stands in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.views.named import named

MARGIN = 12


class Panel(QFrame):
    """A title, something short at its right, and a body."""

    def __init__(self, body: QWidget, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.title = named(QLabel(), "panelTitle")
        self.aside = named(QLabel(), "panelAside")
        self.aside.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.aside.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(MARGIN, 8, MARGIN, 4)
        self.head.setSpacing(10)
        self.head.addWidget(self.title)
        self.head.addWidget(self.aside, 1)
        body.setObjectName(name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 6)
        layout.setSpacing(2)
        layout.addLayout(self.head)
        layout.addWidget(body, 1)

    def name_it(self, title: str) -> None:
        """Set the title, for eyes and for assistive technology."""
        self.title.setText(title)
        self.setAccessibleName(title)
