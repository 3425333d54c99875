"""Open the ledger: connect, and bring its tables up to date whoever else opens it at the same moment."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, NoSuchModuleError, SQLAlchemyError

from presgen.errors import BadInput, StoreUnavailable
from presgen.ledger.book import Ledger
from presgen.ledger.keeping import at_work, kept_engine

HEAD = "0013"
"""The newest migration. Knowing it spares every task the import of Alembic; a test keeps it true."""

PATIENCE = 60.0
"""Seconds to wait for another process's transaction. Ours take milliseconds, but a full disk queue may take
many seconds to flush, and a run of a thousand tasks is worth more than a minute."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 7_020_776
"""A number of our own for PostgreSQL's advisory locks."""


def open_ledger(url: str, *, make: bool = True) -> Ledger:
    """Open the ledger at that SQLAlchemy URL: make it if it is new, upgrade it if it is old.

    Without ``make``, there must be one, and nothing is left behind where there is none.

    Raises:
        BadInput: the URL cannot be read, or names a database that has no driver here; or there is no ledger,
            and none is to be made.
        StoreUnavailable: the database is away, stays locked, or may not be written.
    """
    parsed = _parsed(url)
    if not make and parsed.get_backend_name() == "sqlite" and _file(Path(parsed.database or "")) is None:
        raise _missing(parsed)
    engine = kept_engine(parsed, _engine)
    with at_work(), _explained(engine):
        _upgrade(engine, make=make)
    return Ledger(engine)


def migrate(engine: Engine, revision: str = "head", *, back: bool = False) -> None:
    """Bring the ledger up to that revision, or back to it, in one transaction that others wait for."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})"))
        config.attributes["connection"] = connection
        (command.downgrade if back else command.upgrade)(config, revision)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        # Raises where there is no such driver.
        parsed.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
        # The URL itself stays out of the message: it may hold a password.
        raise BadInput(
            "The ledger's URL is none that SQLAlchemy can open here: PRESGEN_LEDGER_URL must look like "
            "sqlite:////srv/presgen/ledger.sqlite or postgresql+psycopg2://user:password@host/presgen."
        ) from None
    if parsed.get_backend_name() != "sqlite":
        return parsed
    if parsed.database in (None, "", ":memory:"):
        raise BadInput(
            "The ledger must be a file: several processes share it, and none sees another's memory."
        )
    return parsed.set(database=str(Path(parsed.database).absolute()))


def _missing(url: URL) -> BadInput:
    return BadInput(
        f"There is no ledger at {url!r}. The first run makes it in PRESGEN_WORKSPACE (--workspace), or where "
        "PRESGEN_LEDGER_URL says: name that place."
    )


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    engine = create_engine(url, pool_pre_ping=True, pool_size=2, isolation_level="READ COMMITTED")
    if url.get_backend_name() == "postgresql":
        event.listen(engine, "connect", _prepare_postgres)
    return engine


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"The ledger's folder cannot be made: {error.strerror}.") from error
    # Two stay open; a burst of threads opens others, and none waits for one.
    engine = create_engine(url, pool_size=2, max_overflow=-1, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)

    def note_file(_connection: Any, record: Any) -> None:
        record.info["file"] = _file(path)

    def check_file(_connection: Any, record: Any, _proxy: Any) -> None:
        # Somebody has put another file there, from a backup perhaps: what is open is nobody's ledger.
        if record.info["file"] != _file(path):
            raise DisconnectionError("The ledger's file is another one now.")

    event.listen(engine, "connect", note_file)
    event.listen(engine, "checkout", check_file)
    return engine


def _prepare_postgres(connection: Any, _record: Any) -> None:
    # Without it, whoever meets a locked row waits for as long as the lock is held, be it for ever.
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{round(1000 * PATIENCE)}ms'")
    connection.commit()


def _file(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from any other; None: there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would open transactions of its own kind; `_begin_sqlite` opens ours.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    # What is erased is overwritten, and not only forgotten.
    connection.execute("PRAGMA secure_delete=ON")
    # FULL flushes at every commit: with it, no acknowledged row was lost in any kill or power cut tried.
    connection.execute("PRAGMA synchronous=FULL")
    _use_wal(connection)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log, in which readers never wait. The busy timeout does not cover this."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that first reads and then writes cannot wait for its turn any more once somebody else
    # has written; taking the turn at the start can. https://sqlite.org/isolation.html
    writes = connection.get_execution_options().get("writes", False)
    # The driver alone is quicker.
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _upgrade(engine: Engine, *, make: bool) -> None:
    with engine.connect() as connection:
        revision = _revision(connection)
    if revision is None and not make:
        raise _missing(engine.url)
    # A newer revision than ours is left alone: during an update, old and new tasks may run side by side. Most
    # migrations only add; the trail's of 0011 do not, and tasks of before cannot write it any more.
    if revision is None or revision < HEAD:
        migrate(engine)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


@contextmanager
def _explained(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        told = f"The ledger at {engine.url!r} cannot be opened: {error.orig}"
        if "readonly database" in told:
            told += (
                ". SQLite writes beside the file for those who only read, too: ask as a user who may write "
                "in that folder, or ask a copy of it."
            )
        raise StoreUnavailable(told) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreUnavailable(f"The ledger at {engine.url!r} cannot be opened: {error}") from error
