"""Catches every line of text that a painted view writes, and measures it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.models.scene import StepState
from gui.views import label


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it was asked for, as it is shown, and where its letters are."""

    text: str
    shown: str
    area: QRectF
    ink: QRectF

    @property
    def is_whole(self) -> bool:
        return self.text == self.shown


@contextmanager
def caught(view: QWidget | None = None) -> Iterator[list[Written]]:
    """Collect what is written meanwhile, in the coordinates of the view or the page."""
    found: list[Written] = []
    write = label.paint

    def catch(
        painter: QPainter,
        area: QRectF,
        text: str,
        face: QFont,
        colour: QColor | str,
        align: Qt.AlignmentFlag = label.LEFT,
    ) -> None:
        placed = painter.worldTransform().mapRect(area)
        device = painter.device()
        if view is not None and isinstance(device, QWidget) and device is not view:
            placed.translate(QPointF(device.mapTo(view, QPoint(0, 0))))
        found.append(measured(placed, text, face, align))
        write(painter, area, text, face, colour, align)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(label, "paint", catch)
        yield found


def written_by(view: QWidget) -> list[Written]:
    """Everything a view writes when it is painted once."""
    with caught(view) as found:
        view.grab()
    return found


def measured(area: QRectF, text: str, face: QFont, align: Qt.AlignmentFlag) -> Written:
    """Where the letters come to stand."""
    metrics = QFontMetricsF(face)
    shown = label.elided(text, face, area.width())
    ink = QRectF(0, 0, metrics.horizontalAdvance(shown), metrics.height())
    left = {
        label.LEFT: area.left(),
        label.CENTRE: area.center().x() - ink.width() / 2,
        label.RIGHT: area.right() - ink.width(),
    }[align]
    ink.moveTopLeft(QPointF(left, area.center().y() - ink.height() / 2))
    return Written(text, shown, area, ink)


def clipped(written: list[Written], inside: QRectF) -> list[Written]:
    """What does not fit its own place, or leaves the view."""
    slack = QRectF(inside).adjusted(-1, -1, 1, 1)
    return [
        each
        for each in written
        if each.shown
        and (
            each.ink.height() > each.area.height() + 1
            or each.ink.width() > each.area.width() + 1
            or not slack.contains(each.ink)
        )
    ]


def overlapping(written: list[Written]) -> list[tuple[str, str]]:
    """Texts that stand on each other."""
    pairs = combinations([each for each in written if each.shown], 2)
    # A line's box is higher than its letters: two lines may touch by two pixels.
    return [
        (one.text, other.text)
        for one, other in pairs
        if one.ink.adjusted(0, 2, 0, -2).intersects(other.ink.adjusted(0, 2, 0, -2))
    ]


def without_colour() -> theme.Theme:
    """A theme in which all states and all chains look alike but for shapes and words."""
    grey = "#555555"
    return replace(
        theme.LIGHT,
        name="grey",
        states=dict.fromkeys(StepState, grey),
        hues=(grey,),
        muted=grey,
        text=grey,
        surface_alt=theme.LIGHT.surface,
    )


def blank(width: int, height: int) -> QImage:
    """A white picture to paint on."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    return image
