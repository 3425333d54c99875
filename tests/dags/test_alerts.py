"""A really running Airflow that is late, fails and loses its processes: who is told, and how often.

Scheduler, triggerer, DAG processor and API server are processes of their own on PostgreSQL, and so is every
task; mail goes to a server on loopback.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from presgen.ledger import Ledger, open_ledger
from presgen_airflow.local import instance, processes
from presgen_airflow.local.client import Client
from presgen_airflow.local.home import Home
from tests.airflow_home import ROOT
from tests.mailbox import Mailbox, html, plain
from tests.moody import DAG_FILE, MOODY, Moods
from tests.nights import STAMP, make_learner_record, write_records

pytestmark = pytest.mark.slow

SOON = 0.15
"""Minutes: a deadline that a night cannot meet whose films are held."""
MUCH_LATER = 30
PATIENCE = 600.0


@dataclass(frozen=True)
class FaultyHome(Home):
    """A local Airflow with files and settings of the tests' own."""

    dags: Path = Path()
    more: tuple[tuple[str, str], ...] = ()

    def environment(self, port: int, *, schedule: bool) -> dict[str, str]:
        own = {"AIRFLOW__CORE__DAGS_FOLDER": str(self.dags), **dict(self.more)}
        return Home.environment(self, port, schedule=schedule) | own


@dataclass
class Running:
    """The Airflow of these tests."""

    airflow: instance.Instance
    client: Client
    ledger: Ledger
    mailbox: Mailbox
    moods: Moods
    folder: Path
    orphaned: list[int] = field(default_factory=list)
    """Groups whose leader was killed."""

    def trigger(self, *numbers: int, deadline: float = MUCH_LATER, name: str = "records") -> str:
        """Start a night over the learners of those numbers."""
        source = write_records(self.folder / name, [make_learner_record(number) for number in numbers])
        return self.client.trigger(instance.DAG_ID, {"source": source, "deadline": deadline})

    def clear_report(self, run_id: str) -> None:
        """Let the last task of a run start again."""
        wanted = {"dry_run": False, "dag_run_id": run_id, "task_ids": ["report"], "only_failed": False}
        path = f"/api/v2/dags/{instance.DAG_ID}/clearTaskInstances"
        self.client._call("POST", path, json={**wanted, "reset_dag_runs": True})

    def end_of(self, run_id: str) -> str:
        """Return how a run has ended, when it has."""
        until = time.monotonic() + PATIENCE
        while (state := self.client.run(instance.DAG_ID, run_id)["state"]) not in ("success", "failed"):
            assert time.monotonic() < until, self.still_to_do(run_id)
            time.sleep(1)
        return str(state)

    def still_to_do(self, run_id: str) -> str:
        """Return the tasks of a run that have not succeeded, and how they stand."""
        left = [each for each in self.client.tasks(instance.DAG_ID, run_id) if each["state"] != "success"]
        return " ".join(f"{each['task_id']}={each['state']}/{each['try_number']}" for each in left)

    def kill(self, name: str) -> None:
        """End a process of Airflow's as a power cut would, and nothing that it started."""
        leader = processes.running(self.airflow.home.logs)[name]
        os.kill(leader.pid, signal.SIGKILL)
        psutil.wait_procs([p for p in psutil.process_iter() if p.pid == leader.pid], timeout=10)
        self.orphaned.append(leader.pid)

    def bury(self) -> None:
        """End what processes had started that were killed: each led a group of its own."""
        for group in self.orphaned:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)

    def start(self, name: str, called: str | None = None) -> None:
        """Start a process of Airflow's, under another name perhaps."""
        home, port = self.airflow.home, self.airflow.address.port
        command = [sys.executable, "-m", "airflow", *instance.COMMANDS[name]]
        environment = home.environment(port, schedule=False)
        processes.start(called or name, command, home.logs, environment, home.project)

    def wait_until_healthy(self) -> None:
        """Return when every component says that it is well."""
        until = time.monotonic() + PATIENCE
        while not instance.is_healthy(self.airflow):
            assert time.monotonic() < until, self.client.health()
            time.sleep(0.5)

    def delivered(self) -> dict[Path, int]:
        """Return the films that are out, each with its moment."""
        return {film: film.stat().st_mtime_ns for film in (self.folder / "output").rglob("*.mp4")}


@pytest.fixture(scope="module")
def database(postgres_url: str) -> Iterator[str]:
    server = make_url(postgres_url)
    name = f"airflow_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        # What a scheduler has forked holds its connections open when it is killed: to the server it lives on,
        # and a transaction it was in would keep its locks, and its runs from going on, for ever.
        connection.execute(text(f"ALTER DATABASE {name} SET idle_in_transaction_session_timeout = '30s'"))
    yield server.set(database=name, drivername="postgresql+psycopg2").render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("alerts")
    moods = Moods(folder / "moods")
    moods.let_go()
    dags = folder / "dags"
    dags.mkdir()
    told = {"root": str(ROOT), "moods": str(moods.folder), "file": str(ROOT / "dags" / "produce_lessons.py")}
    (dags / "produce_lessons.py").write_text(DAG_FILE.format(**told), encoding="utf-8")
    mailbox = Mailbox()
    mailbox.open()
    more = {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        "AIRFLOW__TRIGGERER__JOB_HEARTBEAT_SEC": "2",
        "AIRFLOW__TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": "6",
        "AIRFLOW_CONN_SMTP_DEFAULT": mailbox.connection,
        "PRESGEN_ALERT_TO": "night@example.org,day@example.org",
        "PRESGEN_FORMATS": STAMP,
        "PRESGEN_RENDERER": MOODY,
        "PRESGEN_BUDGET": "90",
        "PRESGEN_CREDENTIALS": "",
        "PRESGEN_WORKSPACE": str(folder / "workspace"),
        "PRESGEN_OUTPUT": str(folder / "output"),
    }
    home = FaultyHome(project=ROOT, folder=folder / "home", dags=dags, more=tuple(more.items()))
    try:
        airflow = instance.bring_up(home, schedule=False)
        with airflow.client() as client:
            ledger = open_ledger(f"sqlite:///{folder / 'workspace' / 'ledger.sqlite'}")
            running = Running(airflow, client, ledger, mailbox, moods, folder)
            try:
                yield running
            finally:
                running.bury()
    finally:
        moods.let_go()
        instance.take_down(home)
        mailbox.close()


