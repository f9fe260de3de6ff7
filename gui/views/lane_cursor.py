"""What the keyboard is on among blocks and packets: rows as they stand on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from gui.models.scene import BlockTile, NetworkScene
from gui.views.packet_tracks import PacketKey, keyed


@dataclass(frozen=True, slots=True)
class BlockKey:
    """A block by what does not change when it becomes final."""

    chain: str
    height: int
    hash_short: str

    @classmethod
    def of(cls, tile: BlockTile) -> BlockKey:
        """The key of a block."""
        return cls(tile.chain, tile.height, tile.hash_short)


Spot: TypeAlias = BlockKey | PacketKey
Rows: TypeAlias = tuple[tuple[Spot, ...], ...]


def rows_of(scene: NetworkScene) -> Rows:
    """The lanes from top to bottom, with the packets below the first one; empty rows left out."""
    lanes: list[tuple[Spot, ...]] = [
        tuple(BlockKey.of(tile) for tile in lane.tiles) for lane in scene.lanes
    ]
    lanes.insert(1, tuple(keyed(scene.packets)))
    return tuple(row for row in lanes if row)


def first_spot(rows: Rows) -> Spot | None:
    """Where the keyboard starts: at the newest block of the first lane."""
    return rows[0][-1] if rows else None


def moved(rows: Rows, spot: Spot | None, right: int, down: int) -> Spot | None:
    """One step from ``spot``; it stops at the edges. Lanes line up at their newest blocks."""
    for number, row in enumerate(rows):
        if spot in row:
            from_end = len(row) - 1 - row.index(spot)
            target = rows[min(max(number + down, 0), len(rows) - 1)]
            back = min(max(from_end - right, 0), len(target) - 1)
            return target[len(target) - 1 - back]
    return first_spot(rows)
