"""The whole network on a painter: lanes, their blocks, the packets, the legend."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QRegion

from gui.views import block_tile, lane_painter, packet_route
from gui.views.lane_cursor import BlockKey, Spot
from gui.views.lane_spots import LaneSpots


def paint(
    painter: QPainter, spots: LaneSpots, dirty: QRegion, ringed: frozenset[Spot], note: str
) -> None:
    """Draw what lies in the dirty region; what is ``ringed`` is chosen or has the keyboard."""
    layout = spots.layout
    for index in range(len(layout.lanes)):
        if dirty.intersects(layout.lane(index).toAlignedRect()):
            _paint_lane(painter, spots, index, dirty, ringed)
    for travel, route in spots.routes():
        packet_route.paint(painter, travel, route)
        if travel.key in ringed:
            block_tile.ring(painter, route.pill())
    if dirty.intersects(layout.foot().toAlignedRect()):
        lane_painter.paint_legend(painter, layout, note)


def gaps(spots: LaneSpots) -> QRegion:
    """Where packets move: all that has to be painted again when nothing else happens."""
    region = QRegion(spots.layout.foot().toAlignedRect())
    for index in range(max(1, len(spots.layout.lanes) - 1)):
        region += spots.layout.gap(index).toAlignedRect()
    return region


def _paint_lane(
    painter: QPainter, spots: LaneSpots, index: int, dirty: QRegion, ringed: frozenset[Spot]
) -> None:
    lane_painter.paint_ground(painter, spots.layout, index)
    lane_painter.paint_head(painter, spots.layout, index)
    lane_painter.paint_rail(painter, spots.layout, index)
    hue = spots.layout.lanes[index].hue
    for tile, area in spots.blocks(index):
        if dirty.intersects(area.toAlignedRect()):
            is_ringed = BlockKey.of(tile) in ringed
            block_tile.paint(painter, area, tile, hue, is_selected=is_ringed)
