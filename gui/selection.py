"""What the user is looking at: one trade, and every view follows it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """The id of the selected trade; empty before there is any."""

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.trade_id = ""

    def select(self, trade_id: str) -> None:
        """Look at another trade."""
        if trade_id != self.trade_id:
            self.trade_id = trade_id
            self.changed.emit(trade_id)
