from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from presgen.errors import StoreUnavailable
from presgen.ledger import Ledger, open_ledger

SECRET = "a-word-that-must-go"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def kept(path: Path) -> Ledger:
    """A ledger of SQLite with a lesson that is about to be erased."""
    ledger = open_ledger(f"sqlite:///{path}")
    ledger.begin_run("run-1")
    ledger.enter_lesson("run-1", SECRET, pseudonym="learner-1", certification="c", record="r" * 64)
    ledger.erasures.remove("learner-1", ledger.erasures.begin("learner-1", [SECRET]))
    return ledger


def test_what_was_erased_cannot_be_read_in_the_database_or_its_log(kept, path):
    kept.erasures.end("learner-1")

    assert kept.erasures.begun() == ()
    for file in path.parent.glob(f"{path.name}*"):
        assert SECRET.encode() not in file.read_bytes(), file


def test_an_erasure_does_not_end_while_somebody_keeps_the_log_from_being_emptied(kept, path):
    with kept._engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA busy_timeout=100")  # comes back to the pool
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM runs").fetchone()
        kept.begin_run("run-2")  # what the reader must not see yet stays in the log

        with pytest.raises(StoreUnavailable, match="Erase once more"):
            kept.erasures.end("learner-1")

        assert kept.erasures.begun() == ("learner-1",)

    kept.erasures.end("learner-1")
    assert kept.erasures.begun() == ()
