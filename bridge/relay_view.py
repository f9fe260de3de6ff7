"""What the relayer sees and what it may do: a view of sealed chains in, effects out.

Nothing here is trusted by anybody: every effect is a call that any account could make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from bridge.contract_logs import ClientLog, SettlementLog
from bridge.errands import AnnounceErrand, Errand, ProveErrand, UpdateErrand
from bridge.model import Address, ChainId, Packet, SealedHeader, Trade, TradeId

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
    """What became of a call; ``reason`` is the contract's or the node's, or "lost".

    ``skipped`` has the members that a batch went on without, each with its own reason.
    """

    errand: Errand
    is_success: bool
    reason: str = ""
    skipped: Mapping[TradeId, str] = field(default_factory=dict)


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
class Member:
    """One of the trades that a call is about, with the terms that its contract checks."""

    trade_id: TradeId
    trade: Trade


@dataclass(frozen=True, slots=True)
class Prove:
    """Prove on ``chain_id`` what the packet says of one trade, or of many in one transaction.

    Members come in the order of the packet's ids, each once.
    """

    chain_id: ChainId
    packet: Packet
    members: tuple[Member, ...]

    @property
    def indices(self) -> tuple[int, ...]:
        """The members' places in the packet."""
        place = {trade_id: index for index, trade_id in enumerate(self.packet.ids)}
        return tuple(place[member.trade_id] for member in self.members)

    @property
    def errand(self) -> Errand:
        """What it is for."""
        source, packet = self.packet.source, self.packet
        said = tuple((packet.ids[index], packet.statuses[index]) for index in self.indices)
        return ProveErrand(self.chain_id, source.chain_id, source.height, said, len(packet.proof))


@dataclass(frozen=True, slots=True)
class Announce:
    """Have ``chain_id`` say again, in one log, what it stores of some trades."""

    chain_id: ChainId
    trade_ids: tuple[TradeId, ...]

    @property
    def errand(self) -> Errand:
        """What it is for."""
        return AnnounceErrand(self.chain_id, self.trade_ids)


@dataclass(frozen=True, slots=True)
class Report:
    """Tell the operator what no retry can mend; ``trade_id`` is empty for a whole link."""

    chain_id: ChainId
    trade_id: bytes
    detail: str


CallEffect: TypeAlias = UpdateClient | Prove | Announce
Effect: TypeAlias = CallEffect | Report
