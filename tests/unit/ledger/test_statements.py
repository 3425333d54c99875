from __future__ import annotations

import pytest
from sqlalchemy import create_engine, delete, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import MultipleResultsFound

from presgen.ledger import book, contents, erasures, open_ledger, schema, trail
from presgen.ledger.statements import (
    MANY,
    Prepared,
    add,
    among,
    batches,
    change,
    given,
    one,
    put,
    put_new,
    replace,
)

SECTION = {"key": "k" * 64, "slug": "tcp", "kind": "skill", "seconds": 4.0, "bytes": 10}
FIX = {"run_id": "run-1", "round": 1, "fix": "join_again", "facts": "{}"}


def test_one_returns_the_row_with_those_values_and_none_where_there_is_none(ledger, ledger_url):
    with create_engine(ledger_url).connect() as connection:
        assert one(connection, schema.lessons, lesson_id="lesson-1")["pseudonym"] == "learner-1"
        assert one(connection, schema.lessons, lesson_id="lesson-2") is None


def test_one_refuses_to_choose_between_several(ledger, ledger_url):
    with create_engine(ledger_url).begin() as connection:
        add(connection, schema.fixes, [{**FIX, "subject": "a", "number": number} for number in range(2)])

        with pytest.raises(MultipleResultsFound, match="fixes has 2 rows of one key: run_id, subject"):
            one(connection, schema.fixes, run_id="run-1", subject="a")


def test_truths_come_back_as_truths(ledger, ledger_url):
    row = {"subject": "a", "at": "2026-11-01", "run_id": "run-1", "by": "teacher"}
    with create_engine(ledger_url).begin() as connection:
        for subject, approved in (("yes", True), ("no", False)):
            put(connection, schema.approvals, {**row, "subject": subject, "approved": approved})

        assert one(connection, schema.approvals, subject="yes")["approved"] is True
        assert one(connection, schema.approvals, subject="no")["approved"] is False
        assert one(connection, schema.runs, run_id="run-1")["passed"] is None


def test_put_new_says_whether_the_row_is_new(ledger, ledger_url):
    with create_engine(ledger_url).begin() as connection:
        assert put_new(connection, schema.sections, SECTION)
        assert not put_new(connection, schema.sections, SECTION)


@pytest.mark.parametrize("count", [0, 1, 3, MANY])
def test_a_prepared_statement_takes_any_number_of_values(ledger, ledger_url, count):
    table = schema.fixes
    statement = Prepared(select(table.c.number).where(given(table.c.subject), among(table.c.number, "some")))
    with create_engine(ledger_url).begin() as connection:
        add(connection, table, [{**FIX, "subject": "a", "number": number} for number in range(2 * MANY)])

        found = statement.rows(connection, {"subject": "a", "some": range(0, 2 * count, 2)})

    assert sorted(row["number"] for row in found) == list(range(0, 2 * count, 2))


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_every_driver_of_postgresql_takes_several_values(ledger, ledger_url, driver):
    url = make_url(ledger_url)
    if url.get_backend_name() != "postgresql":
        pytest.skip("SQLite has one driver")
    with create_engine(url.set(drivername=f"postgresql+{driver}")).begin() as connection:
        table = schema.fixes
        add(connection, table, [{**FIX, "subject": "a", "number": number} for number in range(3)])
        by_number = Prepared(select(table.c.number).where(among(table.c.number, "some")))
        by_text = Prepared(select(table.c.number).where(among(table.c.subject, "some")))

        assert len(by_number.rows(connection, {"some": [0, 2, 2**31 - 1]})) == 2
        assert len(by_text.rows(connection, {"some": ["a", "z" * 400]})) == 3
        assert by_text.rows(connection, {"some": []}) == by_number.rows(connection, {"some": []}) == []


