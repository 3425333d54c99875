"""A ledger on each database it must work on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from presgen.ledger import Ledger, open_ledger
from presgen.model.lesson import LessonStatus


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a ledger that does not exist yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.sqlite'}"
        return
    server = make_url(request.getfixturevalue("postgres_url"))
    name = f"presgen_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def ledger(ledger_url: str) -> Ledger:
    """A ledger with one run, ``run-1``, and one lesson in it, ``lesson-1``, pending."""
    ledger = open_ledger(ledger_url)
    ledger.begin_run("run-1", "jsonl:records.jsonl")
    entry = ledger.enter_lesson(
        "run-1", "lesson-1", pseudonym="learner-1", certification="networking", record="r" * 64
    )
    assert entry.status is LessonStatus.PENDING
    return ledger
