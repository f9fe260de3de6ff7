"""What waits, and in which order it comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.engine import Transaction, TransactionRejected
from chains.mempool import Mempool
from chains.transactions import decode_transaction, sign_transaction

ALICE, BOB = (1).to_bytes(32, "big"), (2).to_bytes(32, "big")


def transaction(key: bytes, nonce: int, fee: int = 0, tip: int = 0) -> Transaction:
    raw = sign_transaction(
        key,
        chain_id=1,
        nonce=nonce,
        to=b"\x01" * 20,
        max_fee_per_gas=fee,
        max_priority_fee_per_gas=tip,
    )
    return decode_transaction(raw)


def test_what_waits_is_told_oldest_first_and_once() -> None:
    pool = Mempool()
    first, second = transaction(BOB, 4), transaction(ALICE, 0)
    for one in (first, second, first):
        pool.add(one)
    assert list(pool) == [first, second]
    assert len(pool) == 2
    assert pool.get(first.hash) == first
    assert pool.get(b"\x00" * 32) is None


def test_the_next_nonce_skips_what_waits_without_a_gap() -> None:
    pool = Mempool([transaction(ALICE, nonce) for nonce in (0, 1, 3)])
    assert pool.next_nonce(transaction(ALICE, 0).sender, 0) == 2
    assert pool.next_nonce(transaction(BOB, 0).sender, 7) == 7


@pytest.mark.parametrize(("fee", "tip"), [(110, 11), (200, 20)])
def test_a_replacement_that_pays_a_tenth_more_takes_the_place(fee: int, tip: int) -> None:
    pool = Mempool([transaction(ALICE, 0, 100, 10)])
    replacement = transaction(ALICE, 0, fee, tip)
    pool.add(replacement)
    assert list(pool) == [replacement]


@pytest.mark.parametrize(("fee", "tip"), [(109, 11), (110, 10), (100, 10), (0, 0), (99, 50)])
def test_a_replacement_that_does_not_is_refused(fee: int, tip: int) -> None:
    older = transaction(ALICE, 0, 100, 10)
    pool = Mempool([older])
    if (fee, tip) == (100, 10):
        pool.add(older)  # the same again is no replacement
    else:
        with pytest.raises(TransactionRejected):
            pool.add(transaction(ALICE, 0, fee, tip))
    assert list(pool) == [older]


def test_without_fees_nothing_is_replaced() -> None:
    pool = Mempool([transaction(ALICE, 0)])
    other = decode_transaction(sign_transaction(ALICE, chain_id=1, nonce=0, to=b"\x02" * 20))
    with pytest.raises(TransactionRejected):
        pool.add(other)


def test_returning_transactions_come_first_and_win_their_nonce_back() -> None:
    waiting = [transaction(BOB, 0), transaction(ALICE, 1, 100)]
    pool = Mempool(waiting)
    returned = [transaction(ALICE, 0), transaction(ALICE, 1)]
    pool.requeue(returned)
    assert list(pool) == [*returned, waiting[0]]


def test_forgetting_frees_the_nonce() -> None:
    older = transaction(ALICE, 0)
    pool = Mempool([older])
    pool.discard(older)
    pool.discard(older)
    assert list(pool) == []
    assert pool.next_nonce(older.sender, 0) == 0
    assert pool.successor(older) is None


@given(st.lists(st.tuples(st.sampled_from(["add", "discard", "requeue"]), st.integers(0, 7))))
def test_the_next_nonce_is_that_of_a_walk_whatever_came_and_went(
    steps: list[tuple[str, int]],
) -> None:
    pool = Mempool()
    sender = transaction(ALICE, 0).sender
    for step, nonce in steps:
        one = transaction(ALICE, nonce)
        match step:
            case "add":
                pool.add(one)
            case "discard":
                pool.discard(one)
            case _:
                pool.requeue([one])
        waiting = {there.nonce for there in pool}
        for start in (nonce, 0, nonce + 1):
            walk = start
            while walk in waiting:
                walk += 1
            assert pool.next_nonce(sender, start) == walk


def test_asking_before_each_of_many_does_not_walk_past_them_again() -> None:
    pool = Mempool()
    sender = transaction(ALICE, 0).sender
    for nonce in range(200):
        assert pool.next_nonce(sender, 0) == nonce
        pool.add(transaction(ALICE, nonce))
    run = range(*pool._runs[sender])
    assert run == range(199)  # so the next question looks at two of them
    for nonce in range(150):
        pool.discard(transaction(ALICE, nonce))
        assert pool.next_nonce(sender, nonce + 1) == 200
    assert pool._runs[sender] == (150, 200)
