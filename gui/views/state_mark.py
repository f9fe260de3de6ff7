"""How a state looks besides its colour: its line style, and its sign in front of words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.models.scene import StepState
from gui.theme import current_theme
from gui.views import glyph, label

LINES: Final[Mapping[StepState, tuple[float, ...]]] = {
    StepState.PENDING: (3, 3),
    StepState.IN_FLIGHT: (8, 2, 2, 2),
    StepState.HELD: (),
    StepState.SETTLED: (),
    StepState.FAILED: (1.5, 2),
}
"""Dashes and gaps in units of the pen's width; none is a solid line."""


def pen(state: StepState, width: float = 1.5) -> QPen:
    """The line of a state, in its colour and style."""
    return styled(QPen(current_theme().state(state), width), LINES[state])


def quiet_pen() -> QPen:
    """The thin line around what is still to come, where words and a sign say the same."""
    return styled(QPen(current_theme().state(StepState.PENDING), 0.8), LINES[StepState.PENDING])


def styled(line: QPen, dashes: tuple[float, ...]) -> QPen:
    """The pen with these dashes; Qt wants none at all for a solid line."""
    line.setCapStyle(Qt.PenCapStyle.FlatCap)
    line.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if dashes:
        line.setDashPattern(dashes)
    return line


def width(text: str, face: QFont) -> float:
    """How wide the sign and the text are together."""
    return _sign_room(face) + label.width(text, face)


def paint(
    painter: QPainter,
    area: QRectF,
    state: StepState,
    text: str,
    face: QFont,
    words: QColor | str | None = None,
    sign: QColor | str | None = None,
    align: Qt.AlignmentFlag = label.CENTRE,
) -> None:
    """Draw the state's sign and the text side by side, in the state's colour unless told."""
    own = current_theme().state(state)
    used = min(width(text, face), area.width())
    left = {
        label.LEFT: area.left(),
        label.CENTRE: area.center().x() - used / 2,
        label.RIGHT: area.right() - used,
    }[align]
    size = _sign_size(face)
    centre = QPointF(left + size / 2, area.center().y())
    glyph.paint(painter, state, centre, size, own if sign is None else QColor(sign))
    text_left = left + _sign_room(face)
    text_area = QRectF(text_left, area.top(), left + used - text_left, area.height())
    label.paint(painter, text_area, text, face, own if words is None else words)


def _sign_size(face: QFont) -> float:
    return 1.1 * QFontMetricsF(face).capHeight()


def _sign_room(face: QFont) -> float:
    return _sign_size(face) * 1.6
