"""A pill: something small with a state that is somewhere, a hold on a lifeline or a packet."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.models.scene import StepState
from gui.theme import current_theme
from gui.views import grid, state_mark


def width(text: str) -> float:
    """How wide a pill has to be for its whole text."""
    return state_mark.width(text, grid.small(bold=True)) + 3 * grid.unit()


def paint(
    painter: QPainter, area: QRectF, state: StepState, text: str, *, is_selected: bool = False
) -> None:
    """Draw a pill; a selected one is filled with the state's colour."""
    theme = current_theme()
    box = area.adjusted(1, 1, -1, -1)
    colour = theme.state(state)
    painter.setPen(QPen(colour, 2) if is_selected else state_mark.pen(state))
    fill = QColor(theme.surface) if state is StepState.PENDING else theme.state_fill(state)
    painter.setBrush(colour if is_selected else fill)
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    pad = 1.25 * grid.unit()
    words = theme.muted if state is StepState.PENDING else theme.text
    if is_selected:
        words = theme.surface
    state_mark.paint(
        painter,
        area.adjusted(pad, 0, -pad, 0),
        state,
        text,
        grid.small(bold=True),
        words,
        sign=theme.surface if is_selected else None,
    )
