"""Orders through Airflow's own application: its log-in, its API, its database."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.routing import Mount

from presgen.api.views import VideoRequest
from presgen.client import Client, Conflict, NotAllowed, NotFound
from presgen.ledger import Ledger, OrderState
from presgen.model.lesson import LessonStatus
from presgen.orders import run_of
from presgen_airflow.api import Api
from presgen_airflow.references import API
from tests.airflow_home import ROOT
from tests.nights import make_learner_record

RUNS = "/api/v2/dags/produce_lessons/dagRuns"


@pytest.fixture(scope="session")
def known(application: FastAPI) -> None:
    """Make the DAG known to Airflow, as its DAG processor does."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(DagBag(ROOT / "dags"), "dags-folder", None)


@pytest.fixture
def client(application: FastAPI, known: None, operator: TestClient, ledger: Ledger) -> Callable[..., Client]:
    """Return our client of the API in Airflow, logged in as its operator."""
    api = Api()

    async def hosted(scope: Any, receive: Any, send: Any) -> None:
        await api({**scope, "app": application}, receive, send)

    transport = httpx.ASGITransport(Starlette(routes=[Mount(API, hosted)]), raise_app_exceptions=False)

    def log_in(token: str = operator.headers["Authorization"].removeprefix("Bearer ")) -> Client:
        return Client("http://airflow", token=token, transport=transport)

    return log_in


def order(client: Callable[..., Client], times: int = 1, key: str | None = None, **fields: Any) -> list[Any]:
    async def ask() -> list[Any]:
        async with client() as somebody:
            wanted = VideoRequest(record=make_learner_record(), **fields)
            return await asyncio.gather(*(somebody.create_video(wanted, key=key) for _ in range(times)))

    return asyncio.run(ask())


def do(client: Callable[..., Client], action: str, *names: Any, **more: Any) -> Any:
    async def once() -> Any:
        async with client() as somebody:
            return await getattr(somebody, action)(*names, **more)

    return asyncio.run(once())


def runs_of(operator: TestClient, video_id: str) -> list[dict[str, Any]]:
    found = operator.get(RUNS, params={"limit": 100, "run_id_pattern": run_of(video_id)}).json()
    return [run for run in found["dag_runs"] if run["dag_run_id"] == run_of(video_id)]


def test_an_order_starts_a_run_in_the_name_of_whoever_sent_it(client, operator: TestClient, ledger: Ledger):
    [taken] = order(client, formats=("square",), seconds=90)

    [run] = runs_of(operator, taken.video_id)
    assert (run["state"], run["triggering_user_name"]) == ("queued", "admin")
    assert run["conf"]["source"] == f"order:{taken.video_id}"
    assert (run["conf"]["formats"], run["conf"]["budget"]) == (["square"], 90.0)
    assert "Ada" not in str(run)
    assert ledger.orders.order(taken.video_id).state is OrderState.STARTED


def test_twenty_orders_at_once_with_one_key_make_one_run(client, operator: TestClient):
    before = operator.get(RUNS).json()["total_entries"]

    taken = order(client, times=20, key="twenty-at-once")

    assert len(set(taken)) == 1
    assert operator.get(RUNS).json()["total_entries"] == before + 1
    assert len(runs_of(operator, taken[0].video_id)) == 1


@pytest.mark.logs_errors  # Airflow's own, for a run that is there already
def test_an_order_whose_answer_was_lost_is_found_again(client, operator: TestClient, ledger: Ledger):
    [taken] = order(client, key="lost")
    ledger.orders.move(taken.video_id, OrderState.RESERVED)

    [again] = order(client, key="lost")

    assert again == taken
    assert len(runs_of(operator, taken.video_id)) == 1


def test_an_order_is_cancelled_and_made_again(client, operator: TestClient, ledger: Ledger):
    [taken] = order(client)

    do(client, "cancel", taken.video_id)
    [stopped] = runs_of(operator, taken.video_id)
    do(client, "retry", taken.video_id)
    [again] = runs_of(operator, taken.video_id)

    assert (stopped["state"], again["state"]) == ("failed", "queued")
    with pytest.raises(Conflict, match="being made"):
        do(client, "retry", taken.video_id)


@pytest.mark.logs_errors  # Airflow's own
def test_a_token_that_is_none_is_nobody_s(client):
    async def ask() -> Any:
        async with client("not.a.token") as nobody:
            return await nobody.create_video(VideoRequest(record=make_learner_record()))

    with pytest.raises(NotAllowed) as refused:
        asyncio.run(ask())
    assert refused.value.problem.status == 401


def test_a_lesson_that_its_run_has_not_come_to_stays_as_it_is(client, operator: TestClient, ledger: Ledger):
    run_id = f"manual__{secrets.token_hex(8)}"  # other tests of this worker start runs in the same Airflow
    started = operator.post(RUNS, json={"dag_run_id": run_id, "logical_date": None, "conf": {}})
    assert started.status_code == 200, started.text
    ledger.begin_run(run_id)
    entered = {"pseudonym": "learner-abcdefghijkl", "certification": "c", "record": "r"}
    ledger.enter_lesson(run_id, "lesson-0123456789abcdef", **entered)

    with pytest.raises(NotFound, match="lesson in this run"):
        do(client, "cancel", "lesson-0123456789abcdef")

    assert ledger.lesson("lesson-0123456789abcdef").status is LessonStatus.PENDING
