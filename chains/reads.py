"""What JSON-RPC asks of a chain, read from an engine: the methods that change nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chains.engine import Block, Engine, Height, LogFilter, UnknownBlock
from chains.feehistory import fee_history, suggested_gas_price, suggested_priority_fee
from chains.jsonrpc import (
    BadParams,
    Json,
    block_json,
    data,
    log_json,
    quantity,
    receipt_json,
    to_address,
    to_bytes,
    to_call,
    to_int,
    to_object,
    transaction_json,
)

Method = Callable[..., Json]
HASH_HEX_CHARS = 66


class Reads:
    """The reading methods over one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def table(self) -> dict[str, Method]:
        """The methods by name."""
        engine = self._engine
        return {
            "web3_clientVersion": lambda: f"lockstep/{engine.name}",
            "net_version": lambda: str(engine.chain_id),
            "net_listening": lambda: True,
            "eth_syncing": lambda: False,
            "eth_chainId": lambda: quantity(engine.chain_id),
            "eth_blockNumber": lambda: quantity(engine.latest),
            "eth_gasPrice": lambda: quantity(suggested_gas_price(engine)),
            "eth_maxPriorityFeePerGas": lambda: quantity(suggested_priority_fee(engine)),
            "eth_feeHistory": self._fee_history,
            "eth_getBalance": self._balance,
            "eth_getCode": self._code,
            "eth_getStorageAt": self._storage,
            "eth_getTransactionCount": self._nonce,
            "eth_getBlockByNumber": self._block,
            "eth_getBlockByHash": self._block,
            "eth_getBlockReceipts": self._block_receipts,
            "eth_getBlockTransactionCountByNumber": self._transaction_count,
            "eth_getBlockTransactionCountByHash": self._transaction_count,
            "eth_getTransactionByHash": self._transaction,
            "eth_getTransactionByBlockNumberAndIndex": self._transaction_at,
            "eth_getTransactionByBlockHashAndIndex": self._transaction_at,
            "eth_getTransactionReceipt": self._receipt,
            "eth_call": self._call,
            "eth_estimateGas": self._estimate,
            "eth_getLogs": self._logs,
        }

    def log_filter(self, given: object) -> LogFilter:
        """Read a filter object. Raises BadParams or UnknownBlock."""
        wanted = to_object(given)
        if wanted.get("blockHash") is not None:
            first = last = self._height(wanted["blockHash"])
        else:
            first = self._height(wanted.get("fromBlock"))
            last = self._height(wanted.get("toBlock"))
        return LogFilter(
            first,
            last,
            tuple(to_address(address) for address in _several(wanted.get("address"))),
            tuple(_topic_options(topic) for topic in _several(wanted.get("topics"))),
        )

    def _logs(self, wanted: object) -> Json:
        return [log_json(log) for log in self._engine.logs(self.log_filter(wanted))]

    def _height(self, tag: object) -> Height:
        """The height that a block number, tag, hash or EIP-1898 object names."""
        match tag:
            case None | "latest" | "pending":
                return self._engine.latest
            case "finalized" | "safe":
                return self._engine.finalized
            case "earliest":
                return Height(0)
            case {"blockNumber": number}:
                return Height(to_int(number))
            case {"blockHash": block_hash}:
                return self._engine.block(to_bytes(block_hash)).height
            case str() if len(tag) == HASH_HEX_CHARS:
                return self._engine.block(to_bytes(tag)).height
            case bytes():
                return self._engine.block(tag).height
            case _:
                return Height(to_int(tag))

    def _find_block(self, tag: object) -> Block | None:
        try:
            return self._engine.block(self._height(tag))
        except UnknownBlock:
            return None

    def _block(self, tag: object, is_full: bool = False) -> Json:
        block = self._find_block(tag)
        if block is None:
            return None
        if tag != "pending":
            return block_json(block, is_full=is_full)
        waiting = self._engine.pending_transactions()
        return {
            **block_json(block, is_full=is_full),
            "number": quantity(block.height + 1),
            "hash": None,
            "nonce": None,
            "logsBloom": None,
            "parentHash": data(block.hash),
            "transactions": [
                transaction_json(transaction, None, None) if is_full else data(transaction.hash)
                for transaction in waiting
            ],
        }

    def _block_receipts(self, tag: object) -> Json:
        block = self._find_block(tag)
        return None if block is None else [receipt_json(receipt) for receipt in block.receipts]

    def _transaction_count(self, tag: object) -> Json:
        block = self._find_block(tag)
        return None if block is None else quantity(len(block.transactions))

    def _transaction(self, tx_hash: object) -> Json:
        wanted = to_bytes(tx_hash)
        receipt = self._engine.receipt(wanted)
        if receipt is not None:
            return self._transaction_at(quantity(receipt.height), quantity(receipt.tx_index))
        transaction = self._engine.transaction(wanted)
        return None if transaction is None else transaction_json(transaction, None, None)

    def _transaction_at(self, tag: object, index: object) -> Json:
        block, position = self._find_block(tag), to_int(index)
        if block is None or position >= len(block.transactions):
            return None
        return transaction_json(block.transactions[position], block, position)

    def _receipt(self, tx_hash: object) -> Json:
        receipt = self._engine.receipt(to_bytes(tx_hash))
        return None if receipt is None else receipt_json(receipt)

    def _balance(self, account: object, tag: object = "latest") -> Json:
        return quantity(self._engine.balance(to_address(account), self._height(tag)))

    def _code(self, account: object, tag: object = "latest") -> Json:
        return data(self._engine.code(to_address(account), self._height(tag)))

    def _storage(self, account: object, slot: object, tag: object = "latest") -> Json:
        word = self._engine.storage(to_address(account), to_int(slot), self._height(tag))
        return data(word.to_bytes(32, "big"))

    def _nonce(self, account: object, tag: object = "latest") -> Json:
        height = self._height(tag)
        is_pending = tag == "pending"
        return quantity(self._engine.nonce(to_address(account), pending=is_pending, at=height))

    def _fee_history(self, count: object, newest: object, percentiles: object = None) -> Json:
        given = _several(percentiles)
        shares = [share for share in given if isinstance(share, int | float)]
        if len(shares) < len(given):
            raise BadParams("percentiles are numbers")
        return fee_history(self._engine, to_int(count), self._height(newest), shares)

    def _call(self, request: object, tag: object = "latest", *overrides: object) -> Json:
        if any(overrides):
            raise BadParams("state overrides are not supported")
        return data(self._engine.call(to_call(request), self._height(tag)))

    def _estimate(self, request: object, *_tag: object) -> Json:
        return quantity(self._engine.estimate_gas(to_call(request)))


def _topic_options(topic: object) -> tuple[bytes, ...] | None:
    return None if topic is None else tuple(to_bytes(option) for option in _several(topic))


def _several(value: object) -> Sequence[object]:
    """One or several, as addresses and topics are given."""
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)
