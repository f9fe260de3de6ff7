"""A chevron: one step of a leg's way, pointing at the next."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from gui.models.scene import StepState
from gui.theme import current_theme
from gui.views import grid, state_mark


def tip() -> float:
    """How far a chevron reaches into the next one, in pixels."""
    return 1.25 * grid.unit()


def overlap() -> float:
    """How far its box reaches into the next one's; the edges stay apart."""
    return tip() - 3


def width(word: str) -> float:
    """How wide a chevron has to be for its whole word."""
    return state_mark.width(word, grid.body(bold=True)) + 2 * tip() + 4


def paint(
    painter: QPainter, area: QRectF, state: StepState, word: str, *, is_first: bool = False
) -> None:
    """Draw a step; what has not come yet is an empty, dashed shape with quiet words."""
    theme = current_theme()
    is_pending = state is StepState.PENDING
    painter.setPen(state_mark.quiet_pen() if is_pending else state_mark.pen(state))
    painter.setBrush(theme.surface_alt if is_pending else theme.state_fill(state))
    painter.drawPolygon(outline(area, is_first=is_first))
    state_mark.paint(
        painter,
        words_area(area, is_first=is_first),
        state,
        word,
        grid.body(bold=not is_pending),
        theme.muted if is_pending else theme.text,
    )


def words_area(area: QRectF, *, is_first: bool = False) -> QRectF:
    """Where a chevron's words may stand."""
    left = grid.unit() / 2 if is_first else tip() + 2
    return area.adjusted(left, 0, -tip(), 0)


def outline(area: QRectF, *, is_first: bool = False) -> QPolygonF:
    """The shape; the first of a row has a straight back."""
    box = area.adjusted(1, 1, -1, -1)
    middle, shoulder = box.center().y(), box.right() - tip()
    corners = [
        QPointF(box.left(), box.top()),
        QPointF(shoulder, box.top()),
        QPointF(box.right(), middle),
        QPointF(shoulder, box.bottom()),
        QPointF(box.left(), box.bottom()),
    ]
    if not is_first:
        corners.append(QPointF(box.left() + tip(), middle))
    return QPolygonF(corners)
