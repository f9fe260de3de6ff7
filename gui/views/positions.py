"""Positions: who holds what, and whether anything was made or lost."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.i18n import tr
from gui.models.positions import PositionsModel
from gui.views.panel import Panel
from gui.views.table_view import TableView


class PositionsView(Panel):
    """A row for each holding."""

    def __init__(self, model: PositionsModel, parent: QWidget | None = None) -> None:
        self.table = TableView(model, stretched=0)
        super().__init__(self.table, "positions", parent)
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.retranslate()

    def retranslate(self) -> None:
        """Texts in the language of the moment."""
        self.name_it(tr("Positions"))
        self.table.setAccessibleName(tr("Positions"))
        self.table.set_placeholder(tr("Nobody holds anything yet."))
