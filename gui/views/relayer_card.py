"""The courier's card: what it does, how much it carries, how far it is behind."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.i18n import tr
from gui.models.scene import RelayerScene
from gui.theme import current_theme
from gui.views import grid, label, state_mark


class RelayerCard(QWidget):
    """Two lines; ``show_scene`` is all it takes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("relayerCard")
        self._scene: RelayerScene | None = None
        self.retranslate()

    def show_scene(self, scene: RelayerScene | None) -> None:
        """Draw this from now on."""
        if scene != self._scene:
            self._scene = scene
            self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setAccessibleName(tr("Relayer"))
        self.setAccessibleDescription(self.words)
        self.setToolTip(self.words)
        self.update()

    @property
    def words(self) -> str:
        """The card in a sentence."""
        if self._scene is None:
            return ""
        return f"{tr('Relayer')}: {self._scene.word}. {', '.join(counts(self._scene))}."

    def sizeHint(self) -> QSize:
        unit, words = grid.unit(), tr("Relayer")
        needed = 28.0 * unit
        if self._scene is not None:
            face = grid.body(bold=True)
            first = label.width(words, face) + unit + state_mark.width(self._scene.word, face)
            second = label.width(_told(self._scene), grid.small())
            needed = max(needed, first + 3.5 * unit, second + 3.5 * unit)
        # In coarse steps, so that a growing number does not move its surroundings each time.
        return QSize(ceil(needed / (2 * unit)) * 2 * unit, 7 * unit)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, unit = current_theme(), grid.unit()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.setBrush(QColor(theme.surface_alt))
        painter.drawRoundedRect(box, unit, unit)
        if self._scene is None:
            return
        inner = box.adjusted(1.5 * unit, unit, -1.5 * unit, -unit)
        line = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
        face = grid.body(bold=True)
        name = QRectF(line)
        name.setWidth(min(label.width(tr("Relayer"), face), 0.4 * line.width()))
        label.paint(painter, name, tr("Relayer"), face, theme.text)
        status = line.adjusted(name.width() + unit, 0, 0, 0)
        word, state = self._scene.word, self._scene.state
        state_mark.paint(painter, status, state, word, face, align=label.RIGHT)
        line.translate(0, line.height())
        label.paint(painter, line, _told(self._scene), grid.small(), theme.muted)


def counts(scene: RelayerScene) -> tuple[str, str, str]:
    """What is on the way, what has arrived, and how late the oldest is."""
    behind = tr("1 block behind") if scene.lag == 1 else tr("{n} blocks behind", n=f"{scene.lag:,}")
    return (
        tr("{n} in flight", n=f"{scene.in_flight:,}"),
        tr("{n} delivered", n=f"{scene.delivered:,}"),
        behind,
    )


def _told(scene: RelayerScene) -> str:
    return " · ".join(counts(scene))
