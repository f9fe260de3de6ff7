"""Blocks: made of a header and what they hold, taken apart into bytes, made again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from chains import rlp
from chains.consensus import ValidatorSet, seal_unsealed
from chains.engine import Block, Height, Receipt, Transaction
from chains.execution import Outcome, RawLog
from chains.headers import Header
from chains.receipts import ReceiptBuilder
from chains.transactions import decode_transaction


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


def parts_of(block: Block) -> list[bytes]:
    """What it takes to make a block again: its header, then three byte strings a transaction."""
    parts = [block.unsealed_rlp, block.hash]
    for transaction, receipt in zip(block.transactions, block.receipts, strict=True):
        parts += (transaction.raw, receipt.encoded, receipt.output)
    return parts


def block_of(parts: Sequence[bytes], sealers: ValidatorSet) -> tuple[Header, Block]:
    """The sealed block again, equal to the one that was taken apart."""
    encoded, identity, *rest = parts
    header = Header.decode(encoded)
    receipts = ReceiptBuilder(Height(header.height), header.base_fee_per_gas or 0)
    transactions = tuple([decode_transaction(raw) for raw in rest[::3]])
    for transaction, receipt, output in zip(transactions, rest[1::3], rest[2::3], strict=True):
        receipts.add(transaction, _outcome(transaction, receipt, output, receipts.gas_used))
    block = block_over(
        header,
        encoded,
        identity,
        sealers,
        transactions,
        receipts.finish(identity),
        is_final=True,
    )
    return header, block


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
