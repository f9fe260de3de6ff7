"""The event log: it follows the newest line until the user scrolls back."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QWidget

from gui.i18n import tr
from gui.models.events import EventsModel
from gui.views.panel import Panel
from gui.views.table_view import TableView


class EventLogView(Panel):
    """What happened, in sentences; ``trade_picked`` carries the id of a line's trade."""

    trade_picked = Signal(str)

    def __init__(self, model: EventsModel, parent: QWidget | None = None) -> None:
        self._model = model
        self.table = TableView(model, stretched=3)
        super().__init__(self.table, "eventLog", parent)
        self._is_following = True
        model.rowsAboutToBeInserted.connect(self._look)
        model.rowsInserted.connect(self._follow)
        self.table.doubleClicked.connect(self._picked)
        self.retranslate()

    def retranslate(self) -> None:
        """Texts in the language of the moment."""
        self.name_it(tr("Events"))
        self.table.setAccessibleName(tr("Events"))
        self.table.set_placeholder(tr("Nothing has happened yet."))

    def _look(self) -> None:
        bar = self.table.verticalScrollBar()
        self._is_following = bar.value() >= bar.maximum() - self.table.rowHeight(0)

    def _follow(self) -> None:
        if self._is_following:
            self.table.scrollToBottom()

    def _picked(self, index: QModelIndex) -> None:
        ids = self._model.rows[index.row()].trade_ids
        if ids:
            self.trade_picked.emit(ids[0])
