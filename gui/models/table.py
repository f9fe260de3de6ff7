"""A table model that changes in place: rows have keys, columns say how they are shown.

Rows are sorted here, in Python, when a header is clicked. A proxy model would sort again after
every change, which a live table of thousands of rows cannot afford.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from typing_extensions import override

from gui.i18n import tr

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
NOWHERE: Final = QModelIndex()

LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """``title`` is marked text; ``width`` is in average characters; numbers go to the right."""

    title: str
    text: Callable[[Row], str]
    width: int
    is_number: bool = False
    colour: Callable[[Row], QColor | None] | None = None
    order: Callable[[Row], str | int] | None = None
    hint: Callable[[Row], str] | None = None


class ListTableModel(QAbstractTableModel, Generic[Row]):
    """Rows by key, in the order of their first appearance until they are sorted."""

    columns: Sequence[Column[Row]] = ()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self._places: dict[Hashable, int] = {}

    def key(self, row: Row) -> Hashable:
        """What stays the same while a row changes."""
        raise NotImplementedError

    # --- changing -------------------------------------------------------------------------------

    def clear(self) -> None:
        """Forget all rows."""
        self.beginResetModel()
        self.rows.clear()
        self._places.clear()
        self.endResetModel()

    def put(self, rows: Iterable[Row]) -> None:
        """Change the rows that are known and append the others, with one signal for these."""
        added = []
        for row in rows:
            place = self._places.get(self.key(row))
            if place is None:
                added.append(row)
            elif row != self.rows[place]:
                self.rows[place] = row
                self.dataChanged.emit(self.index(place, 0), self.index(place, self._last_column))
        if added:
            first = len(self.rows)
            self.beginInsertRows(NOWHERE, first, first + len(added) - 1)
            self.rows += added
            self._places.update((self.key(row), first + n) for n, row in enumerate(added))
            self.endInsertRows()

    def place(self, key: Hashable) -> int | None:
        """The row number of a key."""
        return self._places.get(key)

    def retranslate(self) -> None:
        """All texts are asked for again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self._last_column)
        if self.rows:
            last = self.index(len(self.rows) - 1, self._last_column)
            self.dataChanged.emit(self.index(0, 0), last)

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(self.columns):
            return
        chosen = self.columns[column]
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self.key(self.rows[index.row()]) for index in before]
        is_descending = order is Qt.SortOrder.DescendingOrder
        self.rows.sort(key=lambda row: _order(chosen, row), reverse=is_descending)
        self._places = {self.key(row): place for place, row in enumerate(self.rows)}
        after = [self.index(self._places[k], i.column()) for k, i in zip(keys, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    # --- what Qt asks ---------------------------------------------------------------------------

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return column.hint(row) if column.hint else column.text(row)
            case Qt.ItemDataRole.ForegroundRole:
                return column.colour(row) if column.colour else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if column.is_number else LEFT
            case _:
                return None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return tr(self.columns[section].title)
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if self.columns[section].is_number else LEFT
            case _:
                return None

    @property
    def _last_column(self) -> int:
        return len(self.columns) - 1


def _order(column: Column[Row], row: Row) -> tuple[int, str]:
    value = column.order(row) if column.order else column.text(row)
    return (value, "") if isinstance(value, int) else (0, value)
