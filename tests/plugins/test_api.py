"""The API inside Airflow: behind its log-in, with its roles, and closed to strangers altogether."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Mount

from presgen.ledger import Ledger
from presgen.model.base import Seconds
from presgen.model.references import NightReport
from presgen.pipeline import name_of_run
from presgen.workspace import Workspace
from presgen_airflow.api import Api, build_api
from presgen_airflow.references import API, PREFIX

RUN = "manual__2026-11-22T02:00:00.5+00:00"

As = Callable[[str], TestClient]


@pytest.fixture
def api(application: FastAPI, ledger: Ledger) -> Ledger:
    """The API with the ledger of this test: a night with one lesson."""
    [mounted] = [
        route.app for route in application.routes if isinstance(route, Mount) and isinstance(route.app, Api)
    ]
    assert isinstance(mounted, Api)
    mounted.app = None
    ledger.begin_run(RUN, "jsonl:/srv/records.jsonl")
    ledger.enter_lesson(RUN, "lesson-1", pseudonym="learner-abc", certification="networking", record="r" * 64)
    return ledger


@pytest.fixture
def somebody(stranger: TestClient, api: Ledger) -> As:
    """Logs in somebody of one of Airflow's roles."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    def log_in(role: str) -> TestClient:
        user = SimpleAuthManagerUser(username=f"{role}-example", role=role)
        token = get_auth_manager().generate_jwt(user)
        stranger.headers["Authorization"] = f"Bearer {token}"
        return stranger

    return log_in


def test_a_stranger_is_refused_on_every_route(stranger: TestClient, api: Ledger):
    paths = build_api().openapi()["paths"]

    assert {"/videos/{video_id}/status", "/create-video", "/nights/{run_id}"} <= set(paths)
    for path, operations in {**paths, "/openapi.json": {"get": {}}, "/nothing": {"get": {}}}.items():
        address = API + re.sub(r"{[^}]*}", "x", path)
        for method in operations:
            answer = stranger.request(method.upper(), address)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), address


@pytest.mark.logs_errors
@pytest.mark.parametrize("token", ["nonsense", "a.b.c"])
def test_a_token_of_nobody_s_is_refused(stranger: TestClient, api: Ledger, token: str):
    answer = stranger.get(f"{API}/me", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("role", "may_order", "may_operate"),
    [("VIEWER", False, False), ("USER", True, False), ("OP", True, True), ("ADMIN", True, True)],
)
def test_airflow_s_roles_are_ours(somebody: As, role: str, may_order: bool, may_operate: bool):
    told = somebody(role).get(f"{API}/me").json()

    assert (told["may_order"], told["may_operate"]) == (may_order, may_operate)
    assert role.lower() not in told["user"]


def test_the_same_person_is_the_same_and_another_is_another(somebody: As):
    first, again = (somebody("USER").get(f"{API}/me").json()["user"] for _ in range(2))
    other = somebody("OP").get(f"{API}/me").json()["user"]

    assert first == again != other


def test_a_viewer_sees_the_night_and_its_lesson(somebody: As):
    client = somebody("VIEWER")

    assert client.get(f"{API}/nights").json()["items"][0]["run_id"] == RUN
    assert client.get(f"{API}/nights/{RUN.replace('+', '%2B')}").status_code == 200
    assert client.get(f"{API}/videos/lesson-1/status").json()["status"] == "pending"
    assert "/srv" not in client.get(f"{API}/nights").text


def test_a_night_leads_to_what_great_expectations_found(somebody: As, api: Ledger, tmp_path: Path):
    report = NightReport(
        run_id=RUN,
        lessons={},
        quarantined=0,
        sections_rendered=0,
        sections_reused=0,
        film=Seconds(0),
        failures={},
        passed=True,
        audit_head="a" * 64,
        data_docs=f"reports/{name_of_run(RUN)}/data-docs/index.html",
    )
    Workspace(tmp_path).save("reports", name_of_run(RUN), report)

    told = somebody("VIEWER").get(f"{API}/nights/{RUN.replace('+', '%2B')}").json()

    assert told["documents"] == f"{PREFIX}/documents/{name_of_run(RUN)}/index.html"
    assert told["audit_head"] == "a" * 64


def test_a_page_that_follows_a_video_is_told_no_more_when_its_log_in_ends(
    application: FastAPI, api: Ledger, monkeypatch: pytest.MonkeyPatch
):
    """Airflow remembers with a request whom a cookie has named, and a stream is one long request."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from jwt import ExpiredSignatureError

    manager = get_auth_manager()
    token = manager.generate_jwt(SimpleAuthManagerUser(username="viewer-example", role="VIEWER"))

    async def expired(_: str) -> None:
        raise ExpiredSignatureError

    async def follow() -> httpx.Response:
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8080", cookies={"_token": token}
        ) as page:
            following = asyncio.create_task(page.get(f"{API}/videos/lesson-1/events"))
            await asyncio.sleep(1.5)
            assert not following.done()
            monkeypatch.setattr(manager, "get_user_from_token", expired)
            return await asyncio.wait_for(following, 30)

    answer = asyncio.run(follow())

    assert (answer.status_code, answer.text.count("event: status")) == (200, 1)


def test_the_description_is_there_for_whoever_has_logged_in(somebody: As):
    document = somebody("VIEWER").get(f"{API}/openapi.json")

    assert document.status_code == 200
    assert document.json()["info"]["title"] == "PresGen"
