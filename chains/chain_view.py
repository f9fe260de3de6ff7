"""What can be read of a chain, the same on every engine."""

from __future__ import annotations

from typing import ClassVar

from chains.config import ChainConfig
from chains.engine import (
    Block,
    Call,
    CallReverted,
    FinalityViolation,
    Height,
    Log,
    LogFilter,
    Receipt,
    Transaction,
)
from chains.estimation import estimate_gas, simulate
from chains.execution import Executor, State
from chains.headers import Header
from chains.history import History, Record
from chains.mempool import Mempool
from chains.old_states import Context, OldStates
from chains.reverts import describe


class ChainView:
    """The reading half of an Engine: blocks from the history, accounts from the executor."""

    name: ClassVar[str]

    def __init__(self, config: ChainConfig, executor: Executor) -> None:
        self.config = config
        self._executor = executor
        self._history = History()
        self._old_states = OldStates(self._history, executor)
        self._mempool = Mempool()
        self._finalized = Height(0)

    @property
    def chain_id(self) -> int:
        return self.config.chain_id

    @property
    def genesis_hash(self) -> bytes:
        return self._history.at(0).block.hash

    @property
    def latest(self) -> Height:
        return self._history.head.block.height

    @property
    def finalized(self) -> Height:
        return self._finalized

    def block(self, at: Height | bytes) -> Block:
        """A block by height or hash. Raises UnknownBlock."""
        record = self._history.by_hash(at) if isinstance(at, bytes) else self._history.at(at)
        return record.block

    def sealed_header(self, height: Height) -> bytes:
        """The header's RLP with commit seals. Raises FinalityViolation when not sealed yet."""
        block = self._history.at(height).block
        if not block.is_sealed:
            raise FinalityViolation(f"block {height} is not sealed, {self._finalized} is the last")
        return block.header_rlp

    def receipt(self, tx_hash: bytes) -> Receipt | None:
        """What an included transaction did."""
        return self._history.receipt(tx_hash)

    def transaction(self, tx_hash: bytes) -> Transaction | None:
        """A transaction, included or waiting."""
        return self._history.transaction(tx_hash) or self._mempool.get(tx_hash)

    def receipt_proof(self, height: Height, tx_index: int) -> tuple[bytes, ...]:
        """The hashed trie nodes from receiptsRoot down to the receipt, root first.

        Raises UnknownBlock or IndexError.
        """
        return self._history.at(height).receipts_trie.proof(tx_index)

    def logs(self, wanted: LogFilter) -> tuple[Log, ...]:
        """The logs that match, in chain order."""
        return tuple(self._history.logs(wanted))

    def call(self, call: Call, at: Height | None = None) -> bytes:
        """Execute without writing, after block ``at``. Raises CallReverted or UnknownBlock."""
        context = self._context(at)
        outcome = simulate(self._executor, call, call.gas or context.header.gas_limit, context)
        if not outcome.is_success:
            reason = describe(outcome.output, is_revert=outcome.is_revert)
            raise CallReverted(reason, outcome.output)
        return outcome.output

    def estimate_gas(self, call: Call) -> int:
        """A gas limit with which ``call`` succeeds on the latest state. Raises CallReverted."""
        return estimate_gas(self._executor, call, self._context())

    def nonce(self, account: bytes, *, pending: bool = False, at: Height | None = None) -> int:
        """The next nonce, counting waiting transactions when ``pending``."""
        nonce = self._state(at).nonce(account)
        return self._mempool.next_nonce(account, nonce) if pending else nonce

    def balance(self, account: bytes, at: Height | None = None) -> int:
        """In wei."""
        return self._state(at).balance(account)

    def code(self, account: bytes, at: Height | None = None) -> bytes:
        """The deployed code; empty for other accounts."""
        return self._state(at).code(account)

    def storage(self, account: bytes, slot: int, at: Height | None = None) -> int:
        """One word of a contract's storage."""
        return self._state(at).storage(account, slot)

    def pending_transactions(self) -> tuple[Transaction, ...]:
        """What waits for a block, oldest first."""
        return tuple(self._mempool)

    def _record(self, at: Height | None = None) -> Record:
        return self._history.head if at is None else self._history.at(at)

    def _header(self, at: Height | None = None) -> Header:
        return self._record(at).header

    def _context(self, at: Height | None = None) -> Context:
        record = self._record(at)
        return Context(record.header, self._old_states.after(record))

    def _state(self, at: Height | None = None) -> State:
        return self._old_states.after(self._record(at))