def test_quotes_and_signs_in_values_are_only_values(ledger, ledger_url):
    odd = """it's "quoted", 100 % :name ? \\ { [ — ю"""
    statement = Prepared(select(schema.sections.c.slug).where(among(schema.sections.c.slug, "slugs")))
    with create_engine(ledger_url).begin() as connection:
        put(connection, schema.sections, {**SECTION, "slug": odd})

        assert [*statement.rows(connection, {"slugs": [odd, "udp"]})] == [{"slug": odd}]


def test_a_prepared_statement_says_how_many_rows_it_changed(ledger, ledger_url):
    table = schema.fixes
    with create_engine(ledger_url).begin() as connection:
        add(connection, table, [{**FIX, "subject": "a", "number": number} for number in range(3)])
        rename = Prepared(update(table).where(given(table.c.number, "place")))

        rename.run_each(connection, [{"place": number, "fix": f"fix-{number}"} for number in range(2)])
        rename.run_each(connection, [])

        assert one(connection, table, number=1)["fix"] == "fix-1"
        assert one(connection, table, number=2)["fix"] == FIX["fix"]
        assert Prepared(delete(table).where(given(table.c.subject))).run(connection, {"subject": "a"}) == 3


def test_put_leaves_a_row_that_is_there_but_for_the_columns_to_replace(ledger, ledger_url):
    with create_engine(ledger_url).begin() as connection:
        put(connection, schema.sections, SECTION)
        put(connection, schema.sections, {**SECTION, "slug": "udp", "seconds": 5.0})
        assert one(connection, schema.sections, key="k" * 64) == SECTION

        put(connection, schema.sections, {**SECTION, "slug": "udp", "seconds": 5.0}, replace=("seconds",))
        assert one(connection, schema.sections, key="k" * 64) == {**SECTION, "seconds": 5.0}


def test_change_sets_a_row_only_while_it_has_what_was_seen(ledger, ledger_url):
    seen = {"lesson_id": "lesson-1", "revision": 0}
    with create_engine(ledger_url).begin() as connection:
        assert change(connection, schema.lessons, seen, {"revision": 1, "cause": "first"})
        assert not change(connection, schema.lessons, seen, {"revision": 1, "cause": "second"})
        assert one(connection, schema.lessons, lesson_id="lesson-1")["cause"] == "first"


def test_replace_touches_only_the_rows_of_its_key(ledger, ledger_url):
    with create_engine(ledger_url).begin() as connection:
        for subject in ("a", "b"):
            rows = [{**FIX, "subject": subject, "number": number} for number in range(3)]
            replace(connection, schema.fixes, rows, run_id="run-1", subject=subject)
        replace(connection, schema.fixes, [], run_id="run-1", subject="a")

        assert one(connection, schema.fixes, run_id="run-1", subject="a", number=0) is None
        assert one(connection, schema.fixes, run_id="run-1", subject="b", number=2) is not None


def test_batches_hold_every_value_once_and_no_more_than_the_database_takes():
    values = list(range(2 * MANY + 1))

    found = list(batches(values))

    assert [each for some in found for each in some] == values
    assert max(map(len, found)) == MANY


PREPARED = {
    f"{module.__name__.rpartition('.')[2]}.{name}": found
    for module in (book, contents, erasures, trail)
    for name, value in vars(module).items()
    for found in (value if isinstance(value, tuple) else (value,))
    if isinstance(found, Prepared)
}


@pytest.mark.parametrize("name", PREPARED)
def test_sqlite_searches_every_table_by_an_index(tmp_path, name):
    ledger = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    with ledger._engine.connect() as connection:
        words = str(PREPARED[name]._statement.compile(dialect=connection.dialect, column_keys=["key"]))
        plan = connection.connection.cursor().execute(
            f"EXPLAIN QUERY PLAN {words}", ["[]"] * words.count("?")
        )
        steps = [step for *_, step in plan]

    # The head of the trail is one row, and so is what is asked of no table.
    few = ("json_each", "head", "CONSTANT ROW")
    assert not [step for step in steps if "SCAN" in step and not any(each in step for each in few)]
