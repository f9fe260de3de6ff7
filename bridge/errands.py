"""What a call of the relayer is for, in few words, and how to tell it from the call itself.

A signed transaction says all that has to be known of it after a crash: the chain, the contract and
the calldata name the errand again. So nothing but the transaction has to be stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from bridge import abi, contract_calls
from bridge.contract_calls import SELECTOR_BYTES
from bridge.deployed import DeployedChain
from bridge.errors import InternalError
from bridge.model import ChainId, Status, TradeId
from bridge.protocols.protocol import Carry
from chains.headers import BadHeader, Header


@dataclass(frozen=True, slots=True)
class UpdateErrand:
    """A header of ``source`` is shown to its light client on ``chain_id``."""

    chain_id: ChainId
    source: ChainId
    height: int
    header_bytes: int = field(default=0, compare=False)
    seals: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ProveErrand:
    """What ``source`` announced of some trades at ``height`` is proven on ``chain_id``."""

    chain_id: ChainId
    source: ChainId
    height: int
    said: tuple[tuple[TradeId, Status], ...]
    proof_bytes: int = field(default=0, compare=False)

    @property
    def trade_ids(self) -> tuple[TradeId, ...]:
        """The trades that it is about, in the order of the log."""
        return tuple(trade_id for trade_id, _ in self.said)

    @property
    def carries(self) -> Iterator[tuple[TradeId, Carry]]:
        """The same in the words of the protocol, trade by trade."""
        for trade_id, status in self.said:
            yield trade_id, Carry(self.source, self.chain_id, status)


@dataclass(frozen=True, slots=True)
class AnnounceErrand:
    """``chain_id`` is asked to say again what it stores."""

    chain_id: ChainId
    trade_ids: tuple[TradeId, ...]


Errand: TypeAlias = UpdateErrand | ProveErrand | AnnounceErrand


def errand_of(deployed: DeployedChain, to: bytes | None, data: bytes) -> Errand | None:
    """The errand of a call on this chain; None for a call that no relayer makes."""
    source = next((s for s, client in deployed.clients.items() if client == to), None)
    called = data[:SELECTOR_BYTES]
    try:
        if source is not None and called == abi.selector(contract_calls.UPDATE):
            return _update(deployed.chain_id, source, data)
        if to == deployed.settlement and called == abi.selector(contract_calls.PROVE):
            return _prove(deployed.chain_id, data)
        if to == deployed.settlement and called == abi.selector(contract_calls.PROVE_BATCH):
            return _prove_batch(deployed.chain_id, data)
        if to == deployed.settlement and called == abi.selector(contract_calls.ANNOUNCE):
            ids = abi.Reader(data, SELECTOR_BYTES).inside(0)
            return AnnounceErrand(deployed.chain_id, _ids(ids))
    except (InternalError, BadHeader, ValueError):
        return None  # somebody's malformed call: it reverts, and is no errand of ours
    return None


def _update(chain_id: ChainId, source: ChainId, data: bytes) -> UpdateErrand:
    reader = abi.Reader(data, SELECTOR_BYTES)
    header, seals = reader.blob(0), reader.integer(1).bit_count()
    return UpdateErrand(chain_id, source, Header.decode(header).height, len(header), seals)


def _prove(chain_id: ChainId, data: bytes) -> ProveErrand:
    """The head is the source's six words, then ids, statuses, index, trade and proof."""
    reader = abi.Reader(data, SELECTOR_BYTES)
    return _proven(chain_id, reader, (reader.integer(8),))


def _prove_batch(chain_id: ChainId, data: bytes) -> ProveErrand:
    """The head is the source's six words, then ids, statuses, mask, members and proof."""
    reader = abi.Reader(data, SELECTOR_BYTES)
    mask = reader.integer(8)
    return _proven(chain_id, reader, tuple(i for i in range(mask.bit_length()) if mask >> i & 1))


def _proven(chain_id: ChainId, reader: abi.Reader, indices: tuple[int, ...]) -> ProveErrand:
    ids, statuses = reader.inside(6), reader.inside(7)
    if not indices or indices[-1] >= min(ids.integer(0), statuses.integer(0)):
        raise ValueError(indices)
    return ProveErrand(
        chain_id=chain_id,
        source=ChainId(reader.integer(0)),
        height=reader.integer(1),
        said=tuple(
            (TradeId(ids.bytes32(1 + index)), Status(statuses.integer(1 + index)))
            for index in indices
        ),
        proof_bytes=len(reader.blob(10)),
    )


def _ids(reader: abi.Reader) -> tuple[TradeId, ...]:
    return tuple(TradeId(reader.bytes32(1 + i)) for i in range(reader.integer(0)))
