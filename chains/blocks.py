"""Blocks: made of a header and what they hold, put away as bytes, read again.

A block as objects takes two to three times the memory of its bytes. A long run makes a hundred
thousand of them and hardly ever looks at one again that is some hundred blocks old.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial

from chains import rlp
from chains.consensus import ValidatorSet, seal_unsealed
from chains.engine import Block, Height, Receipt, Transaction
from chains.execution import Outcome, RawLog
from chains.headers import Header
from chains.receipts import ReceiptBuilder
from chains.transactions import decode_transaction

READ_AGAIN_MAX = 64  # who looks at an old block looks more than once


def block_over(
    header: Header,
    encoded: bytes,
    identity: bytes,
    sealers: ValidatorSet,
    transactions: tuple[Transaction, ...],
    receipts: tuple[Receipt, ...],
    is_final: bool,
) -> Block:
    """The block over a header of round 0; a final one is sealed when somebody asks for seals."""
    return Block(
        height=Height(header.height),
        hash=identity,
        parent_hash=header.parent_hash,
        timestamp_s=header.timestamp_s,
        state_root=header.state_root,
        transactions_root=header.transactions_root,
        receipts_root=header.receipts_root,
        gas_limit=header.gas_limit,
        gas_used=header.gas_used,
        base_fee_per_gas=header.base_fee_per_gas or 0,
        is_sealed=is_final,
        transactions=transactions,
        receipts=receipts,
        unsealed_rlp=encoded,
        header_rlp=partial(seal_unsealed, header, identity, sealers.keys) if is_final else encoded,
    )


@dataclass(frozen=True, slots=True, eq=False)
class StoredBlock:
    """A sealed block as bytes."""

    header: Header
    sealers: ValidatorSet
    identity: bytes
    transactions: tuple[bytes, ...]
    receipts: tuple[bytes, ...]
    outputs: tuple[bytes, ...]

    @classmethod
    def of(cls, block: Block, header: Header, sealers: ValidatorSet) -> StoredBlock:
        """Take the bytes of a block."""
        return cls(
            header=header,
            sealers=sealers,
            identity=block.hash,
            transactions=tuple([transaction.raw for transaction in block.transactions]),
            receipts=tuple([receipt.encoded for receipt in block.receipts]),
            outputs=tuple([receipt.output for receipt in block.receipts]),
        )

    def read(self) -> Block:
        """The block again, equal to the one that was stored."""
        return _read(self)


@lru_cache(maxsize=READ_AGAIN_MAX)
def _read(stored: StoredBlock) -> Block:
    header = stored.header
    receipts = ReceiptBuilder(Height(header.height), header.base_fee_per_gas or 0)
    transactions = tuple([decode_transaction(raw) for raw in stored.transactions])
    for transaction, encoded, output in zip(
        transactions, stored.receipts, stored.outputs, strict=True
    ):
        receipts.add(transaction, _outcome(transaction, encoded, output, receipts.gas_used))
    return block_over(
        header,
        header.encode(),
        stored.identity,
        stored.sealers,
        transactions,
        receipts.finish(stored.identity),
        is_final=True,
    )


def _outcome(transaction: Transaction, encoded: bytes, output: bytes, gas_before: int) -> Outcome:
    """What a receipt says that a transaction did; how it failed is not in it."""
    body = rlp.decode(encoded[1:] if transaction.tx_type else encoded)
    status, gas, _, logs = rlp.as_list(body)
    return Outcome(
        is_success=bool(status),
        is_revert=False,
        gas_used=rlp.as_int(gas) - gas_before,
        output=output,
        logs=tuple([_log(log) for log in rlp.as_list(logs)]),
    )


def _log(item: rlp.Item) -> RawLog:
    address, topics, data = rlp.as_list(item)
    return RawLog(
        rlp.as_bytes(address),
        tuple([rlp.as_bytes(topic) for topic in rlp.as_list(topics)]),
        rlp.as_bytes(data),
    )
