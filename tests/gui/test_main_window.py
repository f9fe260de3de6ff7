from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QScrollBar,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui import theme
from gui.actions import COMMANDS
from gui.i18n import Language
from gui.language import speak
from gui.main_window import MainWindow
from gui.models.facts import ConservationFacts, RunState
from tests.gui.runs import WAIT_MS, finished, opened

OPERABLE = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QTableView)


def operable(window: MainWindow) -> list[QWidget]:
    """What can be pressed, typed into or moved through; not the insides of Qt's own widgets."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, OPERABLE)
        and not isinstance(widget, QScrollBar)
        and not widget.objectName().startswith("qt_")
        and type(widget).__name__ not in ("QTableCornerButton", "QComboBoxListView")
        and not isinstance(widget.parent(), QTableView | QComboBox)
    ]


def test_everything_that_can_be_used_has_a_name(window: MainWindow, qtbot: QtBot) -> None:
    finished(qtbot, window.player)
    assert len(operable(window)) > 10
    for widget in operable(window):
        spoken = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        assert widget.objectName(), widget
        assert spoken, widget.objectName()


def test_every_view_says_in_a_sentence_what_it_shows(window: MainWindow, qtbot: QtBot) -> None:
    finished(qtbot, window.player)
    for view in (window.network.lanes, window.trade.tracks, window.trade.sequence):
        assert view.accessibleName()
        assert view.accessibleDescription()


def test_tab_reaches_everything_that_takes_the_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    opened(qtbot, window.player)
    reached = set()
    for _ in range(60):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        reached.add(window.focusWidget().objectName())
    wanted = {"scenarios", "seedField", "runButton", "stepButton", "restartButton", "speed"}
    wanted |= {"themeButton", "languageButton", "blotter", "positions", "eventLog"}
    assert wanted - reached == set()


def test_f5_runs_and_pauses_and_f10_steps(window: MainWindow, qtbot: QtBot) -> None:
    opened(qtbot, window.player)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    states: list[RunState] = []
    window.player.state_changed.connect(states.append)
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert "Pause" in window.actions_["run.toggle"].text()
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert states == [RunState.RUNNING, RunState.PAUSED]
    before = window.player.now_ms
    QTest.keyClick(window, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: window.player.now_ms > before, timeout=WAIT_MS)


def test_no_menu_is_empty_and_every_command_is_in_one(window: MainWindow) -> None:
    menus = [menu for menu in window.menuBar().findChildren(QMenu) if menu.title()]
    assert all(menu.actions() for menu in menus)
    listed = {action.objectName() for menu in menus for action in menu.actions()}
    assert listed == {command.id for command in COMMANDS}


def test_no_two_commands_share_a_shortcut() -> None:
    shortcuts = [command.shortcut for command in COMMANDS]
    assert len(set(shortcuts)) == len(shortcuts)


def test_the_theme_changes_while_it_runs(window: MainWindow, qtbot: QtBot) -> None:
    light = window.grab().toImage().pixelColor(5, window.height() // 2).lightness()
    window.actions_["view.theme"].trigger()
    assert theme.current_theme() is theme.DARK
    qtbot.waitUntil(lambda: window.actions_["view.theme"].text() == "Light theme")
    dark = window.grab().toImage().pixelColor(5, window.height() // 2).lightness()
    assert dark < 60 < 200 < light


@pytest.mark.parametrize("steps", [1, 3])
def test_larger_text_makes_rows_larger_too(window: MainWindow, qtbot: QtBot, steps: int) -> None:
    before = window.blotter.table.verticalHeader().defaultSectionSize()
    for _ in range(steps):
        window.actions_["view.larger"].trigger()
    QApplication.processEvents()
    assert window.blotter.table.verticalHeader().defaultSectionSize() > before


def test_conservation_is_always_in_sight(window: MainWindow, qtbot: QtBot) -> None:
    assert window.status.conservation.isVisible()
    assert "not checked yet" in window.status.conservation.text()
    finished(qtbot, window.player)
    assert window.status.conservation.text() == "\u2713 Conservation of assets: all 4 instruments"


def test_a_loss_is_told_with_the_instrument_and_the_fault(window: MainWindow) -> None:
    lost = ConservationFacts("SMDC", 10, 9, 0, False, ("huangpu: one is missing",))
    window.status.show_conservation((lost,))
    assert window.status.conservation.text().startswith("\u2717")
    assert "VIOLATED in SMDC" in window.status.conservation.text()
    assert "one is missing" in window.status.conservation.toolTip()


def test_the_selection_drives_the_trade_panel(window: MainWindow, qtbot: QtBot) -> None:
    finished(qtbot, window.player)
    window.blotter.table.selectRow(3)
    assert window.trade.title.text() == "Trade DVP0004 \u00b7 delivery versus payment"
    assert "Aborted" in window.trade.state.text()
    window.actions_["trade.previous"].trigger()
    assert "DVP0003" in window.trade.title.text()
    assert "[MONY]" in window.trade.why.text()
    window.blotter.table.selectRow(0)
    assert not window.trade.why.isVisible()


def test_a_trade_of_the_same_parties_is_shown_from_its_newest_row(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1280, 800)
    finished(qtbot, window.player)
    window.blotter.table.selectRow(0)
    bar = window.trade.sequence.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() > 0)
    bar.setValue(0)
    window.blotter.table.selectRow(1)
    window.blotter.table.selectRow(0)
    qtbot.waitUntil(lambda: bar.value() > 0)


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900), (1920, 1080)])
def test_usual_screens_show_the_trades_the_figures_and_some_of_the_sequence(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    finished(qtbot, window.player)
    QApplication.processEvents()
    for table in (window.blotter.table, window.positions.table, window.events.table):
        assert table.horizontalScrollBar().maximum() == 0
    if size[0] > 1280:
        assert window.blotter.table.verticalScrollBar().maximum() == 0
    sequence = window.trade.sequence
    room = sequence.viewport().height() - sequence.layout_now.heads_height
    assert room >= 4 * sequence.layout_now.row(0).height()


def test_who_is_short_is_told_how_much_is_needed_and_there(
    window: MainWindow, qtbot: QtBot
) -> None:
    finished(qtbot, window.player)
    window.blotter.table.selectRow(2)
    assert "needs 220,994.48 tGBP, has 10,000.00 [MONY]" in window.trade.why.text()
    speak(Language.CHINESE)
    qtbot.waitUntil(lambda: "\uff1a\u9700\u8981 220,994.48 tGBP" in window.trade.why.text())
    window.blotter.table.selectRow(3)
    assert "tGBP" not in window.trade.why.text()


@pytest.mark.parametrize(("typed", "seed"), [("", 7), ("abc", 7), ("-12x", 12), ("007", 7)])
def test_only_digits_are_a_seed_and_without_any_the_run_keeps_its_own(
    window: MainWindow, qtbot: QtBot, typed: str, seed: int
) -> None:
    with qtbot.waitSignal(window.player.run_opened, timeout=WAIT_MS):
        window.open("dvp", 7)
    window.toolbar.seed.clear()
    QTest.keyClicks(window.toolbar.seed, typed)
    with qtbot.waitSignal(window.player.run_opened, timeout=WAIT_MS) as told:
        window.actions_["run.restart"].trigger()
    assert told.args is not None
    assert told.args[0].seed == seed
    assert window.toolbar.seed.text() == str(seed)


def test_the_window_outlives_switching_everything_while_it_runs(
    window: MainWindow, qtbot: QtBot
) -> None:
    finished(qtbot, window.player)
    for scenario in ("pvp", "netted_cycle", "dvp"):
        opened(qtbot, window.player, scenario)
        window.actions_["run.toggle"].trigger()
        for command in ("view.theme", "view.language", "run.faster", "run.step", "run.restart"):
            for _ in range(2):
                window.actions_[command].trigger()
        window.open("market_day")
    finished(qtbot, window.player)
    assert window.toolbar.scenarios.currentText() == "dvp"
    assert window.blotter.table.model().rowCount() == 4


def test_larger_text_makes_columns_wider_and_usual_text_as_wide_as_before(
    window: MainWindow, qtbot: QtBot
) -> None:
    def widths() -> list[int]:
        QApplication.processEvents()
        return [window.events.table.columnWidth(column) for column in range(3)]

    usual = widths()
    for _ in range(4):
        window.actions_["view.larger"].trigger()
    assert all(after > 1.2 * before for before, after in zip(usual, widths(), strict=True))
    for _ in range(4):
        window.actions_["view.smaller"].trigger()
    assert all(abs(after - was) <= 12 for was, after in zip(usual, widths(), strict=True))


def test_without_a_trade_no_state_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.trade.state.isVisible()
    finished(qtbot, window.player)
    assert window.trade.state.isVisible()
    opened(qtbot, window.player)
    assert not window.trade.state.isVisible()
