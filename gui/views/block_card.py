"""What is in a block: a card over the window, beside the block, until it is closed."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import theme
from gui.i18n import tr
from gui.models.scene import BlockScene
from gui.views.named import named

GAP: Final = 6
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse
_LINKED = Qt.TextInteractionFlag.LinksAccessibleByMouse
_LINKED_BY_KEY = Qt.TextInteractionFlag.LinksAccessibleByKeyboard


class BlockCard(QFrame):
    """Hidden until a block is looked into; ``trade_picked`` carries the id of one of its trades."""

    trade_picked = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("blockCard")
        self.scene: BlockScene | None = None
        self.beside = QRect()
        self.title = named(QLabel(), "panelTitle")
        self.state = named(QLabel(), "panelAside")
        self.facts = named(QLabel(textFormat=Qt.TextFormat.RichText), "blockFacts")
        self.facts.setTextInteractionFlags(_SELECTABLE | _LINKED | _LINKED_BY_KEY)
        self.facts.linkActivated.connect(self.trade_picked)
        self.close_button = named(QPushButton("\u2717"), "closeBlock")
        self.close_button.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addWidget(self.state, 1)
        head.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 10)
        layout.addLayout(head)
        layout.addWidget(self.facts)
        self.hide()
        self.retranslate()

    def show_scene(self, scene: BlockScene | None) -> None:
        """Show a block's facts, or nothing."""
        self.scene = scene
        self.setVisible(scene is not None)
        self.retranslate()

    def put_beside(self, block: QRect) -> None:
        """Stand below a block, or above it where there is no room; both in the window's places."""
        self.beside = block
        self._place()

    def retranslate(self) -> None:
        """Texts in the language of the moment, colours of the theme."""
        self.close_button.setAccessibleName(tr("Close"))
        self.close_button.setToolTip(tr("Close"))
        if self.scene is None:
            return
        self.title.setText(self.scene.title)
        self.state.setText(self.scene.state)
        self.facts.setText(_page(self.scene))
        told = [f"{name}: {value}" for name, value in self.scene.facts]
        self.setAccessibleName(self.scene.title)
        self.setAccessibleDescription("\n".join([self.scene.state, *told, *self.scene.lines]))
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _place(self) -> None:
        size, room = self.sizeHint(), self.window().rect().adjusted(GAP, GAP, -GAP, -GAP)
        self.setGeometry(QRect(_corner(self.beside, size, room), size))
        self.raise_()


def _corner(block: QRect, size: QSize, room: QRect) -> QPoint:
    below, above = block.bottom() + GAP, block.top() - GAP - size.height()
    top = below if below + size.height() <= room.bottom() else max(above, room.top())
    return QPoint(max(room.left(), min(block.left(), room.right() - size.width())), top)


def _page(scene: BlockScene) -> str:
    now = theme.current_theme()
    rows = "".join(
        f"<tr><td style='color:{now.muted}; padding-right:12px'>{escape(name)}</td>"
        f"<td>{_value(value)}</td></tr>"
        for name, value in scene.facts
    )
    if scene.trades:
        style = f"color:{now.accent}"
        links = ", ".join(
            f"<a style='{style}' href='{trade_id}'>{escape(label)}</a>"
            for trade_id, label in scene.trades
        )
        rows += (
            f"<tr><td style='color:{now.muted}'>{escape(tr('Trades'))}</td><td>{links}</td></tr>"
        )
    lines = "".join(f"<div>\u00b7 {escape(line)}</div>" for line in scene.lines)
    return f"<table cellspacing='0' cellpadding='1'>{rows}</table>{lines}"


def _value(text: str) -> str:
    if not text.startswith("0x"):
        return escape(text)
    # In two lines, so that the whole hash can be read and copied.
    half = 2 + (len(text) - 2) // 2
    family = theme.MONO[0]
    return f"<span style='font-family:\"{family}\"'>{text[:half]}<br>{text[half:]}</span>"
