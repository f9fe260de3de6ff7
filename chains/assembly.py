"""Making one block: which waiting transactions run now, wait on or are dropped; what follows."""

from __future__ import annotations

from enum import Enum, auto

from chains.blocks import block_over
from chains.config import INITCODE_LIMIT_BYTES, ChainConfig
from chains.consensus import ValidatorSet
from chains.engine import Height, Transaction, TransactionRejected
from chains.execution import Executor, State
from chains.headers import Header
from chains.history import Record
from chains.keys import keccak
from chains.mempool import Mempool
from chains.receipts import ReceiptBuilder
from chains.transactions import BASE_GAS, intrinsic_gas
from chains.trie import kept_trie, ordered_root


class Verdict(Enum):
    """What becomes of a waiting transaction while a block is filled."""

    RUN = auto()
    WAIT = auto()  # a nonce gap, a fee below the base fee, no room left
    DROP = auto()  # a spent nonce, funds gone: it can never run as it is


def check_admissible(
    transaction: Transaction, config: ChainConfig, nonce: int, balance: int
) -> None:
    """Raises TransactionRejected when a transaction can never run, as its sender stands now."""
    if transaction.chain_id != config.chain_id:
        raise TransactionRejected(
            f"signed for chain {transaction.chain_id or 'none'}, this is chain {config.chain_id}"
        )
    if transaction.gas_limit > config.gas_limit:
        raise TransactionRejected(
            f"gas limit {transaction.gas_limit} exceeds the block's {config.gas_limit}"
        )
    needed = intrinsic_gas(transaction)
    if transaction.gas_limit < needed:
        raise TransactionRejected(
            f"intrinsic gas too low: limit {transaction.gas_limit}, needs {needed}"
        )
    if config.refuses_initcode(transaction.to, transaction.data):
        raise TransactionRejected(
            f"initcode of {len(transaction.data)} bytes exceeds {INITCODE_LIMIT_BYTES}"
        )
    if transaction.nonce < nonce:
        raise TransactionRejected(f"nonce too low: {transaction.nonce} is spent, next is {nonce}")
    if balance < upfront_cost(transaction):
        raise TransactionRejected(
            f"insufficient funds: balance {balance}, needs {upfront_cost(transaction)}"
        )


def fill_block(
    draft: Header, mempool: Mempool, executor: Executor
) -> tuple[tuple[Transaction, ...], ReceiptBuilder]:
    """Run what can run of ``mempool`` in the block begun, and take it out."""
    included: list[Transaction] = []
    passed_over: set[bytes] = set()  # hashes of those whose turn came too early
    receipts = ReceiptBuilder(Height(draft.height), draft.base_fee_per_gas or 0)
    for waiting in mempool:
        if draft.gas_limit - receipts.gas_used < BASE_GAS:
            break
        current: Transaction | None = waiting
        while current is not None and mempool.get(current.hash) is not None:
            verdict = _judge(current, draft, draft.gas_limit - receipts.gas_used, executor)
            if verdict is Verdict.WAIT:
                passed_over.add(current.hash)
                break
            following = mempool.successor(current)
            mempool.discard(current)
            if verdict is Verdict.RUN:
                receipts.add(current, executor.execute(current))
                included.append(current)
            is_overdue = following is not None and following.hash in passed_over
            current = following if is_overdue else None
    return tuple(included), receipts


def assemble(
    draft: Header,
    sealers: ValidatorSet,
    state: State,
    transactions: tuple[Transaction, ...],
    receipts: ReceiptBuilder,
    is_final: bool,
) -> Record:
    """The block over a header of round 0 that lacks only what follows from the rest."""
    header = draft.completed(
        state_root=state.root,
        transactions_root=ordered_root([transaction.raw for transaction in transactions]),
        receipts_root=kept_trie(tuple(receipts.encoded)).root,  # soon one of them is proven
        logs_bloom=receipts.logs_bloom,
        gas_used=receipts.gas_used,
    )
    encoded = header.encode()
    identity = keccak(encoded)  # in round 0 and unsealed, a header is hashed as it is
    finished = receipts.finish(identity)
    block = block_over(header, encoded, identity, sealers, transactions, finished, is_final)
    return Record(header, state, sealers, block)


def upfront_cost(transaction: Transaction) -> int:
    """What the sender must own before it runs, in wei."""
    return transaction.gas_limit * transaction.max_fee_per_gas + transaction.value


def _judge(transaction: Transaction, draft: Header, gas_left: int, executor: Executor) -> Verdict:
    nonce = executor.pending_nonce(transaction.sender)
    if transaction.nonce != nonce:
        return Verdict.WAIT if transaction.nonce > nonce else Verdict.DROP
    if transaction.gas_limit > gas_left:
        return Verdict.WAIT
    if transaction.max_fee_per_gas < (draft.base_fee_per_gas or 0):
        return Verdict.WAIT
    if executor.pending_balance(transaction.sender) < upfront_cost(transaction):
        return Verdict.DROP
    return Verdict.RUN
