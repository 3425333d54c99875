from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, inspect, text

import presgen.ledger
from presgen.errors import BadInput, StoreUnavailable
from presgen.ledger import open_ledger, opening
from presgen.ledger.schema import metadata
from presgen.model.lesson import LessonStatus

STEPS = (
    LessonStatus.SCRIPT_GENERATED,
    LessonStatus.AVATAR_RENDERING,
    LessonStatus.AVATAR_VIDEOS_GENERATED,
    LessonStatus.QA_PASSED,
    LessonStatus.PUBLISHED,
)


def take_the_way(url: str, run_id: str) -> None:
    """Open the ledger, which may not exist yet, and walk one lesson to its end."""
    ledger = open_ledger(url)
    ledger.begin_run(run_id)
    ledger.enter_lesson(run_id, "lesson-1", pseudonym="p", certification="c", record="r")
    for step in STEPS:
        ledger.advance("lesson-1", step, run_id=run_id, having={"record": "r"})


def test_processes_that_open_a_new_ledger_at_once_take_every_step_once(ledger_url):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=take_the_way, args=(ledger_url, f"run-{n}")) for n in range(5)]

    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    assert [process.exitcode for process in processes] == [0] * 5
    ledger = open_ledger(ledger_url)
    assert ledger.lesson("lesson-1").revision == len(STEPS)
    assert [event.facts["to"] for event in ledger.events()] == list(STEPS)
    assert len(ledger.runs()) == 5


def test_the_newest_migration_makes_the_tables_that_the_code_knows(ledger_url):
    open_ledger(ledger_url)
    engine = create_engine(ledger_url)

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    engine.dispose()
    assert differences == []


def test_the_code_knows_which_migration_is_the_newest():
    config = Config()
    config.set_main_option("script_location", str(Path(presgen.ledger.__file__).parent / "migrations"))

    assert ScriptDirectory.from_config(config).get_heads() == [opening.HEAD]


def test_every_migration_can_be_taken_back(ledger_url):
    open_ledger(ledger_url)
    engine = create_engine(ledger_url)

    opening.migrate(engine, "base", back=True)

    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
    open_ledger(ledger_url).begin_run("run-1")


def test_an_upgrade_keeps_every_lesson_and_lets_the_release_before_go_on(ledger_url):
    engine = create_engine(ledger_url)
    opening.migrate(engine, "0001")
    insert = text(
        "INSERT INTO lessons (lesson_id, pseudonym, certification, status, record, script, inputs, video, "
        "duration, cause, reason, revision, changed) VALUES (:id, 'p', 'c', 'published', 'r', 's', 'i', 'v', "
        "61.5, '', '', 4, '2026-11-22T02:00:00Z')"
    )
    with engine.begin() as connection:
        connection.execute(insert, {"id": "lesson-1"})

    ledger = open_ledger(ledger_url)
    with engine.begin() as connection:
        connection.execute(insert, {"id": "lesson-2"})  # a task of the release before, still at work

    engine.dispose()
    old, new = ledger.lessons()
    assert (old.status, old.video, old.editions, old.duration) == (LessonStatus.PUBLISHED, "v", "", 61.5)
    assert new == old.model_copy(update={"lesson_id": "lesson-2"})


def test_an_upgrade_keeps_findings_and_lets_the_release_before_note_others(ledger_url):
    engine = create_engine(ledger_url)
    opening.migrate(engine, "0002")
    insert = text(
        'INSERT INTO findings (run_id, subject, number, "check", severity, message, at) '
        "VALUES ('run-1', 'lesson-1', :number, 'film-is-heard', 'reject', 'The film has no sound.', 0.5)"
    )
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO runs (run_id, started, source) VALUES ('run-1', 'then', '')"))
        connection.execute(insert, {"number": 0})

    ledger = open_ledger(ledger_url)
    with engine.begin() as connection:
        connection.execute(insert, {"number": 1})  # a task of the release before, still at work

    engine.dispose()
    old, new = ledger.findings("run-1", "lesson-1")
    assert old == new
    assert (old.check, old.at, old.measured, old.remedy) == ("film-is-heard", 0.5, None, None)
    assert ledger.fixes("run-1", "lesson-1") == ledger.attempts("k" * 64) == ()


