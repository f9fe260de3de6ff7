"""The seam between the ledger and everything above it: what executes EVM blocks.

An engine is synchronous and owns no clock: the caller says when a block is produced and with which
whole-second timestamp. ``latest`` is the head; ``finalized`` is the last block that validators have
sealed. Only unsealed blocks can be reorganised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, NewType, Protocol

Height = NewType("Height", int)
SnapshotId = NewType("SnapshotId", int)


class ChainError(Exception):
    """Base of everything an engine refuses."""

    code = "E-CHAIN"


class TransactionRejected(ChainError):
    """A transaction that can never run: badly signed, wrong chain, spent nonce, no funds."""

    code = "E-CHAIN-TX-REJECTED"


class CallReverted(ChainError):
    """A call ended in a revert; ``data`` is the raw revert data."""

    code = "E-CHAIN-REVERTED"

    def __init__(self, message: str, data: bytes = b"") -> None:
        super().__init__(message)
        self.data = data


class UnknownBlock(ChainError):
    """No block with that height or hash."""

    code = "E-CHAIN-UNKNOWN-BLOCK"


class FinalityViolation(ChainError):
    """A sealed block was asked to be reorganised, or a timestamp does not increase."""

    code = "E-CHAIN-FINALITY"


class Log(NamedTuple):
    """One event, with its position; a tuple, for a batch has hundreds."""

    address: bytes  # 20
    topics: tuple[bytes, ...]  # 32 each
    data: bytes
    height: Height
    block_hash: bytes
    tx_hash: bytes
    tx_index: int
    log_index: int  # position in the block, as JSON-RPC counts
    receipt_log_index: int  # position in its own receipt, as a receipt proof counts
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one transaction did."""

    tx_hash: bytes
    tx_index: int
    tx_type: int
    height: Height
    block_hash: bytes
    sender: bytes
    to: bytes | None
    contract_address: bytes | None
    is_success: bool
    gas_used: int
    cumulative_gas_used: int
    effective_gas_price: int
    logs: tuple[Log, ...]
    output: bytes  # return or revert data
    encoded: bytes  # the consensus encoding that the receipts trie holds

    @property
    def logs_bloom(self) -> bytes:
        """The filter of its logs' addresses and topics, out of the encoding.

        There it follows the type if any, the list's prefix, the status, the gas and a prefix.
        """
        start = 1 if self.tx_type else 0
        width = self.encoded[start] - 0xF7
        gas_bytes = (self.cumulative_gas_used.bit_length() + 7) // 8
        start += 1 + width + 1 + 1 + gas_bytes + 3
        return self.encoded[start : start + 256]


@dataclass(frozen=True, slots=True)
class Transaction:
    """A signed transaction, decoded. Its data is where it came, for there it is kept anyway."""

    raw: bytes
    hash: bytes
    tx_type: int
    chain_id: int | None
    sender: bytes
    nonce: int
    to: bytes | None
    value: int
    data_start: int  # within ``raw``
    data_end: int
    gas_limit: int
    max_fee_per_gas: int
    max_priority_fee_per_gas: int
    access_list: tuple[tuple[bytes, tuple[bytes, ...]], ...] = ()  # address, its 32-byte slots
    v: int = 0  # as signed: 0 or 1 when typed, EIP-155 when legacy
    r: int = 0
    s: int = 0

    @property
    def data(self) -> bytes:
        """The calldata, or the initcode of a deployment."""
        return self.raw[self.data_start : self.data_end]


