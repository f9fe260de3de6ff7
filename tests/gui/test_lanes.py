from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import theme
from gui.models.scene import BlockTile, NetworkScene, PacketInFlight
from gui.views import block_tile
from gui.views.lane_cursor import BlockKey
from gui.views.lanes import LanesView
from gui.views.packet_route import PacketRoute
from gui.views.packet_tracks import Travel, keyed
from tests.support.painted_scenes import lane, network, packet, usual_network
from tests.support.painted_text import blank, clipped, overlapping, without_colour, written_by

FIRST = BlockKey("shanghai", 1, "9e3779b1")


def shown(qtbot: QtBot, scene: NetworkScene, width: int = 860, height: int = 312) -> LanesView:
    view = LanesView()
    qtbot.addWidget(view)
    view.resize(width, height)
    view.show_scene(scene)
    view.show()
    return view


def clicked(qtbot: QtBot, view: LanesView, area: QRectF) -> None:
    place = area.center().toPoint()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def reached_by_tab(view: LanesView) -> None:
    # Sent by hand: without a window manager no window is ever active.
    event = QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason)
    QApplication.sendEvent(view, event)


@pytest.mark.parametrize("width", [700, 860, 1250])
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("blocks", [0, 1, 7, 200])
@pytest.mark.parametrize("lanes", [1, 2, 3])
def test_nothing_of_the_network_is_clipped(
    qtbot: QtBot,
    lanes: int,
    blocks: int,
    scale: float,
    width: int,
) -> None:
    theme.use_scale(scale)
    scene = network(*(lane(n, blocks, final=blocks // 2) for n in range(lanes)))
    view = shown(qtbot, scene, round(width * scale), round(520 * scale))
    written = written_by(view.viewport())
    assert clipped(written, QRectF(view.viewport().rect())) == []
    assert overlapping(written) == []


def test_a_scene_without_chains_says_what_to_do(qtbot: QtBot) -> None:
    view = shown(qtbot, network())
    (written,) = written_by(view.viewport())
    assert "Run (F5)" in written.shown
    assert not view.card.isVisible()


def test_finality_is_told_without_any_colour() -> None:
    theme.use_theme(without_colour())
    tile = BlockTile("shanghai", 7, "0a1b2c3d", 3, is_final=True)
    kinds = (tile, replace(tile, is_final=False), replace(tile, is_final=False, is_ghost=True))
    for one, other in combinations(kinds, 2):
        assert a_tile(one) != a_tile(other)
    assert a_tile(tile) == a_tile(replace(tile))


def a_tile(tile: BlockTile) -> QImage:
    image = blank(100, 80)
    painter = QPainter(image)
    block_tile.paint(painter, QRectF(8, 8, 76, 64), tile, 0)
    painter.end()
    return image


@pytest.mark.parametrize(
    ("count", "words"), [(0, ["empty"]), (1, []), (6, []), (7, ["+4"]), (1500, ["+1,497"])]
)
def test_more_transactions_than_bars_are_told_as_a_number(
    qtbot: QtBot, count: int, words: list[str]
) -> None:
    tiles = (BlockTile("shanghai", 1, "0a1b2c3d", count, is_final=True),)
    view = shown(qtbot, network(replace(lane(0, 1), tiles=tiles)))
    texts = [each.text for each in written_by(view.viewport())]
    assert [text for text in texts if text == "empty" or text.startswith("+")] == words


# --- mouse and keyboard ---------------------------------------------------------------------------


def test_a_click_on_a_block_names_its_chain_and_height(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 5), lane(1, 5)))
    with qtbot.waitSignal(view.blockClicked) as told:
        clicked(qtbot, view, view.layout_now.tile(1, 2))
    assert told.args == ["london", 3]


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
    area = view.area_of(next(iter(keyed((packet(),)))))
    assert area is not None
    with qtbot.waitSignal(view.packetClicked) as told:
        clicked(qtbot, view, area)
    assert told.args == ["id-HELD DVP0001"]


def test_a_packet_without_a_trade_is_no_trade_s(qtbot: QtBot) -> None:
    header = replace(packet(), trade_ids=())
    view = shown(qtbot, network(lane(0, 5), lane(1, 5), packets=(header,)))
    area = view.area_of(next(iter(keyed((header,)))))
    assert area is not None
    with qtbot.assertNotEmitted(view.packetClicked):
        clicked(qtbot, view, area)


def test_the_keyboard_reaches_blocks_and_packets_and_enter_is_a_click(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 3), lane(1, 3), packets=(packet(),)))
    reached_by_tab(view)
    assert view.spot == BlockKey.of(lane(0, 3).tiles[-1])
    QTest.keyClick(view, Qt.Key.Key_Left)
    with qtbot.waitSignal(view.blockClicked) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args == ["shanghai", 2]
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
    assert view.area_of(FIRST) is None
    reached_by_tab(view)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.area_of(FIRST) is not None


