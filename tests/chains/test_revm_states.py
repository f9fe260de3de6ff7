"""revm's states: old ones answer, abandoned ones go, and an unfinished block leaves nothing."""

from __future__ import annotations

import gc

from chains.config import ChainConfig
from chains.engine import Height
from chains.headers import Header
from chains.keys import address_of
from chains.revm import RevmEngine, RevmExecutor
from chains.revm_state import WorldState
from chains.transactions import decode_transaction, sign_transaction

KEY = (5).to_bytes(32, "big")
SENDER = address_of(KEY)
CONFIG = ChainConfig(7, ((2).to_bytes(32, "big"),), {SENDER: 10**18}, finality_lag_blocks=3)


def pay(nonce: int, value: int) -> bytes:
    to = nonce.to_bytes(20, "little")
    return sign_transaction(KEY, chain_id=7, nonce=nonce, to=to, value=value)


def grow(engine: RevmEngine, blocks: int, value: int = 1) -> None:
    for _ in range(blocks):
        engine.submit(pay(engine.nonce(SENDER), value))
        engine.produce_block(engine.block(engine.latest).timestamp_s + 1)


def states() -> int:
    gc.collect()
    return sum(isinstance(thing, WorldState) for thing in gc.get_objects())


def test_every_old_block_still_answers() -> None:
    engine = RevmEngine(CONFIG)
    grow(engine, 30)
    nonces = [engine.nonce(SENDER, at=Height(height)) for height in range(31)]
    assert nonces == list(range(31))


def test_states_that_no_block_names_are_freed() -> None:
    engine = RevmEngine(CONFIG)
    before = states()
    start = engine.snapshot()
    for value in range(1, 6):
        grow(engine, 10, value)
        engine.restore(start)
    grow(engine, 1)
    assert states() == before + 1


def test_states_that_a_snapshot_names_are_kept() -> None:
    engine = RevmEngine(CONFIG)
    start = engine.snapshot()
    grow(engine, 3)
    later = engine.snapshot()
    engine.restore(start)
    gc.collect()
    engine.restore(later)
    assert engine.nonce(SENDER) == 3
    grow(engine, 1)


def test_a_block_that_is_begun_and_left_leaves_nothing() -> None:
    executor = RevmExecutor(CONFIG)
    genesis = executor.open(CONFIG.balances)
    draft = CONFIG.genesis(genesis.root)
    roots = []
    for value in (5, 9, 5):
        executor.begin(next_block(draft))
        executor.execute(decode_transaction(pay(0, value)))
        assert executor.pending_balance(SENDER) == 10**18 - value
        if value == 9:
            executor.begin(next_block(draft))
            assert executor.pending_balance(SENDER) == 10**18
            continue
        roots.append(executor.finish().root)
        draft = CONFIG.genesis(genesis.root)
    assert roots[0] == roots[1] != genesis.root


def next_block(parent: Header) -> Header:
    """A draft that follows the genesis."""
    return Header(
        parent_hash=b"\x01" * 32,
        coinbase=b"\x02" * 20,
        state_root=parent.state_root,
        height=1,
        gas_limit=parent.gas_limit,
        timestamp_s=parent.timestamp_s + 1,
        extra_data=parent.extra_data,
        base_fee_per_gas=0,
    )
