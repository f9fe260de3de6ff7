"""Where on the screen the blocks and packets are, for painting, clicks and the keyboard."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from gui.models.scene import BlockTile
from gui.views.lane_cursor import BlockKey, Spot
from gui.views.lane_layout import LaneLayout
from gui.views.packet_route import PacketRoute
from gui.views.packet_tracks import Travel


@dataclass(frozen=True, slots=True)
class LaneSpots:
    """The lanes as they are scrolled now, and the packets between them."""

    layout: LaneLayout
    travels: tuple[Travel, ...] = ()

    def blocks(self, lane: int) -> list[tuple[BlockTile, QRectF]]:
        """The blocks of a lane that can be seen, with their places."""
        tiles = self.layout.lanes[lane].tiles
        seen = self.layout.visible_tiles(lane)
        return [(tiles[n], self.layout.tile(lane, n)) for n in seen if n < len(tiles)]

    def routes(self) -> list[tuple[Travel, PacketRoute]]:
        """The packets whose both lanes are shown, with their ways."""
        found = ((travel, PacketRoute.of(self.layout, travel)) for travel in self.travels)
        return [(travel, route) for travel, route in found if route is not None]

    def places(self) -> list[tuple[Spot, QRectF]]:
        """Everything that can be clicked; what is painted later lies on top and comes first."""
        packets = [(travel.key, route.pill()) for travel, route in reversed(self.routes())]
        lanes = range(len(self.layout.lanes))
        blocks = [(BlockKey.of(tile), area) for n in lanes for tile, area in self.blocks(n)]
        return [*packets, *blocks]

    def at(self, place: QPointF) -> Spot | None:
        """The packet or block there."""
        return next((spot for spot, area in self.places() if area.contains(place)), None)

    def area(self, spot: Spot) -> QRectF | None:
        """Where a packet or block is; None when it is out of sight."""
        return next((area for each, area in self.places() if each == spot), None)

    def column(self, spot: Spot) -> int | None:
        """The column of a block, in sight or not; None for a packet."""
        for index, lane in enumerate(self.layout.lanes):
            for number, tile in enumerate(lane.tiles):
                if BlockKey.of(tile) == spot:
                    return self.layout.column_of(index, number)
        return None
