"""The trigger form, filled in as an operator does, in a really running Airflow."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from presgen.model.references import NightReport
from presgen.pipeline import name_of_run
from presgen.workspace import Workspace
from presgen_airflow.local import instance
from tests.factories import make_answer
from tests.local_airflow import airflow_in, log_in
from tests.nights import make_learner_record, write_records

pytestmark = pytest.mark.slow

PATIENCE = 60_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("form")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[instance.Instance]:
    """A local Airflow without a night; whatever happens, it is taken down."""
    with airflow_in(folder) as airflow:
        yield airflow


@pytest.fixture
def ui(browser: Browser, running: instance.Instance) -> Iterator[Page]:
    """Airflow's own UI, logged in with its form."""
    context = browser.new_context(viewport={"width": 1280, "height": 1500}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    log_in(page, running)
    yield page
    if kept := os.environ.get("PRESGEN_TEST_PICTURES"):
        page.screenshot(path=f"{kept}/trigger-form-end.png")
    context.close()


def test_a_dry_run_of_one_learner_is_started_by_the_form(ui: Page, running: instance.Instance, folder: Path):
    answers = (make_answer(), make_answer("q2", is_correct=True))
    source = write_records(folder, [make_learner_record(number, answers=answers) for number in (1, 2)])
    ui.goto(f"{running.address.url}/dags/{instance.DAG_ID}")
    ui.get_by_role("button", name=re.compile("^Trigger")).first.click()
    form = ui.get_by_role("dialog")

    form.get_by_role("button", name="Whose lessons").click()
    form.locator("[name=element_source]").fill(source)
    form.locator("[name=element_learners]").fill("L-1")
    form.get_by_role("button", name="This run").click()
    form.locator("[name=element_deadline]").fill("90")
    form.locator("label:has([name=element_dry_run])").click()
    if kept := os.environ.get("PRESGEN_TEST_PICTURES"):
        form.screenshot(path=f"{kept}/trigger-form.png")
    form.get_by_role("button", name="Trigger", exact=True).click()
    expect(form).to_be_hidden()

    with running.client() as client:
        until = time.monotonic() + 240
        while True:
            runs = client._call("GET", f"/api/v2/dags/{instance.DAG_ID}/dagRuns")["dag_runs"]
            if runs and runs[0]["state"] in ("success", "failed"):
                break
            assert time.monotonic() < until, runs
            time.sleep(2)
    [run] = runs
    assert run["state"] == "success"
    assert (run["conf"]["learners"], run["conf"]["deadline"], run["conf"]["dry_run"]) == (["L-1"], 90, True)
    workspace = Workspace(folder / "workspace")
    report = workspace.load("reports", name_of_run(run["dag_run_id"]), NightReport)
    assert report.rehearsal is not None
    assert report.rehearsal.lessons == 1
    assert not (folder / "output").exists()
