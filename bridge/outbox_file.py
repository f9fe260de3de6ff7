"""The SQLite file under an outbox: ours or refused, durable, with one relayer at a time.

A file of somebody else's, of a newer Lockstep or with a damaged page is refused before a byte of
it is changed. The lock is held as long as the file is open, and the system drops it when the
process dies, however it dies.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from bridge.errors import InternalError, LockstepError, OutboxFault, Where, quoted

APPLICATION_ID = int.from_bytes(b"Lstp", "big")
SCHEMA_VERSION = 1
LOCK_WAIT_S = 0.2
IN_MEMORY = ":memory:"
BEGIN = "BEGIN EXCLUSIVE"  # the file is ours from the first line of a transaction on

REBUILD = "move it away, then `doctor` rebuilds it from the chains"
_FAULTS = {
    sqlite3.SQLITE_BUSY: ("BUSY", "another process has it open", "one relayer for each outbox"),
    sqlite3.SQLITE_LOCKED: ("BUSY", "another process has it open", "one relayer for each outbox"),
    sqlite3.SQLITE_FULL: ("FULL", "there is no room left", "make room, then start again"),
    sqlite3.SQLITE_READONLY: ("READ-ONLY", "it cannot be written", "check its permissions"),
    sqlite3.SQLITE_CANTOPEN: ("UNREADABLE", "it cannot be opened", "check path and permissions"),
    sqlite3.SQLITE_CORRUPT: ("DAMAGED", "its content is damaged", REBUILD),
    sqlite3.SQLITE_NOTADB: ("DAMAGED", "it is no database, or its header is damaged", REBUILD),
    sqlite3.SQLITE_IOERR: ("IO", "the disk failed", "nothing was sent that is not stored"),
}


def open_file(path: Path | None, schema: MetaData) -> Connection:
    """The only connection to an outbox file, created if need be; None opens one in memory.

    Raises OutboxFault.
    """
    if path is not None and path.exists() and not path.is_file():
        raise _fault(path, "UNREADABLE", "it is no file", "name a file")
    with told(path):
        connection = _engine(path).connect()
    try:
        with told(path), connection.begin():
            _check_or_create(path, connection, schema)
        with told(path):
            _make_durable(connection)
    except OutboxFault:
        close(connection)
        raise
    return connection


def close(connection: Connection) -> None:
    """Let go of the file; what was not committed is undone."""
    connection.close()
    connection.engine.dispose()


def file_of(connection: Connection) -> sqlite3.Connection:
    """SQLite's own connection underneath."""
    return cast(sqlite3.Connection, connection.connection.driver_connection)


@contextmanager
def transaction(file: sqlite3.Connection, path: Path | None) -> Iterator[None]:
    """All of it on disk once this has returned, or nothing; told as ``told`` does."""
    try:
        file.execute(BEGIN)
        yield
        file.execute("COMMIT")
    except BaseException as error:
        file.rollback()  # a fault of the disk may have done so already
        if isinstance(error, sqlite3.Error):
            raise _said(path, error) from error
        raise


@contextmanager
def told(path: Path | None) -> Iterator[None]:
    """Tell what the database says as an OutboxFault."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        said = error.orig if isinstance(error, DBAPIError) else error
        raise _said(path, said) from error


def _engine(path: Path | None) -> Engine:
    def connect() -> sqlite3.Connection:
        place = IN_MEMORY if path is None else str(path)
        connection = sqlite3.connect(place, timeout=LOCK_WAIT_S, isolation_level=None)
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    # pysqlite begins late and by itself.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(BEGIN))
    return engine


def _make_durable(connection: Connection) -> None:
    """A commit that returned survives a power cut. Neither can be set within a transaction."""
    file = file_of(connection)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = FULL")


def _check_or_create(path: Path | None, connection: Connection, schema: MetaData) -> None:
    application = _number(connection, "PRAGMA application_id")
    version = _number(connection, "PRAGMA user_version")
    if not application and not _number(connection, "SELECT count(*) FROM sqlite_schema"):
        schema.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
        return
    if application != APPLICATION_ID:
        raise _fault(path, "FOREIGN", "it belongs to another program", "name another file")
    if version != SCHEMA_VERSION:
        what = f"it has schema {version}; this Lockstep has {SCHEMA_VERSION}"
        raise _fault(path, "NEWER", what, "use the Lockstep that wrote it")
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() != "ok":
        raise _fault(path, "DAMAGED", "its content is damaged", REBUILD)


def _number(connection: Connection, query: str) -> int:
    return int(connection.exec_driver_sql(query).scalar_one())


def _said(path: Path | None, said: BaseException | None) -> LockstepError:
    if isinstance(said, sqlite3.IntegrityError):
        return InternalError("E-INTERNAL-OUTBOX", f"an impossible row: {said}")
    code = said.sqlite_errorcode & 0xFF if isinstance(said, sqlite3.Error) else 0
    kind, what, hint = _FAULTS.get(code, ("REFUSED", quoted(str(said)), ""))
    return _fault(path, kind, what, hint)


def _fault(path: Path | None, kind: str, what: str, hint: str) -> OutboxFault:
    where = Where(file="the outbox in memory" if path is None else str(path))
    code = f"{OutboxFault.prefix}{kind}"
    return OutboxFault(code, f"the outbox cannot be used: {what}", where, hint)
