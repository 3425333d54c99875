"""``/metrics``: for Prometheus with a token, for who is logged in, and for nobody else."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from presgen import pipeline
from presgen.ledger import Ledger, open_ledger
from presgen.stages import Stage
from presgen_airflow.monitoring import Monitoring
from presgen_airflow.references import MONITORING
from tests.conftest import ROOT
from tests.nights import make_learner_record, make_night, write_records

TOKEN = "a-token-for-the-scraper"
PLACE = f"{MONITORING}/metrics"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of a deployment after a night."""
    folder = tmp_path_factory.mktemp("deployment")
    records = write_records(folder, [make_learner_record(number) for number in (1, 2)])
    pipeline.produce(make_night(folder), records)
    return folder / "workspace"


@pytest.fixture
def kept(workspace: Path, application: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Its ledger, which the page reads; the page is made anew for it."""
    monkeypatch.setenv("PRESGEN_WORKSPACE", str(workspace))
    monkeypatch.setenv("PRESGEN_METRICS_TOKEN", TOKEN)
    for route in application.routes:
        if isinstance(app := getattr(route, "app", None), Monitoring):
            monkeypatch.setattr(app, "app", None)
    return open_ledger(f"sqlite:///{workspace / 'ledger.sqlite'}")


def stages_of(ledger: Ledger) -> Counter[tuple[str, str]]:
    return Counter(
        (event.name, event.facts["outcome"]) for event in ledger.events() if event.name in set(Stage)
    )


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.logs_errors  # Airflow, of a token that is none of its own
@pytest.mark.parametrize("headers", [{}, bearer("another"), bearer(""), {"Authorization": TOKEN}])
def test_a_stranger_sees_no_numbers(kept: Ledger, stranger: TestClient, headers: dict[str, str]):
    answer = stranger.get(PLACE, headers=headers)

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "presgen_" not in answer.text


def test_without_a_token_of_the_deployment_an_empty_one_opens_nothing(
    kept: Ledger, stranger: TestClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PRESGEN_METRICS_TOKEN", "")

    assert stranger.get(PLACE, headers=bearer("")).status_code == 401


def test_who_is_logged_in_sees_them(kept: Ledger, operator: TestClient):
    assert operator.get(PLACE).status_code == 200


def test_a_scrape_after_a_night_has_the_ledgers_counts(kept: Ledger, stranger: TestClient):
    answer = stranger.get(PLACE, headers=bearer(TOKEN))

    assert answer.headers["content-type"].startswith("text/plain")
    told = {
        (sample.labels["stage"], sample.labels["outcome"]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == "presgen_stages_total"
    }
    assert told == stages_of(kept)


def test_a_ledger_that_is_away_is_told(kept: Ledger, stranger: TestClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PRESGEN_LEDGER_URL", "postgresql+psycopg2://127.0.0.1:1/ledger")

    assert stranger.get(PLACE, headers=bearer(TOKEN)).status_code == 503


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("prometheus") is None, reason="needs Debian's package prometheus")
def test_prometheus_itself_scrapes_the_ledgers_counts(kept: Ledger, application: FastAPI, tmp_path: Path):
    counted = stages_of(kept)
    with serving(application) as port, prometheus(tmp_path, port) as ask:
        until = time.monotonic() + 60
        while not (found := ask("presgen_stages_total")):
            assert time.monotonic() < until, (tmp_path / "log").read_text()
            time.sleep(0.5)
        [p95] = ask("histogram_quantile(0.95, presgen_stage_duration_seconds_bucket{stage='avatar_render'})")
        [target] = ask("up")

        for query in queries_of_the_dashboard():
            ask(query, strictly=True)

    assert {
        (each["metric"]["stage"], each["metric"]["outcome"]): int(each["value"][1]) for each in found
    } == counted
    assert float(p95["value"][1]) > 0
    assert target["value"][1] == "1"


def queries_of_the_dashboard() -> list[str]:
    """Return what Grafana would ask, with an interval in place of its variable."""
    panels = json.loads((ROOT / "docs" / "grafana" / "presgen.json").read_text())["panels"]
    return [
        target["expr"].replace("$__rate_interval", "1m")
        for panel in panels
        for target in panel.get("targets", ())
    ]


@contextmanager
def serving(application: FastAPI) -> Iterator[int]:
    """Serve Airflow's web application on a free port of this machine."""
    import uvicorn

    port = free_port()
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + 30
        while not server.started and time.monotonic() < until:
            time.sleep(0.1)
        yield port
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def prometheus(folder: Path, port: int) -> Iterator[Any]:
    """Run a Prometheus that scrapes that port; what comes is a function that answers queries."""
    config = {
        "global": {"scrape_interval": "1s"},
        "scrape_configs": [
            {
                "job_name": "presgen",
                "metrics_path": PLACE,
                "authorization": {"credentials": TOKEN},
                "static_configs": [{"targets": [f"127.0.0.1:{port}"]}],
            }
        ],
    }
    (folder / "prometheus.yml").write_text(json.dumps(config))
    own = free_port()
    command = ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--web.listen-address=127.0.0.1:{own}"], stdout=log, stderr=log, cwd=folder
        )

    def ask(query: str, *, strictly: bool = False) -> list[dict[str, Any]]:
        url = f"http://127.0.0.1:{own}/api/v1/query?" + urllib.parse.urlencode({"query": query})
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        except OSError:
            if strictly:
                raise
            return []
        return found

    try:
        yield ask
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
