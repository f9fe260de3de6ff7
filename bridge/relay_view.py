"""What the relayer sees and what it may do: a view of sealed chains in, effects out.

Nothing here is trusted by anybody: every effect is a call that any account could make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bridge.contract_logs import ClientLog, SettlementLog
from bridge.errands import AnnounceErrand, Errand, ProveErrand, UpdateErrand
from bridge.model import Address, ChainId, Packet, SealedHeader, Status, Trade, TradeId

LOST = "lost"
"""The reason of a call that is in no block and can come into none any more."""


@dataclass(frozen=True, slots=True)
class SettlementEntry:
    """A log of a chain's settlement contract, and where in its block it is."""

    log: SettlementLog
    tx_index: int
    log_index: int  # in its own receipt


@dataclass(frozen=True, slots=True)
class ClientEntry:
    """A log of the light client that follows ``source``."""

    source: ChainId
    log: ClientLog


@dataclass(frozen=True, slots=True)
class SealedBlock:
    """What one sealed block says to a relayer."""

    height: int
    timestamp_s: int
    validators: tuple[Address, ...]
    settlement: tuple[SettlementEntry, ...] = ()
    clients: tuple[ClientEntry, ...] = ()


class Evidence(Protocol):
    """Reads what is sealed on one chain; sealed things never change, so reading has no effect."""

    def header(self, height: int) -> bytes:
        """The header's RLP with its seals."""
        ...

    def receipt_proof(self, height: int, tx_index: int) -> tuple[bytes, ...]:
        """The hashed trie nodes down to a receipt, root first."""
        ...


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a call; ``reason`` is the contract's or the node's, or "lost"."""

    errand: Errand
    is_success: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChainView:
    """One chain since the last look; ``resumed`` is what an earlier life has on its way."""

    chain_id: ChainId
    blocks: tuple[SealedBlock, ...]
    ended: tuple[Ended, ...]
    evidence: Evidence
    resumed: tuple[Errand, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """All chains since the last look."""

    now_s: int
    chains: tuple[ChainView, ...]


@dataclass(frozen=True, slots=True)
class UpdateClient:
    """Show a header to the light client on ``chain_id``."""

    chain_id: ChainId
    header: SealedHeader

    @property
    def errand(self) -> Errand:
        """What it is for."""
        header = self.header
        size, seals = len(header.header), header.bitmap.bit_count()
        return UpdateErrand(self.chain_id, header.chain_id, header.height, size, seals)


@dataclass(frozen=True, slots=True)
class Prove:
    """Prove on ``chain_id`` what the packet says of one trade."""

    chain_id: ChainId
    packet: Packet
    trade_id: TradeId
    trade: Trade

    @property
    def status(self) -> Status:
        """What is proven."""
        return self.packet.statuses[self.index]

    @property
    def index(self) -> int:
        """The trade's place in the packet."""
        return self.packet.ids.index(self.trade_id)

    @property
    def errand(self) -> Errand:
        """What it is for."""
        source = self.packet.source
        said = (source.chain_id, source.height, self.status)
        return ProveErrand(self.chain_id, *said, (self.trade_id,), len(self.packet.proof))


@dataclass(frozen=True, slots=True)
class Announce:
    """Have ``chain_id`` say again what it stores of a trade."""

    chain_id: ChainId
    trade_id: TradeId

    @property
    def errand(self) -> Errand:
        """What it is for."""
        return AnnounceErrand(self.chain_id, (self.trade_id,))


@dataclass(frozen=True, slots=True)
class Report:
    """Tell the operator what no retry can mend; ``trade_id`` is empty for a whole link."""

    chain_id: ChainId
    trade_id: bytes
    detail: str


CallEffect: TypeAlias = UpdateClient | Prove | Announce
Effect: TypeAlias = CallEffect | Report
