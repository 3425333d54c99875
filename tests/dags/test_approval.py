"""Nights in which a person has a say, answered through Airflow's own API as its UI does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import Any
from unittest.mock import patch

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.definitions import dag as airflow_dag

from presgen.ledger import SectionOutcome
from presgen.model.lesson import LessonStatus
from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen_airflow.asking import PATIENCE, AskingOperator
from presgen_airflow.gate import FINDINGS
from tests import faulty
from tests.dags.conftest import Ran
from tests.dags.test_produce_lessons import ada, bo

pytestmark = pytest.mark.slow

Night = Callable[..., Ran]
Asked = list[dict[str, Any]]


@contextmanager
def somebody(answers: Callable[[dict[str, Any]], str]) -> Iterator[Asked]:
    """Answer whatever is asked meanwhile; yield what was."""
    from airflow.api_fastapi.app import create_app
    from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager
    from fastapi.testclient import TestClient

    asked: Asked = []
    over = Event()
    # `dag.test()` notes a task's state once more when the task has come back: an answer that is faster than
    # that, which no person's is, would be overwritten, and the run would wait for ever.
    busy, run_task = Lock(), airflow_dag._run_task

    def run_undisturbed(**task: Any) -> Any:
        with busy:
            return run_task(**task)

    client = TestClient(create_app(apps="core"), base_url="http://127.0.0.1:8080")

    def answer() -> None:
        login = {"username": "admin", "password": SimpleAuthManager.get_passwords()["admin"]}
        token = client.post("/auth/token", json=login).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        runs = "/api/v2/dags/produce_lessons/dagRuns"
        while not over.wait(0.5):
            waiting = client.get(f"{runs}/~/hitlDetails", params={"response_received": False}).json()
            for each in waiting["hitl_details"]:
                task = each["task_instance"]
                if task["state"] != "awaiting_input":
                    continue
                place = f"{task['dag_run_id']}/taskInstances/{task['task_id']}/{task['map_index']}"
                choice = {"chosen_options": [answers(each)], "params_input": {}}
                with busy:
                    answered = client.patch(f"{runs}/{place}/hitlDetails", json=choice)
                assert answered.status_code == 200, answered.text
                asked.append(each)

    with client, patch.object(airflow_dag, "_run_task", run_undisturbed):
        thread = Thread(target=answer)
        thread.start()
        try:
            yield asked
        finally:
            over.set()
            thread.join()


@pytest.fixture
def doubtful() -> Iterator[None]:
    """A check that warns of every film."""

    def warns(evidence: Any) -> Iterator[Finding]:
        yield Finding(check="somebody-has-doubts", severity=Severity.WARN, message="It might be better.")

    warns.__module__ = "presgen.quality.checks.film_is_heard"
    checks.add("somebody-has-doubts", warns)
    yield
    del checks._members["somebody-has-doubts"]


def test_tasks_that_may_ask_are_ordinary_tasks_that_wait_no_longer_than_a_day(dags: DagBag):
    dag = dags.dags["produce_lessons"]

    asking = {task.task_id for task in dag.tasks if issubclass(task.operator_class, AskingOperator)}

    assert asking == {"render_section", "lesson.qa"}
    assert PATIENCE.total_seconds() < 24 * 3600


def test_nobody_is_asked_unless_that_is_wanted(night: Night, doubtful: None):
    ran = night(ada())

    assert ran.state == "success"
    assert not [event for event in ran.ledger.events(ran.run_id) if event.name == "approval"]


def test_a_new_section_waits_for_one_word_and_then_serves_everybody(night: Night):
    with somebody(lambda _: "Approve") as asked:
        ran = night(ada(), bo(), approval="new_sections")
        again = night(ada(), bo(), approval="new_sections", force=True)

    assert ran.state == again.state == "success"
    assert [each["task_instance"]["task_id"] for each in asked] == ["render_section"] * 2
    assert any(each["subject"].startswith("New section: deep-dive-") for each in asked)
    assert all("/presgen/sections/" in each["body"] for each in asked)
    shared = [each for each in ran.ledger.sections(ran.run_id) if each.kind in ("deep_dive", "remedy")]
    assert [ran.ledger.approval(each.key).by for each in shared] == ["admin"] * 2
    assert ran.report.lessons == {"published": 2}


@pytest.mark.logs_errors
def test_a_section_that_is_refused_is_kept_from_everybody_for_good(night: Night):
    with somebody(lambda each: "Refuse" if "deep-dive" in each["subject"] else "Approve") as asked:
        ran = night(ada(), bo(), approval="new_sections")
    later = night(ada(), bo())

    assert len(asked) == 2
    assert sorted(ran.states("render_section")) == ["failed", "success"]
    for each in (ran, later):
        assert each.report.lessons == {"quarantined": 2}
    [refused] = [each for each in ran.ledger.sections(ran.run_id) if each.outcome is SectionOutcome.REJECTED]
    assert "refused by somebody" in refused.reason
    assert ran.workspace.sections.get(refused.key) is None
    assert not list(ran.output.rglob("*.mp4"))


@pytest.mark.logs_errors
def test_a_lesson_with_warnings_waits_for_a_word_of_its_own(night: Night, doubtful: None):
    answers = iter(["Approve", "Refuse"])
    with somebody(lambda _: next(answers)) as asked:
        ran = night(ada(), bo(), approval="warnings")

    assert [each["task_instance"]["task_id"] for each in asked] == ["lesson.qa"] * 2
    assert all("It might be better" in each["body"] for each in asked)
    assert sorted(ran.report.lessons.items()) == [("published", 1), ("quarantined", 1)]
    assert sorted(ran.states("lesson.upload")) == ["success", "upstream_failed"]
    [bad] = [each for each in ran.ledger.lessons() if each.status is LessonStatus.QUARANTINED]
    assert "refused by somebody" in bad.reason


def test_findings_are_a_table_in_the_log_and_a_summary_in_the_xcom(night: Night, doubtful: None, capfd):
    ran = night(ada())

    assert "| warn     | somebody-has-doubts" in "".join(capfd.readouterr())
    [summary] = _xcoms_of(ran, FINDINGS)
    assert summary == {"counts": {"warn": 1}, "checks": ["somebody-has-doubts"]}


def _xcoms_of(ran: Ran, key: str) -> list[Any]:
    from airflow.models.xcom import XComModel
    from airflow.settings import Session
    from sqlalchemy import select

    query = select(XComModel.value).where(XComModel.run_id == ran.run_id, XComModel.key == key)
    with Session() as session:
        found = list(session.scalars(query))
    return [json.loads(value) if isinstance(value, str) else value for value in found]


@pytest.mark.logs_errors
def test_a_section_that_nothing_mends_is_told_in_its_log_and_made_again_alone(
    night: Night, monkeypatch, capfd
):
    monkeypatch.setenv("PRESGEN_RENDERER", faulty.FAULTY)
    with faulty.faulty_renderer(faulty.black, 3, "deep-dive"):
        ran = night(ada())
        told = "".join(capfd.readouterr())
        again = night(ada())

    assert sorted(ran.states("render_section")) == ["failed", "success"]
    assert "| reject   | film-is-seen |" in told
    assert [each["counts"] for each in _xcoms_of(ran, FINDINGS)] == [{"reject": 1}]
    assert ran.report.lessons == {"quarantined": 1}
    assert again.report.lessons == {"published": 1}
    [rejected] = [each for each in ran.ledger.sections(ran.run_id) if each.outcome == "rejected"]
    history = [each.outcome.value for each in ran.ledger.attempts(rejected.key)]
    assert history == ["rejected", "rendered"]
