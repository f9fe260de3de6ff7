"""A recorded run settles on any node that executes its calldata."""

from __future__ import annotations

from functools import cache

from bench.peers.recording import Moment, Recording, record
from chains.config import ChainConfig
from chains.engine import Receipt
from chains.keys import keccak
from chains.revm import RevmEngine

EVERY_S = 8


@cache
def recording() -> Recording:
    """Three trades, one after the other."""
    return record(rounds=3, trades_each=1, every_s=EVERY_S)


def others(recorded: Recording) -> list[RevmEngine]:
    """Chains with the same ids, but other validators: no block of theirs is one of ours."""
    return [
        RevmEngine(
            ChainConfig(
                chain_id,
                (keccak(b"a stranger"),),
                genesis_timestamp_s=recorded.genesis_timestamp_s,
            )
        )
        for chain_id in recorded.chain_ids
    ]


def replayed(engines: list[RevmEngine], moment: Moment) -> list[Receipt]:
    """The receipts of one second."""
    receipts: list[Receipt] = []
    for engine, raws in zip(engines, moment.blocks, strict=True):
        for raw in raws:
            engine.submit(raw)
        if raws:
            receipts += engine.produce_block(moment.timestamp_s).receipts
    return receipts


def test_every_transaction_succeeds_on_a_strangers_chains() -> None:
    engines = others(recording())
    moments = [*recording().setup, *(m for moments in recording().rounds for m in moments)]
    receipts = [receipt for moment in moments for receipt in replayed(engines, moment)]
    assert len(receipts) == sum(len(raws) for moment in moments for raws in moment.blocks)
    assert all(receipt.is_success for receipt in receipts)


def test_proofs_of_a_trade_that_a_strangers_chains_never_opened_fail_there() -> None:
    engines = others(recording())
    for moment in recording().setup:
        replayed(engines, moment)
    _, *proofs = recording().rounds[0]
    receipts = [receipt for moment in proofs for receipt in replayed(engines, moment)]
    assert not all(receipt.is_success for receipt in receipts)


def test_a_round_is_one_trade_from_instruction_to_settlement() -> None:
    assert len(recording().rounds) == recording().settled == 3
    begins = [moments[0].timestamp_s for moments in recording().rounds]
    assert [later - begins[0] for later in begins] == [0, EVERY_S, 2 * EVERY_S]
    assert all(any(moment.blocks) for moments in recording().rounds for moment in moments)
