"""Receipts: their consensus encoding, their bloom filter, their position in a block.

Source: yellow paper, section 4.4; EIP-658 (status), EIP-2718 (type byte).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from chains import rlp
from chains.engine import Height, Log, Receipt, Transaction
from chains.execution import Outcome, RawLog
from chains.keys import keccak
from chains.transactions import contract_address, effective_gas_price

BLOOM_BYTES = 256
NO_BLOOM = bytes(BLOOM_BYTES)
BITS_MAX = 4096  # most addresses and topics come again, or soon or never

_ADDRESS_PREFIX = b"\x94"
_BLOOM_PREFIX = b"\xb9\x01\x00"
_TOPICS_PREFIX = (b"\xc0", b"\xe1\xa0", b"\xf8\x42\xa0", b"\xf8\x63\xa0", b"\xf8\x84\xa0")


class _Draft(NamedTuple):
    """What is known of a receipt before its block has a hash."""

    transaction: Transaction
    outcome: Outcome
    cumulative_gas: int


class ReceiptBuilder:
    """Collects what the transactions of one block did, in their order."""

    def __init__(self, height: Height, base_fee: int) -> None:
        self.gas_used = 0
        self.encoded: list[bytes] = []  # as the receipts trie holds them
        self._height = height
        self._base_fee = base_fee
        self._bloom = 0
        self._drafts: list[_Draft] = []

    @property
    def logs_bloom(self) -> bytes:
        return self._bloom.to_bytes(BLOOM_BYTES, "big") if self._bloom else NO_BLOOM

    def add(self, transaction: Transaction, outcome: Outcome) -> None:
        """Append what ``transaction`` did."""
        self.gas_used += outcome.gas_used
        bloom = bloom_of(outcome.logs)
        self._bloom |= bloom
        self.encoded.append(_encode(transaction.tx_type, outcome, self.gas_used, bloom))
        self._drafts.append(_Draft(transaction, outcome, self.gas_used))

    def finish(self, block_hash: bytes) -> tuple[Receipt, ...]:
        """The receipts, once the block has its hash."""
        receipts = []
        log_index = 0
        for index, draft in enumerate(self._drafts):
            receipts.append(self._receipt(draft, index, block_hash, log_index))
            log_index += len(draft.outcome.logs)
        return tuple(receipts)

    def _receipt(self, draft: _Draft, index: int, block_hash: bytes, log_index: int) -> Receipt:
        transaction, outcome = draft.transaction, draft.outcome
        created = None
        if transaction.to is None and outcome.is_success:
            created = contract_address(transaction.sender, transaction.nonce)
        return Receipt(
            tx_hash=transaction.hash,
            tx_index=index,
            tx_type=transaction.tx_type,
            height=self._height,
            block_hash=block_hash,
            sender=transaction.sender,
            to=transaction.to,
            contract_address=created,
            is_success=outcome.is_success,
            gas_used=outcome.gas_used,
            cumulative_gas_used=draft.cumulative_gas,
            effective_gas_price=effective_gas_price(transaction, self._base_fee),
            logs=tuple(
                [  # by position: names would double what a batch's hundred logs take
                    Log(
                        *log,
                        self._height,
                        block_hash,
                        transaction.hash,
                        index,
                        log_index + position,
                        position,
                    )
                    for position, log in enumerate(outcome.logs)
                ]
            ),
            output=outcome.output,
            encoded=self.encoded[index],
        )


def bloom_of(logs: Iterable[RawLog]) -> int:
    """The 2048-bit filter of addresses and topics, as an integer."""
    bloom = 0
    for log in logs:
        bloom |= _bloom_bits(log.address)
        for topic in log.topics:
            bloom |= _bloom_bits(topic)
    return bloom


@lru_cache(maxsize=BITS_MAX)
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
            _BLOOM_PREFIX,
            bloom.to_bytes(BLOOM_BYTES, "big"),
            rlp.join([_encode_log(log) for log in outcome.logs]),
        )
    )
    return bytes((tx_type,)) + body if tx_type else body


def _encode_log(log: RawLog) -> bytes:
    address, topics, data = log
    topics_prefix = _TOPICS_PREFIX[len(topics)]
    return rlp.listed(
        _ADDRESS_PREFIX + address + topics_prefix + b"\xa0".join(topics) + rlp.encode_bytes(data)
    )
