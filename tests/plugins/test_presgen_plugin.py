"""Pages about a night: to be seen after logging in, and by nobody else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import Mount

from presgen import pipeline
from presgen.bulletin import keep_account
from presgen.ledger import Ledger, SectionOutcome
from presgen.night import Night
from presgen.pipeline import name_of_run
from presgen.settings import Settings
from presgen.workspace import Workspace
from presgen_airflow.doors import principal_of
from presgen_airflow.pages import Pages, build_app
from presgen_airflow.references import API, PREFIX
from tests.airflow_home import ROOT

RUN = "manual__2026-11-22T02:00:00.5+00:00"


@pytest.fixture(autouse=True)
def _anew(application: FastAPI) -> None:
    """Let the pages look at each test's own deployment."""
    for route in application.routes:
        if isinstance(route, Mount) and isinstance(route.app, Pages):
            route.app.app = None


def test_the_plugin_is_mounted_in_airflow(application: FastAPI):
    mounted = {route.path: route.app for route in application.routes if isinstance(route, Mount)}

    assert type(mounted[PREFIX]).__name__ == "Pages"


def test_a_stranger_is_refused_on_every_route(stranger: TestClient):
    routes = [route for route in build_app().routes if isinstance(route, APIRoute)]

    assert len(routes) == len(build_app().routes)
    for route in routes:
        path = PREFIX + route.path.replace("{place:path}", RUN).replace("{path:path}", "index.html")
        for method in route.methods:
            assert stranger.request(method, path).status_code == 401, (method, path)


@pytest.mark.parametrize("path", ["/", "/docs", "/redoc", "/openapi.json", "/nights/", "/../api/v2/dags"])
def test_nothing_else_is_open_to_a_stranger(stranger: TestClient, path: str):
    assert stranger.get(PREFIX + path).status_code in (401, 404)


@pytest.mark.parametrize(
    "place",
    ["", "nights", f"nights/{RUN}", "lessons", "lessons/lesson-1", "studio", "sections", "sections/4f"],
)
def test_every_address_shows_the_shell(operator: TestClient, place: str):
    answer = operator.get(f"{PREFIX}/{place}")

    assert answer.status_code == 200
    assert f'<meta name="presgen-api" content="{API}">' in answer.text
    assert f'<meta name="presgen-base" content="{PREFIX}/">' in answer.text


def test_a_page_runs_no_script_but_our_own(operator: TestClient):
    policy = operator.get(f"{PREFIX}/nights").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_a_stranger_with_a_browser_is_shown_the_way_in_and_back(stranger: TestClient):
    answer = stranger.get(f"{PREFIX}/lessons/lesson-1", headers={"Accept": "text/html"})

    assert answer.status_code == 401
    assert 'href="/auth/login/?next=' in answer.text
    assert "presgen%2Flessons%2Flesson-1" in answer.text


@pytest.fixture
def documents(tmp_path: Path, ledger: Ledger) -> str:
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


def test_the_documents_of_a_night_are_shown(operator: TestClient, documents: str):
    index = operator.get(f"{documents}/index.html")

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


def somebody(role: str) -> Any:
    """Return somebody of one of Airflow's roles."""
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    return SimpleAuthManagerUser(username=f"{role}-example", role=role)


def keep_report(ledger: Ledger, folder: Path, run_id: str) -> Path:
    """Keep the report of a run in which nothing was to be done, as its task does; return its page."""
    night = Night(run_id, Settings(), Workspace(folder), ledger)
    ledger.begin_run(run_id, "jsonl:records.jsonl")
    return keep_account(night, pipeline.report(night))