# --- keeping up -----------------------------------------------------------------------------------


def test_it_follows_the_newest_block_until_someone_scrolls_back(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 30)))
    bar = view.horizontalScrollBar()
    view.show_scene(network(lane(0, 40)))
    assert bar.value() == bar.maximum() > 0
    bar.setValue(5)
    view.show_scene(network(lane(0, 50)))
    assert bar.value() == 5
    bar.setValue(bar.maximum())
    view.show_scene(network(lane(0, 60)))
    assert bar.value() == bar.maximum()


def test_only_blocks_in_sight_are_painted(qtbot: QtBot, painted_tiles: list[BlockTile]) -> None:
    view = shown(qtbot, network(lane(0, 200), lane(1, 200)))
    painted_tiles.clear()
    view.grab()
    assert len(painted_tiles) == 2 * view.layout_now.columns


def test_a_packet_that_moves_paints_no_block_again(
    qtbot: QtBot, qapp: QApplication, painted_tiles: list[BlockTile]
) -> None:
    scene = network(lane(0, 8), lane(1, 8), packets=(packet(progress=0.2),))
    view = shown(qtbot, scene)
    qtbot.waitExposed(view)
    qapp.processEvents()
    painted_tiles.clear()
    view.show_scene(replace(scene, packets=(packet(progress=0.4),)))
    qapp.processEvents()
    assert painted_tiles == []
    view.show_scene(network(lane(0, 9), lane(1, 8)))
    qapp.processEvents()
    assert painted_tiles != []


@pytest.fixture
def painted_tiles(monkeypatch: pytest.MonkeyPatch) -> list[BlockTile]:
    painted: list[BlockTile] = []
    paint = block_tile.paint

    def count(
        painter: QPainter, area: QRectF, tile: BlockTile, hue: int, *, is_selected: bool = False
    ) -> None:
        painted.append(tile)
        paint(painter, area, tile, hue, is_selected=is_selected)

    monkeypatch.setattr(block_tile, "paint", count)
    return painted


def test_larger_text_makes_everything_larger_at_once(qtbot: QtBot, qapp: QApplication) -> None:
    view = shown(qtbot, usual_network())
    before = view.layout_now.tile(0, 17).height()
    theme.use_scale(1.5)
    qapp.processEvents()
    assert view.layout_now.tile(0, 17).height() == pytest.approx(1.5 * before, abs=8)
    assert clipped(written_by(view.viewport()), QRectF(0, 0, 860, view.layout_now.height)) == []


# --- packets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "destination"), [(0, 1), (1, 0), (0, 2), (2, 0), (2, 1)])
def test_a_packet_travels_from_lane_to_lane_and_never_covers_a_block(
    qtbot: QtBot, source: int, destination: int
) -> None:
    view = shown(qtbot, network(lane(0, 8), lane(1, 8), lane(2, 8)), 860, 500)
    lanes = [view.layout_now.lane(n) for n in range(3)]
    tops = []
    for percent in range(101):
        area = pill_of(view, packet(source, destination, percent / 100))
        assert not any(area.intersects(lane_area) for lane_area in lanes)
        assert not area.intersects(view.layout_now.card())
        tops.append(area.top())
    assert tops == sorted(tops, reverse=source > destination)
    assert tops[0] != tops[-1]


def pill_of(view: LanesView, moving: PacketInFlight) -> QRectF:
    route = PacketRoute.of(view.layout_now, Travel(next(iter(keyed((moving,)))), moving, 0))
    assert route is not None
    return route.pill()


def test_a_packet_of_a_chain_without_a_lane_is_not_drawn(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 3), lane(1, 3), packets=(packet(0, 2),)))
    assert "HELD DVP0001" not in [each.text for each in written_by(view.viewport())]


def test_packets_that_find_no_room_are_counted(qtbot: QtBot) -> None:
    packets = tuple(packet(label=f"HELD {n}") for n in range(9))
    view = shown(qtbot, network(lane(0, 3), lane(1, 3), packets=packets))
    texts = [each.text for each in written_by(view.viewport())]
    drawn = sum(text.startswith("HELD") for text in texts)
    assert 0 < drawn < 9
    assert f"{9 - drawn} more packets on their way" in texts


# --- words ----------------------------------------------------------------------------------------


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


def test_the_relayer_s_card_says_its_state_and_its_counts(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 3), lane(1, 3), packets=(packet(),), word="crashed"))
    described = view.card.accessibleDescription()
    assert described == "Relayer: crashed. 1 in flight, 116 delivered, 2 blocks behind."
    texts = [each.text for each in written_by(view.card)]
    assert texts == ["Relayer", "crashed", "1 in flight · 116 delivered · 2 blocks behind"]
    assert all(each.is_whole for each in written_by(view.card))
