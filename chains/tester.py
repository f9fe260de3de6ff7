"""eth-tester's py-evm backend over our engine: ``EthereumTester(EngineBackend(engine, keys))``.

It takes from ``PyEVMBackend`` what concerns accounts and the shapes of transactions, and answers
all that concerns blocks from the engine: many transactions a block, receipts by index, explicit
timestamps, QBFT hashes. Two habits of eth-tester show: blocks come one second after their parent,
and ``extra_data`` is the 32-byte vanity alone, because its validation allows no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from eth_keys.datatypes import PrivateKey
from eth_tester.backends.pyevm.main import PyEVMBackend
from eth_tester.exceptions import (
    BlockNotFound,
    TransactionFailed,
    TransactionNotFound,
    ValidationError,
)

from chains.engine import (
    Block,
    Call,
    CallReverted,
    ChainError,
    Height,
    Receipt,
    TransactionRejected,
    UnknownBlock,
)
from chains.feehistory import fee_history
from chains.pyevm import PyEvmEngine
from chains.shapes import block_shape, receipt_shape, transaction_shape
from chains.unlocked import UnlockedAccounts

ZERO_ADDRESS = b"\x00" * 20
REVERTED_PREFIX = "execution reverted: "


class EngineBackend(PyEVMBackend):  # type: ignore[misc]  # eth-tester has no types
    """A chain backend of eth-tester whose chain is the engine's."""

    _FIELDS: ClassVar[Mapping[str, str]] = {
        "gas_price": "gasPrice",
        "max_fee_per_gas": "maxFeePerGas",
        "max_priority_fee_per_gas": "maxPriorityFeePerGas",
        "access_list": "accessList",
    }

    def __init__(self, engine: PyEvmEngine, keys: Sequence[bytes] = ()) -> None:
        self.engine = engine
        self.account_keys = tuple(PrivateKey(key) for key in keys)
        self.chain = engine.chain
        self._genesis = engine.snapshot()

    def reset_to_genesis(self, *_params: object, **_more: object) -> None:
        """Go back to where the engine was when the backend was made."""
        self.engine.restore(self._genesis)

    # --- time and blocks

    def take_snapshot(self) -> int:
        return self.engine.snapshot()

    def revert_to_snapshot(self, snapshot: Any) -> None:
        self.engine.restore(snapshot)

    def time_travel(self, to_timestamp: int) -> int:
        self.engine.produce_block(to_timestamp - 1)
        return to_timestamp

    def mine_blocks(self, num_blocks: int = 1, coinbase: bytes = ZERO_ADDRESS) -> tuple[bytes, ...]:
        """The proposer is whose turn it is, whatever ``coinbase`` says."""
        return tuple(
            self.engine.produce_block(self._head.timestamp_s + 1).hash for _ in range(num_blocks)
        )

    def get_block_by_number(self, block_number: int | str, full_transaction: bool = True) -> Any:
        if block_number == "pending":
            return self._pending_block(full_transaction)
        return block_shape(self._block(self._height(block_number)), is_full=full_transaction)

    def get_block_by_hash(self, block_hash: bytes, full_transaction: bool = True) -> Any:
        return block_shape(self._block(bytes(block_hash)), is_full=full_transaction)

    def get_transaction_by_hash(self, transaction_hash: bytes) -> Any:
        receipt = self.engine.receipt(transaction_hash)
        transaction = self.engine.transaction(transaction_hash)
        if transaction is None:
            raise TransactionNotFound(f"no transaction 0x{transaction_hash.hex()}")
        block = None if receipt is None else self._block(receipt.height)
        return transaction_shape(transaction, block, receipt.tx_index if receipt else None)

    def get_transaction_receipt(self, transaction_hash: bytes) -> Any:
        receipt = self.engine.receipt(transaction_hash)
        if receipt is not None:
            return receipt_shape(receipt, is_pending=False)
        if self.engine.transaction(transaction_hash) is None:
            raise TransactionNotFound(f"no transaction 0x{transaction_hash.hex()}")
        return receipt_shape(self._receipt_if_mined(transaction_hash), is_pending=True)

    def get_fee_history(
        self,
        block_count: int = 1,
        newest_block: int | str = "latest",
        reward_percentiles: Sequence[float] = (),
    ) -> Any:
        history = fee_history(
            self.engine, block_count, self._height(newest_block), reward_percentiles
        )
        return {
            "oldest_block": int(str(history["oldestBlock"]), 16),
            "base_fee_per_gas": _numbers(history["baseFeePerGas"]),
            "gas_used_ratio": history["gasUsedRatio"],
            "reward": [_numbers(rewards) for rewards in _items(history.get("reward", ()))],
        }

    # --- accounts

    def get_nonce(self, account: bytes, block_number: int | str = "latest") -> int:
        is_pending = block_number == "pending"
        return self.engine.nonce(account, pending=is_pending, at=self._height(block_number))

    def get_balance(self, account: bytes, block_number: int | str = "latest") -> int:
        return self.engine.balance(account, self._height(block_number))

    def get_code(self, account: bytes, block_number: int | str = "latest") -> bytes:
        return self.engine.code(account, self._height(block_number))

    def get_storage(self, account: bytes, slot: int, block_number: int | str = "latest") -> int:
        return self.engine.storage(account, slot, self._height(block_number))

    def get_base_fee(self, block_number: int | str = "latest") -> int:
        return self._block(self._height(block_number)).base_fee_per_gas

    # --- transactions and calls

    def send_raw_transaction(self, raw_transaction: bytes) -> bytes:
        try:
            return self.engine.submit(raw_transaction)
        except TransactionRejected as error:
            raise ValidationError(str(error)) from error

    def send_signed_transaction(
        self, signed_transaction: Mapping[str, Any], block_number: int | str = "latest"
    ) -> bytes:
        fields = self._normalize_transaction(signed_transaction, block_number)
        return self.send_raw_transaction(
            self._create_type_aware_signed_transaction(fields).encode()
        )

    def send_transaction(self, transaction: Mapping[str, Any]) -> bytes:
        accounts = UnlockedAccounts(self.engine, [key.to_bytes() for key in self.account_keys])
        request = {
            self._FIELDS.get(name, name): value
            for name, value in transaction.items()
            if name not in ("type", "to") or value
        }
        try:
            return self.send_raw_transaction(accounts.sign(request))
        except CallReverted as error:
            raise _failed(error) from error
        except ChainError as error:
            raise ValidationError(str(error)) from error

    def estimate_gas(
        self, transaction: Mapping[str, Any], block_number: int | str = "latest"
    ) -> int:
        try:
            return self.engine.estimate_gas(_call(transaction))
        except CallReverted as error:
            raise _failed(error) from error

    def call(self, transaction: Mapping[str, Any], block_number: int | str = "latest") -> bytes:
        try:
            return self.engine.call(_call(transaction), self._height(block_number))
        except CallReverted as error:
            raise _failed(error) from error

    # --- helpers

    @property
    def _head(self) -> Block:
        return self.engine.block(self.engine.latest)

    def _height(self, number: int | str) -> Height:
        match number:
            case "latest" | "pending":
                return self.engine.latest
            case "safe" | "finalized":
                return self.engine.finalized
            case "earliest":
                return Height(0)
            case _:
                return Height(int(number))

    def _block(self, at: Height | bytes) -> Block:
        try:
            return self.engine.block(at)
        except UnknownBlock as error:
            raise BlockNotFound(str(error)) from error

    def _pending_block(self, is_full: bool) -> Any:
        with self.engine.speculation():
            pending = self.engine.produce_block(self._head.timestamp_s + 1)
        return block_shape(pending, is_full=is_full)

    def _receipt_if_mined(self, transaction_hash: bytes) -> Receipt:
        with self.engine.speculation():
            self.engine.produce_block(self._head.timestamp_s + 1)
            receipt = self.engine.receipt(transaction_hash)
        if receipt is None:
            raise TransactionNotFound(f"0x{transaction_hash.hex()} waits for another transaction")
        return receipt


def _call(transaction: Mapping[str, Any]) -> Call:
    return Call(
        to=transaction.get("to") or None,
        data=transaction.get("data", b""),
        sender=transaction.get("from", ZERO_ADDRESS),
        value=transaction.get("value", 0),
        gas=transaction.get("gas"),
    )


def _failed(error: CallReverted) -> TransactionFailed:
    return TransactionFailed(str(error).removeprefix(REVERTED_PREFIX))


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _numbers(value: object) -> list[int]:
    return [int(str(number), 16) for number in _items(value)]
