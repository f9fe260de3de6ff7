"""Packets on their way, each with the transaction that carries it, and what they have proven."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from gui.models.facts import Happening

MS_PER_S: Final = 1000

Way: TypeAlias = tuple[str, str]
"""From which chain to which."""


@dataclass(frozen=True, slots=True)
class Flight:
    """A packet that was sent and is not yet in a block of its destination."""

    source: str
    destination: str
    height: int
    trade_ids: tuple[str, ...]
    sent_ms: int

    def progress(self, now_ms: int) -> float:
        """From 0 when sent to 1 when the next block is due; there it waits."""
        due_ms = (self.sent_ms // MS_PER_S + 1) * MS_PER_S
        return min(max((now_ms - self.sent_ms) / (due_ms - self.sent_ms), 0.0), 1.0)


class Flights:
    """All packets under way: a flight ends with its transaction, however that ends."""

    def __init__(self) -> None:
        self.delivered = 0
        self._under_way: dict[str, Flight] = {}  # by the hash of the transaction
        self._submitted: dict[str, str] = {}  # the last one of each chain; its packet follows it
        self._proven: defaultdict[str, dict[Way, int]] = defaultdict(dict)
        """By trade and way, the height at which a batch has done it; 0 for a proof of one trade."""

    def __iter__(self) -> Iterator[Flight]:
        """Those under way, in the order in which they were sent."""
        return iter(self._under_way.values())

    def __len__(self) -> int:
        """How many are under way."""
        return len(self._under_way)

    def take(self, happening: Happening) -> None:
        """Remember what has happened next."""
        match happening.kind:
            case "TransactionSubmitted":
                self._submitted[happening.text("chain")] = happening.text("tx_hash")
            case "PacketRelayed":
                flight = _flight(happening)
                self._under_way[self._submitted.get(flight.destination, "")] = flight
            case "TransactionIncluded":
                self._included(happening)
            case "TransactionFailed" | "TransactionLost":
                self._under_way.pop(happening.text("tx_hash"), None)
            case "MemberSkipped":
                self._skipped(happening)

    def of(self, trade_id: str) -> tuple[Flight, ...]:
        """The packets on their way that tell of a trade."""
        return tuple(flight for flight in self if trade_id in flight.trade_ids)

    def have_proven(self, trade_id: str, source: str, destination: str) -> bool:
        """True when a chain was shown what another says of a trade, and has taken it."""
        return (source, destination) in self._proven.get(trade_id, ())

    def _included(self, happening: Happening) -> None:
        flight = self._under_way.pop(happening.text("tx_hash"), None)
        if flight is None:
            return
        self.delivered += 1
        height = happening.number("height") if len(flight.trade_ids) > 1 else 0
        for trade_id in flight.trade_ids:
            self._proven[trade_id].setdefault((flight.source, flight.destination), height)

    def _skipped(self, happening: Happening) -> None:
        """What its batch went on without was not proven by it; the batch itself is told first."""
        here = happening.text("chain"), happening.number("height")
        ways = self._proven[happening.text("trade_id")]
        for way, height in tuple(ways.items()):
            if (way[1], height) == here:
                del ways[way]


def _flight(happening: Happening) -> Flight:
    return Flight(
        happening.text("source"),
        happening.text("destination"),
        happening.number("height"),
        happening.trade_ids,
        happening.at_ms,
    )
