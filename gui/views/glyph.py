"""The signs of the five states, drawn as shapes: they need no font and look alike everywhere.

The characters of ``StepState.glyph`` stand for the same signs in tables.
"""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from gui.models.scene import StepState


def paint(
    painter: QPainter, state: StepState, centre: QPointF, size: float, colour: QColor
) -> None:
    """Draw a state's sign, ``size`` pixels wide, around ``centre``."""
    painter.save()
    painter.translate(centre)
    painter.scale(size / 2, size / 2)
    pen = QPen(colour, 0.32)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _shape(painter, state, colour)
    painter.restore()


def _shape(painter: QPainter, state: StepState, colour: QColor) -> None:
    match state:
        case StepState.PENDING:
            painter.drawEllipse(QRectF(-0.75, -0.75, 1.5, 1.5))
        case StepState.IN_FLIGHT:
            _filled(painter, colour, (-0.9, -0.85), (0.95, 0), (-0.9, 0.85), (-0.4, 0))
        case StepState.HELD:
            _filled(painter, colour, (0, -0.95), (0.95, 0), (0, 0.95), (-0.95, 0))
        case StepState.SETTLED:
            painter.drawPolyline(_points((-0.85, 0.05), (-0.25, 0.65), (0.85, -0.65)))
        case StepState.FAILED:
            painter.drawLine(QPointF(-0.65, -0.65), QPointF(0.65, 0.65))
            painter.drawLine(QPointF(-0.65, 0.65), QPointF(0.65, -0.65))
        case _:
            assert_never(state)


def _filled(painter: QPainter, colour: QColor, *corners: tuple[float, float]) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(colour))
    painter.drawPolygon(_points(*corners))


def _points(*corners: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in corners])
