"""Statements that every lesson needs, each built once.

Building one in SQLAlchemy takes three times as long as carrying it out. So what a lesson asks for again and
again is built at its first use, with names for its values, and kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Delete,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import RowMapping

MANY = 500
"""Values in one question to the database; SQLite's oldest limit is 999."""

_SEEN = "seen_"
"""Before the names of the values that an update looks for: it may set the same columns to others."""

_T = TypeVar("_T")


def one(connection: Connection, table: Table, **key: Any) -> RowMapping | None:
    """Return the row whose columns have those values, or None.

    Raises:
        sqlalchemy.exc.MultipleResultsFound: there are several.
    """
    return connection.execute(_rows(table, tuple(key)), key).mappings().one_or_none()


def put(connection: Connection, table: Table, values: Mapping[str, Any], replace: Sequence[str] = ()) -> None:
    """Insert a row; where its key is taken, replace those columns of the row that is there."""
    connection.execute(_put(table, connection.dialect.name, tuple(replace)), values)


def put_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one is there that it cannot stand beside; return whether it was inserted."""
    return connection.execute(_put_new(table, connection.dialect.name), values).rowcount > 0


def change(connection: Connection, table: Table, seen: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Set columns of the row that has the values that were seen; return whether it still had them."""
    values = {**{_SEEN + name: value for name, value in seen.items()}, **new}
    return connection.execute(_change(table, tuple(seen)), values).rowcount == 1


def replace(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], **key: Any) -> None:
    """Put rows in place of those whose columns have these values."""
    connection.execute(_gone(table, tuple(key)), key)
    add(connection, table, rows)


def add(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, if there are any."""
    if rows:
        connection.execute(_insert(table), list(rows))


def batches(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Return the values in portions that the database takes in one question."""
    for first in range(0, len(values), MANY):
        yield values[first : first + MANY]


def among(column: Any, name: str) -> Any:
    """Return the condition that a column has one of the values that are given by that name."""
    return column.in_(bindparam(name, expanding=True))


def given(column: Any, name: str = "") -> Any:
    """Return the condition that a column has the value that is given by that name, or by its own."""
    return column == bindparam(name or column.name)


@cache
def _rows(table: Table, key: tuple[str, ...]) -> Select[Any]:
    return select(table).where(*(given(table.c[name]) for name in key))


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _gone(table: Table, key: tuple[str, ...]) -> Delete:
    return delete(table).where(*(given(table.c[name]) for name in key))


@cache
def _change(table: Table, seen: tuple[str, ...]) -> Update:
    return update(table).where(*(given(table.c[name], _SEEN + name) for name in seen))


@cache
def _put_new(table: Table, dialect: str) -> Any:
    return _upsert(table, dialect).on_conflict_do_nothing()


def _upsert(table: Table, dialect: str) -> Any:
    # The same words in both dialects; SQLAlchemy has no common type for them.
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


@cache
def _put(table: Table, dialect: str, new: tuple[str, ...]) -> Any:
    statement = _upsert(table, dialect)
    key = list(table.primary_key.columns)
    if not new:
        return statement.on_conflict_do_nothing(index_elements=key)
    excluded = {name: statement.excluded[name] for name in new}
    return statement.on_conflict_do_update(index_elements=key, set_=excluded)
