"""Packets of real engines: announcements in sealed blocks, or forged by a chain's validators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eth_abi.abi import encode

from bridge import proofs
from bridge.model import Address, Packet, SealedHeader, Status, TradeId
from chains import headers
from chains.consensus import seal
from chains.engine import Height, Log, Receipt
from chains.headers import ExtraData, Header
from chains.keys import keccak
from tests.support.engine_chain import EngineChain, words_of
from tests.support.receipts import claim_about, log, receipt

ANNOUNCED = keccak(b"Announced(uint256,bytes32[],uint8[])")
FORGED_FROM = 1_000_000  # far above every block that a test has


@dataclass(frozen=True, slots=True)
class Said:
    """An announcement, whoever made it."""

    emitter: Address
    ids: tuple[TradeId, ...]
    statuses: tuple[Status, ...]


def announcements(found: Receipt) -> list[Log]:
    """The logs of a receipt by which something could be proven."""
    return [each for each in found.logs if each.topics == (ANNOUNCED,)]


def packet_of(chain: EngineChain, found: Receipt, position: int | None = None) -> Packet:
    """The proof of one log of a receipt, by default its last announcement."""
    if position is None:
        position = announcements(found)[-1].receipt_log_index
    raw = found.logs[position]
    _, ids, statuses = (
        words_of(raw.data, "uint256", "bytes32[]", "uint8[]")
        if raw.topics == (ANNOUNCED,)
        else (0, (), ())
    )
    return proofs.packet(
        header_of(chain, found.height),
        found.tx_index,
        position,
        tuple(map(TradeId, ids)),
        tuple(map(Status, statuses)),
        chain.engine.receipt_proof(found.height, found.tx_index),
    )


def header_of(chain: EngineChain, height: int, trusted: Sequence[Address] = ()) -> SealedHeader:
    """A sealed header as a light client takes it."""
    return proofs.header_packet(chain.chain_id, chain.engine.sealed_header(Height(height)), trusted)


def validators_at(chain: EngineChain, height: int) -> tuple[Address, ...]:
    """The set that a header names."""
    return proofs.validators_of(chain.engine.block(Height(height)).header_rlp)


def forged(
    chain: EngineChain,
    keys: Sequence[bytes],
    said: Said,
    listed: Sequence[bytes] = (),
) -> Packet:
    """What these validators seal although it never happened; the header may list others."""
    data = encode(["uint256", "bytes32[]", "uint8[]"], [chain.chain_id, said.ids, said.statuses])
    claim = claim_about(receipt([log(said.emitter, (ANNOUNCED,), data)], tx_type=2))
    last = Header.decode(chain.engine.block(chain.engine.latest).header_rlp)
    extra = ExtraData(tuple(listed) or last.extra.validators)
    height = FORGED_FROM + chain.clock.tick()
    header = replace(last.with_extra(extra), height=height, receipts_root=claim.root)
    head = _as_shown(chain, seal(header, keys))
    return Packet(
        header=head,
        source=proofs.source(head, claim.tx_index, claim.log_index),
        ids=said.ids,
        statuses=said.statuses,
        proof=claim.proof,
    )


def contradiction(chain: EngineChain, height: int, keys: Sequence[bytes]) -> SealedHeader:
    """Another block at a height that the chain has, sealed by the same validators."""
    known = Header.decode(chain.engine.block(Height(height)).header_rlp)
    other = replace(known, state_root=keccak(b"another history"))
    return _as_shown(chain, seal(other.with_extra(replace(other.extra, seals=())), keys))


def _as_shown(chain: EngineChain, header: Header) -> SealedHeader:
    packed = headers.for_light_client(header.encode())
    height = header.height
    return SealedHeader(chain.chain_id, height, packed.header, packed.bitmap, packed.seals)
