"""The blocks of one chain and where to find things in them, without scanning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chains.blocks import StoredBlock
from chains.consensus import ValidatorSet
from chains.engine import Block, Height, Log, LogFilter, Receipt, Transaction, UnknownBlock
from chains.execution import State
from chains.headers import Header
from chains.trie import OrderedTrie, kept_trie

STATE_EVERY_BLOCKS = 32  # of old blocks, whose state is kept whatever it takes


@dataclass(frozen=True, slots=True)
class Record:
    """A block as the ledger keeps it."""

    header: Header
    state: State | None  # None: an old one, to be made again (chains.old_states)
    sealers: ValidatorSet
    content: Block | StoredBlock

    @property
    def block(self) -> Block:
        """The block, read again where only its bytes are kept."""
        return self.content if isinstance(self.content, Block) else self.content.read()

    def stored(self, state: State | None) -> Record:
        """The same with no more than the bytes of its block, and with what is kept of its state."""
        content = StoredBlock.of(self.block, self.header, self.sealers)
        return Record(self.header, state, self.sealers, content)

    @property
    def receipts_trie(self) -> OrderedTrie:
        """What the receipts root is the root of."""
        return kept_trie(tuple([receipt.encoded for receipt in self.block.receipts]))

    @property
    def logs(self) -> tuple[Log, ...]:
        """Those of all receipts."""
        return tuple([log for receipt in self.block.receipts for log in receipt.logs])


class History:
    """An append-only list of records that can be cut back to an earlier head."""

    __slots__ = ("_heights", "_places", "_records", "_stored")

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._stored = 0  # blocks up to this height, the genesis aside, are kept as bytes
        self._heights: dict[bytes, Height] = {}  # by block hash
        self._places: dict[bytes, tuple[Height, int]] = {}  # by transaction hash

    @property
    def head(self) -> Record:
        return self._records[-1]

    @property
    def records(self) -> tuple[Record, ...]:
        return tuple(self._records)

    def at(self, height: int) -> Record:
        """Raises UnknownBlock."""
        if not 0 <= height < len(self._records):
            raise UnknownBlock(f"there is no block {height}, the last is {len(self._records) - 1}")
        return self._records[height]

    def by_hash(self, block_hash: bytes) -> Record:
        """Raises UnknownBlock."""
        height = self._heights.get(block_hash)
        if height is None:
            raise UnknownBlock(f"there is no block 0x{block_hash.hex()}")
        return self._records[height]

    def append(self, record: Record) -> None:
        """Add the next block."""
        height = record.block.height
        self._records.append(record)
        self._heights[record.block.hash] = height
        for index, transaction in enumerate(record.block.transactions):
            self._places[transaction.hash] = (height, index)

    def replace(self, record: Record) -> None:
        """Put the sealed form of a block in the place of the unsealed one."""
        self._records[record.block.height] = record

    def store(self, height: int, put_away: Callable[[State], State | None]) -> None:
        """Keep the blocks up to ``height``, which must be sealed, as bytes from now on.

        Of most of their states is kept what ``put_away`` makes of them.
        """
        while self._stored < height:
            self._stored += 1
            record = self._records[self._stored]
            state = record.state
            if state is not None and self._stored % STATE_EVERY_BLOCKS:
                state = put_away(state)
            self._records[self._stored] = record.stored(state)

    def cut(self, head: int) -> tuple[Record, ...]:
        """Remove and return the blocks above ``head``, oldest first."""
        removed = tuple(self._records[head + 1 :])
        del self._records[head + 1 :]
        self._stored = min(self._stored, max(head, 0))
        for record in removed:
            del self._heights[record.block.hash]
            for transaction in record.block.transactions:
                del self._places[transaction.hash]
        return removed

    def reset(self, records: tuple[Record, ...]) -> None:
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
        return None if place is None else self._records[place[0]].block.receipts[place[1]]

    def transaction(self, tx_hash: bytes) -> Transaction | None:
        """An included transaction."""
        place = self._places.get(tx_hash)
        return None if place is None else self._records[place[0]].block.transactions[place[1]]

    def logs(self, wanted: LogFilter) -> Iterator[Log]:
        """The logs that match, in chain order."""
        for record in self._records[max(wanted.from_height, 0) : max(wanted.to_height + 1, 0)]:
            yield from (log for log in record.logs if matches(log, wanted))


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
