from __future__ import annotations

from sqlalchemy import create_engine

from presgen.ledger import schema
from presgen.ledger.statements import MANY, batches, change, one, put, replace

SECTION = {"key": "k" * 64, "slug": "tcp", "kind": "skill", "seconds": 4.0, "bytes": 10}
FIX = {"run_id": "run-1", "round": 1, "fix": "join_again", "facts": "{}"}


def test_one_returns_the_row_with_those_values_and_none_where_there_is_none(ledger, ledger_url):
    with create_engine(ledger_url).connect() as connection:
        assert one(connection, schema.lessons, lesson_id="lesson-1")["pseudonym"] == "learner-1"
        assert one(connection, schema.lessons, lesson_id="lesson-2") is None


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
