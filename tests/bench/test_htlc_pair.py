"""The settlements given to everybody settle, in either way of driving them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from bench.peers.driving import ChainPair, PeerFailed
from bench.peers.engine_chain import EngineChain
from bench.peers.htlc_pair import AMOUNT, CHAIN_A, CHAIN_B, FIRMS, SUPPLY, HtlcPair, htlc_pair
from bridge import contract_calls
from chains.engine import Call, Engine, Height
from chains.transactions import decode_transaction

COUNT = FIRMS + 8  # so that some firms settle twice


@cache
def pair() -> HtlcPair:
    """Signed once for all tests."""
    return htlc_pair(COUNT)


class Desk:
    """Two engines of ours, set up."""

    def __init__(self) -> None:
        self.chain_a, self.chain_b = EngineChain(CHAIN_A), EngineChain(CHAIN_B)
        self.chains = ChainPair(self.chain_a, self.chain_b)
        self.chains.set_up(pair())

    def settle_alone(self) -> None:
        self.chains.settle_alone(pair().settlements)

    def settle_batched(self) -> None:
        self.chains.settle_batched(pair().settlements, size=7)


def balances(engine: Engine, raws: list[bytes]) -> list[int]:
    """What the senders of some transactions own on a chain."""
    token = engine.block(Height(1)).transactions[0]
    receipt = engine.receipt(token.hash)
    assert receipt is not None
    owners = [decode_transaction(raw).sender for raw in raws]
    calls = (Call(receipt.contract_address, contract_calls.balance_of(who)) for who in owners)
    return [int.from_bytes(engine.call(call)) for call in calls]


@pytest.mark.parametrize("settle", [Desk.settle_alone, Desk.settle_batched])
def test_every_amount_changes_hands_on_both_chains(settle: Callable[[Desk], None]) -> None:
    desk = Desk()
    settle(desk)
    firms = pair().settlements[:FIRMS]
    bought = [2 * AMOUNT if i < COUNT - FIRMS else AMOUNT for i in range(FIRMS)]
    sold = [SUPPLY - amount for amount in bought]
    alices, bobs = [s.lock_a for s in firms], [s.lock_b for s in firms]
    assert balances(desk.chain_a.engine, alices) == sold
    assert balances(desk.chain_a.engine, bobs) == bought
    assert balances(desk.chain_b.engine, bobs) == sold
    assert balances(desk.chain_b.engine, alices) == bought


def test_a_settlement_alone_takes_two_blocks_on_either_chain() -> None:
    desk = Desk()
    before = desk.chain_a.engine.latest, desk.chain_b.engine.latest
    desk.chains.settle_alone(pair().settlements[:3])
    assert desk.chain_a.engine.latest - before[0] == 6
    assert desk.chain_b.engine.latest - before[1] == 6


def test_a_batch_is_locked_while_those_before_are_claimed() -> None:
    desk = Desk()
    begin = desk.chain_a.engine.latest + 1, desk.chain_b.engine.latest + 1
    desk.chains.settle_batched(pair().settlements[:20], size=10)
    sizes = [
        [
            len(engine.block(Height(height)).transactions)
            for height in range(first, engine.latest + 1)
        ]
        for engine, first in zip((desk.chain_a.engine, desk.chain_b.engine), begin, strict=True)
    ]
    assert sizes == [[10, 10, 10, 10], [10, 20, 10]]


def test_no_two_neighbours_have_the_same_sender() -> None:
    senders = [decode_transaction(s.lock_a).sender for s in pair().settlements[:FIRMS]]
    assert len(set(senders)) == FIRMS


def test_a_claim_before_its_lock_is_no_figure() -> None:
    desk = Desk()
    desk.chain_b.post(pair().settlements[0].claim_b)
    with pytest.raises(PeerFailed):
        desk.chain_b.wait()


def test_a_transaction_that_waits_for_another_is_no_figure() -> None:
    desk = Desk()
    desk.chain_a.post(pair().settlements[FIRMS].lock_a)  # its sender's first comes before
    with pytest.raises(PeerFailed):
        desk.chain_a.wait()
