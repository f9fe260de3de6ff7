"""A quiet table: whole rows, no grid, column widths measured once, a sentence while it is empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from gui.models.table import ListTableModel
from gui.theme import current_theme

ROW_PADDING = 12
CELL_PADDING = 26

Row = TypeVar("Row")


class TableView(QTableView):
    """Shows one of our models; ``set_placeholder`` gives the sentence for when it has no rows."""

    def __init__(
        self, model: ListTableModel[Row], stretched: int, parent: QWidget | None = None
    ) -> None:
        """Let the column ``stretched`` take what the others leave."""
        super().__init__(parent)
        self._placeholder = ""
        self._character = max(1, self.fontMetrics().averageCharWidth())
        self.setItemDelegate(NoFocusFrame(self))
        self.setModel(model)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(40)
        self.measure([column.width for column in model.columns])
        header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)

    def measure(self, characters: Sequence[int]) -> None:
        """Column widths and row height from the font, not from the rows."""
        width = self._character = self.fontMetrics().averageCharWidth()
        for section, count in enumerate(characters):
            self.setColumnWidth(section, count * width + CELL_PADDING)
        self._measure_rows()

    def _measure_columns(self) -> None:
        """Columns keep what they have been given, by the user too, in the new size of type."""
        before, self._character = self._character, self.fontMetrics().averageCharWidth()
        header = self.horizontalHeader()
        for section in range(header.count()):
            if header.sectionResizeMode(section) is not QHeaderView.ResizeMode.Stretch:
                text = max(0, header.sectionSize(section) - CELL_PADDING)
                size = round(text * self._character / before) + CELL_PADDING
                header.resizeSection(section, size)

    def _measure_rows(self) -> None:
        metrics, rows = self.fontMetrics(), self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(metrics.height() + ROW_PADDING)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._measure_rows()
            self._measure_columns()

    def set_placeholder(self, sentence: str) -> None:
        """What stands there while there is nothing."""
        self._placeholder = sentence
        self.viewport().update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.model().rowCount() or not self._placeholder:
            return
        painter = QPainter(self.viewport())
        painter.setPen(QColor(current_theme().muted))
        room: QRect = self.viewport().rect().adjusted(16, 12, -16, -12)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(room, int(flags), self._placeholder)
        painter.end()


class NoFocusFrame(QStyledItemDelegate):
    """The selected row says enough; a frame around one of its cells says too much."""

    @override
    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus
