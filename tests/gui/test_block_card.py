from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.i18n import Language
from gui.language import speak
from gui.main_window import MainWindow
from gui.views.lane_cursor import BlockKey
from tests.gui.runs import finished, opened, stepped_to
from tests.support.shown_lanes import clicked, reached_by_tab


@pytest.fixture
def stopped(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window at the moment at which London's block 6 has just been made."""
    opened(qtbot, window.player)
    stepped_to(qtbot, window.player, 5_000)
    return window


def click(window: MainWindow, chain: str, height: int) -> None:
    lanes = window.network.lanes
    places = lanes.spots.places()
    clicked(
        lanes,
        next(
            area
            for spot, area in places
            if isinstance(spot, BlockKey) and (spot.chain, spot.height) == (chain, height)
        ),
    )


def test_a_click_on_a_block_tells_what_is_in_it(stopped: MainWindow) -> None:
    click(stopped, "london", 6)
    card = stopped.block
    assert card.isVisible()
    assert card.title.text() == "London block 6"
    assert card.scene is not None
    assert dict(card.scene.facts)["Transactions"] == "3"
    assert len(dict(card.scene.facts)["Hash"]) == 66
    assert "Thames Custody opens DVP0002" in card.scene.lines
    assert "Relayer proves DVP0001" in card.scene.lines
    assert {label for _, label in card.scene.trades} == {"DVP0001", "DVP0002"}
    assert stopped.rect().contains(card.geometry())
    assert "DVP0002" in card.accessibleDescription()


def test_a_second_click_closes_it_and_so_does_escape(stopped: MainWindow) -> None:
    click(stopped, "london", 6)
    click(stopped, "london", 6)
    assert not stopped.block.isVisible()
    assert stopped.network.lanes.chosen is None
    click(stopped, "shanghai", 5)
    QTest.keyClick(stopped.block, Qt.Key.Key_Escape)
    assert not stopped.block.isVisible()


def test_the_keyboard_looks_into_a_block_and_away(stopped: MainWindow) -> None:
    lanes = stopped.network.lanes
    reached_by_tab(lanes)
    QTest.keyClick(lanes, Qt.Key.Key_Return)
    assert stopped.block.title.text().startswith("Shanghai block")
    QTest.keyClick(lanes, Qt.Key.Key_Left)
    QTest.keyClick(lanes, Qt.Key.Key_Return)
    assert stopped.block.isVisible()
    QTest.keyClick(lanes, Qt.Key.Key_Escape)
    assert not stopped.block.isVisible()


def test_a_trade_of_the_block_is_a_way_to_it(stopped: MainWindow) -> None:
    click(stopped, "london", 6)
    assert stopped.block.scene is not None
    trade_id = next(it for it, label in stopped.block.scene.trades if label == "DVP0002")
    stopped.block.facts.linkActivated.emit(trade_id)
    assert "DVP0002" in stopped.trade.title.text()


def test_it_changes_its_language_and_another_run_closes_it(
    stopped: MainWindow, qtbot: QtBot
) -> None:
    click(stopped, "london", 6)
    speak(Language.CHINESE)
    qtbot.waitUntil(lambda: "\u533a\u5757 6" in stopped.block.title.text())
    finished(qtbot, stopped.player, "pvp")
    assert not stopped.block.isVisible()


def test_a_block_with_many_transactions_names_some_and_counts_the_rest(
    window: MainWindow, qtbot: QtBot
) -> None:
    opened(qtbot, window.player)
    stepped_to(qtbot, window.player, 1_000)
    click(window, "london", 1)
    assert window.block.scene is not None
    assert window.block.scene.lines == ("15 that set the stage",)
    assert window.block.scene.trades == ()
