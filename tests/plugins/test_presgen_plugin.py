"""Pages about a night: to be seen after logging in, and by nobody else."""

from __future__ import annotations

import subprocess
import sys

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import Mount

from presgen.ledger import Ledger, SectionOutcome
from presgen.model.learner import Quarantined
from presgen.model.lesson import LessonStatus
from presgen_airflow.pages import PREFIX, build_app
from tests.airflow_home import ROOT

RUN = "manual__2026-11-22T02:00:00.5+00:00"


@pytest.fixture
def night(ledger: Ledger) -> Ledger:
    """A night with a lesson that failed, a section that was rejected and a record set aside."""
    ledger.begin_run(RUN, "jsonl:records.jsonl")
    ledger.enter_lesson(RUN, "lesson-1", pseudonym="learner-abc", certification="networking", record="r" * 64)
    ledger.end("lesson-1", LessonStatus.FAILED, run_id=RUN, cause="BadScript", reason="<b>too long</b>")
    ledger.note_section(
        RUN,
        "k" * 64,
        SectionOutcome.REJECTED,
        slug="remedy-q7-c",
        kind="remedy",
        cause="QualityRejected",
        reason="loud",
    )
    ledger.set_quarantined(
        RUN,
        [
            Quarantined(
                pseudonym="learner-xyz",
                where="records.jsonl:7",
                field="learner.locale",
                value="7",
                reason="no locale",
            )
        ],
    )
    ledger.end_run(RUN, passed=False)
    return ledger


def test_the_plugin_is_mounted_in_airflow(application: FastAPI):
    mounted = {route.path: route.app for route in application.routes if isinstance(route, Mount)}

    assert type(mounted[PREFIX]).__name__ == "Pages"


def test_a_stranger_is_refused_on_every_route(stranger: TestClient, night: Ledger):
    routes = [route for route in build_app().routes if isinstance(route, APIRoute)]

    assert len(routes) == len(build_app().routes)
    for route in routes:
        path = PREFIX + route.path.replace("{run_id:path}", RUN)
        for method in route.methods:
            assert stranger.request(method, path).status_code == 401, (method, path)


@pytest.mark.parametrize("path", ["/", "/docs", "/redoc", "/openapi.json", "/nights/", "/../api/v2/dags"])
def test_nothing_else_is_open_to_a_stranger(stranger: TestClient, path: str):
    assert stranger.get(PREFIX + path).status_code in (401, 404)


def test_an_operator_sees_what_failed_and_why(operator: TestClient, night: Ledger):
    answer = operator.get(f"{PREFIX}/nights/{RUN}")

    assert answer.status_code == 200
    for told in ("The night failed", "learner-abc", "remedy-q7-c", "loud", "records.jsonl:7", "no locale"):
        assert told in answer.text


def test_what_the_ledger_holds_is_text_and_never_markup(operator: TestClient, night: Ledger):
    answer = operator.get(f"{PREFIX}/nights/{RUN}")

    assert "&lt;b&gt;too long&lt;/b&gt;" in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_run_that_nobody_knows_is_not_found(operator: TestClient, ledger: Ledger):
    assert operator.get(f"{PREFIX}/nights/other").status_code == 404


def test_a_ledger_that_is_away_is_said_to_be(operator: TestClient, monkeypatch):
    monkeypatch.setenv("PRESGEN_LEDGER_CONN_ID", "nowhere")

    answer = operator.get(f"{PREFIX}/nights/{RUN}")

    assert answer.status_code == 503
    assert "'nowhere' is not defined" in answer.text


def test_every_run_has_a_tab(operator: TestClient):
    [plugin] = [
        each for each in operator.get("/api/v2/plugins").json()["plugins"] if each["name"] == "presgen"
    ]

    [tab] = plugin["external_views"]
    assert (tab["destination"], tab["href"]) == ("dag_run", "presgen/nights/{RUN_ID}")


def test_a_worker_that_loads_the_plugin_does_not_load_a_web_framework():
    code = (
        "import sys, runpy; import airflow.plugins_manager; before = set(sys.modules); "
        f"runpy.run_path({str(ROOT / 'plugins' / 'presgen_plugin.py')!r}); "
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = done.stdout.splitlines()[-1]
    assert "presgen_airflow" in loaded
    for heavy in ("fastapi", "starlette", "numpy", "av", "pandas"):
        assert f"'{heavy}'" not in loaded
