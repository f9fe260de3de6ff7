from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPicture
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui import theme
from gui.models.scene import FinalityMarker, Message, SequenceScene
from gui.views import sequence_painter
from gui.views.sequence import SequenceView
from gui.views.sequence_layout import SequenceLayout
from tests.support.painted_scenes import (
    FAILED,
    PENDING,
    SETTLED,
    actors,
    long_sequence,
    usual_sequence,
)
from tests.support.painted_text import caught, clipped, overlapping, written_by


def shown(qtbot: QtBot, scene: SequenceScene, width: int = 860, height: int = 440) -> SequenceView:
    view = SequenceView()
    qtbot.addWidget(view)
    view.resize(width, height)
    view.show_scene(scene)
    view.show()
    return view


@pytest.mark.parametrize("width", [620, 860, 1250])
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("scene", [usual_sequence(), long_sequence(), long_sequence(4, 2, 25)])
def test_nothing_of_the_whole_diagram_is_clipped(
    scene: SequenceScene, scale: float, width: int
) -> None:
    theme.use_scale(scale)
    layout = SequenceLayout.of(scene, width * scale)
    page = QRectF(0, 0, layout.width, layout.heads_height + layout.rows_height)
    picture = QPicture()
    painter = QPainter(picture)
    with caught() as written:
        height = sequence_painter.paint_whole(painter, scene, width * scale)
    painter.end()
    assert height == page.height()
    assert clipped(written, page) == []
    assert overlapping(written) == []
    assert {message.text for message in scene.messages} <= {each.text for each in written}


def test_the_usual_trade_is_told_without_leaving_out_a_letter(qtbot: QtBot) -> None:
    view = shown(qtbot, usual_sequence())
    assert all(each.is_whole for each in written_by(view.viewport()))


def test_everything_can_be_scrolled_to(qtbot: QtBot) -> None:
    view = shown(qtbot, long_sequence(), 620, 300)
    down, across = view.verticalScrollBar(), view.horizontalScrollBar()
    down.setValue(down.maximum())
    across.setValue(across.maximum())
    layout = view.layout_now
    visible = view.viewport().height() - layout.heads_height
    assert layout.row(view.scene.rows - 1).bottom() - down.value() <= visible
    assert layout.head(view.scene.actors[-1].key).right() - across.value() <= view.width()


def test_heads_stay_in_sight_while_the_rest_scrolls(qtbot: QtBot) -> None:
    view = shown(qtbot, long_sequence(2, 2), 860, 300)
    for value in (0, view.verticalScrollBar().maximum()):
        view.verticalScrollBar().setValue(value)
        titles = [each for each in written_by(view.viewport()) if each.text == "Relayer"]
        assert [each.ink.top() < view.layout_now.heads_height for each in titles] == [True]


# --- the point of finality ------------------------------------------------------------------------


def test_the_point_of_finality_stands_between_the_decision_and_what_follows(qtbot: QtBot) -> None:
    layout = shown(qtbot, usual_sequence()).layout_now
    band = layout.marker()
    assert band is not None
    assert layout.row(4).bottom() <= band.top()
    assert band.bottom() <= layout.row(5).top()
    assert band.width() == layout.width


def test_its_words_are_shown_whole_wherever_one_has_scrolled(qtbot: QtBot) -> None:
    scene = long_sequence()
    view = shown(qtbot, scene, 620, 400)
    band = view.layout_now.marker()
    assert band is not None
    assert scene.finality is not None
    view.verticalScrollBar().setValue(round(band.top()) - 100)
    for across in (0, view.horizontalScrollBar().maximum()):
        view.horizontalScrollBar().setValue(across)
        written = written_by(view.viewport())
        (words,) = (each for each in written if each.text == scene.finality.text)
        assert words.is_whole
        assert clipped([words], QRectF(view.viewport().rect())) == []


def test_an_undecided_trade_has_no_point_of_finality(qtbot: QtBot) -> None:
    view = shown(qtbot, replace(usual_sequence(), finality=None))
    assert view.layout_now.marker() is None
    assert "finality" not in view.accessibleDescription()


def test_the_point_of_finality_under_the_last_row_can_be_scrolled_to(qtbot: QtBot) -> None:
    scene = replace(usual_sequence(), finality=FinalityMarker(8, "Point of finality", FAILED))
    view = shown(qtbot, scene, 860, 200)
    bar, band = view.verticalScrollBar(), view.layout_now.marker()
    bar.setValue(bar.maximum())
    assert band is not None
    assert band.bottom() - bar.value() <= view.viewport().height() - view.layout_now.heads_height


# --- messages -------------------------------------------------------------------------------------


def test_messages_that_share_a_row_share_its_width(qtbot: QtBot) -> None:
    long = "a text that would be far too long for half of the row, if it stood alone in it " * 2
    messages = (
        Message(0, "1 s", "p0", "shanghai", long, SETTLED),
        Message(0, "1 s", "p1", "london", long, SETTLED),
    )
    layout = shown(qtbot, SequenceScene(actors(), messages)).layout_now
    assert layout.text(0).right() <= layout.text(1).left()
    assert layout.text(0).left() >= layout.times_width
    assert layout.text(1).right() <= layout.width


