"""What crossed between the chains, by its size: receipt proofs and sealed headers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from bridge.events import HeaderRelayed, PacketRelayed


class Route(NamedTuple):
    """From the chain that said something to the chain that is shown the proof of it."""

    source: str
    destination: str


@dataclass(slots=True)
class Carried:
    """What went over one route; sizes are bytes."""

    proofs: int = 0
    proof_bytes: int = 0
    largest_proof: int = 0
    headers: int = 0
    header_bytes: int = 0
    seals: int = 0


class ProofBook:
    """Everything that was carried, one packet or header after the other."""

    def __init__(self) -> None:
        self.routes: defaultdict[Route, Carried] = defaultdict(Carried)
        self._of_trades: defaultdict[bytes, list[PacketRelayed]] = defaultdict(list)

    def carried(self, event: PacketRelayed | HeaderRelayed) -> None:
        """Book a receipt proof or a header; one that is sent again counts again."""
        carried = self.routes[Route(event.source, event.destination)]
        if isinstance(event, HeaderRelayed):
            carried.headers += 1
            carried.header_bytes += event.header_bytes
            carried.seals += event.seals
            return
        carried.proofs += 1
        carried.proof_bytes += event.proof_bytes
        carried.largest_proof = max(carried.largest_proof, event.proof_bytes)
        for trade_id in event.trade_ids:
            self._of_trades[trade_id].append(event)

    def of(self, trade_id: bytes) -> tuple[PacketRelayed, ...]:
        """The proofs of what was said about a trade, oldest first."""
        return tuple(self._of_trades.get(trade_id, ()))
