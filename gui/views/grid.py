"""The grid and the few sizes of type that all painted views share; both follow the font's size."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from gui import theme


def unit() -> int:
    """One step of the grid in pixels: half a line of ordinary text, so 8 at the ordinary size."""
    return max(4, round(QFontMetricsF(body()).height() / 2))


def title() -> QFont:
    """What a lane is called."""
    return theme.font(theme.BASE_PT * 1.2, bold=True)


def body(*, bold: bool = False) -> QFont:
    """Ordinary text."""
    return theme.font(theme.BASE_PT, bold=bold)


def small(*, bold: bool = False) -> QFont:
    """What stands beside or below ordinary text."""
    return theme.font(theme.BASE_PT * 0.875, bold=bold)


def code() -> QFont:
    """Hashes on blocks."""
    return theme.mono(theme.BASE_PT * 0.8)


def pixel_aligned(area: QRectF) -> QRectF:
    """The area moved onto whole pixels, so that thin lines stay sharp."""
    return QRectF(area.toAlignedRect())
