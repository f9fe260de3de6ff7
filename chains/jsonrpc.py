"""Blocks, transactions, receipts and logs in the JSON of Ethereum's JSON-RPC, and back.

Source: ethereum/execution-apis. Quantities are hex without leading zeros, data hex of full width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from chains import rlp
from chains.engine import Block, Call, ChainError, Log, Receipt, Transaction
from chains.headers import EMPTY_OMMERS_HASH, Header
from chains.transactions import DYNAMIC_FEE, LEGACY, effective_gas_price

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


class BadParams(ChainError):
    """A request whose parameters cannot be read."""

    code = "E-CHAIN-BAD-PARAMS"


def quantity(value: int) -> str:
    """A number."""
    return hex(value)


def data(value: bytes) -> str:
    """Bytes."""
    return "0x" + value.hex()


def optional_data(value: bytes | None) -> str | None:
    """Bytes that may be missing."""
    return None if value is None else data(value)


def to_bytes(value: object) -> bytes:
    """Read bytes. Raises BadParams."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str) and value.startswith("0x"):
        try:
            return bytes.fromhex(value[2:])
        except ValueError as error:
            raise BadParams(f"not hex: {value[:80]}") from error
    raise BadParams(f"expected 0x-hex, found {_shown(value)}")


def to_address(value: object) -> bytes:
    """Read an address. Raises BadParams."""
    address = to_bytes(value)
    if len(address) != 20:
        raise BadParams(f"an address has 20 bytes, found {len(address)}")
    return address


def to_int(value: object) -> int:
    """Read a number of at most 256 bits. Raises BadParams."""
    if isinstance(value, str) and value.startswith("0x"):
        try:
            number = int(value, 16)
        except ValueError as error:
            raise BadParams(f"not a quantity: {value[:80]}") from error
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    else:
        raise BadParams(f"expected a 0x-quantity, found {_shown(value)}")
    if not 0 <= number < 2**256:
        raise BadParams("a quantity is out of range")
    return number


def to_object(value: object) -> Mapping[str, object]:
    """Read an object. Raises BadParams."""
    if isinstance(value, Mapping):
        return value
    raise BadParams(f"expected an object, found {_shown(value)}")


def to_call(given: object) -> Call:
    """Read the transaction object of eth_call and eth_estimateGas. Raises BadParams."""
    request = to_object(given)
    to = request.get("to")
    payload = request.get("input", request.get("data"))
    gas = request.get("gas")
    return Call(
        to=to_address(to) if to else None,
        data=to_bytes(payload) if payload else b"",
        sender=to_address(request["from"]) if request.get("from") else b"\x00" * 20,
        value=to_int(request.get("value", 0)),
        gas=None if gas is None else to_int(gas),
    )


def log_json(log: Log) -> dict[str, Json]:
    """A log object."""
    return {
        "address": data(log.address),
        "topics": [data(topic) for topic in log.topics],
        "data": data(log.data),
        "blockNumber": quantity(log.height),
        "blockHash": data(log.block_hash),
        "transactionHash": data(log.tx_hash),
        "transactionIndex": quantity(log.tx_index),
        "logIndex": quantity(log.log_index),
        "removed": log.removed,
    }


def receipt_json(receipt: Receipt) -> dict[str, Json]:
    """A receipt object."""
    return {
        "transactionHash": data(receipt.tx_hash),
        "transactionIndex": quantity(receipt.tx_index),
        "blockHash": data(receipt.block_hash),
        "blockNumber": quantity(receipt.height),
        "from": data(receipt.sender),
        "to": optional_data(receipt.to),
        "contractAddress": optional_data(receipt.contract_address),
        "cumulativeGasUsed": quantity(receipt.cumulative_gas_used),
        "gasUsed": quantity(receipt.gas_used),
        "effectiveGasPrice": quantity(receipt.effective_gas_price),
        "status": quantity(int(receipt.is_success)),
        "type": quantity(receipt.tx_type),
        "logsBloom": data(receipt.logs_bloom),
        "logs": [log_json(log) for log in receipt.logs],
    }


def transaction_json(
    transaction: Transaction, block: Block | None, index: int | None
) -> dict[str, Json]:
    """A transaction object; a waiting one has no block."""
    price = transaction.max_fee_per_gas
    if block is not None:
        price = effective_gas_price(transaction, block.base_fee_per_gas)
    fields: dict[str, Json] = {
        "hash": data(transaction.hash),
        "type": quantity(transaction.tx_type),
        "nonce": quantity(transaction.nonce),
        "blockHash": None if block is None else data(block.hash),
        "blockNumber": None if block is None else quantity(block.height),
        "transactionIndex": None if index is None else quantity(index),
        "from": data(transaction.sender),
        "to": optional_data(transaction.to),
        "value": quantity(transaction.value),
        "gas": quantity(transaction.gas_limit),
        "gasPrice": quantity(price),
        "input": data(transaction.data),
        "v": quantity(transaction.v),
        "r": quantity(transaction.r),
        "s": quantity(transaction.s),
    }
    if transaction.chain_id is not None:
        fields["chainId"] = quantity(transaction.chain_id)
    if transaction.tx_type != LEGACY:
        fields["yParity"] = quantity(transaction.v)
        fields["accessList"] = [
            {"address": data(address), "storageKeys": [data(slot) for slot in slots]}
            for address, slots in transaction.access_list
        ]
    if transaction.tx_type == DYNAMIC_FEE:
        fields["maxFeePerGas"] = quantity(transaction.max_fee_per_gas)
        fields["maxPriorityFeePerGas"] = quantity(transaction.max_priority_fee_per_gas)
    return fields


def block_json(block: Block, *, is_full: bool) -> dict[str, Json]:
    """A block object, with its transactions in full or by hash."""
    header = Header.decode(block.header_rlp)
    raws = (transaction.raw for transaction in block.transactions)
    body = [rlp.encode_bytes(raw) if raw[0] < 0x80 else raw for raw in raws]
    parts = (block.header_rlp, rlp.join(body), rlp.EMPTY_LIST, rlp.EMPTY_LIST)
    return {
        "number": quantity(block.height),
        "hash": data(block.hash),
        "parentHash": data(block.parent_hash),
        "nonce": data(header.nonce),
        "sha3Uncles": data(EMPTY_OMMERS_HASH),
        "logsBloom": data(header.logs_bloom),
        "transactionsRoot": data(block.transactions_root),
        "stateRoot": data(block.state_root),
        "receiptsRoot": data(block.receipts_root),
        "miner": data(header.coinbase),
        "difficulty": quantity(header.difficulty),
        "totalDifficulty": quantity((block.height + 1) * header.difficulty),
        "extraData": data(header.extra_data),
        "mixHash": data(header.mix_hash),
        "size": quantity(len(rlp.join(parts))),
        "gasLimit": quantity(block.gas_limit),
        "gasUsed": quantity(block.gas_used),
        "timestamp": quantity(block.timestamp_s),
        "baseFeePerGas": quantity(block.base_fee_per_gas),
        "withdrawalsRoot": optional_data(header.withdrawals_root),
        "withdrawals": [],
        "uncles": [],
        "transactions": [
            transaction_json(transaction, block, index) if is_full else data(transaction.hash)
            for index, transaction in enumerate(block.transactions)
        ],
    }


def _shown(value: object) -> str:
    """A value for a message; Python would not write out a number of thousands of digits."""
    is_huge = isinstance(value, int) and value.bit_length() > 256
    return "a huge number" if is_huge else f"{value!r:.80}"