def test_a_good_night_tells_nobody_and_the_same_night_again_does_nothing(running: Running):
    first = running.trigger(1)
    assert running.end_of(first) == "success"
    films = running.delivered()
    assert len(films) == 1

    again = running.trigger(1)

    assert running.end_of(again) == "success"
    assert running.delivered() == films
    assert running.mailbox.mails == []
    assert running.ledger.alerts.of_run(first) == running.ledger.alerts.of_run(again) == ()


def test_a_night_with_three_broken_lessons_of_ten_gives_one_mail_and_none_when_it_is_cleared(
    running: Running,
):
    running.moods.set(broken=["Ada11", "Ada12", "Ada13"])

    night = running.trigger(*range(11, 21), name="broken")

    assert running.end_of(night) == "failed"
    mail = running.mailbox.wait_for(night)
    keep(mail, "failures")
    assert mail["Subject"] == "[PresGen] 3 of 10 lessons failed"
    assert mail["To"] == "night@example.org, day@example.org"
    assert "3  CorruptMedia" in plain(mail)
    assert not [part for part in (plain(mail), html(mail)) if "Ada" in part or "L-1" in part]
    running.clear_report(night)
    assert running.end_of(night) == "failed"
    tasks = running.client.tasks(instance.DAG_ID, night)
    assert [task["try_number"] for task in tasks if task["task_id"] == "report"] == [2]
    time.sleep(3)  # the run's own failure callback is another process's
    assert len(running.mailbox.of(night)) == 1
    running.moods.let_go()


def test_a_night_past_its_deadline_gives_one_mail_and_outlives_its_api(running: Running):
    before = running.delivered()
    running.moods.set(held=["Ada31"])
    night = running.trigger(31, deadline=SOON, name="late")
    running.moods.wait_until_held("Ada31")

    mail = running.mailbox.wait_for(night)

    keep(mail, "late")
    assert mail["Subject"].startswith("[PresGen] The night is late: ")
    assert mail["X-PresGen-Alert"] == "deadline_missed"
    running.kill("api-server")
    time.sleep(2)
    running.start("api-server")
    running.wait_until_healthy()
    running.moods.let_go()
    assert running.end_of(night) == "success"
    assert len(running.mailbox.of(night)) == 1
    assert [lesson.status.value for lesson in running.ledger.lessons(night)] == ["published"]
    assert len(running.delivered()) == len(before) + 1


def test_while_its_scheduler_is_dead_a_deadline_passes_and_two_new_ones_tell_it_once(running: Running):
    running.moods.set(held=["Ada41"])
    due = time.monotonic() + 60
    night = running.trigger(41, deadline=1, name="dead")
    running.moods.wait_until_held("Ada41")
    running.kill("scheduler")
    before = running.delivered()
    time.sleep(max(0.0, due + 3 - time.monotonic()))  # the deadline passes, and nobody is there
    assert running.mailbox.of(night) == []

    running.start("scheduler")
    running.start("scheduler", called="second-scheduler")

    mail = running.mailbox.wait_for(night)
    assert mail["X-PresGen-Alert"] == "deadline_missed"
    running.moods.let_go()
    assert running.end_of(night) == "success"
    time.sleep(3)
    assert len(running.mailbox.of(night)) == 1
    [lesson] = running.ledger.lessons(night)
    assert lesson.status.value == "published"
    assert len(running.delivered()) == len(before) + 1
    published = [
        event
        for event in running.ledger.events(night, lesson.lesson_id)
        if event.name == "video_publish" and not event.facts["unchanged"]
    ]
    assert len(published) == 1


def test_a_triggerer_that_dies_before_it_could_tell_is_followed_by_another(running: Running):
    running.mailbox.close()
    running.moods.set(held=["Ada51"])
    night = running.trigger(51, deadline=SOON, name="away")
    running.moods.wait_until_held("Ada51")
    until = time.monotonic() + PATIENCE
    while not running.ledger.alerts.of_run(night):
        assert time.monotonic() < until, "nobody tried to tell"
        time.sleep(0.5)
    running.kill("triggerer")
    running.mailbox.open()

    running.start("triggerer")

    running.mailbox.wait_for(night)
    running.moods.let_go()
    assert running.end_of(night) == "success"
    assert len(running.mailbox.of(night)) == 1


def keep(mail: Any, name: str) -> None:
    """Keep a mail to be looked at, where somebody asks for that."""
    if folder := os.environ.get("PRESGEN_TEST_KEEP"):
        (Path(folder) / f"{name}.html").write_text(html(mail), encoding="utf-8")
        (Path(folder) / f"{name}.txt").write_text(plain(mail), encoding="utf-8")