class MadeLate:
    """A field of bytes that may be given as what makes them when they are first asked for."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object | None, owner: type | None = None) -> bytes:
        if instance is None:
            raise AttributeError(self._name)  # so the field has no default
        value: bytes | Callable[[], bytes] = instance.__dict__[self._name]
        if not isinstance(value, bytes):
            value = instance.__dict__[self._name] = value()
        return value

    def __set__(self, instance: object, value: bytes | Callable[[], bytes]) -> None:
        instance.__dict__[self._name] = value


@dataclass(frozen=True)
class Block:
    """A block: header fields, transactions and receipts. ``hash`` follows QBFT's on-chain rule.

    The header stands here twice. ``unsealed_rlp`` is what the block is: its keccak is ``hash``, and
    it never changes. ``header_rlp`` is what a chain stores and hands out: once sealed it says who
    sealed, which is signed only when somebody asks. Who does not look at seals reads the former.
    """

    height: Height
    hash: bytes
    parent_hash: bytes
    timestamp_s: int
    state_root: bytes
    transactions_root: bytes
    receipts_root: bytes
    gas_limit: int
    gas_used: int
    base_fee_per_gas: int
    is_sealed: bool
    transactions: tuple[Transaction, ...]
    receipts: tuple[Receipt, ...]
    unsealed_rlp: bytes  # round 0 and no seals; the genesis as it is
    header_rlp: MadeLate = MadeLate()  # as stored: with seals once sealed

    @property
    def stored_rlp(self) -> bytes | None:
        """``header_rlp`` if it is made already; None while nobody has asked for its seals."""
        made = self.__dict__["header_rlp"]
        return made if isinstance(made, bytes) else None


@dataclass(frozen=True, slots=True)
class Call:
    """A message call or a would-be transaction, nothing signed."""

    to: bytes | None
    data: bytes = b""
    sender: bytes = b"\x00" * 20
    value: int = 0
    gas: int | None = None


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which logs: inclusive heights, any of ``addresses`` (empty: all), topics by position."""

    from_height: Height
    to_height: Height
    addresses: tuple[bytes, ...] = ()
    topics: tuple[tuple[bytes, ...] | None, ...] = ()


class Engine(Protocol):
    """What executes EVM blocks: ``pyevm``, ``revm``, ``rpc``."""

    @property
    def name(self) -> str: ...
    @property
    def chain_id(self) -> int: ...
    @property
    def genesis_hash(self) -> bytes: ...
    @property
    def latest(self) -> Height: ...
    @property
    def finalized(self) -> Height: ...

    # --- writing
    def submit(self, raw: bytes) -> bytes:
        """Queue a signed transaction and return its hash. Raises TransactionRejected."""
        ...

    def produce_block(self, timestamp_s: int) -> Block:
        """Put every queued transaction that fits into the next block, seal what finality allows."""
        ...

    def rotate_validators(self, keys: Sequence[bytes]) -> None:
        """Seal the next block, and those after it, with another set (32-byte private keys)."""
        ...

    def reorganise(self, depth: int, *, drop: Iterable[bytes] = ()) -> tuple[Log, ...]:
        """Remove the last ``depth`` unsealed blocks; what they held, except ``drop``, queues again.

        Returns the removed logs, flagged ``removed``. Raises FinalityViolation on a sealed block.
        """
        ...

    def snapshot(self) -> SnapshotId: ...
    def restore(self, snapshot: SnapshotId) -> None: ...

    # --- reading
    def block(self, at: Height | bytes) -> Block:
        """A block by height or hash. Raises UnknownBlock."""
        ...

    def sealed_header(self, height: Height) -> bytes:
        """The header's RLP with commit seals. Raises FinalityViolation when not sealed yet."""
        ...

    def receipt(self, tx_hash: bytes) -> Receipt | None: ...
    def transaction(self, tx_hash: bytes) -> Transaction | None: ...
    def receipt_proof(self, height: Height, tx_index: int) -> tuple[bytes, ...]:
        """The hashed trie nodes from receiptsRoot down to the receipt, root first."""
        ...

    def logs(self, wanted: LogFilter) -> tuple[Log, ...]: ...
    def call(self, call: Call, at: Height | None = None) -> bytes:
        """Execute without writing. Raises CallReverted."""
        ...

    def estimate_gas(self, call: Call) -> int: ...
    def nonce(self, account: bytes, *, pending: bool = False, at: Height | None = None) -> int: ...
    def balance(self, account: bytes, at: Height | None = None) -> int: ...
    def code(self, account: bytes, at: Height | None = None) -> bytes: ...
    def storage(self, account: bytes, slot: int, at: Height | None = None) -> int: ...
    def pending_transactions(self) -> tuple[Transaction, ...]: ...
