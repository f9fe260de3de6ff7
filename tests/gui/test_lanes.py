from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import theme
from gui.models.scene import BlockTile
from gui.views import block_tile
from tests.support.painted_scenes import lane, network, packet, usual_network
from tests.support.painted_text import blank, clipped, overlapping, without_colour, written_by
from tests.support.shown_lanes import shown


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


def test_the_legend_gives_way_first_when_the_height_is_short(qtbot: QtBot) -> None:
    scene = network(lane(0, 7), lane(1, 7))
    for height, has_legend in ((320, True), (250, False)):
        view = shown(qtbot, scene, 860, height)
        texts = [each.text for each in written_by(view.viewport())]
        assert ("not final yet" in texts) is has_legend
        assert view.verticalScrollBar().maximum() == 0


def test_it_asks_for_enough_height_to_show_two_chains_whole(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 200), lane(1, 200)))
    view.resize(view.minimumSizeHint())
    assert view.verticalScrollBar().maximum() == 0
    assert view.minimumSizeHint().height() <= view.sizeHint().height()


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
