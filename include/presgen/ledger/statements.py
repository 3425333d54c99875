"""Statements that every lesson needs, each built once.

Building one in SQLAlchemy takes three times as long as carrying it out. So what a lesson asks for again and
again is built at its first use, with names for its values, and kept. For SQLite it is compiled once, too, and
goes straight to the driver: the way through SQLAlchemy takes longer than the database does. Where a database
is a server, the way to it is what takes long.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import MultipleResultsFound
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean, TypeDecorator, TypeEngine

MANY = 500
"""Values in one question to the database: PostgreSQL sends them all in its words."""

Row = Mapping[str, Any]
"""A row, or values for one, by the names of the columns."""

_SEEN = "seen_"
"""Before the names of the values that an update looks for: it may set the same columns to others."""
_NOTHING: Row = MappingProxyType({})

_T = TypeVar("_T")


class Prepared:
    """A statement that is carried out again and again, each time with other values.

    Errors of SQLite's are the driver's own: `presgen.ledger.transactions` knows them.
    """

    def __init__(self, statement: Select[Any] | UpdateBase) -> None:
        """Take a statement without values. Those of columns that it sets go by the columns' names."""
        self._statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def rows(self, connection: Connection, values: Row = _NOTHING) -> list[Row]:
        """Return the rows that it finds."""
        if not _is_direct(connection):
            return [dict(row) for row in connection.execute(self._statement, values).mappings()]
        compiled = self._for(connection, values)
        cursor = connection.connection.cursor()
        cursor.execute(compiled.text, compiled.ordered(values))
        return [compiled.row(found) for found in cursor.fetchall()]

    def run(self, connection: Connection, values: Row = _NOTHING) -> int:
        """Carry it out; return how many rows it has changed."""
        if not _is_direct(connection):
            return connection.execute(self._statement, values).rowcount
        compiled = self._for(connection, values)
        cursor = connection.connection.cursor()
        cursor.execute(compiled.text, compiled.ordered(values))
        return cursor.rowcount

    def run_each(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Carry it out for each of the rows, which have values of the same names; for none, do nothing."""
        if not rows:
            return
        if not _is_direct(connection):
            connection.execute(self._statement, rows)
            return
        compiled = self._for(connection, rows[0])
        connection.connection.cursor().executemany(compiled.text, [compiled.ordered(row) for row in rows])

    def _for(self, connection: Connection, values: Row) -> _Compiled:
        names = tuple(values)
        if (found := self._compiled.get(names)) is None:
            found = self._compiled[names] = _Compiled(self._statement, connection.dialect, names)
        return found


class _Compiled:
    """A statement in SQLite's words."""

    def __init__(self, statement: Select[Any] | UpdateBase, dialect: Dialect, names: tuple[str, ...]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self.text = str(compiled)
        self._values = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup or ()
        ]
        columns = statement.selected_columns if isinstance(statement, Select) else ()
        self._columns = [str(column.key) for column in columns]
        self._truths = [str(column.key) for column in columns if isinstance(column.type, Boolean)]

    def ordered(self, values: Row) -> list[Any]:
        """Return the values in the order in which the words ask for them."""
        return [values[name] if told is None else told(values[name]) for name, told in self._values]

    def row(self, found: tuple[Any, ...]) -> Row:
        """Return what the driver has found as a row."""
        row = dict(zip(self._columns, found, strict=True))
        for name in self._truths:
            row[name] = None if row[name] is None else bool(row[name])
        return row


class _Values(TypeDecorator[Sequence[Any]]):
    """Several values as one: for SQLite a JSON array, for PostgreSQL one of its own."""

    impl = Text
    cache_ok = True

    def __init__(self, *, numbers: bool) -> None:
        super().__init__()
        self.numbers = numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return what the values are to the database: without a length, to which it would cut them."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.ARRAY(BigInteger() if self.numbers else Text()))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        """Return the values as the driver takes them."""
        values = list(value or ())
        return json.dumps(values) if dialect.name == "sqlite" else values


class _Among(FunctionElement[bool]):
    """The condition that a column has one of several values, however many: its words stay the same."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> _Among:  # noqa: ARG002
        """Return the condition as it is: SQLite finds no index for one that is compared with 1."""
        return self


@compiles(_Among, "sqlite")
def _among_on_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - names, and no values


@compiles(_Among, "postgresql")
def _among_on_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY ({values})"


def one(connection: Connection, table: Table, **key: Any) -> Row | None:
    """Return the row whose columns have those values, or None.

    Raises:
        sqlalchemy.exc.MultipleResultsFound: there are several.
    """
    found = _rows(table, tuple(key)).rows(connection, key)
    if len(found) > 1:
        raise MultipleResultsFound(f"{table.name} has {len(found)} rows of one key: {', '.join(key)}.")
    return found[0] if found else None


def put(connection: Connection, table: Table, values: Row, replace: Sequence[str] = ()) -> None:
    """Insert a row; where its key is taken, replace those columns of the row that is there."""
    _put(table, connection.dialect.name, tuple(replace)).run(connection, values)


def put_new(connection: Connection, table: Table, values: Row) -> bool:
    """Insert a row unless one is there that it cannot stand beside; return whether it was inserted."""
    return _put_new(table, connection.dialect.name).run(connection, values) > 0


def change(connection: Connection, table: Table, seen: Row, new: Row) -> bool:
    """Set columns of the row that has the values that were seen; return whether it still had them."""
    values = {**{_SEEN + name: value for name, value in seen.items()}, **new}
    return _change(table, tuple(seen)).run(connection, values) == 1


def replace(connection: Connection, table: Table, rows: Sequence[Row], **key: Any) -> None:
    """Put rows in place of those whose columns have these values."""
    _gone(table, tuple(key)).run(connection, key)
    add(connection, table, rows)


def add(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, if there are any."""
    _insert(table).run_each(connection, rows)


def batches(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Return the values in portions that the database takes in one question."""
    for first in range(0, len(values), MANY):
        yield values[first : first + MANY]


def among(column: Any, name: str) -> Any:
    """Return the condition that a column has one of the values that are given by that name."""
    numbers = isinstance(column.type, Integer)
    return _Among(column, bindparam(name, type_=_Values(numbers=numbers)))


def given(column: Any, name: str = "") -> Any:
    """Return the condition that a column has the value that is given by that name, or by its own."""
    return column == bindparam(name or column.name)


def _is_direct(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


@cache
def _rows(table: Table, key: tuple[str, ...]) -> Prepared:
    return Prepared(select(table).where(*(given(table.c[name]) for name in key)))


@cache
def _insert(table: Table) -> Prepared:
    return Prepared(insert(table))


@cache
def _gone(table: Table, key: tuple[str, ...]) -> Prepared:
    return Prepared(delete(table).where(*(given(table.c[name]) for name in key)))


@cache
def _change(table: Table, seen: tuple[str, ...]) -> Prepared:
    return Prepared(update(table).where(*(given(table.c[name], _SEEN + name) for name in seen)))


@cache
def _put_new(table: Table, dialect: str) -> Prepared:
    return Prepared(_upsert(table, dialect).on_conflict_do_nothing())


def _upsert(table: Table, dialect: str) -> Any:
    # The same words in both dialects; SQLAlchemy has no common type for them.
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


@cache
def _put(table: Table, dialect: str, new: tuple[str, ...]) -> Prepared:
    statement = _upsert(table, dialect)
    key = list(table.primary_key.columns)
    if not new:
        return Prepared(statement.on_conflict_do_nothing(index_elements=key))
    excluded = {name: statement.excluded[name] for name in new}
    return Prepared(statement.on_conflict_do_update(index_elements=key, set_=excluded))
