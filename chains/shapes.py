"""Blocks, transactions, receipts and logs in the shapes that eth-tester's validation expects."""

from __future__ import annotations

from typing import TypeAlias

from chains import rlp
from chains.engine import Block, Log, Receipt, Transaction
from chains.headers import EMPTY_TRIE_ROOT, VANITY_BYTES, Header
from chains.transactions import DYNAMIC_FEE, LEGACY, effective_gas_price

Shape: TypeAlias = dict[str, object]


def block_shape(block: Block, *, is_full: bool) -> Shape:
    """A block, with its transactions in full or by hash."""
    header = Header.decode(block.header_rlp)
    return {
        "number": block.height,
        "hash": block.hash,
        "parent_hash": block.parent_hash,
        "nonce": header.nonce,
        "sha3_uncles": header.ommers_hash,
        "logs_bloom": int.from_bytes(header.logs_bloom, "big"),
        "transactions_root": block.transactions_root,
        "receipts_root": block.receipts_root,
        "state_root": block.state_root,
        "coinbase": header.coinbase,
        "difficulty": header.difficulty,
        "total_difficulty": (block.height + 1) * header.difficulty,
        "mix_hash": header.mix_hash,
        "size": len(block.header_rlp) + sum(len(item.raw) for item in block.transactions),
        "extra_data": b"\x00" * VANITY_BYTES,
        "gas_limit": block.gas_limit,
        "gas_used": block.gas_used,
        "timestamp": block.timestamp_s,
        "transactions": [
            transaction_shape(transaction, block, index) if is_full else transaction.hash
            for index, transaction in enumerate(block.transactions)
        ],
        "uncles": [],
        "base_fee_per_gas": block.base_fee_per_gas,
        "withdrawals": [],
        "withdrawals_root": header.withdrawals_root or EMPTY_TRIE_ROOT,
    }


def transaction_shape(transaction: Transaction, block: Block | None, index: int | None) -> Shape:
    """A transaction; a waiting one has no block."""
    price = transaction.max_fee_per_gas
    if block is not None:
        price = effective_gas_price(transaction, block.base_fee_per_gas)
    shape: Shape = {
        "type": transaction.tx_type,
        "hash": transaction.hash,
        "nonce": transaction.nonce,
        "block_hash": block and block.hash,
        "block_number": block and block.height,
        "transaction_index": index,
        "from": transaction.sender,
        "to": transaction.to or b"",
        "value": transaction.value,
        "gas": transaction.gas_limit,
        "gas_price": price,
        "data": transaction.data,
        "v": transaction.v,
        "r": transaction.r,
        "s": transaction.s,
    }
    if transaction.tx_type != LEGACY:
        shape["chain_id"] = transaction.chain_id
        shape["y_parity"] = transaction.v
        shape["access_list"] = tuple(
            (address, tuple(int.from_bytes(slot, "big") for slot in slots))
            for address, slots in transaction.access_list
        )
    if transaction.tx_type == DYNAMIC_FEE:
        shape["max_fee_per_gas"] = transaction.max_fee_per_gas
        shape["max_priority_fee_per_gas"] = transaction.max_priority_fee_per_gas
    return shape


def receipt_shape(receipt: Receipt, *, is_pending: bool) -> Shape:
    """A receipt; a pending one has no block yet."""
    return {
        "block_hash": None if is_pending else receipt.block_hash,
        "block_number": None if is_pending else receipt.height,
        "contract_address": receipt.contract_address,
        "cumulative_gas_used": receipt.cumulative_gas_used,
        "effective_gas_price": receipt.effective_gas_price,
        "from": receipt.sender,
        "gas_used": receipt.gas_used,
        "logs": [_log_shape(log, is_pending=is_pending) for log in receipt.logs],
        "state_root": rlp.integer(int(receipt.is_success)),
        "status": int(receipt.is_success),
        "to": receipt.to or b"",
        "transaction_hash": receipt.tx_hash,
        "transaction_index": None if is_pending else receipt.tx_index,
        "type": receipt.tx_type,
    }


def _log_shape(log: Log, *, is_pending: bool) -> Shape:
    return {
        "type": "pending" if is_pending else "mined",
        "log_index": log.log_index,
        "transaction_index": None if is_pending else log.tx_index,
        "transaction_hash": log.tx_hash,
        "block_hash": None if is_pending else log.block_hash,
        "block_number": None if is_pending else log.height,
        "address": log.address,
        "data": log.data,
        "topics": list(log.topics),
    }
