"""The network: a lane of blocks for each chain, the relayer, and packets on their way.

It follows the newest blocks until someone scrolls back. Blocks and packets are reached by mouse
or by the arrow keys; Enter does what a click does.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui.i18n import tr
from gui.models.scene import NetworkScene
from gui.theme import current_theme
from gui.views import grid, label, network_painter, packet_route
from gui.views.lane_cursor import BlockKey, Spot, first_spot, moved, rows_of
from gui.views.lane_layout import LaneLayout
from gui.views.lane_spots import LaneSpots
from gui.views.lane_words import network_words, place_words, spot_words, waiting_words
from gui.views.packet_tracks import PacketTracks, keyed
from gui.views.painted_area import PaintedArea
from gui.views.relayer_card import RelayerCard

_FAR: Final = 10**9
_MOVES: Final[Mapping[int, tuple[int, int]]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_PageUp: (-10, 0),
    Qt.Key.Key_PageDown: (10, 0),
    Qt.Key.Key_Home: (-_FAR, 0),
    Qt.Key.Key_End: (_FAR, 0),
}
_CLICKS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class LanesView(PaintedArea):
    """Give it scenes with ``show_scene``; it tells what was clicked."""

    blockClicked = Signal(str, str)  # chain, beginning of the hash
    left = Signal()
    packetClicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("lanes", parent)
        self.viewport().setMouseTracking(True)
        self.card = RelayerCard(self.viewport())
        self.scene: NetworkScene | None = None
        self.spot: Spot | None = None
        self.chosen: Spot | None = None
        self.layout_now = LaneLayout.of((), QSizeF(self.viewport().size()))
        self.spots = LaneSpots(self.layout_now)
        self._tracks = PacketTracks()
        self._is_following = True
        self._needed = QSize()
        self.horizontalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.retranslate()

    def show_scene(self, scene: NetworkScene) -> None:
        """Draw this from now on; when only packets have moved, little is painted again."""
        before, self.scene = self.scene, scene
        room = self.card.sizeHint()
        self.card.show_scene(scene.relayer)
        if before is None or before.lanes != scene.lanes or room != self.card.sizeHint():
            self.arrange()
        elif before != scene:
            self._place_packets()
            self.viewport().update(network_painter.gaps(self.spots))
        if before is None or _is_news(before, scene):
            self._describe()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setAccessibleName(tr("Network: chains, blocks and packets"))
        self.horizontalScrollBar().setAccessibleName(tr("Older and newer blocks"))
        self.verticalScrollBar().setAccessibleName(tr("More chains"))
        self.card.retranslate()
        self.arrange()
        self._describe()

    def sizeHint(self) -> QSize:
        unit = grid.unit()
        bar = self.horizontalScrollBar().sizeHint().height()
        return QSize(100 * unit, max(33 * unit, ceil(self.layout_now.usual_height)) + bar)

    def minimumSizeHint(self) -> QSize:
        unit, bar = grid.unit(), self.horizontalScrollBar().sizeHint().height()
        # Two chains are always seen whole; of more, some are scrolled to.
        return QSize(50 * unit, min(30 * unit, ceil(self.layout_now.least_height)) + bar)

    # --- events -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self.spots.at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and spot is not None:
            self._go_to(spot)
            self._click(spot)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_on = self.spots.at(event.position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if is_on else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.scene is not None and event.key() in _MOVES:
            self._go_to(moved(rows_of(self.scene), self.spot, *_MOVES[event.key()]))
        elif self.spot is not None and event.key() in _CLICKS:
            self._click(self.spot)
        elif event.key() == Qt.Key.Key_Escape:
            self.unmark()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        if self.verticalScrollBar().maximum() and not delta.x():
            super().wheelEvent(event)
            return
        bar, turned = self.horizontalScrollBar(), delta.x() or delta.y()
        bar.setValue(bar.value() - (turned > 0) + (turned < 0))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        is_by_mouse = event.reason() is Qt.FocusReason.MouseFocusReason
        if self.spot is None and self.scene is not None and not is_by_mouse:
            self._go_to(first_spot(rows_of(self.scene)))

    def words_at(self, place: QPointF) -> str:
        return place_words(self.scene, self.spots, place)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, unit = current_theme(), grid.unit()
        painter.fillRect(event.rect(), QColor(theme.surface))
        if self.scene is None or not self.scene.lanes:
            words = tr("Nothing has happened yet. Press Run (F5) or Step (F10).")
            area = QRectF(self.viewport().rect()).adjusted(unit, 0, -unit, 0)
            label.paint(painter, area, words, grid.body(), theme.muted, label.CENTRE)
            return
        at_keyboard = self.spot if self.hasFocus() else None
        ringed = frozenset(spot for spot in (self.chosen, at_keyboard) if spot is not None)
        note = waiting_words(len(self.scene.packets) - len(self.spots.travels))
        network_painter.paint(painter, self.spots, event.region(), ringed, note)

    # --- keeping up -------------------------------------------------------------------------------

    def arrange(self) -> None:
        layout, is_following = self._layout(), self._is_following
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setPageStep(layout.columns)
        across.setRange(0, layout.hidden)
        if is_following:
            across.setValue(layout.hidden)
        view = self.viewport().height()
        down.setSingleStep(layout.unit * 2)
        down.setPageStep(view)
        down.setRange(0, max(0, round(layout.height - view)))
        self._scrolled()
        # Shrinking lanes move the bar to its end without anyone having scrolled.
        self._is_following = is_following
        if self._needed != self.minimumSizeHint():
            self._needed = self.minimumSizeHint()
            self.updateGeometry()

    def _scrolled(self) -> None:
        across = self.horizontalScrollBar()
        self._is_following = across.value() == across.maximum()
        self.layout_now = self._layout()
        self.card.setVisible(bool(self.layout_now.lanes))
        if self.layout_now.lanes:
            self.card.setGeometry(self.layout_now.card().toRect())
        self._place_packets()
        self.viewport().update()

    def _layout(self) -> LaneLayout:
        lanes = self.scene.lanes if self.scene is not None else ()
        first, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        size, card = QSizeF(self.viewport().size()), self.card.sizeHint().width()
        return LaneLayout.of(lanes, size, first, down, card)

    def _place_packets(self) -> None:
        layout = self.layout_now
        if self.scene is None or not layout.lanes:
            self.spots = LaneSpots(layout)
            return
        tracks = packet_route.track_count(layout)
        self.spots = LaneSpots(layout, self._tracks.travels(self.scene.packets, tracks))

    def _go_to(self, spot: Spot | None) -> None:
        self.spot = spot
        column = None if spot is None else self.spots.column(spot)
        if column is not None:
            bar, shown = self.horizontalScrollBar(), self.layout_now.columns
            bar.setValue(min(max(bar.value(), column - shown + 1), column))
        self._describe()
        self.viewport().update()

    def unmark(self) -> None:
        """Nothing is chosen any more."""
        self.chosen = None
        self.viewport().update()

    def _click(self, spot: Spot) -> None:
        self.chosen = spot
        self.viewport().update()
        if isinstance(spot, BlockKey):
            self.blockClicked.emit(spot.chain, spot.hash_short)
        elif trade_ids := spot[3]:
            self.packetClicked.emit(trade_ids[0])

    def _describe(self) -> None:
        if self.scene is None:
            return
        current = spot_words(self.scene, self.spot) if self.spot is not None else ""
        self.setAccessibleDescription("\n".join(filter(None, (current, network_words(self.scene)))))


def _is_news(before: NetworkScene, after: NetworkScene) -> bool:
    """Whether more has happened than packets moving on."""
    packets = keyed(before.packets).keys() != keyed(after.packets).keys()
    return packets or before.lanes != after.lanes
