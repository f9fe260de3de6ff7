"""Random blocks on both engines: 100 in `make test`, 2,000 in `make nightly`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from eth import EVM_RECURSION_LIMIT
from hypothesis import given

from chains.config import Fees
from chains.engine import Call
from tests.differential.assembly import deployment
from tests.differential.duel import RICH, Duel, Tx
from tests.differential.strategies import CONTRACTS, Story, stories


@pytest.mark.filterwarnings("ignore:SELFDESTRUCT:DeprecationWarning")
@given(stories())
def test_random_blocks_are_the_same_on_both_engines(story: Story) -> None:
    duel = Duel(story.fees, lag=2)
    with duel.kept_if_it_fails(), room_for_deep_calls():
        play(duel, story)


@contextmanager
def room_for_deep_calls() -> Iterator[None]:
    """1,024 nested calls take py-evm more frames than hypothesis leaves."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(EVM_RECURSION_LIMIT)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def play(duel: Duel, story: Story) -> None:
    price = 2 * 10**9 if story.fees is Fees.EIP1559 else 0
    first = [
        Tx(None, deployment(program.statements), gas_limit=1_000_000, max_fee=price)
        for program in story.contracts
    ]
    for transactions in story.blocks:
        block = duel.block((*first, *transactions))
        first = []
    if story.reorganised:
        duel.reorganise(story.reorganised)
        duel.produce()
    for at in (block.height - 1, block.height):
        duel.call(Call(to=CONTRACTS[0], data=b"\x01", sender=RICH), at)
