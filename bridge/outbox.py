"""The outbox: every call of the relayer, signed and stored before it is sent.

Each entry is one signed transaction; the rest follows from it. After a crash the open entries are
sent again, byte for byte, which changes nothing where they have arrived. What has ended is kept
for a while to be looked at, and then dropped: an outbox is as large as what is on its way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sql
from sqlalchemy.dialects import sqlite
from typing_extensions import override

from bridge import outbox_file
from bridge.errors import OutboxFault, Where
from bridge.model import Address, ChainId

ENDED_KEPT = 1024
PRUNE_EVERY = 256


class State(StrEnum):
    """How far a call has come; the last three are final."""

    STORED = "stored"
    SUBMITTED = "submitted"
    INCLUDED = "included"  # in a sealed block, and it succeeded
    FAILED = "failed"  # in a sealed block, and it reverted
    LOST = "lost"  # refused by the node, or another transaction took its nonce


@dataclass(frozen=True, slots=True)
class Entry:
    """A signed call; ``raw`` is what is sent, and sent again."""

    chain_id: ChainId
    nonce: int
    tx_hash: bytes
    raw: bytes
    state: State = State.STORED


class Word(sql.types.TypeDecorator[int]):
    """A uint256 as 32 bytes, big end first: SQLite's integers end at 2**63, and order is kept."""

    impl = sql.LargeBinary(32)
    cache_ok = True

    @override
    def process_bind_param(self, value: int | None, dialect: sql.Dialect) -> bytes | None:
        return None if value is None else _word(value)

    @override
    def process_result_value(self, value: bytes | None, dialect: sql.Dialect) -> int | None:
        return None if value is None else int.from_bytes(value, "big")


SCHEMA = sql.MetaData()

CALLS = sql.Table(
    "calls",
    SCHEMA,
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("chain_id", Word, nullable=False),
    sql.Column("nonce", Word, nullable=False),
    sql.Column("tx_hash", sql.LargeBinary(32), nullable=False, unique=True),
    sql.Column("raw", sql.LargeBinary, nullable=False),
    sql.Column("state", sql.Text, nullable=False),
    sql.CheckConstraint("typeof(chain_id) = 'blob' AND length(chain_id) = 32"),
    sql.CheckConstraint("typeof(nonce) = 'blob' AND length(nonce) = 32"),
    sql.CheckConstraint("typeof(tx_hash) = 'blob' AND length(tx_hash) = 32"),
    # Where a list has more than two members, SQLite makes an index of it for each row.
    sql.CheckConstraint(sql.or_(*(sql.column("state") == state.value for state in State))),
)
_IS_OPEN = sql.text("state IN ('stored', 'submitted')")  # as text, to be found by the index
_HAS_ENDED = sql.text("state NOT IN ('stored', 'submitted')")
sql.Index("one_call_a_nonce", CALLS.c.chain_id, CALLS.c.nonce, unique=True, sqlite_where=_IS_OPEN)

WORLD = sql.Table(
    "world",
    SCHEMA,
    sql.Column("chain_id", Word, primary_key=True),
    sql.Column("genesis_hash", sql.LargeBinary(32), nullable=False),
    sql.Column("account", sql.LargeBinary(20), nullable=False),
    sql.CheckConstraint("typeof(chain_id) = 'blob' AND length(chain_id) = 32"),
)

_NEW = sqlite.insert(CALLS)
# The same call at the same nonce is the same bytes: what was lost may come back.
_STORED = _NEW.on_conflict_do_update(
    index_elements=["tx_hash"],
    set_={"state": _NEW.excluded.state, "sequence": _NEW.excluded.sequence},
)
_MARKED = (
    sql.update(CALLS)
    .values(state=sql.bindparam("to"))
    .where(CALLS.c.tx_hash == sql.bindparam("of"), _IS_OPEN)
)
_PRUNED = sql.delete(CALLS).where(CALLS.c.sequence <= sql.bindparam("up_to"), _HAS_ENDED)
# Every step writes. As text for SQLite itself that takes a quarter of the time.
_STORE, _MARK, _PRUNE = (
    str(statement.compile(dialect=sqlite.dialect())) for statement in (_STORED, _MARKED, _PRUNED)
)


