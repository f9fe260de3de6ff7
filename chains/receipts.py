"""Receipts: their consensus encoding, their bloom filter, their position in a block.

Source: yellow paper, section 4.4; EIP-658 (status), EIP-2718 (type byte).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from chains import rlp
from chains.engine import Height, Log, Receipt, Transaction
from chains.execution import Outcome, RawLog
from chains.keys import keccak
from chains.transactions import contract_address, effective_gas_price

BLOOM_BYTES = 256
_UNKNOWN_HASH = b""


class ReceiptBuilder:
    """Collects the receipts of one block, in the order of its transactions."""

    def __init__(self, height: Height, base_fee: int) -> None:
        self.gas_used = 0
        self._height = height
        self._base_fee = base_fee
        self._log_count = 0
        self._bloom = 0
        self._receipts: list[Receipt] = []

    @property
    def logs_bloom(self) -> bytes:
        return self._bloom.to_bytes(BLOOM_BYTES, "big")

    @property
    def encoded(self) -> list[bytes]:
        return [receipt.encoded for receipt in self._receipts]

    def add(self, transaction: Transaction, outcome: Outcome) -> None:
        """Append what ``transaction`` did."""
        self.gas_used += outcome.gas_used
        bloom = bloom_of(outcome.logs)
        created = None
        if transaction.to is None and outcome.is_success:
            created = contract_address(transaction.sender, transaction.nonce)
        index = len(self._receipts)
        self._receipts.append(
            Receipt(
                tx_hash=transaction.hash,
                tx_index=index,
                tx_type=transaction.tx_type,
                height=self._height,
                block_hash=_UNKNOWN_HASH,
                sender=transaction.sender,
                to=transaction.to,
                contract_address=created,
                is_success=outcome.is_success,
                gas_used=outcome.gas_used,
                cumulative_gas_used=self.gas_used,
                effective_gas_price=effective_gas_price(transaction, self._base_fee),
                logs_bloom=bloom.to_bytes(BLOOM_BYTES, "big"),
                logs=tuple(
                    self._log(transaction.hash, index, position, log)
                    for position, log in enumerate(outcome.logs)
                ),
                output=outcome.output,
                encoded=_encode(transaction.tx_type, outcome, self.gas_used, bloom),
            )
        )
        self._log_count += len(outcome.logs)
        self._bloom |= bloom

    def finish(self, block_hash: bytes) -> tuple[Receipt, ...]:
        """The receipts, once the block has its hash."""
        return tuple(
            replace(
                receipt,
                block_hash=block_hash,
                logs=tuple(replace(log, block_hash=block_hash) for log in receipt.logs),
            )
            for receipt in self._receipts
        )

    def _log(self, tx_hash: bytes, tx_index: int, position: int, log: RawLog) -> Log:
        return Log(
            address=log.address,
            topics=log.topics,
            data=log.data,
            height=self._height,
            block_hash=_UNKNOWN_HASH,
            tx_hash=tx_hash,
            tx_index=tx_index,
            log_index=self._log_count + position,
            receipt_log_index=position,
        )


def bloom_of(logs: Iterable[RawLog]) -> int:
    """The 2048-bit filter of addresses and topics, as an integer."""
    bloom = 0
    for log in logs:
        bloom |= _bloom_bits(log.address)
        for topic in log.topics:
            bloom |= _bloom_bits(topic)
    return bloom


@lru_cache(maxsize=65536)
def _bloom_bits(value: bytes) -> int:
    digest = keccak(value)
    bits = 0
    for i in (0, 2, 4):
        bits |= 1 << (int.from_bytes(digest[i : i + 2], "big") & 2047)
    return bits


def _encode(tx_type: int, outcome: Outcome, cumulative_gas: int, bloom: int) -> bytes:
    body = rlp.join(
        (
            rlp.encode_int(int(outcome.is_success)),
            rlp.encode_int(cumulative_gas),
            rlp.encode_bytes(bloom.to_bytes(BLOOM_BYTES, "big")),
            rlp.encode([(log.address, log.topics, log.data) for log in outcome.logs]),
        )
    )
    return bytes((tx_type,)) + body if tx_type else body
