"""The legs of the selected trade, each as a row of steps: sign, word, colour and line style."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.i18n import tr
from gui.models.scene import LegTrack
from gui.theme import current_theme
from gui.views import chevron, grid, label
from gui.views.leg_track_layout import LegTrackLayout


class LegTrackView(QWidget):
    """As high as its legs need; ``show_tracks`` is all it takes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("legTrack")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tracks: tuple[LegTrack, ...] = ()
        self.layout_now = LegTrackLayout.of((), self.width())
        self.retranslate()

    def show_tracks(self, tracks: tuple[LegTrack, ...]) -> None:
        """Draw these legs from now on."""
        if tracks != self._tracks:
            self._tracks = tracks
            self._arrange()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setAccessibleName(tr("Legs of the selected trade"))
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(80 * grid.unit(), round(self.layout_now.height))

    def minimumSizeHint(self) -> QSize:
        return QSize(50 * grid.unit(), round(self.layout_now.height))

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.words_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        match event.type():
            case QEvent.Type.LanguageChange:
                self.retranslate()
            case QEvent.Type.FontChange | QEvent.Type.PaletteChange | QEvent.Type.StyleChange:
                self._arrange()
            case _:
                pass

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.layout_now = LegTrackLayout.of(self._tracks, self.width())

    def words_at(self, place: QPointF) -> str:
        """What is there, in words; empty beside everything."""
        for leg, track in enumerate(self._tracks):
            if not self.layout_now.row(leg).contains(place):
                continue
            for index, (word, state) in enumerate(track.steps):
                if self.layout_now.step(leg, index).contains(place):
                    return f"{word}: {state.word}"
            return f"{track.title}: {track.subtitle}"
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(current_theme().surface))
        if not self._tracks:
            area = self.layout_now.row(0)
            label.paint(painter, area, tr("No trade is selected."), grid.body(), _quiet())
        for leg in range(len(self._tracks)):
            self._paint_caption(painter, leg)
        for leg, index, area in self.layout_now.steps():
            word, state = self._tracks[leg].steps[index]
            chevron.paint(painter, area, state, word, is_first=index == 0)

    def _paint_caption(self, painter: QPainter, leg: int) -> None:
        track, layout = self._tracks[leg], self.layout_now
        row, hue = layout.row(leg), current_theme().hue(track.hue)
        bar = row.adjusted(0, 2, 0, -2)
        bar.setWidth(layout.unit / 2)
        painter.fillRect(grid.pixel_aligned(bar), hue)
        label.paint(painter, layout.title(leg), track.title, grid.body(bold=True), hue)
        label.paint(painter, layout.subtitle(leg), track.subtitle, grid.small(), _quiet())

    def _arrange(self) -> None:
        self.layout_now = LegTrackLayout.of(self._tracks, self.width())
        self.setAccessibleDescription("\n".join(map(_sentence, self._tracks)))
        self.updateGeometry()
        self.update()


def _quiet() -> str:
    return current_theme().muted


def _sentence(track: LegTrack) -> str:
    steps = ", ".join(f"{word}: {state.word}" for word, state in track.steps)
    return f"{track.title}, {track.subtitle}. {steps}."
