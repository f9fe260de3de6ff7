"""Where lanes, blocks and the gaps between lanes are: arithmetic on a size, no painting.

Columns are counted from the oldest block; the newest blocks of all lanes share the last one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSizeF

from gui.i18n import tr
from gui.models.scene import LaneScene
from gui.views import grid, label

LANE: Final = 10
"""How high a lane is, in grid units."""
GAP: Final = (8, 20)
"""The least and the most room between two lanes, where packets travel."""
USUAL_GAP: Final = 9
FOOT: Final = 3
"""The legend's line; it is left out first when the height is short."""
TILE: Final = 9
"""The least width of a block."""
SIDE: Final = 1.5
"""The room at the left and at the right; the captions of the window start there too."""


@dataclass(frozen=True, slots=True)
class LaneLayout:
    """The places of some lanes in a view of a size; ``down`` is how far it is scrolled."""

    lanes: tuple[LaneScene, ...]
    size: QSizeF
    unit: int
    head_width: float
    gap_height: float
    foot_height: float
    columns: int
    first: int
    down: int
    card_width: float

    @classmethod
    def of(
        cls,
        lanes: tuple[LaneScene, ...],
        size: QSizeF,
        first: int = 0,
        down: int = 0,
        card_width: float = 0.0,
    ) -> LaneLayout:
        """Gaps share the height that lanes leave, within limits; blocks fill the width."""
        unit, gaps = grid.unit(), _gaps(len(lanes))
        least = (len(lanes) * LANE + 1 + gaps * GAP[0]) * unit
        foot = FOOT * unit if size.height() >= least + FOOT * unit else 0
        fixed = (len(lanes) * LANE + 1) * unit + foot
        gap = (size.height() - fixed) / gaps if gaps else 0.0
        gap = max(GAP[0] * unit, min(gap, GAP[1] * unit))
        needed = max(map(_head_width, lanes), default=0.0) + 3.5 * unit
        head = max(12.0 * unit, min(needed, 0.3 * size.width()))
        card = min(max(card_width, 28.0 * unit), 0.45 * size.width())
        room = size.width() - head - 2 * SIDE * unit
        columns = max(1, int(room // ((TILE + 1) * unit)))
        return cls(lanes, size, unit, head, gap, foot, columns, first, down, card)

    @property
    def height(self) -> float:
        """What everything takes, so that the view knows whether to scroll."""
        count = len(self.lanes)
        lanes = (count * LANE + 1) * self.unit + _gaps(count) * self.gap_height
        return lanes + self.foot_height

    @property
    def usual_height(self) -> float:
        """What everything takes with gaps as high as they should be."""
        return self._height_with(USUAL_GAP, FOOT)

    @property
    def least_height(self) -> float:
        """What lanes take with gaps as low as they may be, and without the legend."""
        return self._height_with(GAP[0], 0)

    @property
    def total(self) -> int:
        """How many columns the longest lane has."""
        return max((len(lane.tiles) for lane in self.lanes), default=0)

    @property
    def hidden(self) -> int:
        """How many columns do not fit; how far one can scroll."""
        return max(0, self.total - self.columns)

    def lane(self, index: int) -> QRectF:
        """A lane from edge to edge."""
        top = self.unit + index * (LANE * self.unit + self.gap_height) - self.down
        side = SIDE * self.unit
        width = self.size.width() - 2 * side
        return grid.pixel_aligned(QRectF(side, top, width, LANE * self.unit))

    def head(self, index: int) -> QRectF:
        """Where a chain's name and height stand."""
        lane, unit = self.lane(index), self.unit
        width = self.head_width - 2.5 * unit
        return QRectF(lane.left() + 1.5 * unit, lane.top() + unit / 2, width, 9 * unit)

    def column_of(self, index: int, tile: int) -> int:
        """The column of a lane's block."""
        return tile + self.total - len(self.lanes[index].tiles)

    def visible_tiles(self, index: int) -> range:
        """The numbers of a lane's blocks that can be seen."""
        shift = self.total - len(self.lanes[index].tiles)
        first = max(0, self.first - shift)
        return range(first, max(first, self.first + self.columns - shift))

    def tile(self, index: int, tile: int) -> QRectF:
        """A block."""
        lane, unit = self.lane(index), self.unit
        left = lane.left() + self.head_width
        pitch = (lane.right() - left) / self.columns
        column = self.column_of(index, tile) - self.first
        width = pitch - unit
        area = QRectF(left + column * pitch, lane.top() + unit, width, 8 * unit)
        return grid.pixel_aligned(area)

    def gap(self, index: int) -> QRectF:
        """The room below a lane; a lone lane has one too, for the relayer."""
        lane = self.lane(index)
        return QRectF(lane.left(), lane.bottom(), lane.width(), self.gap_height)

    def card(self) -> QRectF:
        """The relayer's place, at the left of the first gap."""
        gap, unit = self.gap(0), self.unit
        top = gap.top() + (gap.height() - 7 * unit) / 2
        return grid.pixel_aligned(QRectF(gap.left(), top, self.card_width, 7 * unit))

    def channel(self) -> tuple[float, float]:
        """From where to where, left to right, packets have room in every gap."""
        return self.card().right() + 2 * self.unit, self.lane(0).right() - self.unit

    def foot(self) -> QRectF:
        """The legend's line, below everything."""
        top = self.height - self.foot_height - self.down
        width = self.size.width() - 2 * SIDE * self.unit
        return QRectF(SIDE * self.unit, top, width, self.foot_height)

    def _height_with(self, gap: int, foot: int) -> float:
        count = len(self.lanes)
        return (count * LANE + 1 + _gaps(count) * gap + foot) * self.unit


def head_words(lane: LaneScene) -> str:
    """A chain's height in words."""
    return tr("head {height}", height=f"{lane.head:,}")


def _gaps(lanes: int) -> int:
    return max(lanes - 1, 1) if lanes else 0


def _head_width(lane: LaneScene) -> float:
    return max(
        label.width(lane.title, grid.title()),
        label.width(lane.subtitle, grid.small()),
        label.width(head_words(lane), grid.small(bold=True)),
    )
