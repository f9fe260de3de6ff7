"""The blocks of one chain and where to find things in them, without scanning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from chains.blocks import block_of, parts_of
from chains.consensus import ValidatorSet
from chains.engine import Block, Height, Log, LogFilter, Receipt, Transaction, UnknownBlock
from chains.execution import State
from chains.headers import Header
from chains.shelf import Shelf
from chains.trie import OrderedTrie, kept_trie

STATE_EVERY_BLOCKS = 32  # of old blocks, whose state is kept whatever it takes
READ_AGAIN_MAX = 64  # who looks at an old block looks more than once


@dataclass(frozen=True, slots=True)
class Record:
    """A block as the ledger keeps it."""

    header: Header
    state: State | None  # None: an old one, to be made again (chains.old_states)
    sealers: ValidatorSet
    block: Block

    @property
    def receipts_trie(self) -> OrderedTrie:
        """What the receipts root is the root of."""
        return kept_trie(tuple([receipt.encoded for receipt in self.block.receipts]))

    @property
    def logs(self) -> tuple[Log, ...]:
        """Those of all receipts."""
        return tuple([log for receipt in self.block.receipts for log in receipt.logs])


@dataclass(frozen=True, slots=True, eq=False)
class Shelved:
    """An old record: its block is on a shelf, as bytes.

    A long run makes a hundred thousand blocks and hardly ever looks at one again that is some
    hundred blocks old.
    """

    state: State | None
    sealers: ValidatorSet
    shelf: Shelf
    place: int

    def read(self) -> Record:
        """The record again, equal to the one that was put away."""
        return _read(self)


@lru_cache(maxsize=READ_AGAIN_MAX)
def _read(shelved: Shelved) -> Record:
    header, block = block_of(shelved.shelf.take(shelved.place), shelved.sealers)
    return Record(header, shelved.state, shelved.sealers, block)


Kept: TypeAlias = Record | Shelved


class History:
    """An append-only list of records that can be cut back to an earlier head."""

    __slots__ = ("_heights", "_places", "_records", "_shelf", "_shelved")

    def __init__(self) -> None:
        self._records: list[Kept] = []
        self._shelf = Shelf()
        self._shelved = 0  # up to this height blocks, the genesis aside, are on the shelf
        self._heights: dict[bytes, Height] = {}  # by block hash
        self._places: dict[bytes, tuple[Height, int]] = {}  # by transaction hash

    @property
    def head(self) -> Record:
        return _record(self._records[-1])

    @property
    def records(self) -> tuple[Kept, ...]:
        """To become this history again."""
        return tuple(self._records)

    def at(self, height: int) -> Record:
        """Raises UnknownBlock."""
        if not 0 <= height < len(self._records):
            raise UnknownBlock(f"there is no block {height}, the last is {len(self._records) - 1}")
        return _record(self._records[height])

    def by_hash(self, block_hash: bytes) -> Record:
        """Raises UnknownBlock."""
        height = self._heights.get(block_hash)
        if height is None:
            raise UnknownBlock(f"there is no block 0x{block_hash.hex()}")
        return self.at(height)

    def append(self, kept: Kept) -> None:
        """Add the next block."""
        block = _record(kept).block
        height = block.height
        self._records.append(kept)
        self._heights[block.hash] = height
        for index, transaction in enumerate(block.transactions):
            self._places[transaction.hash] = (height, index)

    def replace(self, record: Record) -> None:
        """Put the sealed form of a block in the place of the unsealed one."""
        self._records[record.block.height] = record

    def put_away(self, height: int, keep: Callable[[State], State | None]) -> None:
        """Put the blocks up to ``height``, which must be sealed, on the shelf.

        Of most of their states is kept what ``keep`` makes of them.
        """
        while self._shelved < height:
            self._shelved += 1
            record = self._records[self._shelved]
            if isinstance(record, Record):
                state = record.state
                if state is not None and self._shelved % STATE_EVERY_BLOCKS:
                    state = keep(state)
                place = self._shelf.put(parts_of(record.block))
                kept = Shelved(state, record.sealers, self._shelf, place)
                self._records[self._shelved] = kept

    def cut(self, head: int) -> tuple[Record, ...]:
        """Remove and return the blocks above ``head``, oldest first."""
        removed = tuple(map(_record, self._records[head + 1 :]))
        del self._records[head + 1 :]
        self._shelved = min(self._shelved, max(head, 0))
        for record in removed:
            del self._heights[record.block.hash]
            for transaction in record.block.transactions:
                del self._places[transaction.hash]
        return removed

    def reset(self, records: tuple[Kept, ...]) -> None:
        """Become another list of records; what both share is kept."""
        shared = 0
        for mine, other in zip(self._records, records, strict=False):
            if mine is not other:
                break
            shared += 1
        self.cut(shared - 1)
        for record in records[shared:]:
            self.append(record)

    def receipt(self, tx_hash: bytes) -> Receipt | None:
        """The receipt of an included transaction."""
        place = self._places.get(tx_hash)
        return None if place is None else self.at(place[0]).block.receipts[place[1]]

    def transaction(self, tx_hash: bytes) -> Transaction | None:
        """An included transaction."""
        place = self._places.get(tx_hash)
        return None if place is None else self.at(place[0]).block.transactions[place[1]]

    def logs(self, wanted: LogFilter) -> Iterator[Log]:
        """The logs that match, in chain order."""
        for kept in self._records[max(wanted.from_height, 0) : max(wanted.to_height + 1, 0)]:
            yield from (log for log in _record(kept).logs if matches(log, wanted))


def _record(kept: Kept) -> Record:
    return kept if isinstance(kept, Record) else kept.read()


def matches(log: Log, wanted: LogFilter) -> bool:
    """Whether a log has one of the addresses and, at each position asked for, one of the topics."""
    if wanted.addresses and log.address not in wanted.addresses:
        return False
    if len(wanted.topics) > len(log.topics):
        return False
    return all(
        options is None or topic in options
        for options, topic in zip(wanted.topics, log.topics, strict=False)
    )
