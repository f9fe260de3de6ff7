"""Transactions that wait for a block, in the order they came.

Order is first come, first served, except that a sender's transactions run by nonce: one that came
before its predecessor runs right after it. Fees do not change the order, so it is the same on every
engine and easy to foresee.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chains.engine import Transaction, TransactionRejected

PRICE_BUMP_PERCENT = 10  # what a replacement must add to both fees, as in other nodes


class Mempool:
    """At most one transaction for each sender and nonce."""

    __slots__ = ("_arrived", "_by_sender", "_runs")

    def __init__(self, transactions: Iterable[Transaction] = ()) -> None:
        self._arrived: dict[bytes, Transaction] = {}  # by hash, oldest first
        self._by_sender: dict[bytes, dict[int, Transaction]] = {}
        self._runs: dict[bytes, tuple[int, int]] = {}  # from, up to: nonces of which all wait
        for transaction in transactions:
            self._insert(transaction)

    def __len__(self) -> int:
        return len(self._arrived)

    def __iter__(self) -> Iterator[Transaction]:
        return iter(tuple(self._arrived.values()))

    def get(self, tx_hash: bytes) -> Transaction | None:
        """A waiting transaction by its hash."""
        return self._arrived.get(tx_hash)

    def add(self, transaction: Transaction) -> None:
        """Queue, or replace the one with its nonce. The same again changes nothing.

        Raises TransactionRejected when a replacement does not pay more.
        """
        if transaction.hash in self._arrived:
            return
        rival = self._of(transaction.sender).get(transaction.nonce)
        if rival is not None:
            _check_outbids(transaction, rival)
            del self._arrived[rival.hash]
        self._insert(transaction)

    def discard(self, transaction: Transaction) -> None:
        """Forget a transaction; one that is not here is forgotten already."""
        if self._arrived.pop(transaction.hash, None) is None:
            return
        sender, nonce = transaction.sender, transaction.nonce
        queue = self._of(sender)
        del queue[nonce]
        start, end = self._runs.get(sender, (nonce, nonce))
        if start <= nonce < end:
            self._runs[sender] = (nonce + 1, end) if nonce == start else (start, nonce)
        if not queue:
            del self._by_sender[sender]
            self._runs.pop(sender, None)

    def requeue(self, transactions: Iterable[Transaction]) -> None:
        """Put transactions of removed blocks back, before all others; they win their nonce back."""
        returned = {transaction.hash: transaction for transaction in transactions}
        slots = {(transaction.sender, transaction.nonce) for transaction in returned.values()}
        waiting = [t for t in self._arrived.values() if (t.sender, t.nonce) not in slots]
        self._arrived, self._by_sender, self._runs = {}, {}, {}
        for transaction in (*returned.values(), *waiting):
            self._insert(transaction)

    def next_nonce(self, sender: bytes, nonce: int) -> int:
        """The first nonce from ``nonce`` on for which nothing of ``sender`` waits.

        Who asks before each of many transactions walks past each of them once.
        """
        queue = self._of(sender)
        if nonce not in queue:
            return nonce
        start, end = self._runs.get(sender, (nonce, nonce))
        if not start <= nonce <= end:
            start = end = nonce
        while end in queue:
            end += 1
        self._runs[sender] = start, end
        return end

    def successor(self, transaction: Transaction) -> Transaction | None:
        """The waiting transaction with the sender's next nonce."""
        return self._of(transaction.sender).get(transaction.nonce + 1)

    def _insert(self, transaction: Transaction) -> None:
        self._arrived[transaction.hash] = transaction
        self._by_sender.setdefault(transaction.sender, {})[transaction.nonce] = transaction

    def _of(self, sender: bytes) -> dict[int, Transaction]:
        return self._by_sender.get(sender, {})


def _check_outbids(newer: Transaction, older: Transaction) -> None:
    outbids = newer.max_fee_per_gas > older.max_fee_per_gas
    for fee, previous in (
        (newer.max_fee_per_gas, older.max_fee_per_gas),
        (newer.max_priority_fee_per_gas, older.max_priority_fee_per_gas),
    ):
        outbids = outbids and fee * 100 >= previous * (100 + PRICE_BUMP_PERCENT)
    if not outbids:
        raise TransactionRejected(
            f"a transaction with nonce {newer.nonce} waits already; "
            f"replacing it takes fees that are {PRICE_BUMP_PERCENT} % higher"
        )
