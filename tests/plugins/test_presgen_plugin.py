"""Pages about a night: to be seen after logging in, and by nobody else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import Mount

from presgen.ledger import Ledger, SectionOutcome
from presgen.model.learner import Quarantined
from presgen.model.lesson import LessonStatus
from presgen.pipeline import name_of_run
from presgen_airflow.pages import build_app
from presgen_airflow.references import PREFIX
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
        path = PREFIX + route.path.replace("{run_id:path}", RUN).replace("{path:path}", "index.html")
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


@pytest.fixture
def documents(tmp_path: Path, night: Ledger) -> str:
    """The address of the documents of that night, beside files that are nobody's business."""
    folder = tmp_path / "reports" / name_of_run(RUN) / "data-docs"
    (folder / "static").mkdir(parents=True)
    (folder / "index.html").write_text("<p>What was expected</p>")
    (folder / "static" / "page.css").write_text("p {}")
    (folder.parent / "validations").mkdir()
    (folder.parent / "validations" / "records.json").write_text("{}")
    (tmp_path / "pseudonym.key").write_bytes(b"secret")
    (folder / "key.html").symlink_to(tmp_path / "pseudonym.key")
    return f"{PREFIX}/documents/{name_of_run(RUN)}"


def test_the_documents_of_a_night_are_linked_and_shown(operator: TestClient, documents: str):
    page = operator.get(f"{PREFIX}/nights/{RUN}")
    index = operator.get(f"{documents}/index.html")

    assert f'href="{documents}/index.html"' in page.text
    assert (index.status_code, index.text) == (200, "<p>What was expected</p>")
    assert operator.get(f"{documents}/static/page.css").headers["content-type"].startswith("text/css")
    assert "default-src 'none'" in index.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "../validations/records.json",
        "%2e%2e/validations/records.json",
        "..%2fvalidations%2frecords.json",
        "static/../../validations/records.json",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "key.html",
        "static",
        "",
    ],
)
def test_nothing_but_the_documents_is_shown(operator: TestClient, documents: str, path: str):
    answer = operator.get(f"{documents}/{path}")

    assert answer.status_code == 404
    assert "secret" not in answer.text


@pytest.mark.parametrize("run", ["..", "%2e%2e", ".", "Run", "a%2fb"])
def test_no_other_folder_is_taken_for_a_run(operator: TestClient, documents: str, run: str):
    assert operator.get(f"{PREFIX}/documents/{run}/index.html").status_code == 404


def test_a_section_can_be_watched_and_nothing_else_of_it_read(operator: TestClient, night, tmp_path: Path):
    folder = tmp_path / "sections" / ("a" * 64)
    folder.mkdir(parents=True)
    for name in ("clip.mp4", "poster.png", "section.json"):
        (folder / name).write_bytes(b"content")

    assert operator.get(f"{PREFIX}/sections/{'a' * 64}/clip.mp4").content == b"content"
    for path in (f"{'a' * 64}/section.json", f"{'b' * 64}/clip.mp4", f"..%2fsections%2f{'a' * 64}/clip.mp4"):
        assert operator.get(f"{PREFIX}/sections/{path}").status_code == 404


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
