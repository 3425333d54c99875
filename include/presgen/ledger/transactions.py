"""Transactions on the ledger's database, with its errors as ours.

Every method of the ledger is a transaction. One that is called within another is part of it: so whoever opens
one around several calls makes one of them all, which waits for the disk once.

    with ledger.together():
        ledger.trail.record(...)
        ledger.advance(...)

What only tells what happened is written when a transaction ends, and can wait for the next one of its thread:
then it costs none of its own, and what that transaction says is never known without it.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError

from presgen.errors import StoreUnavailable
from presgen.ledger.keeping import at_work, refuse_inherited
from presgen.ledger.statements import add


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only reads, or read in the one that is open.

    Raises:
        StoreUnavailable: the database is away or stays locked.
    """
    if (transaction := _here.open.get(engine)) is not None:
        with transaction.joined() as connection:
            yield connection
        return
    if (looking := _here.looking.get(engine)) is not None:
        refuse_inherited()
        with _translated():
            yield looking
        return
    with at_work(), _translated(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def looking(engine: Engine) -> Iterator[None]:
    """Make one transaction of all that this thread reads in the block; what it writes has its own.

    Raises:
        StoreUnavailable: the database is away or stays locked.
    """
    if engine in _here.looking or engine in _here.open:
        yield
        return
    with reading(engine) as connection:
        _here.looking[engine] = connection
        try:
            yield
        finally:
            del _here.looking[engine]


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that writes, or write in the one that is open.

    On SQLite it takes its turn at the start: whatever is slow belongs before it.

    Raises:
        StoreUnavailable: the database is away, full or stays locked.
    """
    if (transaction := _here.open.get(engine)) is not None:
        with transaction.joined() as connection:
            yield connection
        return
    waiting = _here.waiting.get(engine, [])
    with (
        at_work(),
        _translated(),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        transaction = _here.open[engine] = _Transaction(connection)
        try:
            yield connection
            _do(connection, [*waiting, *transaction.told])
        finally:
            del _here.open[engine]
        if transaction.failed:
            raise RuntimeError("A call failed in the middle of a transaction, and the rest went on.")
    waiting.clear()


def is_open(engine: Engine) -> bool:
    """Return whether this thread has opened a transaction that writes."""
    return engine in _here.open


def is_deferring(engine: Engine) -> bool:
    """Return whether this thread is in a block that defers, and in no transaction."""
    return engine in _here.waiting and engine not in _here.open


@contextmanager
def deferring(engine: Engine) -> Iterator[None]:
    """Let what is told `soon` in the block wait for a transaction; one at its end takes what is left.

    Raises:
        StoreUnavailable: the database is away, full or stays locked; not where the block has failed before.
    """
    if engine in _here.waiting:
        yield
        return
    _here.waiting[engine] = []
    try:
        try:
            yield
        except BaseException:
            # The first error counts, even when the ledger is what has failed.
            with suppress(StoreUnavailable):
                _write_waiting(engine)
            raise
        _write_waiting(engine)
    finally:
        del _here.waiting[engine]


def soon(engine: Engine, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row when the open transaction ends; else the next, in a block that defers; else now.

    Raises:
        StoreUnavailable: the database is away, full or stays locked.
    """
    if (transaction := _here.open.get(engine)) is not None:
        transaction.told.append((table, row))
    elif engine in _here.waiting:
        _here.waiting[engine].append((table, row))
    else:
        with writing(engine) as connection:
            _do(connection, [(table, row)])


def later(engine: Engine, work: Work) -> None:
    """Do that in the open transaction; else in the next, in a block that defers; else in one of its own.

    Raises:
        StoreUnavailable: the database is away, full or stays locked.
    """
    if is_deferring(engine):
        _here.waiting[engine].append((None, work))
        return
    with writing(engine) as connection:
        work(connection)


def now() -> str:
    """Return the moment, UTC, as the ledger writes it."""
    return as_written(datetime.now(UTC))


def as_written(moment: datetime) -> str:
    """Return a moment as the ledger writes it: UTC, and so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def ago(time: timedelta) -> str:
    """Return the moment that was so long ago, as the ledger writes it."""
    return as_written(datetime.now(UTC) - time)


def age(moment: str) -> timedelta:
    """Return how far a moment is away, in whichever direction a clock may have jumped."""
    return abs(datetime.now(UTC) - datetime.fromisoformat(moment))


Work = Callable[[Connection], None]

_Told = tuple[Table | None, Any]
"""A table and a row to insert; or None, and something else to do."""


def _do(connection: Connection, told: Sequence[_Told]) -> None:
    for table, some in groupby(told, key=itemgetter(0)):
        if table is None:
            for _, work in some:
                work(connection)
        else:
            add(connection, table, [row for _, row in some])


@dataclass(slots=True)
class _Transaction:
    """One that is open, for whoever comes to it on the way."""

    connection: Connection
    told: list[_Told] = field(default_factory=list)
    """What is written at its end."""
    failed: bool = False
    """Whether something in it has: half of that may be written."""

    @contextmanager
    def joined(self) -> Iterator[Connection]:
        refuse_inherited()
        try:
            with _translated():
                yield self.connection
        except BaseException:
            self.failed = True
            raise


@dataclass
class _Here(threading.local):
    """What is under way in a thread; a connection is never another's."""

    open: dict[Engine, _Transaction] = field(default_factory=dict)
    looking: dict[Engine, Connection] = field(default_factory=dict)
    waiting: dict[Engine, list[_Told]] = field(default_factory=dict)


_here = _Here()


def _forget_waiting() -> None:
    """Leave what waits to the process that was forked: it would be told twice."""
    for rows in _here.waiting.values():
        rows.clear()


os.register_at_fork(after_in_child=_forget_waiting)


def _write_waiting(engine: Engine) -> None:
    if _here.waiting[engine]:
        with writing(engine):
            pass


_UNKNOWN = re.compile("no such (column|table)|has no column named")
"""What SQLite says of a column or table that is not there."""
_UNDEFINED = frozenset({"42703", "42P01"})
"""PostgreSQL's codes for that."""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        _refuse_other_release(error.orig, error)
        if isinstance(error, OperationalError | InterfaceError | InternalError):
            raise StoreUnavailable(f"The ledger cannot answer: {error.orig}") from error
        if error.connection_invalidated:
            raise StoreUnavailable(f"The ledger has gone away: {error.orig}") from error
        raise
    except (sqlite3.OperationalError, sqlite3.InterfaceError, sqlite3.InternalError) as error:
        # From what asks the driver itself.
        _refuse_other_release(error, error)
        raise StoreUnavailable(f"The ledger cannot answer: {error}") from error


def _refuse_other_release(told: BaseException | None, error: Exception) -> None:
    """Raise where a driver's error says that a table or column is not there.

    Raises:
        StoreUnavailable: it does.
    """
    on_sqlite = isinstance(told, sqlite3.OperationalError) and _UNKNOWN.search(str(told))
    if on_sqlite or getattr(told, "pgcode", None) in _UNDEFINED:
        # What PostgreSQL says after that are words of the statement.
        raise StoreUnavailable(
            f"The ledger's tables are not those of this release: {str(told).partition(chr(10))[0]}. Another "
            "has changed them. Trying again helps when all that uses the ledger is of the same release."
        ) from error
