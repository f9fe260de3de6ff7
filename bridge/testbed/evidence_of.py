"""Gather from a run's chains what crossed between them about one trade."""

from __future__ import annotations

from collections.abc import Iterator

from bridge import contract_logs, proofs
from bridge.errors import UsageError
from bridge.events import PacketRelayed, ValidatorsChanged
from bridge.evidence import Evidence, EvidenceFile
from bridge.model import ChainId
from bridge.testbed.rerun import Rerun
from bridge.trade_view import TradeView
from chains.engine import Height, Log
from chains.headers import SEAL_BYTES


def evidence_of(again: Rerun, trade: TradeView) -> EvidenceFile:
    """Every packet that was sent about a trade. Raises UsageError when there was none."""
    trade_id = trade.instruction.trade_id
    events = (entry.event for entry in again.recorded)
    sent = dict.fromkeys(
        event
        for event in events
        if isinstance(event, PacketRelayed) and trade_id in event.trade_ids
    )
    crossed = dict.fromkeys(
        (packet.source, packet.destination, log, said)
        for packet in sent
        for log, said in _announcements(again, trade_id, packet)
    )
    packets = tuple(_evidence(again, *one) for one in crossed)
    if not packets:
        message = f"no proof about {trade.label} was sent from one chain to another"
        raise UsageError("E-USAGE-NO-PROOF", message, hint="`trade show` tells what happened")
    return EvidenceFile(trade=trade.label, trade_id=_hex(trade_id), packets=packets)


def _announcements(
    again: Rerun, trade_id: bytes, packet: PacketRelayed
) -> Iterator[tuple[Log, contract_logs.Announced]]:
    """The log that a packet proves: of those about a trade in its block, the one of its size."""
    settlement = again.testbed.deployment.chains[packet.source].settlement
    engine = again.engine(packet.source)
    for receipt in engine.block(Height(packet.height)).receipts:
        for log in receipt.logs:
            said = contract_logs.decode(log) if log.address == settlement else None
            if not isinstance(said, contract_logs.Announced) or trade_id not in said.ids:
                continue
            nodes = engine.receipt_proof(log.height, log.tx_index)
            is_size = sum(map(len, nodes)) == packet.proof_bytes
            if is_size and set(packet.trade_ids) <= set(said.ids):
                yield log, said


def _evidence(
    again: Rerun, source: str, destination: str, log: Log, said: contract_logs.Announced
) -> Evidence:
    engine = again.engine(source)
    sealed = engine.sealed_header(log.height)
    trusted = proofs.validators_of(
        engine.sealed_header(_trusted_from(again, source, destination, log.height))
    )
    is_changed = trusted != proofs.validators_of(sealed)
    header = proofs.header_packet(ChainId(engine.chain_id), sealed, trusted if is_changed else ())
    place = proofs.source(header, log.tx_index, log.receipt_log_index)
    seals = range(0, len(header.seals), SEAL_BYTES)
    return Evidence(
        source=source,
        source_chain_id=engine.chain_id,
        destination=destination,
        settlement=_hex(log.address),
        trusted_validators=tuple(map(_hex, trusted)),
        height=log.height,
        block_hash=_hex(place.block_hash),
        receipts_root=_hex(place.receipts_root),
        header=_hex(header.header),
        bitmap=header.bitmap,
        seals=tuple(_hex(header.seals[at : at + SEAL_BYTES]) for at in seals),
        tx_index=log.tx_index,
        log_index=log.receipt_log_index,
        nodes=tuple(map(_hex, engine.receipt_proof(log.height, log.tx_index))),
        trade_ids=tuple(map(_hex, said.ids)),
        statuses=tuple(map(int, said.statuses)),
    )


def _trusted_from(again: Rerun, source: str, destination: str, height: int) -> Height:
    """Since which block the client had trusted its set before it saw this one."""
    changes = (entry.event for entry in again.recorded)
    before = [
        event.height
        for event in changes
        if isinstance(event, ValidatorsChanged)
        and (event.chain, event.source) == (destination, source)
        and event.height < height
    ]
    return Height(max(before, default=0))


def _hex(value: bytes) -> str:
    return f"0x{value.hex()}"
