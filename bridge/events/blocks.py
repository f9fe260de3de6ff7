"""What happens on one chain: contracts, blocks, transactions."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.events.words import Purpose


@dataclass(frozen=True, slots=True)
class ContractDeployed:
    """A contract is on its chain; ``code_hash`` is keccak of the deployed code."""

    chain: str
    name: str
    address: bytes
    code_hash: bytes


@dataclass(frozen=True, slots=True)
class BlockProduced:
    """A block was made; it is final only once a ``BlockSealed`` covers it."""

    chain: str
    height: int
    hash: bytes
    timestamp_s: int
    transactions: int
    gas_used: int


@dataclass(frozen=True, slots=True)
class BlockSealed:
    """The block and all before it are final on their chain."""

    chain: str
    height: int


@dataclass(frozen=True, slots=True)
class TransactionSubmitted:
    """``sender`` is a participant's name or a role: relayer, issuer, operator."""

    chain: str
    tx_hash: bytes
    sender: str
    purpose: Purpose
    trade_ids: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class TransactionIncluded:
    """A transaction succeeded in the block at ``height``."""

    chain: str
    tx_hash: bytes
    sender: str
    purpose: Purpose
    height: int
    gas_used: int
    trade_ids: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class TransactionFailed:
    """A transaction reverted in the block at ``height``, with the contract's own reason."""

    chain: str
    tx_hash: bytes
    sender: str
    purpose: Purpose
    height: int
    gas_used: int
    reason: str
    trade_ids: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class TransactionLost:
    """A transaction is in no block and waits for none any more; its sender may send it again."""

    chain: str
    tx_hash: bytes
    sender: str
    purpose: Purpose
    trade_ids: tuple[bytes, ...] = ()
