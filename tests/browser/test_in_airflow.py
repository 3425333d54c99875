"""The pages inside a really running Airflow: log in, open Lessons, look, click, order, make again."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from presgen_airflow.local import instance
from presgen_airflow.local.client import Client
from tests.browser.test_pages import FILM, OBJECTIVES, until
from tests.factories import make_answer
from tests.local_airflow import airflow_in, log_in
from tests.nights import make_learner_record, write_records

pytestmark = pytest.mark.slow

PATIENCE = 120_000
"""Milliseconds: Airflow starts each task in a process of its own."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[instance.Instance]:
    """A local Airflow with one night of one lesson; whatever happens, it is taken down."""
    folder = tmp_path_factory.mktemp("airflow")
    with airflow_in(folder) as airflow:
        make_night(airflow, folder)
        yield airflow


def make_night(airflow: instance.Instance, folder: Path) -> None:
    record = make_learner_record(answers=(make_answer(), make_answer("q2", is_correct=True)))
    source = write_records(folder, [record])
    with airflow.client() as client:
        run_id = client.trigger(instance.DAG_ID, {"source": source})
        assert wait_for(client, run_id) == "success"


def wait_for(client: Client, run_id: str) -> str:
    until = time.monotonic() + 300
    while (state := client.run(instance.DAG_ID, run_id)["state"]) not in ("success", "failed"):
        assert time.monotonic() < until, state
        time.sleep(1)
    return str(state)


@pytest.fixture(scope="module")
def ui(browser: Browser, running: instance.Instance) -> Iterator[Page]:
    """Airflow's own UI, logged in with its form."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    log_in(page, running)
    yield page
    context.close()


@pytest.fixture
def lessons(ui: Page, running: instance.Instance) -> FrameLocator:
    """Our pages, opened by Airflow's navigation."""
    ui.goto(running.address.url)
    ui.get_by_role("link", name="Lessons").first.click()
    return ui.frame_locator("iframe[title=Lessons]")


def test_a_lesson_is_opened_played_and_traced(ui: Page, lessons: FrameLocator):
    lessons.locator("a.night").first.click()
    lessons.locator(".poster").first.click()
    expect(lessons.locator(".screen video")).to_be_visible()
    # Airflow's own address bar says where we are, so that it can be shared.
    assert re.search(r"/plugin/presgen/presgen/lessons/lesson-[0-9a-f]+", ui.url)
    film = lessons.locator(".screen video")

    lessons.get_by_role("button", name="Captions", exact=True).click()
    lessons.get_by_role("button", name="Play the film").click()
    until(ui, "document.querySelector('iframe').contentWindow." + FILM + ".currentTime > 1.5")
    until(
        ui, "document.querySelector('iframe').contentWindow." + FILM + ".textTracks[0].activeCues.length > 0"
    )
    lessons.get_by_role("button", name="Pause").click()

    lessons.get_by_role("button", name="By answer").click()
    lessons.locator(".answer").first.click()
    shown = re.search(r"[?&]t=([\d.]+)", ui.frames[-1].url)
    assert shown is not None
    assert film.evaluate("video => video.currentTime") == pytest.approx(float(shown[1]), abs=0.2)

    # Airflow's own entry leads back to where one began.
    ui.get_by_role("link", name="Lessons").first.click()
    expect(lessons.locator("a.night").first).to_be_visible()


def test_a_section_is_made_again(running: instance.Instance, ui: Page, lessons: FrameLocator):
    lessons.locator("a.night").first.click()
    lessons.locator(".poster").first.click()
    lessons.locator(".why-head").nth(1).click()
    lessons.locator(".why-part[aria-current] .why-acts button").click()

    with ui.expect_response(re.compile(r"/sections/[0-9a-f]{64}/retry$")) as answered:
        lessons.get_by_role("dialog").get_by_role("button", name="Make again").click()

    assert answered.value.ok, answered.value.text()
    with running.client() as client:
        [run] = [each["dag_run_id"] for each in runs_of(client) if each["run_type"] == "manual"][:1]
        assert wait_for(client, run) == "success"
    ui.reload()
    expect(lessons.locator(".lesson .head .chip").first).to_have_text("Published")


def test_a_lesson_from_the_studio_shows_live_progress(ui: Page, lessons: FrameLocator):
    lessons.get_by_role("link", name="Studio").click()
    lessons.get_by_label("What it is about").fill(OBJECTIVES)
    lessons.get_by_label("Learner id").fill("L-77")
    lessons.get_by_label("Name, as spoken").fill("Ada")
    lessons.get_by_role("button", name="Make the video").click()

    seen = set()
    until = time.monotonic() + 300
    while not lessons.locator(".screen video").count():
        assert time.monotonic() < until, seen
        bar = lessons.locator(".making [role=progressbar]")
        if bar.count():
            seen.add(bar.first.get_attribute("aria-valuenow"))
        time.sleep(0.5)

    assert len(seen) > 1
    expect(lessons.locator(".lesson .head .chip").first).to_have_text(re.compile("Published|Checked|Filmed"))


def runs_of(client: Client) -> list[dict[str, str]]:
    return client._call("GET", f"/api/v2/dags/{instance.DAG_ID}/dagRuns")["dag_runs"]
