"""The sequence diagram of the selected trade; heads and times stay in sight while it scrolls."""

from __future__ import annotations

from math import ceil
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.i18n import tr
from gui.models.scene import SequenceScene
from gui.theme import current_theme
from gui.views import grid, label, sequence_painter
from gui.views.painted_area import PaintedArea
from gui.views.sequence_layout import ROW, SequenceLayout
from gui.views.sequence_words import finality_words, message_words, sequence_words

LOW_VIEW: Final = 24
"""In a view lower than so many grid units the heads are one line, so that rows get room."""


class SequenceView(PaintedArea):
    """Follows the newest row until someone scrolls away from it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sequence", parent)
        self.scene = SequenceScene()
        self.layout_now = SequenceLayout.of(self.scene, self.viewport().width())
        self._is_following = True
        self._is_arranging = False
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(self._scrolled)
        self.retranslate()

    def show_scene(self, scene: SequenceScene) -> None:
        """Draw this from now on; another trade is followed afresh."""
        if scene == self.scene:
            return
        if scene.actors != self.scene.actors:
            self._is_following = True
        self.scene = scene
        self.arrange()
        self.setAccessibleDescription(sequence_words(scene))

    def follow(self) -> None:
        """Go to the newest row again, as for another trade."""
        self._is_following = True
        self.arrange()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setAccessibleName(tr("Sequence diagram of the selected trade"))
        self.setAccessibleDescription(sequence_words(self.scene))
        self.verticalScrollBar().setAccessibleName(tr("Earlier and later messages"))
        self.horizontalScrollBar().setAccessibleName(tr("More participants"))
        self.arrange()

    def sizeHint(self) -> QSize:
        return QSize(100 * grid.unit(), 40 * grid.unit())

    def minimumSizeHint(self) -> QSize:
        return QSize(50 * grid.unit(), 16 * grid.unit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Home:
                bar.setValue(bar.minimum())
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
            case _:
                super().keyPressEvent(event)

    def words_at(self, place: QPointF) -> str:
        """What is there, in words; empty beside everything."""
        layout = self.layout_now
        inside = place + QPointF(self.horizontalScrollBar().value(), 0)
        for actor in layout.scene.actors:
            if layout.head(actor.key).contains(inside):
                return f"{actor.title}: {actor.subtitle}"
        if place.y() < layout.heads_height:
            return ""
        inside += QPointF(0, self.verticalScrollBar().value() - layout.heads_height)
        for index, message in enumerate(layout.scene.messages):
            if layout.text(index).contains(inside):
                return message_words(layout.scene, message)
        band = layout.marker()
        if band is not None and band.contains(inside):
            return finality_words(self.scene)
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, layout = current_theme(), self.layout_now
        whole = QRectF(self.viewport().rect())
        painter.fillRect(whole, QColor(theme.surface))
        if not self.layout_now.scene.actors:
            words = tr("No messages yet. Press Step (F10) to go on.")
            label.paint(painter, whole, words, grid.body(), theme.muted, label.CENTRE)
            return
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        below = whole.adjusted(0, layout.heads_height, 0, 0)
        seen = QRectF(across, down, below.width(), below.height())
        painter.save()
        painter.setClipRect(below)
        painter.translate(-across, layout.heads_height - down)
        sequence_painter.paint_rows(painter, layout, seen)
        painter.translate(across, 0)
        self._paint_times(painter, seen)
        painter.restore()
        painter.translate(-across, 0)
        sequence_painter.paint_heads(painter, layout)
        painter.translate(across, 0)
        self._paint_edge(painter, below, down)

    def _paint_times(self, painter: QPainter, seen: QRectF) -> None:
        if self.horizontalScrollBar().value():
            column = QRectF(0, seen.top(), self.layout_now.times_width, seen.height())
            sequence_painter.paint_ground(painter, self.layout_now, column)
        sequence_painter.paint_times(painter, self.layout_now, seen)

    def _paint_edge(self, painter: QPainter, below: QRectF, down: int) -> None:
        if down:
            painter.setPen(QPen(QColor(current_theme().border), 1))
            painter.drawLine(below.topLeft(), below.topRight())
        if self.hasFocus():
            painter.setPen(QPen(QColor(current_theme().accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1))

    def arrange(self) -> None:
        self._is_arranging = True
        view = self.viewport()
        is_low = view.height() < LOW_VIEW * grid.unit()
        layout = SequenceLayout.of(self.scene, view.width(), is_low=is_low)
        self.layout_now = layout
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setSingleStep(2 * layout.unit)
        across.setPageStep(view.width())
        across.setRange(0, max(0, round(layout.width - view.width())))
        room = view.height() - round(layout.heads_height)
        down.setSingleStep(ROW * layout.unit)
        down.setPageStep(room)
        down.setRange(0, self._whole_rows(layout.rows_height - room))
        if self._is_following:
            down.setValue(self._newest())
        self._is_arranging = False
        view.update()

    def _newest(self) -> int:
        """How far to scroll so that the newest row and the one after it can be seen."""
        layout = self.layout_now
        room = self.viewport().height() - layout.heads_height
        wanted = layout.row(layout.latest_row() + 1).bottom()
        return self._whole_rows(min(wanted, layout.rows_height) - room)

    def _whole_rows(self, down: float) -> int:
        """Rows are never cut at the top: the line of finality is as high as a row too."""
        step = ROW * self.layout_now.unit
        return max(0, ceil(down / step) * step)

    def _scrolled(self) -> None:
        if not self._is_arranging:
            bar = self.verticalScrollBar()
            self._is_following = bar.value() >= min(self._newest(), bar.maximum())
        self.viewport().update()
