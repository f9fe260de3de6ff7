"""Filters that a caller polls: new logs, new blocks, waiting transactions.

A filter remembers the blocks it has told of. When some of them are gone at the next poll, it first
takes their logs back, flagged ``removed``, and then tells the new ones; it needs nothing from the
engine but blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from chains.engine import Block, Engine, Height, Log, LogFilter
from chains.history import matches
from chains.jsonrpc import BadParams, Json, data, log_json, quantity, to_int, to_object

FOREVER = Height(2**63)


class Watch(Protocol):
    """What a poll asks."""

    def changes(self) -> list[Json]:
        """What is new since the last poll."""
        ...


@dataclass(frozen=True, slots=True)
class _Told:
    height: Height
    block_hash: bytes
    logs: tuple[Log, ...]


class _Follower:
    """Follows the head of a chain through reorganisations."""

    def __init__(self, engine: Engine, start: Height) -> None:
        self._engine = engine
        self._start = start
        # Blocks below the start can still be replaced, and then their successors are new.
        self._told = [
            _Told(Height(height), engine.block(Height(height)).hash, ())
            for height in range(engine.finalized + 1, start)
        ]

    def gone(self) -> list[_Told]:
        """Forget and return the blocks that left the chain, newest first."""
        gone = []
        while self._told and not self._is_current(self._told[-1]):
            gone.append(self._told.pop())
            self._start = min(self._start, gone[-1].height)
        return gone

    def fresh(self) -> list[Block]:
        """The blocks after the last one told."""
        first = max(self._start, self._told[-1].height + 1 if self._told else 0)
        heights = range(first, self._engine.latest + 1)
        return [self._engine.block(Height(height)) for height in heights]

    def tell(self, block: Block, logs: tuple[Log, ...] = ()) -> None:
        """Remember that a block was told."""
        self._told.append(_Told(block.height, block.hash, logs))

    def _is_current(self, told: _Told) -> bool:
        if told.height > self._engine.latest:
            return False
        return self._engine.block(told.height).hash == told.block_hash


class LogWatch:
    """Logs that match, from a height on."""

    def __init__(self, engine: Engine, wanted: LogFilter) -> None:
        self._wanted = wanted
        self._follower = _Follower(engine, wanted.from_height)

    @property
    def wanted(self) -> LogFilter:
        return self._wanted

    def changes(self) -> list[Json]:
        """Removed logs first, newest first; then the new ones in chain order."""
        logs = [
            log._replace(removed=True)
            for told in self._follower.gone()
            for log in reversed(told.logs)
        ]
        for block in self._follower.fresh():
            found = self._matching(block)
            self._follower.tell(block, found)
            logs.extend(found)
        return [log_json(log) for log in logs]

    def _matching(self, block: Block) -> tuple[Log, ...]:
        if block.height > self._wanted.to_height:
            return ()
        return tuple(
            log for receipt in block.receipts for log in receipt.logs if matches(log, self._wanted)
        )


class BlockWatch:
    """Hashes of new blocks."""

    def __init__(self, engine: Engine) -> None:
        self._follower = _Follower(engine, Height(engine.latest + 1))

    def changes(self) -> list[Json]:
        """In chain order; a removed block is not announced."""
        self._follower.gone()
        blocks = self._follower.fresh()
        for block in blocks:
            self._follower.tell(block)
        return [data(block.hash) for block in blocks]


class PendingWatch:
    """Hashes of transactions that began to wait."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._told = {transaction.hash for transaction in engine.pending_transactions()}

    def changes(self) -> list[Json]:
        """Oldest first."""
        waiting = [transaction.hash for transaction in self._engine.pending_transactions()]
        fresh = [tx_hash for tx_hash in waiting if tx_hash not in self._told]
        self._told.update(fresh)
        return [data(tx_hash) for tx_hash in fresh]


class Filters:
    """The filter methods over one engine: what is installed, by id."""

    def __init__(self, engine: Engine, read_filter: Callable[[object], LogFilter]):
        self._engine = engine
        self._read_filter = read_filter
        self._watches: dict[int, Watch] = {}
        self._next = 1

    def table(self) -> dict[str, Callable[..., Json]]:
        """The methods by name."""
        return {
            "eth_newFilter": self._new_log_filter,
            "eth_newBlockFilter": lambda: self._install(BlockWatch(self._engine)),
            "eth_newPendingTransactionFilter": lambda: self._install(PendingWatch(self._engine)),
            "eth_getFilterChanges": lambda number: self._find(number).changes(),
            "eth_getFilterLogs": self._all_logs,
            "eth_uninstallFilter": self._uninstall,
        }

    def _install(self, watch: Watch) -> Json:
        number = self._next
        self._next += 1
        self._watches[number] = watch
        return quantity(number)

    def _uninstall(self, number: object) -> Json:
        return self._watches.pop(to_int(number), None) is not None

    def _find(self, number: object) -> Watch:
        watch = self._watches.get(to_int(number))
        if watch is None:
            raise BadParams(f"filter {number} not found")
        return watch

    def _new_log_filter(self, request: object) -> Json:
        given, wanted = self._read_filter(request), to_object(request)
        from_now_on = wanted.get("fromBlock") in (None, "latest", "pending")
        has_end = wanted.get("toBlock") not in (None, "latest", "pending")
        watched = replace(
            given,
            from_height=Height(self._engine.latest + 1) if from_now_on else given.from_height,
            to_height=given.to_height if has_end else FOREVER,
        )
        return self._install(LogWatch(self._engine, watched))

    def _all_logs(self, number: object) -> Json:
        watch = self._find(number)
        if not isinstance(watch, LogWatch):
            raise BadParams(f"filter {number} is not about logs")
        return [log_json(log) for log in self._engine.logs(watch.wanted)]
