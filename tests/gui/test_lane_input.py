from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.views.lane_cursor import BlockKey
from gui.views.packet_tracks import keyed
from tests.support.painted_scenes import lane, network, packet
from tests.support.shown_lanes import clicked, reached_by_tab, shown

FIRST = BlockKey("shanghai", 1, "9e3779b1")


def test_a_click_on_a_block_names_its_chain_and_hash(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 5), lane(1, 5)))
    with qtbot.waitSignal(view.blockClicked) as told:
        clicked(view, view.layout_now.tile(1, 2))
    assert view.scene is not None
    assert told.args == ["london", view.scene.lanes[1].tiles[2].hash_short]


def test_a_click_beside_everything_says_nothing(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 5), lane(1, 5)))
    with qtbot.assertNotEmitted(view.blockClicked):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
        QTest.mouseClick(
            view.viewport(),
            Qt.MouseButton.RightButton,
            pos=view.layout_now.tile(0, 0).center().toPoint(),
        )


def test_a_click_on_a_packet_names_its_trade(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 5), lane(1, 5), packets=(packet(),)))
    area = view.spots.area(next(iter(keyed((packet(),)))))
    assert area is not None
    with qtbot.waitSignal(view.packetClicked) as told:
        clicked(view, area)
    assert told.args == ["id-HELD DVP0001"]


def test_a_packet_without_a_trade_is_no_trade_s(qtbot: QtBot) -> None:
    header = replace(packet(), trade_ids=())
    view = shown(qtbot, network(lane(0, 5), lane(1, 5), packets=(header,)))
    area = view.spots.area(next(iter(keyed((header,)))))
    assert area is not None
    with qtbot.assertNotEmitted(view.packetClicked):
        clicked(view, area)


def test_the_keyboard_reaches_blocks_and_packets_and_enter_is_a_click(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 3), lane(1, 3), packets=(packet(),)))
    reached_by_tab(view)
    assert view.spot == BlockKey.of(lane(0, 3).tiles[-1])
    QTest.keyClick(view, Qt.Key.Key_Left)
    with qtbot.waitSignal(view.blockClicked) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args == ["shanghai", "3c6ef362"]
    QTest.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.packetClicked):
        QTest.keyClick(view, Qt.Key.Key_Space)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert isinstance(view.spot, BlockKey)
    assert view.spot.chain == "london"


def test_the_keyboard_stops_at_the_edges(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 3)))
    reached_by_tab(view)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_Up):
        QTest.keyClick(view, key)
        assert view.spot == FIRST


def test_a_block_out_of_sight_scrolls_into_it_when_the_keyboard_gets_there(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 200)))
    assert view.spots.area(FIRST) is None
    reached_by_tab(view)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.spots.area(FIRST) is not None