def test_a_message_that_was_shortened_is_told_whole_by_its_tip(qtbot: QtBot) -> None:
    words = "a word that goes on and on " * 9
    scene = SequenceScene(actors(), (Message(0, "1 s", "p0", "london", words, PENDING),))
    view = shown(qtbot, scene)
    place = view.layout_now.text(0).center() + QPointF(0, view.layout_now.heads_height)
    assert view.words_at(place) == f"1 s Huangpu Trust to London: {words}, pending"
    assert view.words_at(QPointF(1, 1)) == ""


def test_what_is_to_come_has_no_time_and_is_painted_otherwise(qtbot: QtBot) -> None:
    happened = SequenceScene(actors(), (Message(0, "1 s", "p0", "london", "send", SETTLED),))
    coming = SequenceScene(actors(), (Message(0, "", "p0", "london", "send", PENDING),))
    first, second = shown(qtbot, happened), shown(qtbot, coming)
    assert "1 s" in [each.text for each in written_by(first.viewport())]
    assert "1 s" not in [each.text for each in written_by(second.viewport())]
    assert "send, pending" in second.accessibleDescription()


def test_it_follows_the_newest_row_until_someone_scrolls_away(qtbot: QtBot) -> None:
    whole = long_sequence(2, 2)
    view = shown(qtbot, replace(whole, messages=whole.messages[:10], finality=None), 860, 300)
    bar = view.verticalScrollBar()
    view.show_scene(whole)
    newest = view.layout_now.row(view.layout_now.latest_row())
    room = view.viewport().height() - view.layout_now.heads_height
    assert newest.bottom() - bar.value() <= room
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert bar.value() == 0
    view.show_scene(replace(whole, messages=whole.messages[:30]))
    assert bar.value() == 0
    QTest.keyClick(view, Qt.Key.Key_End)
    view.show_scene(whole)
    assert bar.value() > 0


# --- words ----------------------------------------------------------------------------------------


def test_a_reader_of_the_screen_hears_the_rows_in_order_with_the_point_of_finality(
    qtbot: QtBot,
) -> None:
    lines = shown(qtbot, usual_sequence()).accessibleDescription().splitlines()
    assert lines[0] == "6.2 s Huangpu Trust to Shanghai: sign, settled"
    assert lines[2] == "7.0 s London: hold 220,994.48 tGBP, held"
    place = [line.startswith("Point of settlement finality") for line in lines].index(True)
    assert lines[place - 1] == "8.0 s London: commit, settled"
    assert lines[place + 1].startswith("8.0 s London to Thames AM: execute")
    assert lines[-1] == "Shanghai to Huangpu Trust: execute 20,000 SHGB29, pending"


def test_without_messages_it_says_what_to_do(qtbot: QtBot) -> None:
    view = shown(qtbot, SequenceScene())
    (written,) = written_by(view.viewport())
    assert "Step (F10)" in written.shown


def test_a_low_view_leaves_the_room_to_the_rows(qtbot: QtBot) -> None:
    low, high = (shown(qtbot, usual_sequence(), 740, height) for height in (120, 440))
    assert low.layout_now.heads_height < high.layout_now.heads_height
    assert "chain" in [each.text for each in written_by(high.viewport())]
    written = written_by(low.viewport())
    assert "Shanghai" in [each.text for each in written]
    assert "chain" not in [each.text for each in written]


def test_the_end_of_the_diagram_is_not_scrolled_past(qtbot: QtBot) -> None:
    view = shown(qtbot, usual_sequence(), 740, 200)
    bar, layout = view.verticalScrollBar(), view.layout_now
    bar.setValue(bar.maximum())
    left_over = view.viewport().height() - layout.heads_height + bar.value() - layout.rows_height
    assert 0 <= left_over < layout.row(0).height()


def test_no_row_looks_out_from_under_the_heads_after_a_step_of_scrolling(qtbot: QtBot) -> None:
    layout = shown(qtbot, usual_sequence()).layout_now
    step = layout.row(1).top() - layout.row(0).top()
    first = [n for n, message in enumerate(layout.scene.messages) if message.row == 1]
    assert all(layout.text(n).bottom() + 1 < 2 * step for n in first)
    assert layout.arrow_y(1) + layout.unit / 2 < 2 * step


def test_a_message_of_someone_unknown_is_drawn_on_a_lifeline_of_its_own(qtbot: QtBot) -> None:
    usual = usual_sequence()
    stray = replace(usual.messages[0], source="nobody", target="nowhere", text="stray")
    view = shown(qtbot, replace(usual, messages=(*usual.messages, stray)))
    texts = [each.text for each in written_by(view.viewport())]
    assert {"nobody", "nowhere"} <= set(texts)


def test_another_trade_of_the_same_parties_is_followed_afresh(qtbot: QtBot) -> None:
    view = shown(qtbot, long_sequence(), 740, 260)
    bar = view.verticalScrollBar()
    newest = bar.value()
    bar.setValue(0)
    view.show_scene(replace(long_sequence(), finality=None))
    assert bar.value() == 0 < newest
    view.follow()
    assert bar.value() > 0
