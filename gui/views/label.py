"""One line of text on a painted view: elided in the middle when it has to be, never clipped."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE: Final = Qt.AlignmentFlag.AlignCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ONE_LINE: Final = int(Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip)


def paint(
    painter: QPainter,
    area: QRectF,
    text: str,
    face: QFont,
    colour: QColor | str,
    align: Qt.AlignmentFlag = LEFT,
) -> None:
    """Draw ``text`` inside ``area``; every word of every painted view comes through here."""
    painter.setFont(face)
    painter.setPen(QColor(colour))
    painter.drawText(area, align.value | _ONE_LINE, elided(text, face, area.width()))


def width(text: str, face: QFont) -> float:
    """How wide the text is when nothing is left out, in pixels."""
    return QFontMetricsF(face).horizontalAdvance(text)


def elided(text: str, face: QFont, room: float) -> str:
    """What of the text is shown in ``room`` pixels; both its ends stay readable."""
    # Half a pixel: a width measured and a width used may differ by rounding.
    return QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideMiddle, room + 0.5)
