"""States between those that are kept: made again exactly, on demand, at a bounded price."""

from __future__ import annotations

import gc

import pytest

from chains.config import ChainConfig
from chains.engine import Height, Transaction
from chains.execution import Outcome
from chains.history import STATE_EVERY_BLOCKS
from chains.keys import address_of
from chains.ledger import OBJECTS_KEPT_BLOCKS
from chains.old_states import MADE_MAX, StateNotReproduced
from chains.revm import RevmEngine, RevmExecutor
from chains.transactions import sign_transaction

KEY = (5).to_bytes(32, "big")
SENDER = address_of(KEY)
PAYEE = b"\x07" * 20
CONFIG = ChainConfig(7, ((2).to_bytes(32, "big"),), {SENDER: 10**18})
BLOCKS = 5 * STATE_EVERY_BLOCKS


@pytest.fixture
def engine() -> RevmEngine:
    """A chain whose block at a height has paid as much as the height."""
    made = RevmEngine(CONFIG)
    for nonce in range(BLOCKS):
        made.submit(sign_transaction(KEY, chain_id=7, nonce=nonce, to=PAYEE, value=1))
        made.produce_block(CONFIG.genesis_timestamp_s + nonce + 1)
    return made


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch, engine: RevmEngine) -> list[int]:
    """The nonces of what is executed from now on."""
    nonces: list[int] = []
    execute = RevmExecutor.execute

    def noted(self: RevmExecutor, transaction: Transaction) -> Outcome:
        nonces.append(transaction.nonce)
        return execute(self, transaction)

    monkeypatch.setattr(RevmExecutor, "execute", noted)
    return nonces


def paid(engine: RevmEngine, height: int) -> int:
    return engine.balance(PAYEE, at=Height(height))


def test_few_states_are_kept(engine: RevmEngine) -> None:
    gc.collect()
    executor = engine._executor
    assert isinstance(executor, RevmExecutor)
    states = len(executor._states)  # those that somebody still holds
    assert states <= OBJECTS_KEPT_BLOCKS + 1 + BLOCKS // STATE_EVERY_BLOCKS


def test_a_state_is_made_from_the_last_one_kept(engine: RevmEngine, executed: list[int]) -> None:
    height = 2 * STATE_EVERY_BLOCKS - 1
    assert paid(engine, height) == height
    assert executed == list(range(STATE_EVERY_BLOCKS, height))
    assert paid(engine, height) == height
    assert paid(engine, height - 1) == height - 1
    assert len(executed) == STATE_EVERY_BLOCKS - 1


def test_a_state_that_is_kept_is_not_made(engine: RevmEngine, executed: list[int]) -> None:
    for height in (0, STATE_EVERY_BLOCKS, BLOCKS - OBJECTS_KEPT_BLOCKS + 1, BLOCKS):
        assert paid(engine, height) == height
    assert executed == []


def test_who_reads_one_block_after_another_has_each_executed_once(
    engine: RevmEngine, executed: list[int]
) -> None:
    assert [paid(engine, height) for height in range(BLOCKS)] == list(range(BLOCKS))
    assert len(executed) == len(set(executed)) < BLOCKS
    assert len(engine._old_states._made) <= MADE_MAX


def test_another_state_than_before_is_our_fault(
    engine: RevmEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = engine.balance(PAYEE)
    with monkeypatch.context() as patch:
        patch.setattr(RevmExecutor, "execute", lambda self, transaction: None)
        with pytest.raises(StateNotReproduced, match="block 1 ends in state"):
            paid(engine, 3)
    assert paid(engine, 3) == 3
    assert engine.balance(PAYEE) == before
