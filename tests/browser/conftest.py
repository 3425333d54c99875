"""A browser, and a small deployment with one night to look at: the API and the pages, without an Airflow."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from starlette.applications import Starlette
from starlette.routing import Mount

from presgen import pipeline
from presgen.api.application import create_api
from presgen.api.pages import add_pages
from presgen.client.calls import PREFIX as API
from tests.desks import NotedRuns, TestDesk, make_desk
from tests.factories import make_answer
from tests.nights import make_learner_record, write_records

PAGES = "/presgen"
NIGHT = "scheduled__2026-11-22T02:00:00+00:00"
PATIENCE = 60_000
"""Milliseconds, for what takes a tenth of that."""


class MakingRuns(NotedRuns):
    """A scheduler that makes what is ordered, in a thread of this process."""

    def __init__(self) -> None:
        super().__init__()
        self.settings: Any = None
        self.threads: list[threading.Thread] = []

    async def start(self, request: Request, run_id: str, conf: Any) -> None:
        """Note the run, and make it."""
        fresh = run_id not in self.states
        await super().start(request, run_id, conf)
        if fresh:
            self.states[run_id] = "running"
            self.threads.append(threading.Thread(target=self._make, args=(run_id, conf)))
            self.threads[-1].start()

    def _make(self, run_id: str, conf: Any) -> None:
        night = pipeline.open_night(self.settings, run_id)
        report = pipeline.produce(night, conf["source"], persona=conf["persona"])
        self.states[run_id] = "success" if report.passed else "failed"


@dataclass(frozen=True)
class Deployment:
    """Where it is, and what is behind it."""

    url: str
    desk: TestDesk
    runs: MakingRuns

    def page(self, *steps: str) -> str:
        """Return the address of a page."""
        return "/".join([self.url + PAGES, *steps])


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A night of two lessons that share their parts, one of them with a part of its own."""
    folder = tmp_path_factory.mktemp("deployment")
    runs = MakingRuns()
    desk = make_desk(folder)
    desk.runs = runs
    runs.settings = desk.settings
    records = [
        make_learner_record(1, answers=(make_answer(), make_answer("q2", is_correct=True))),
        make_learner_record(2, answers=(make_answer(), make_answer("q2"))),
    ]
    pipeline.produce(pipeline.open_night(desk.settings, NIGHT), write_records(folder, records))
    try:
        with served(desk) as url:
            yield Deployment(url, desk, runs)
    finally:
        for each in runs.threads:
            each.join(60)


@contextmanager
def served(desk: TestDesk) -> Iterator[str]:
    """Serve API and pages of a deployment on a free port; yield the address."""
    pages = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_pages(pages, API)
    app = Starlette(routes=[Mount(API, create_api(desk)), Mount(PAGES, pages)])
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; its tests are skipped where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("needs Debian's package chromium: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        # Without a sandbox of its own: containers run tests as root.
        found = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        yield found
        found.close()


@pytest.fixture
def context(browser: Browser, deployment: Deployment) -> Iterator[BrowserContext]:
    """Somebody who has logged in."""
    found = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    found.set_default_timeout(PATIENCE)
    found.add_cookies([{"name": "_token", "value": "operator", "url": deployment.url}])
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that says nothing on the console that anybody should worry about."""
    found = context.new_page()
    troubles: list[str] = []
    found.on("console", lambda told: troubles.append(told.text) if told.type == "error" else None)
    found.on("pageerror", lambda error: troubles.append(str(error)))
    yield found
    assert troubles == []


@pytest.fixture
def lesson(deployment: Deployment) -> str:
    """The id of the lesson with two wrong answers."""
    entries = deployment.desk.ledger.lessons(NIGHT)
    return max(entries, key=lambda entry: (entry.duration, entry.lesson_id)).lesson_id
