"""The ledger: everything of a chain that is the same on every engine.

It owns mempool, blocks, receipts, seals, finality and reorganisation, and asks its executor only to
run transactions and to name the state that results. So two engines differ in nothing but their EVM.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import ClassVar

from chains.assembly import check_admissible, fill_block
from chains.config import ChainConfig
from chains.consensus import ValidatorSet, seal
from chains.engine import (
    Block,
    Call,
    CallReverted,
    FinalityViolation,
    Height,
    Log,
    LogFilter,
    Receipt,
    SnapshotId,
    Transaction,
    UnknownBlock,
)
from chains.estimation import estimate_gas, simulate
from chains.execution import Executor
from chains.headers import EMPTY_TRIE_ROOT, Header, block_hash
from chains.history import History, Record
from chains.keys import address_of
from chains.mempool import Mempool
from chains.receipts import ReceiptBuilder
from chains.reverts import describe
from chains.transactions import decode_transaction
from chains.trie import OrderedTrie, ordered_root


@dataclass(frozen=True, slots=True)
class _Snapshot:
    records: tuple[Record, ...]
    waiting: tuple[Transaction, ...]
    validators: ValidatorSet
    finalized: Height


class Ledger:
    """An Engine over an executor."""

    name: ClassVar[str]

    def __init__(self, config: ChainConfig, executor: Executor) -> None:
        self.config = config
        self._executor = executor
        self._history = History()
        self._mempool = Mempool()
        self._validators = ValidatorSet.of(config.validators)
        self._sealing_keys = {address_of(key): key for key in config.validators}
        self._finalized = Height(0)
        self._snapshots: list[_Snapshot] = []
        header = config.genesis(executor.open(config.balances))
        self._append(_record(header, (), ReceiptBuilder(Height(0), 0)))
        self._mark_sealed(header)

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

    @property
    def validators(self) -> tuple[bytes, ...]:
        """The addresses that will seal the next block, in the order of its header."""
        return self._validators.addresses

    # --- writing

    def submit(self, raw: bytes) -> bytes:
        """Queue a signed transaction and return its hash. Raises TransactionRejected."""
        transaction = decode_transaction(bytes(raw))
        sender = transaction.sender
        check_admissible(transaction, self.config, self.nonce(sender), self.balance(sender))
        self._mempool.add(transaction)
        return transaction.hash

    def produce_block(self, timestamp_s: int) -> Block:
        """Put every queued transaction that fits into the next block, seal what finality allows.

        Raises FinalityViolation when the timestamp does not increase.
        """
        draft = self._draft(timestamp_s)
        self._executor.begin(draft)
        transactions, receipts = fill_block(draft, self._mempool, self._executor)
        filled = replace(draft, state_root=self._executor.finish())
        self._append(_record(filled, transactions, receipts))
        self._seal_up_to(self.latest - self.config.finality_lag_blocks)
        return self._history.head.block

    def rotate_validators(self, keys: Sequence[bytes]) -> None:
        """Seal the next block, and those after it, with another set. Raises BadValidators."""
        self._validators = ValidatorSet.of(keys)
        self._sealing_keys.update((address_of(key), key) for key in keys)

    def reorganise(self, depth: int, *, drop: Iterable[bytes] = ()) -> tuple[Log, ...]:
        """Remove the last ``depth`` unsealed blocks; what they held, except ``drop``, queues again.

        Returns the removed logs, newest first, flagged ``removed``. Raises FinalityViolation.
        """
        head = self.latest - depth
        if depth < 0 or head < self._finalized:
            raise FinalityViolation(
                f"{depth} of {self.latest} blocks reach sealed ones, up to {self._finalized}"
            )
        removed = self._history.cut(head)
        self._executor.forget(self._history.head.block)
        dropped = frozenset(drop)
        self._mempool.requeue(
            transaction
            for record in removed
            for transaction in record.block.transactions
            if transaction.hash not in dropped
        )
        logs = (log for record in reversed(removed) for log in reversed(record.logs))
        return tuple(replace(log, removed=True) for log in logs)

    def snapshot(self) -> SnapshotId:
        """Remember blocks, mempool, validators and finality; it can be restored repeatedly."""
        self._snapshots.append(self._capture())
        return SnapshotId(len(self._snapshots) - 1)

    def restore(self, snapshot: SnapshotId) -> None:
        """Become what the chain was. Raises UnknownBlock for a snapshot that was never taken."""
        if not 0 <= snapshot < len(self._snapshots):
            raise UnknownBlock(f"there is no snapshot {snapshot}")
        self._become(self._snapshots[snapshot])

    @contextmanager
    def speculation(self) -> Iterator[None]:
        """Undo at the end whatever was done meanwhile: what would the next block be?"""
        before = self._capture()
        try:
            yield
        finally:
            self._become(before)

    # --- reading

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
        context = self._header(at)
        outcome = simulate(self._executor, call, call.gas or context.gas_limit, context)
        if not outcome.is_success:
            reason = describe(outcome.output, is_revert=outcome.is_revert)
            raise CallReverted(reason, outcome.output)
        return outcome.output

    def estimate_gas(self, call: Call) -> int:
        """A gas limit with which ``call`` succeeds on the latest state. Raises CallReverted."""
        return estimate_gas(self._executor, call, self._history.head.header)

    def nonce(self, account: bytes, *, pending: bool = False, at: Height | None = None) -> int:
        """The next nonce, counting waiting transactions when ``pending``."""
        nonce = self._executor.nonce(account, self._state_root(at))
        return self._mempool.next_nonce(account, nonce) if pending else nonce

    def balance(self, account: bytes, at: Height | None = None) -> int:
        """In wei."""
        return self._executor.balance(account, self._state_root(at))

    def code(self, account: bytes, at: Height | None = None) -> bytes:
        """The deployed code; empty for other accounts."""
        return self._executor.code(account, self._state_root(at))

    def storage(self, account: bytes, slot: int, at: Height | None = None) -> int:
        """One word of a contract's storage."""
        return self._executor.storage(account, slot, self._state_root(at))

    def pending_transactions(self) -> tuple[Transaction, ...]:
        """What waits for a block, oldest first."""
        return tuple(self._mempool)

    # --- helpers

    def _capture(self) -> _Snapshot:
        return _Snapshot(
            self._history.records, tuple(self._mempool), self._validators, self._finalized
        )

    def _become(self, taken: _Snapshot) -> None:
        self._history.reset(taken.records)
        self._mempool = Mempool(taken.waiting)
        self._validators = taken.validators
        self._finalized = taken.finalized
        self._executor.forget(self._history.head.block)

    def _header(self, at: Height | None = None) -> Header:
        return (self._history.head if at is None else self._history.at(at)).header

    def _state_root(self, at: Height | None = None) -> bytes:
        return self._header(at).state_root

    def _draft(self, timestamp_s: int) -> Header:
        parent = self._history.head
        if timestamp_s <= parent.header.timestamp_s:
            raise FinalityViolation(
                f"a block at {timestamp_s} s cannot follow one at {parent.header.timestamp_s} s"
            )
        height = parent.header.height + 1
        return Header(
            parent_hash=parent.block.hash,
            coinbase=self._validators.proposer(height),
            state_root=parent.header.state_root,
            height=height,
            gas_limit=self.config.gas_limit,
            timestamp_s=timestamp_s,
            extra_data=self._validators.extra_data(),
            base_fee_per_gas=self.config.base_fee_after(parent.header),
            withdrawals_root=EMPTY_TRIE_ROOT,
        )

    def _append(self, record: Record) -> None:
        self._executor.accept(record.block)
        self._history.append(record)

    def _seal_up_to(self, height: int) -> None:
        while self._finalized < height:
            self._finalized = Height(self._finalized + 1)
            header = self._header(self._finalized)
            keys = [self._sealing_keys[address] for address in header.extra.validators]
            self._mark_sealed(seal(header, keys))

    def _mark_sealed(self, header: Header) -> None:
        record = self._history.at(header.height)
        block = replace(record.block, header_rlp=header.encode(), is_sealed=True)
        self._history.replace(replace(record, header=header, block=block))


def _record(
    filled: Header, transactions: tuple[Transaction, ...], receipts: ReceiptBuilder
) -> Record:
    """The block over a header that lacks only what follows from its transactions and receipts."""
    trie = OrderedTrie(receipts.encoded)
    header = replace(
        filled,
        transactions_root=ordered_root([transaction.raw for transaction in transactions]),
        receipts_root=trie.root,
        logs_bloom=receipts.logs_bloom,
        gas_used=receipts.gas_used,
    )
    identity = block_hash(header)
    finished = receipts.finish(identity)
    block = Block(
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
        header_rlp=header.encode(),
        is_sealed=False,
        transactions=transactions,
        receipts=finished,
    )
    logs = tuple(log for receipt in finished for log in receipt.logs)
    return Record(header, block, trie, logs)
