"""How many trades go into one transaction: bounded by what the contracts take, and by gas.

A batch calls the single form of each member with gas of its own, and checks that it is there
(docs/decisions/008). So a batch needs a member's gas limit beyond what its members will use; a
batch that was given too little reverts as a whole, and its members are tried one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from bridge.model import BATCH_MAX, Trade

T = TypeVar("T")

MEMBER_GAS = 150_000
MEMBER_GAS_PER_LEG = 100_000
"""Twice what a member uses at most; the whole is what a batch reserves in its block."""

MEMBER_LIMIT_GAS = 1_700_000
"""What a settlement contract wants to see left before it begins a member."""

BATCH_GAS_MAX = 13_000_000
"""So that two batches find room in a block of 30,000,000."""


def gas_of(trades: Iterable[Trade]) -> int:
    """The gas limit of a batch of these trades, without what is done once for all of them."""
    return MEMBER_LIMIT_GAS + sum(map(_member_gas, trades))


def in_batches(items: Iterable[T], trade_of: Callable[[T], Trade]) -> Iterator[tuple[T, ...]]:
    """Cut a sequence into what fits into one transaction each, in its order."""
    batch: list[T] = []
    gas = MEMBER_LIMIT_GAS
    for item in items:
        needed = _member_gas(trade_of(item))
        if batch and (len(batch) == BATCH_MAX or gas + needed > BATCH_GAS_MAX):
            yield tuple(batch)
            batch, gas = [], MEMBER_LIMIT_GAS
        batch.append(item)
        gas += needed
    if batch:
        yield tuple(batch)


def _member_gas(trade: Trade) -> int:
    return MEMBER_GAS + MEMBER_GAS_PER_LEG * len(trade.legs)
