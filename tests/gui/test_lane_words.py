from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support.painted_scenes import lane, network, packet, usual_network
from tests.support.shown_lanes import reached_by_tab, shown


def test_a_reader_of_the_screen_hears_a_block_in_words(qtbot: QtBot) -> None:
    view = shown(qtbot, usual_network())
    assert "Shanghai block 21, not final yet, no transactions" in view.accessibleDescription()
    reached_by_tab(view)
    for _ in range(4):
        QTest.keyClick(view, Qt.Key.Key_Left)
    first = view.accessibleDescription().splitlines()[0]
    assert first == "Shanghai block 18, not final yet, 5 transactions"


def test_final_and_undone_blocks_are_told_apart_in_words(qtbot: QtBot) -> None:
    view = shown(qtbot, usual_network())
    told = [view.words_at(view.layout_now.tile(0, n).center()) for n in (16, 18)]
    assert told == [
        "Shanghai block 17, final, 2 transactions",
        "Shanghai block 19, undone by a reorganisation, 2 transactions",
    ]
    assert view.words_at(view.layout_now.lane(0).topLeft()) == ""


def test_packets_are_told_in_words(qtbot: QtBot) -> None:
    described = shown(qtbot, usual_network()).accessibleDescription()
    assert "Packet HELD DVP0001 on its way from Shanghai to London" in described


def test_a_packet_that_leaves_is_told_and_one_that_moves_is_not_told_again(qtbot: QtBot) -> None:
    lanes = (lane(0, 3), lane(1, 3))
    view = shown(qtbot, network(*lanes))
    view.show_scene(network(*lanes, packets=(packet(progress=0.1),)))
    told = view.accessibleDescription()
    assert "Packet HELD DVP0001" in told
    view.show_scene(network(*lanes, packets=(packet(progress=0.9),)))
    assert view.accessibleDescription() == told
    view.show_scene(network(*lanes))
    assert "Packet" not in view.accessibleDescription()
