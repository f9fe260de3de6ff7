from __future__ import annotations

from collections.abc import Hashable

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot
from typing_extensions import override

from gui.main_window import MainWindow
from gui.models import events
from gui.models.events import EventsModel
from gui.models.facts import Happening
from gui.models.table import Column, ListTableModel
from gui.views.table_view import TableView
from tests.gui.runs import finished

Pair = tuple[str, int]


class Pairs(ListTableModel[Pair]):
    columns = (
        Column("name", lambda row: row[0], 5),
        Column("number", lambda row: str(row[1]), 5, is_number=True, order=lambda row: row[1]),
    )

    @override
    def key(self, row: Pair) -> Hashable:
        return row[0]


@pytest.fixture
def pairs() -> Pairs:
    model = Pairs()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.put([("a", 10), ("b", 9), ("c", 100)])
    return model


def test_known_rows_change_in_place_and_others_are_appended(pairs: Pairs, qtbot: QtBot) -> None:
    changed: list[int] = []
    pairs.dataChanged.connect(lambda first, last: changed.append(first.row()))
    with qtbot.waitSignal(pairs.rowsInserted):
        pairs.put([("b", 7), ("a", 10), ("d", 1)])
    assert pairs.rows == [("a", 10), ("b", 7), ("c", 100), ("d", 1)]
    assert changed == [1]


def test_numbers_are_sorted_as_numbers_and_the_selection_stays(pairs: Pairs, qtbot: QtBot) -> None:
    view = TableView(pairs, stretched=0)
    qtbot.addWidget(view)
    view.selectRow(2)
    pairs.sort(1, Qt.SortOrder.AscendingOrder)
    assert [row[1] for row in pairs.rows] == [9, 10, 100]
    pairs.sort(1, Qt.SortOrder.DescendingOrder)
    assert view.currentIndex().row() == 0
    pairs.put([("c", 101)])
    assert pairs.rows[0] == ("c", 101)


def test_a_cleared_model_is_empty(pairs: Pairs) -> None:
    pairs.clear()
    assert pairs.rowCount() == 0
    assert pairs.place("a") is None


def test_the_event_log_drops_its_oldest_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "ROWS_MAX", 10)
    monkeypatch.setattr(events, "ROWS_DROPPED", 4)
    model = EventsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.put(Happening(n, n, "TradeOpened", {}) for n in range(11))
    assert [row.sequence for row in model.rows] == list(range(4, 11))
    assert model.place(4) == 0


def test_the_models_of_a_whole_run_break_no_rule_of_qt(qtbot: QtBot, window: MainWindow) -> None:
    stage = window.stage
    for model in (stage.blotter, stage.positions, stage.events):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    finished(qtbot, window.player)
    assert stage.blotter.rowCount() == 4
    assert stage.positions.rowCount() > 4
    assert stage.events.rowCount() > 40


def test_the_selected_row_keeps_its_place_while_rows_come(window: MainWindow, qtbot: QtBot) -> None:
    finished(qtbot, window.player)
    window.blotter.table.selectRow(2)
    assert window.selection.trade_id == window.stage.blotter.rows[2].trade_id
    index = window.stage.blotter.index(2, 0)
    selection = window.blotter.table.selectionModel()
    assert selection.isSelected(index)
    selection.select(index, QItemSelectionModel.SelectionFlag.Clear)
    window.blotter.go(-1)
    assert window.selection.trade_id == window.stage.blotter.rows[1].trade_id
