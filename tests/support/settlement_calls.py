"""Arguments of the settlement contract, as its ABI wants them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eth_abi.abi import encode

from bridge.model import Packet, Signature, Trade, TradeId

TRADE_TYPE = (
    "((uint256,address,address,address,address,uint256)[],uint256,address,uint256,uint256,bytes32)"
)
SIGNATURES_TYPE = "(uint256,uint256,uint256)[]"
Signatures = list[tuple[int, int, int]]


def tuples(signatures: Iterable[Signature]) -> Signatures:
    return [signature.as_tuple() for signature in signatures]


def prove_arguments(packet: Packet, trade: Trade, index: int) -> tuple[Any, ...]:
    """As ``prove`` takes them."""
    source = packet.source.as_tuple()
    return source, packet.ids, packet.statuses, index, trade.as_tuple(), packet.proof


def signed_member(trade: Trade, signatures: Sequence[tuple[int, int, int]]) -> bytes:
    """One trade in ``open_batch`` or ``hold_batch``."""
    return encode([TRADE_TYPE, SIGNATURES_TYPE], [trade.as_tuple(), signatures])


def proven_member(trade: Trade) -> bytes:
    """One trade in ``prove_batch``."""
    return encode([TRADE_TYPE], [trade.as_tuple()])[32:]


def batch_arguments(packet: Packet, trades: Mapping[TradeId, Trade]) -> tuple[Any, ...]:
    """As ``prove_batch`` takes them, with the terms of these trades only."""
    wanted = [i for i, trade_id in enumerate(packet.ids) if trade_id in trades]
    mask = sum(1 << i for i in wanted)
    members = [proven_member(trades[packet.ids[i]]) for i in wanted]
    source = packet.source.as_tuple()
    return source, packet.ids, packet.statuses, mask, members, packet.proof
