"""The blotter: pick a trade, and everything else shows that trade."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from gui.i18n import tr
from gui.models.blotter import BlotterModel
from gui.views.panel import Panel
from gui.views.table_view import TableView


class BlotterView(Panel):
    """All trades; ``trade_picked`` carries an id."""

    trade_picked = Signal(str)

    def __init__(self, model: BlotterModel, parent: QWidget | None = None) -> None:
        self._model = model
        self.table = TableView(model, stretched=2)
        super().__init__(self.table, "blotter", parent)
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.selectionModel().currentRowChanged.connect(self._picked)
        self.retranslate()

    def select(self, trade_id: str) -> None:
        """Show which trade is selected."""
        place = self._model.place(trade_id)
        if place is None:
            self.table.clearSelection()
        elif self.table.currentIndex().row() != place:
            self.table.selectRow(place)

    def go(self, rows: int) -> None:
        """Select the trade so many rows further down."""
        place = self.table.currentIndex().row() + rows
        if 0 <= place < self._model.rowCount():
            self.table.selectRow(place)

    def retranslate(self) -> None:
        """Texts in the language of the moment."""
        self.name_it(tr("Trades"))
        self.table.setAccessibleName(tr("Trades"))
        self.table.set_placeholder(tr("No trade has been instructed yet. Press Run (F5)."))

    def _picked(self, current: QModelIndex) -> None:
        if current.isValid():
            self.trade_picked.emit(self._model.rows[current.row()].trade_id)
