"""The floor: the same calldata in a bare revm, and the signatures that nobody can do without.

No ledger, no receipts, no tries, no relayer, no journal; only what the EVM does with the calls that
settled some trades, in their order, and the making of the signatures that are in them: one of each
party for each trade, one for each transaction, and a quorum of seals for each header that crossed.
Senders are known in the process that signed, so no recovery counts but those within the EVM.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from pyrevm import EVM

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
        evm_s += _replay(engine, height)
        signatures += sum(_signatures(blocks))
    return Floor(evm_s, _sign(signatures), trades)


def _replay(engine: Engine, height: Height) -> float:
    """Seconds that revm takes for all calls above a height, on the states that they met."""
    if not isinstance(engine, RevmEngine):
        raise TypeError(f"{engine.name} has no bare revm in it")
    executor = RevmExecutor(engine.config)
    binding = executor._binding
    timed = TimedCalls(binding._evm)
    binding._evm = cast(EVM, timed)
    state = executor.open({account: wei for account, wei in engine.config.balances.items() if wei})
    for at in range(1, engine.latest + 1):
        record = engine._history.at(at)
        if at == height + 1:
            timed.seconds = 0.0
        executor.begin(replace(record.header, state_root=state.root))
        for transaction in record.block.transactions:
            executor.execute(transaction)
        state = executor.finish()
    return timed.seconds


class TimedCalls:
    """An EVM that knows how long its calls have taken."""

    def __init__(self, evm: Any) -> None:
        self.seconds = 0.0
        self._evm = evm

    def message_call(self, *call: Any) -> Any:
        """The call itself, between two looks at the clock."""
        start = time.process_time()
        try:
            return self._evm.message_call(*call)
        finally:
            self.seconds += time.process_time() - start

    def __getattr__(self, name: str) -> Any:
        return getattr(self._evm, name)


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
