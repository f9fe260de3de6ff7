from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gui import theme
from gui.models.scene import StepState
from gui.views import chevron, glyph, pill, state_mark
from tests.support.painted_text import blank, caught, without_colour

AREA = QRectF(4, 4, 150, 32)
Paint = Callable[[QPainter, StepState], None]


def a_sign(painter: QPainter, state: StepState) -> None:
    glyph.paint(painter, state, QPointF(20, 20), 12, QColor("#555555"))


def a_line(painter: QPainter, state: StepState) -> None:
    painter.setPen(state_mark.pen(state))
    painter.drawLine(0, 20, 150, 20)


def a_chevron(painter: QPainter, state: StepState) -> None:
    chevron.paint(painter, AREA, state, "the same word")


def a_pill(painter: QPainter, state: StepState) -> None:
    pill.paint(painter, AREA, state, "the same word")


def painted(paint: Paint, state: StepState) -> QImage:
    image = blank(160, 40)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, state)
    painter.end()
    return image


@pytest.mark.parametrize("paint", [a_sign, a_chevron, a_pill])
def test_states_differ_without_any_colour(paint: Paint) -> None:
    theme.use_theme(without_colour())
    for one, other in combinations(StepState, 2):
        assert painted(paint, one) != painted(paint, other), (one, other)


@pytest.mark.parametrize("paint", [a_sign, a_line, a_chevron, a_pill])
def test_the_same_state_looks_the_same_twice(paint: Paint) -> None:
    theme.use_theme(without_colour())
    for state in StepState:
        assert painted(paint, state) == painted(paint, state)


def test_what_is_to_come_on_its_way_and_failed_each_has_a_line_of_its_own() -> None:
    theme.use_theme(without_colour())
    broken = (StepState.PENDING, StepState.IN_FLIGHT, StepState.FAILED, StepState.SETTLED)
    for one, other in combinations(broken, 2):
        assert painted(a_line, one) != painted(a_line, other), (one, other)


def test_a_pill_as_wide_as_it_asks_for_leaves_nothing_out() -> None:
    words = "hold 220,994.48 tGBP"
    image = blank(400, 40)
    painter = QPainter(image)
    with caught() as found:
        pill.paint(painter, QRectF(0, 0, pill.width(words), 24), StepState.HELD, words)
        pill.paint(painter, QRectF(0, 0, pill.width(words) / 2, 24), StepState.HELD, words)
    painter.end()
    assert [each.is_whole for each in found] == [True, False]
