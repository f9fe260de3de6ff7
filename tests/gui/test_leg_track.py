from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import theme
from gui.models.scene import LegTrack, StepState
from gui.views.leg_track import LegTrackView
from tests.support.painted_scenes import FAILED, LEG_WORDS, track, usual_tracks
from tests.support.painted_text import clipped, overlapping, written_by


def shown(qtbot: QtBot, tracks: tuple[LegTrack, ...], width: int = 860) -> LegTrackView:
    view = LegTrackView()
    qtbot.addWidget(view)
    view.show_tracks(tracks)
    view.resize(width, view.sizeHint().height())
    view.show()
    return view


@pytest.mark.parametrize("width", [620, 860, 1250])
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("legs", [1, 2, 3, 4, 8])
def test_nothing_of_a_leg_is_clipped(qtbot: QtBot, legs: int, scale: float, width: int) -> None:
    theme.use_scale(scale)
    tracks = tuple(track(n, n % len(LEG_WORDS)) for n in range(legs))
    view = shown(qtbot, tracks, round(width * scale))
    written = written_by(view)
    assert len(written) == legs * (2 + len(LEG_WORDS))
    assert clipped(written, QRectF(view.rect())) == []
    assert overlapping(written) == []


def test_the_words_of_every_step_are_whole_at_the_usual_width(qtbot: QtBot) -> None:
    assert all(written.is_whole for written in written_by(shown(qtbot, usual_tracks(), 700)))


def test_a_long_name_is_shortened_in_the_middle_and_told_whole_by_its_tip(qtbot: QtBot) -> None:
    name = "Delivery leg of the third tranche of a very long programme of tokenised bonds"
    leg = LegTrack(name, "20,000", "shanghai", 0, track(0, 1).steps)
    view = shown(qtbot, (leg,))
    (title,) = (each for each in written_by(view) if each.text == name)
    assert title.shown.startswith("Delivery")
    assert title.shown.endswith("bonds")
    assert "…" in title.shown
    assert name in view.words_at(view.layout_now.title(0).center())


def test_a_step_tells_its_state_in_words_where_it_stands(qtbot: QtBot) -> None:
    view = shown(qtbot, (track(0, 1, FAILED),))
    assert view.words_at(view.layout_now.step(0, 0).center()) == "Instructed: settled"
    assert view.words_at(view.layout_now.step(0, 1).center()) == "Held: failed"
    assert view.words_at(view.layout_now.step(0, 2).center()) == "Proven: pending"


def test_beside_all_legs_there_is_nothing_to_tell(qtbot: QtBot) -> None:
    assert shown(qtbot, usual_tracks()).words_at(QPointF(1, 1)) == ""


def test_a_reader_of_the_screen_hears_every_step_with_its_state(qtbot: QtBot) -> None:
    described = shown(qtbot, usual_tracks()).accessibleDescription()
    assert "Delivery leg, 20,000 SHGB29. Instructed: settled, Held: settled" in described
    assert "Held: held, Proven: pending" in described


def test_many_legs_are_lower_but_all_are_there(qtbot: QtBot) -> None:
    three = shown(qtbot, tuple(track(n, 1) for n in range(3)))
    eight = shown(qtbot, tuple(track(n, 1) for n in range(8)))
    assert three.sizeHint().height() < eight.sizeHint().height() <= 40 * eight.layout_now.unit
    assert not three.layout_now.is_compact
    assert eight.layout_now.is_compact


def test_without_a_trade_it_says_so(qtbot: QtBot) -> None:
    view = shown(qtbot, ())
    assert [each.shown for each in written_by(view)] == ["No trade is selected."]
    assert view.accessibleDescription() == ""


def test_a_change_of_theme_is_seen_at_once(qtbot: QtBot, qapp: QApplication) -> None:
    view = shown(qtbot, (track(0, 0, StepState.HELD),))
    light = view.grab().toImage()
    theme.use_theme(theme.DARK)
    qapp.processEvents()
    assert view.grab().toImage() != light
