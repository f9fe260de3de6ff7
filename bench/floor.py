"""The floor: the same calldata in a bare revm, and the signatures that nobody can do without.

No ledger, no receipts, no tries, no relayer, no journal; only what the EVM does with the calls that
settled some trades, in their order, and the making of the signatures that are in them: one of each
party for each trade, one for each transaction, and a quorum of seals for each header that crossed.
Senders are known in the process that signed, so no recovery counts but those within the EVM.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pyrevm import BlockEnv

from bench.street import Street
from bridge import abi, contract_calls
from chains.consensus import quorum
from chains.engine import Block, Engine, Height
from chains.keys import keccak, sign_digest
from chains.revm import RevmEngine, RevmExecutor

PARTIES = 2
KEY = keccak(b"somebody")
UPDATE = abi.selector(contract_calls.UPDATE)


@dataclass(frozen=True, slots=True)
class Floor:
    """Seconds for all trades of a stretch."""

    evm_s: float
    signing_s: float
    trades: int

    @property
    def ms_each(self) -> float:
        """Milliseconds a trade."""
        return 1000 * (self.evm_s + self.signing_s) / self.trades


def floor_of(street: Street, settle: Callable[[], int]) -> Floor:
    """Let a street settle some trades, then do the same calls again with nothing around them.

    ``settle`` answers how many trades it has settled.
    """
    engines = list(street.testbed.world.engines.values())
    before = [engine.latest for engine in engines]
    trades = settle()
    evm_s, signatures = 0.0, PARTIES * trades
    for engine, height in zip(engines, before, strict=True):
        blocks = [engine.block(Height(h)) for h in range(height + 1, engine.latest + 1)]
        evm_s += _replay(engine, height, blocks)
        signatures += sum(_signatures(blocks))
    return Floor(evm_s, _sign(signatures), trades)


def _replay(engine: Engine, height: Height, blocks: Sequence[Block]) -> float:
    """Seconds for the calls of these blocks, on the state after ``height``, in the engine's EVM."""
    if not isinstance(engine, RevmEngine):
        raise TypeError(f"{engine.name} has no bare revm in it")
    executor = engine._executor
    if not isinstance(executor, RevmExecutor):
        raise TypeError("the engine executes with something else")
    executor._go_to(engine._history.at(height).block.state_root)
    evm = executor._binding._evm
    checkpoint = evm.snapshot()
    took_s = 0.0
    for block in blocks:
        header = BlockEnv(
            number=block.height, timestamp=block.timestamp_s, gas_limit=block.gas_limit
        )
        calls = [
            (f"0x{t.sender.hex()}", f"0x{(t.to or b'').hex()}", t.data, 0, t.gas_limit, 0)
            for t in block.transactions
        ]
        start = time.process_time()
        if calls:
            evm.set_block_env(header)
        for call in calls:
            evm.message_call(*call)
        took_s += time.process_time() - start
    evm.revert(checkpoint)
    return took_s


def _signatures(blocks: Sequence[Block]) -> Iterator[int]:
    for block in blocks:
        for transaction in block.transactions:
            is_update = transaction.data[:4] == UPDATE
            yield 1 + (quorum(4) if is_update else 0)


def _sign(count: int) -> float:
    start = time.process_time()
    for number in range(count):
        sign_digest(KEY, number.to_bytes(32, "big"))
    return time.process_time() - start
