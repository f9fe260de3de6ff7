"""The network: a lane of blocks for each chain, the relayer, and packets on their way.

It follows the newest blocks until someone scrolls back. Blocks and packets are reached by mouse
or by the arrow keys; Enter does what a click does.
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from gui.i18n import tr
from gui.models.scene import NetworkScene
from gui.theme import current_theme
from gui.views import block_tile, grid, label, lane_painter, packet_route
from gui.views.lane_cursor import BlockKey, Spot, first_spot, moved, rows_of
from gui.views.lane_layout import LaneLayout
from gui.views.lane_words import network_words, spot_words
from gui.views.packet_route import PacketRoute
from gui.views.packet_tracks import PacketTracks, Travel
from gui.views.relayer_card import RelayerCard

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_PageUp: (-10, 0),
    Qt.Key.Key_PageDown: (10, 0),
    Qt.Key.Key_Home: (-(10**9), 0),
    Qt.Key.Key_End: (10**9, 0),
}
_CLICKS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class LanesView(QAbstractScrollArea):
    """Give it scenes with ``show_scene``; it tells what was clicked."""

    blockClicked = Signal(str, int)
    packetClicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lanes")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.card = RelayerCard(self.viewport())
        self.scene: NetworkScene | None = None
        self.spot: Spot | None = None
        self.chosen: Spot | None = None
        self.layout_now = LaneLayout.of((), QSizeF(self.viewport().size()))
        self._tracks = PacketTracks()
        self._travels: tuple[Travel, ...] = ()
        self._is_following = True
        self.horizontalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().setAccessibleName(tr("Older and newer blocks"))
        self.verticalScrollBar().setAccessibleName(tr("More chains"))
        self.retranslate()

    # --- what comes in ----------------------------------------------------------------------------

    def show_scene(self, scene: NetworkScene) -> None:
        """Draw this from now on; when only packets have moved, little is painted again."""
        before, self.scene = self.scene, scene
        self.card.show_scene(scene.relayer)
        if before is None or before.lanes != scene.lanes:
            self._arrange()
            self._describe()
        elif before != scene:
            self._place_packets()
            self.viewport().update(self._gaps())
            if before.packets and not scene.packets:
                self._describe()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setAccessibleName(tr("Network: chains, blocks and packets"))
        self.horizontalScrollBar().setAccessibleName(tr("Older and newer blocks"))
        self.verticalScrollBar().setAccessibleName(tr("More chains"))
        self.card.retranslate()
        self._arrange()
        self._describe()

    # --- size -------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(100 * grid.unit(), max(32 * grid.unit(), ceil(self.layout_now.least_height)))

    def minimumSizeHint(self) -> QSize:
        return QSize(50 * grid.unit(), 20 * grid.unit())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        match event.type():
            case QEvent.Type.LanguageChange:
                self.retranslate()
            case QEvent.Type.FontChange | QEvent.Type.PaletteChange | QEvent.Type.StyleChange:
                self._arrange()
            case _:
                pass

    # --- where things are -------------------------------------------------------------------------

    def spot_at(self, place: QPointF) -> Spot | None:
        """The packet or block there."""
        for travel in reversed(self._travels):
            route = PacketRoute.of(self.layout_now, travel)
            if route is not None and route.pill().contains(place):
                return travel.key
        for index in range(len(self.layout_now.lanes)):
            for tile, area in lane_painter.visible_blocks(self.layout_now, index):
                if area.contains(place):
                    return BlockKey.of(tile)
        return None

    def area_of(self, spot: Spot) -> QRectF | None:
        """Where a packet or block is on the screen; None when it is out of sight."""
        for travel in self._travels:
            if travel.key == spot:
                route = PacketRoute.of(self.layout_now, travel)
                return None if route is None else route.pill()
        for index in range(len(self.layout_now.lanes)):
            for tile, area in lane_painter.visible_blocks(self.layout_now, index):
                if BlockKey.of(tile) == spot:
                    return area
        return None

    # --- mouse and keyboard -----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and spot is not None:
            self._go_to(spot)
            self._click(spot)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_on = self.spot_at(event.position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if is_on else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.scene is not None and key in _STEPS:
            self._go_to(moved(rows_of(self.scene), self.spot, *_STEPS[key]))
        elif self.spot is not None and key in _CLICKS:
            self._click(self.spot)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        bar = self.horizontalScrollBar()
        delta = event.angleDelta()
        if self.verticalScrollBar().maximum() and not delta.x():
            super().wheelEvent(event)
            return
        turned = delta.x() or delta.y()
        bar.setValue(bar.value() - (turned > 0) + (turned < 0))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        is_by_mouse = event.reason() is Qt.FocusReason.MouseFocusReason
        if self.spot is None and self.scene is not None and not is_by_mouse:
            self._go_to(first_spot(rows_of(self.scene)))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def words_at(self, place: QPointF) -> str:
        """What is there, in words; empty beside everything."""
        spot = self.spot_at(place)
        if spot is not None and self.scene is not None:
            return spot_words(self.scene, spot)
        for index, lane in enumerate(self.layout_now.lanes):
            if self.layout_now.head(index).contains(place):
                return f"{lane.title}: {lane.subtitle}"
        return ""

    # --- painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(current_theme().surface))
        if not self.layout_now.lanes:
            words = tr("Nothing has happened yet. Press Run (F5) or Step (F10).")
            area = QRectF(self.viewport().rect()).adjusted(grid.unit(), 0, -grid.unit(), 0)
            label.paint(painter, area, words, grid.body(), current_theme().muted, label.CENTRE)
            return
        for index in range(len(self.layout_now.lanes)):
            if event.region().intersects(self.layout_now.lane(index).toAlignedRect()):
                self._paint_lane(painter, index, event.rect())
        for travel in self._travels:
            route = PacketRoute.of(self.layout_now, travel)
            if route is not None:
                packet_route.paint(painter, travel, route)
                if self._is_current(travel.key):
                    block_tile.ring(painter, route.pill())
        if event.rect().intersects(self.layout_now.foot().toAlignedRect()):
            lane_painter.paint_legend(painter, self.layout_now, self._note())

    def _paint_lane(self, painter: QPainter, index: int, dirty: QRect) -> None:
        lane_painter.paint_ground(painter, self.layout_now, index)
        lane_painter.paint_head(painter, self.layout_now, index)
        lane_painter.paint_rail(painter, self.layout_now, index)
        hue = self.layout_now.lanes[index].hue
        for tile, area in lane_painter.visible_blocks(self.layout_now, index):
            if area.toAlignedRect().intersects(dirty):
                is_current = self._is_current(BlockKey.of(tile))
                block_tile.paint(painter, area, tile, hue, is_selected=is_current)

    def _note(self) -> str:
        waiting = len(self.scene.packets) - len(self._travels) if self.scene else 0
        if waiting == 1:
            return tr("1 more packet on its way")
        return tr("{n} more packets on their way", n=waiting) if waiting else ""

    def _is_current(self, spot: Spot) -> bool:
        return spot == self.chosen or (spot == self.spot and self.hasFocus())

    def _gaps(self) -> QRegion:
        region = QRegion(self.layout_now.foot().toAlignedRect())
        for index in range(max(1, len(self.layout_now.lanes) - 1)):
            region += self.layout_now.gap(index).toAlignedRect()
        return region

    # --- keeping up -------------------------------------------------------------------------------

    def _arrange(self) -> None:
        lanes = self.scene.lanes if self.scene is not None else ()
        size = QSizeF(self.viewport().size())
        layout = LaneLayout.of(lanes, size, card_width=self.card.sizeHint().width())
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        was_following = self._is_following
        across.setPageStep(layout.columns)
        across.setRange(0, layout.hidden)
        if was_following:
            across.setValue(layout.hidden)
        down.setSingleStep(layout.unit * 2)
        down.setPageStep(round(size.height()))
        down.setRange(0, max(0, round(layout.height - size.height())))
        self._scrolled()
        self._is_following = was_following

    def _scrolled(self) -> None:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        self._is_following = across.value() == across.maximum()
        lanes = self.scene.lanes if self.scene is not None else ()
        size = QSizeF(self.viewport().size())
        card = self.card.sizeHint().width()
        self.layout_now = LaneLayout.of(lanes, size, across.value(), down.value(), card)
        self.card.setVisible(bool(lanes))
        if lanes:
            self.card.setGeometry(self.layout_now.card().toRect())
        self._place_packets()
        self.viewport().update()

    def _place_packets(self) -> None:
        if self.scene is None or not self.layout_now.lanes:
            self._travels = ()
            return
        tracks = packet_route.track_count(self.layout_now)
        self._travels = self._tracks.travels(self.scene.packets, tracks)

    def _go_to(self, spot: Spot | None) -> None:
        self.spot = spot
        self._reveal()
        self._describe()
        self.viewport().update()

    def _reveal(self) -> None:
        for index, lane in enumerate(self.layout_now.lanes):
            for number, tile in enumerate(lane.tiles):
                if BlockKey.of(tile) == self.spot:
                    column = self.layout_now.column_of(index, number)
                    bar, shown = self.horizontalScrollBar(), self.layout_now.columns
                    bar.setValue(min(max(bar.value(), column - shown + 1), column))

    def _click(self, spot: Spot) -> None:
        self.chosen = spot
        self.viewport().update()
        if isinstance(spot, BlockKey):
            self.blockClicked.emit(spot.chain, spot.height)
        elif trade_ids := spot[3]:
            self.packetClicked.emit(trade_ids[0])

    def _describe(self) -> None:
        if self.scene is None:
            self.setAccessibleDescription("")
            return
        current = spot_words(self.scene, self.spot) if self.spot is not None else ""
        self.setAccessibleDescription("\n".join(filter(None, (current, network_words(self.scene)))))
