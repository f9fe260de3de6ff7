"""The way of a packet between two lanes: through every gap on the way, behind the lanes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.models.scene import StepState
from gui.theme import current_theme
from gui.views import pill, state_mark
from gui.views.lane_layout import LaneLayout
from gui.views.packet_tracks import Travel

TRACK = 20
"""The least width of a track, in grid units."""


def track_count(layout: LaneLayout) -> int:
    """How many packets can be shown side by side."""
    left, right = layout.channel()
    return max(1, int((right - left) // (TRACK * layout.unit)))


@dataclass(frozen=True, slots=True)
class PacketRoute:
    """Where one packet comes from, goes to, and is."""

    layout: LaneLayout
    source: int
    destination: int
    x: float
    width: float
    progress: float

    @classmethod
    def of(cls, layout: LaneLayout, travel: Travel) -> PacketRoute | None:
        """None when one of its lanes is not shown."""
        places = {lane.chain: index for index, lane in enumerate(layout.lanes)}
        source = places.get(travel.packet.source)
        destination = places.get(travel.packet.destination)
        if source is None or destination is None or source == destination:
            return None
        left, right = layout.channel()
        pitch = (right - left) / track_count(layout)
        x = round(left + (travel.track + 0.5) * pitch)
        width = min(pill.width(travel.packet.label), pitch - layout.unit)
        progress = min(1.0, max(0.0, travel.packet.progress))
        return cls(layout, source, destination, x, width, progress)

    @property
    def is_downward(self) -> bool:
        """Whether it goes down on the screen."""
        return self.source < self.destination

    def stretches(self) -> list[QRectF]:
        """The gaps it passes, in its direction, as thin boxes."""
        first, last = sorted((self.source, self.destination))
        unit = self.layout.unit
        boxes = []
        for index in range(first, last):
            gap = self.layout.gap(index)
            boxes.append(QRectF(self.x, gap.top() + 2, unit, gap.height() - 4))
        return boxes if self.is_downward else boxes[::-1]

    def pill(self) -> QRectF:
        """Where the packet is now; it jumps over the lanes it passes behind."""
        stretches = self.stretches()
        along = self.progress * len(stretches)
        index = min(int(along), len(stretches) - 1)
        box, part = stretches[index], along - index
        unit = self.layout.unit
        # The arrowhead stays free at the end of the way.
        room = box.height() - 4 * unit
        top = box.top() + room * part if self.is_downward else box.bottom() - room * part - 3 * unit
        return QRectF(self.x - self.width / 2, round(top), self.width, 3 * unit)


def paint(painter: QPainter, travel: Travel, route: PacketRoute) -> None:
    """Draw the way and the packet on it."""
    theme, unit = current_theme(), route.layout.unit
    line = state_mark.styled(QPen(QColor(theme.states[StepState.PENDING]), 1), (2, 3))
    painter.setPen(line)
    for box in route.stretches():
        painter.drawLine(QPointF(route.x, box.top()), QPointF(route.x, box.bottom()))
    end = route.stretches()[-1]
    tip = end.bottom() if route.is_downward else end.top()
    back = tip - unit if route.is_downward else tip + unit
    painter.setPen(QPen(QColor(theme.states[StepState.PENDING]), 1))
    painter.setBrush(QColor(theme.states[StepState.PENDING]))
    half = unit / 2
    corners = [QPointF(route.x, tip), QPointF(route.x - half, back), QPointF(route.x + half, back)]
    painter.drawPolygon(QPolygonF(corners))
    packet = travel.packet
    is_selected = packet.is_selected
    pill.paint(painter, route.pill(), StepState.IN_FLIGHT, packet.label, is_selected=is_selected)