class Outbox:
    """The calls of one relayer account, in one file that nobody else has open meanwhile."""

    def __init__(self, path: Path | None = None) -> None:
        """Open or create a file; without a path all is kept in memory. Raises OutboxFault."""
        self._path = path
        self._connection = outbox_file.open_file(path, SCHEMA)
        self._file = outbox_file.file_of(self._connection)
        with self._reading():
            newest = self._connection.execute(sql.select(sql.func.max(CALLS.c.sequence))).scalar()
        self._sequence = int(newest or 0)

    def bind(self, account: Address, genesis_hashes: Mapping[ChainId, bytes]) -> None:
        """Say whose calls these are, and on which chains. Raises OutboxFault for another world."""
        with self._reading():
            rows = self._connection.execute(sql.select(WORLD)).all()
            known = {row.chain_id: (row.genesis_hash, row.account) for row in rows}
            if not known:
                self._connection.execute(
                    sql.insert(WORLD),
                    [
                        {"chain_id": chain, "genesis_hash": genesis, "account": account}
                        for chain, genesis in genesis_hashes.items()
                    ],
                )
                return
        if known != {chain: (genesis, account) for chain, genesis in genesis_hashes.items()}:
            raise OutboxFault(
                "E-ENVIRONMENT-OUTBOX-OTHER-WORLD",
                "the outbox cannot be used: it belongs to other chains or another account",
                Where(file=str(self._path)),
                "name another file",
            )

    def write(
        self, stored: Sequence[Entry] = (), marks: Mapping[bytes, State] | None = None
    ) -> None:
        """Store new calls and mark older ones by their hash: all of it or nothing.

        What has ended is not marked again. Raises OutboxFault.
        """
        sequence = self._sequence + len(stored)
        with self._transaction():
            if marks:
                self._file.executemany(_MARK, ((to.value, of) for of, to in marks.items()))
            if stored:
                self._file.executemany(_STORE, self._rows(stored))
            if sequence // PRUNE_EVERY != self._sequence // PRUNE_EVERY:
                self._file.execute(_PRUNE, (sequence - ENDED_KEPT,))
        self._sequence = sequence

    def open_entries(self) -> tuple[Entry, ...]:
        """What has not ended, in the order in which it was stored. Raises OutboxFault."""
        return self._read(sql.select(CALLS).where(_IS_OPEN).order_by(CALLS.c.sequence))

    def entries(self) -> tuple[Entry, ...]:
        """Everything that is still stored, oldest first. Raises OutboxFault."""
        return self._read(sql.select(CALLS).order_by(CALLS.c.sequence))

    def close(self) -> None:
        """Let go of the file."""
        outbox_file.close(self._connection)

    def _rows(self, stored: Sequence[Entry]) -> Iterator[tuple[object, ...]]:
        """In the order of the columns."""
        for sequence, entry in enumerate(stored, start=self._sequence + 1):
            chain_id, nonce = _word(entry.chain_id), _word(entry.nonce)
            yield sequence, chain_id, nonce, entry.tx_hash, entry.raw, entry.state.value

    def _read(self, query: sql.Select[tuple[object, ...]]) -> tuple[Entry, ...]:
        with self._reading():
            rows = self._connection.execute(query).all()
        return tuple(
            Entry(ChainId(row.chain_id), row.nonce, row.tx_hash, row.raw, State(row.state))
            for row in rows
        )

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with outbox_file.told(self._path), self._connection.begin():
            yield

    def _transaction(self) -> AbstractContextManager[None]:
        return outbox_file.transaction(self._file, self._path)


def _word(value: int) -> bytes:
    return value.to_bytes(32, "big")