def test_the_report_of_a_night_is_shown_as_it_was_kept_once_there_is_one(
    operator: TestClient, ledger: Ledger, tmp_path: Path
):
    address = f"{PREFIX}/reports/{RUN.replace('+', '%2B')}"

    before = operator.get(address)
    page = keep_report(ledger, tmp_path, RUN)
    after = operator.get(address)

    assert (before.status_code, before.text) == (
        404,
        "This run has no report yet: it is written when the run ends.",
    )
    assert (after.status_code, after.text) == (200, page.read_text())
    assert after.headers["content-type"].startswith("text/html")
    assert RUN in after.text
    for answer in (before, after):
        # Whatever came into a report, no browser runs it, and nothing is loaded for it.
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
        assert answer.headers["Cache-Control"] == "no-store"
    assert "<script" not in after.text


@pytest.mark.parametrize("run", ["..%2f..%2fpseudonym.key", "%2e%2e", "/etc/passwd", "night-1%00", ""])
def test_no_other_file_is_taken_for_a_report(operator: TestClient, documents: str, run: str):
    answer = operator.get(f"{PREFIX}/reports/{run}")

    assert answer.status_code == 404
    assert "secret" not in answer.text


@pytest.mark.parametrize("page", ["documents", "reports"])
def test_what_was_found_on_an_order_is_its_owner_s(
    stranger: TestClient, ledger: Ledger, tmp_path: Path, page: str
):
    run_id = "order__video-" + "1f" * 12
    folder = tmp_path / "reports" / name_of_run(run_id) / "data-docs"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<p>What was expected</p>")
    keep_report(ledger, tmp_path, run_id)
    address = f"documents/{name_of_run(run_id)}/index.html" if page == "documents" else f"reports/{run_id}"

    from airflow.api_fastapi.app import get_auth_manager

    def see() -> dict[str, int]:
        seen = {}
        for role in ("viewer", "user", "admin"):
            stranger.headers["Authorization"] = f"Bearer {get_auth_manager().generate_jwt(somebody(role))}"
            seen[role] = stranger.get(f"{PREFIX}/{address}").status_code
        return seen

    assert see() == {"viewer": 404, "user": 404, "admin": 200}
    mine = principal_of(somebody("user"), Workspace(tmp_path).pseudonym_key("")).id
    ledger.orders.reserve(
        run_id.removeprefix("order__"),
        by=mine,
        key=None,
        body="b" * 64,
        pseudonym="learner-abcdefghijkl",
        lesson_id="lesson-1",
        run_id=run_id,
    )
    assert see() == {"viewer": 404, "user": 200, "admin": 200}


def test_a_section_can_be_watched_and_nothing_else_of_it_read(
    operator: TestClient, ledger: Ledger, tmp_path: Path
):
    ledger.begin_run(RUN)
    for key, kind in (("a", "deep_dive"), ("c", "opening")):
        ledger.note_section(RUN, key * 64, SectionOutcome.RENDERED, slug=kind, kind=kind)
        folder = tmp_path / "sections" / (key * 64)
        folder.mkdir(parents=True)
        for name in ("clip.mp4", "poster.png", "section.json"):
            (folder / name).write_bytes(b"content")

    assert operator.get(f"{PREFIX}/sections/{'a' * 64}/clip.mp4").content == b"content"
    for path in (
        f"{'a' * 64}/section.json",
        f"{'b' * 64}/clip.mp4",
        f"{'c' * 64}/clip.mp4",
        f"..%2fsections%2f{'a' * 64}/clip.mp4",
    ):
        assert operator.get(f"{PREFIX}/sections/{path}").status_code == 404


def test_the_navigation_and_every_run_lead_to_the_pages(operator: TestClient):
    plugins = operator.get("/api/v2/plugins").json()["plugins"]

    [views] = [each["external_views"] for each in plugins if each["name"] == "presgen"]

    assert [(each["name"], each["destination"], each["href"]) for each in views] == [
        ("Lessons", "nav", "presgen/nights"),
        ("Lessons", "dag_run", "presgen/nights/{RUN_ID}"),
        ("Report", "dag_run", "presgen/reports/{RUN_ID}"),
    ]
    for icon in ("icon", "icon_dark_mode"):
        assert operator.get(f"/{views[0][icon]}").headers["content-type"] == "image/svg+xml"


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