def test_an_upgrade_counts_runs_of_before_and_lets_the_release_before_end_others(ledger_url):
    engine = create_engine(ledger_url)
    opening.migrate(engine, "0008")
    begin = text("INSERT INTO runs (run_id, started, source) VALUES (:run, '2026-11-22T02:00:00Z', '')")
    end = text("UPDATE runs SET ended = '2026-11-22T04:00:00Z', passed = true WHERE run_id = :run")
    tell = text(
        "INSERT INTO events (at, run_id, name, subject, facts) "
        "VALUES ('then', :run, 'qa_inspect', 'lesson-1', '{\"latency\": 2.0, \"cpu\": 1.5}')"
    )
    with engine.begin() as connection:
        for run in ("run-1", "run-2"):
            connection.execute(begin, {"run": run})
            connection.execute(tell, {"run": run})
        connection.execute(end, {"run": "run-1"})

    ledger = open_ledger(ledger_url)
    with engine.begin() as connection:
        connection.execute(tell, {"run": "run-2"})  # a task of the release before, still at work
        connection.execute(end, {"run": "run-2"})

    engine.dispose()
    figures = ledger.figures.nights()
    assert [(each.run.run_id, each.cpu, each.run.due) for each in figures] == [
        ("run-2", 3.0, None),
        ("run-1", 1.5, None),
    ]
    ledger.begin_run("run-3")
    ledger.end_run("run-3", passed=True)
    assert ledger.figures.nights()[1:] == figures


def test_a_ledger_of_a_newer_release_is_used_as_it_is(ledger_url, monkeypatch):
    open_ledger(ledger_url)
    monkeypatch.setattr(opening, "HEAD", "0000")
    monkeypatch.setattr(opening, "migrate", lambda *_: pytest.fail("migrated an up-to-date ledger"))

    open_ledger(ledger_url).begin_run("run-1")


def test_who_only_asks_makes_no_ledger(ledger_url, tmp_path):
    with pytest.raises(BadInput, match=r"There is no ledger at .* PRESGEN_WORKSPACE"):
        open_ledger(ledger_url, make=False)

    if ledger_url.startswith("sqlite"):
        assert not list(tmp_path.iterdir())
    else:
        assert not inspect(create_engine(ledger_url, poolclass=NullPool)).get_table_names()
    open_ledger(ledger_url).begin_run("run-1")
    assert open_ledger(ledger_url, make=False).runs()


def test_a_file_without_a_ledger_in_it_is_none(tmp_path):
    (tmp_path / "ledger.sqlite").touch()

    with pytest.raises(BadInput, match="no ledger"):
        open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", make=False)


def test_a_folder_that_is_missing_is_not_made_for_who_only_asks(tmp_path):
    with pytest.raises(BadInput, match="no ledger"):
        open_ledger(f"sqlite:///{tmp_path / 'typo' / 'ledger.sqlite'}", make=False)

    assert not (tmp_path / "typo").exists()


def test_who_may_not_write_is_told_what_would_help(tmp_path, monkeypatch):
    def refuse(_connection):
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(opening, "_use_wal", refuse)

    with pytest.raises(StoreUnavailable, match="ask as a user who may write in that folder"):
        open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")


def test_opening_a_ledger_that_is_up_to_date_needs_no_alembic(tmp_path):
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    open_ledger(url)
    code = (
        "import sys\nfrom presgen.ledger import open_ledger\n"
        f"open_ledger({url!r})\nprint('alembic' in sys.modules)"
    )

    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment()
    )

    assert run.stdout.strip() == "False"


