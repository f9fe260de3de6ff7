"""The ledger: everything of a chain that is the same on every engine.

It owns mempool, blocks, receipts, seals, finality and reorganisation, and asks its executor only to
run transactions and to name the state that results. So two engines differ in nothing but their EVM.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from chains.assembly import assemble, check_admissible, fill_block
from chains.chain_view import ChainView
from chains.config import ChainConfig
from chains.consensus import ValidatorSet, seal_unsealed
from chains.engine import (
    Block,
    FinalityViolation,
    Height,
    Log,
    SnapshotId,
    Transaction,
    UnknownBlock,
)
from chains.execution import Executor
from chains.headers import EMPTY_TRIE_ROOT, Header
from chains.history import Kept, Record
from chains.mempool import Mempool
from chains.receipts import ReceiptBuilder
from chains.transactions import decode_transaction

OBJECTS_KEPT_BLOCKS = 32  # sealed blocks that are not yet put away


@dataclass(frozen=True, slots=True)
class _Snapshot:
    records: tuple[Kept, ...]
    waiting: tuple[Transaction, ...]
    validators: ValidatorSet
    finalized: Height


class Ledger(ChainView):
    """An Engine over an executor."""

    def __init__(self, config: ChainConfig, executor: Executor) -> None:
        super().__init__(config, executor)
        self._validators = ValidatorSet.of(config.validators)
        self._snapshots: list[_Snapshot] = []
        # EIP-161: an account that owns nothing is in no state
        balances = {account: wei for account, wei in sorted(config.balances.items()) if wei}
        state = executor.open(balances)
        header = config.genesis(state.root)
        nothing = ReceiptBuilder(Height(0), 0)
        self._append(assemble(header, self._validators, state, (), nothing, is_final=False))
        self._mark_sealed(Height(0))

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
        state = self._executor.finish()
        lag = self.config.finality_lag_blocks
        is_final = lag == 0 and self._finalized == self.latest
        self._append(assemble(draft, self._validators, state, transactions, receipts, is_final))
        if is_final:
            self._finalized = self.latest
        else:
            self._seal_up_to(self.latest - lag)
        self._history.put_away(self._finalized - OBJECTS_KEPT_BLOCKS, self._executor.put_away)
        return self._history.head.block

    def rotate_validators(self, keys: Sequence[bytes]) -> None:
        """Seal the next block, and those after it, with another set. Raises BadValidators."""
        self._validators = ValidatorSet.of(keys)

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
        return tuple(log._replace(removed=True) for log in logs)

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
        self._executor.accept(record.header, record.block)
        self._history.append(record)

    def _seal_up_to(self, height: int) -> None:
        while self._finalized < height:
            self._finalized = Height(self._finalized + 1)
            self._mark_sealed(self._finalized)

    def _mark_sealed(self, height: Height) -> None:
        """Sealed it is from now on; the seals are made when somebody asks for them."""
        record = self._history.at(height)
        header, keys = record.header, record.sealers.keys
        is_genesis = height == 0
        rlp = (
            header.encode if is_genesis else partial(seal_unsealed, header, record.block.hash, keys)
        )
        block = replace(record.block, header_rlp=rlp, is_sealed=True)
        self._history.replace(replace(record, block=block))
