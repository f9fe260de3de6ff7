"""Blocks that are kept as bytes: they read as they were made, and nobody sees the difference."""

from __future__ import annotations

import pytest

from chains import ledger
from chains.config import ChainConfig, Fees
from chains.engine import Block, Height, LogFilter
from chains.execution import RawLog
from chains.headers import Header
from chains.history import Shelved
from chains.keys import address_of
from chains.receipts import bloom_of
from chains.revm import RevmEngine
from chains.revm_selftest import CONTRACT, DEPLOYMENT, KEY
from chains.transactions import forget_known, sign_transaction

KEPT = 3
CONFIG = ChainConfig(
    chain_id=1,
    validators=((2).to_bytes(32, "big"), (3).to_bytes(32, "big")),
    balances={address_of(KEY): 10**24},
    fees=Fees.EIP1559,
)


@pytest.fixture(autouse=True)
def few_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "OBJECTS_KEPT_BLOCKS", KEPT)


def grow(engine: RevmEngine, count: int) -> list[Block]:
    """Blocks with deployments, logs, reverts and halts, two transactions in each."""
    made = []
    for _ in range(count):
        for data in ((7).to_bytes(32, "big"), bytes(33)):
            nonce = engine.nonce(address_of(KEY), pending=True)
            engine.submit(
                sign_transaction(
                    KEY,
                    chain_id=1,
                    nonce=nonce,
                    to=CONTRACT if nonce else None,
                    data=data if nonce else DEPLOYMENT,
                    gas_limit=3_000_000 if nonce != 5 else 40_000,
                    max_fee_per_gas=2 * 10**9,
                    max_priority_fee_per_gas=nonce,
                )
            )
        made.append(engine.produce_block(engine.block(engine.latest).timestamp_s + 1))
    return made


def stored(engine: RevmEngine) -> list[int]:
    """The heights that are on the shelf."""
    records = engine._history.records
    return [height for height, kept in enumerate(records) if isinstance(kept, Shelved)]


def test_an_old_block_reads_as_it_was_made() -> None:
    engine = RevmEngine(CONFIG)
    made = grow(engine, 12)
    forget_known()
    assert stored(engine) == list(range(1, 13 - KEPT))
    assert [engine.block(block.height) for block in made] == made
    assert any(receipt.logs for block in made for receipt in block.receipts)
    assert any(not receipt.is_success for block in made for receipt in block.receipts)
    assert made[0].receipts[0].contract_address == CONTRACT


def test_its_transactions_receipts_logs_and_proofs_are_found() -> None:
    engine, witness = RevmEngine(CONFIG), RevmEngine(CONFIG)
    made = grow(engine, 8)
    ledger.OBJECTS_KEPT_BLOCKS = 1_000
    assert grow(witness, 8) == made
    assert stored(engine)
    assert not stored(witness)
    wanted = LogFilter(Height(0), Height(8))
    assert engine.logs(wanted) == witness.logs(wanted)
    for block in made:
        assert engine.sealed_header(block.height) == witness.sealed_header(block.height)
        for place, transaction in enumerate(block.transactions):
            assert engine.transaction(transaction.hash) == transaction
            assert engine.receipt(transaction.hash) == block.receipts[place]
            proof = witness.receipt_proof(block.height, place)
            assert engine.receipt_proof(block.height, place) == proof


def test_a_receipt_finds_its_bloom_in_its_encoding() -> None:
    for block in grow(RevmEngine(CONFIG), 6):
        union = 0
        for receipt in block.receipts:
            raw_logs = [RawLog(log.address, log.topics, log.data) for log in receipt.logs]
            assert int.from_bytes(receipt.logs_bloom, "big") == bloom_of(raw_logs)
            union |= bloom_of(raw_logs)
        assert Header.decode(block.header_rlp).logs_bloom == union.to_bytes(256, "big")


def test_a_chain_goes_back_beyond_what_is_stored_and_on_again() -> None:
    engine = RevmEngine(CONFIG)
    early = grow(engine, 2)
    snapshot = engine.snapshot()
    later = grow(engine, 8)
    for _ in range(2):
        engine.restore(snapshot)
        assert engine.latest == 2
        assert engine.receipt(later[3].transactions[0].hash) is None
        assert grow(engine, 8) == later
        assert engine.block(early[0].hash) == early[0]
        assert stored(engine) == list(range(1, 11 - KEPT))


def test_no_block_is_stored_before_it_is_sealed() -> None:
    slow = ChainConfig(
        CONFIG.chain_id, CONFIG.validators, CONFIG.balances, finality_lag_blocks=2 * KEPT
    )
    engine = RevmEngine(slow)
    grow(engine, 3 * KEPT)
    assert engine.finalized == KEPT
    assert stored(engine) == []
    grow(engine, KEPT)
    assert stored(engine) == list(range(1, KEPT + 1))
    assert len(engine.reorganise(2 * KEPT)) > 0
    assert all(engine.block(Height(height)).is_sealed for height in range(2 * KEPT))