def test_a_ledger_on_disk_survives_being_killed_with_every_answered_write(tmp_path):
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    open_ledger(url)
    code = (
        "from presgen.ledger import open_ledger\n"
        f"ledger = open_ledger({url!r})\n"
        "for number in range(100000):\n"
        "    ledger.note_event('run-1', 'written', 'lesson-1', {'number': number})\n"
        "    print(number, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment()
    ) as writer:
        answered = [int(writer.stdout.readline()) for _ in range(40)]
        os.kill(writer.pid, signal.SIGKILL)

    kept = {event.facts["number"] for event in open_ledger(url).events()}

    assert kept >= set(answered)


def test_a_ledger_that_stays_locked_is_away_for_now(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    path = tmp_path / "ledger.sqlite"
    ledger = open_ledger(f"sqlite:///{path}")

    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            ledger.begin_run("run-1")

    ledger.begin_run("run-1")


@pytest.mark.parametrize("ledger_url", ["postgresql"], indirect=True)
def test_a_lesson_that_stays_locked_on_a_server_is_away_for_now(ledger_url, ledger, monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE", 0.2)
    # Another spelling of the same server: what is kept open was opened with the patience from before.
    impatient = open_ledger(f"{ledger_url}?application_name=impatient")
    with create_engine(ledger_url).begin() as connection:
        connection.execute(text("SELECT * FROM lessons FOR UPDATE"))
        with pytest.raises(StoreUnavailable, match="lock timeout"):
            impatient.reset("lesson-1", run_id="run-1", why="tried")

    assert impatient.reset("lesson-1", run_id="run-1", why="tried").revision == 1


def test_a_server_that_is_away_is_away_for_now_and_keeps_its_password():
    with pytest.raises(StoreUnavailable) as away:
        open_ledger("postgresql+psycopg2://presgen:hunter2@127.0.0.1:1/presgen")

    assert "hunter2" not in str(away.value)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "marvellous://u:hunter2@h/d", "sqlite://", "sqlite:///:memory:"]
)
def test_a_url_that_no_process_could_share_is_refused_without_quoting_it(url):
    with pytest.raises(BadInput) as refused:
        open_ledger(url)

    assert "hunter2" not in str(refused.value)


def environment() -> dict[str, str]:
    """The environment of a process that finds the package where this one does."""
    return {**os.environ, "PYTHONPATH": str(Path(presgen.ledger.__file__).parents[2])}


def test_an_upgrade_knows_where_lessons_were_delivered(ledger_url):
    engine = create_engine(ledger_url)
    opening.migrate(engine, "0011")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO lessons (lesson_id, pseudonym, certification, status, record, script, inputs, "
                "video, duration, cause, reason, revision, changed) "
                "VALUES ('lesson-1', 'p', 'c', 'published', 'r', 's', 'i', 'v', 1.0, '', '', 1, 'then')"
            )
        )
        for publisher, role, url in (
            ("folder", "poster", "file:///srv/out/Certifications/a.png"),
            ("folder", "video", "file:///srv/out/Certifications/a.mp4"),
            ("object-store", "video", "s3://bucket/Certifications/a.mp4"),
            ("drive", "video", "https://drive.example/1"),
        ):
            asset_id = "1" if publisher == "drive" else url[url.index("Certifications") :]
            connection.execute(
                text(
                    "INSERT INTO assets "
                    "(lesson_id, publisher, role, asset_id, url, sha256, bytes, published) "
                    "VALUES ('lesson-1', :publisher, :role, :asset_id, :url, 'd', 1, 'then')"
                ),
                {"publisher": publisher, "role": role, "asset_id": asset_id, "url": url},
            )

    ledger = open_ledger(ledger_url)

    engine.dispose()
    assert [(each.publisher, each.address, each.mark) for each in ledger.destinations("lesson-1")] == [
        ("folder", "file:///srv/out/", ""),
        ("object-store", "s3://bucket/", ""),
    ]
