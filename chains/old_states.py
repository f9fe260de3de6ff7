"""States of old blocks of which only every so many is kept: those between are made again.

In a long run nearly all memory would go to states that nobody asks for any more. A block says all
that it takes to make its state again from its parent's, and its header says what must come out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from chains.engine import ChainError
from chains.execution import Executor, State
from chains.headers import Header
from chains.history import STATE_EVERY_BLOCKS, History, Record

MADE_MAX = 2 * STATE_EVERY_BLOCKS  # who looks at an old state soon looks at the next


class StateNotReproduced(ChainError):
    """A block executed again ends in another state than before: a fault in Lockstep."""

    code = "E-CHAIN-STATE-NOT-REPRODUCED"


class Context(NamedTuple):
    """A block after which something is asked."""

    header: Header
    state: State


class OldStates:
    """The state after any block of a history."""

    def __init__(self, history: History, executor: Executor) -> None:
        self._history = history
        self._executor = executor
        self._made: dict[bytes, State] = {}  # by root, oldest first

    def after(self, record: Record) -> State:
        """Raises StateNotReproduced."""
        missing = []
        while (state := record.state or self._made.get(record.header.state_root)) is None:
            missing.append(record)
            record = self._history.at(record.header.height - 1)
        for later in reversed(missing):
            state = self._executed(later, state)
            self._made[state.root] = state
        while len(self._made) > MADE_MAX:
            del self._made[next(iter(self._made))]
        return state

    def _executed(self, record: Record, parent: State) -> State:
        """The state after a block, from the one before."""
        header = record.header
        self._executor.begin(replace(header, state_root=parent.root))
        for transaction in record.block.transactions:
            self._executor.execute(transaction)
        state = self._executor.finish()
        if state.root != header.state_root:
            raise StateNotReproduced(
                f"block {header.height} ends in state 0x{state.root.hex()}"
                f" when it is executed again, not in 0x{header.state_root.hex()}"
            )
        return state
