"""What the pictures need of the journal beside the read model: recent blocks, packets, arrows.

Meaning stays with the bridge's read model; this only remembers what was seen.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from gui.models.facts import Happening
from gui.models.flights import Flights

BLOCKS_KEPT: Final = 48
RELAYER_FAULTS: Final = ("relayer_silence", "relayer_restart")
RETURNS: Final = "a new one starts"
"""What is told of a relayer that takes the place of one that has crashed."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block as it was produced; a ghost when a reorganisation has left it behind."""

    height: int
    hash: str
    transactions: int
    at_ms: int = 0
    is_ghost: bool = False


class Tape:
    """Everything seen so far, one happening after the other."""

    def __init__(self) -> None:
        self.blocks: defaultdict[str, deque[Block]] = defaultdict(lambda: deque(maxlen=BLOCKS_KEPT))
        self.sealed: defaultdict[str, int] = defaultdict(int)
        self.flights = Flights()
        self.left_at: dict[str, int] | None = None
        """The height of each chain when the relayer was last seen, while it is away."""
        self.of_trade: defaultdict[str, list[Happening]] = defaultdict(list)
        self.inside: defaultdict[str, list[Happening]] = defaultdict(list)
        """What was included, by the hash of its block; as long as blocks are kept."""

    def take(self, happenings: Iterable[Happening]) -> None:
        """Remember what has happened next."""
        for happening in happenings:
            for trade_id in happening.trade_ids:
                self.of_trade[trade_id].append(happening)
            self.flights.take(happening)
            match happening.kind:
                case "FaultInjected" if happening.text("fault") in RELAYER_FAULTS:
                    is_back = happening.text("detail") == RETURNS
                    self.left_at = None if is_back else dict(self.sealed)
                case "PacketRelayed" | "HeaderRelayed":
                    self.left_at = None
                case "BlockProduced":
                    self._produced(happening)
                case "BlockSealed":
                    self.sealed[happening.text("chain")] = happening.number("height")
                case "TransactionIncluded" | "TransactionFailed":
                    self._ended(happening)

    def height(self, chain: str) -> int:
        """The newest block's height; 0 before the first."""
        return self.blocks[chain][-1].height if self.blocks[chain] else 0

    def _produced(self, happening: Happening) -> None:
        blocks = self.blocks[happening.text("chain")]
        height = happening.number("height")
        if blocks and blocks[-1].height >= height:
            left = [replace(b, is_ghost=True) if b.height >= height else b for b in blocks]
            blocks.clear()
            blocks.extend(left)
        if len(blocks) == blocks.maxlen:
            self.inside.pop(blocks[0].hash, None)
        count = happening.number("transactions")
        blocks.append(Block(height, happening.text("hash"), count, happening.at_ms))

    def _ended(self, happening: Happening) -> None:
        for block in reversed(self.blocks[happening.text("chain")]):
            if block.height == happening.number("height") and not block.is_ghost:
                self.inside[block.hash].append(happening)
                break
