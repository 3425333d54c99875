"""Records that are put into the inbox start a run in a really running Airflow, once."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from presgen_airflow.local import instance
from presgen_airflow.local.client import Client
from tests.factories import make_answer
from tests.local_airflow import airflow_in
from tests.nights import make_learner_record

pytestmark = pytest.mark.slow

PATIENCE = 240.0


@pytest.fixture
def running(tmp_path: Path) -> Iterator[instance.Instance]:
    """A local Airflow with an inbox; whatever happens, it is taken down."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with airflow_in(tmp_path, PRESGEN_INBOX=str(inbox), PRESGEN_INBOX_SETTLE="3") as airflow:
        yield airflow


def test_new_records_start_one_run_and_the_same_ones_none(running: instance.Instance, tmp_path: Path):
    inbox = tmp_path / "inbox"
    record = make_learner_record(answers=(make_answer(), make_answer("q2", is_correct=True)))
    with running.client() as client:
        client._call("PATCH", "/api/v2/dags/inbox", json={"is_paused": False})
        (inbox / "half.jsonl.part").write_text('{"learner')
        (inbox / "one.jsonl").write_text(record.model_dump_json() + "\n")

        [made] = wait(client, instance.DAG_ID, lambda runs: over(runs, 1))
        shutil.copy(inbox / "one.jsonl", inbox / "again.jsonl")
        time.sleep(12)  # four looks
        (inbox / "two.jsonl").write_text(make_learner_record(2).model_dump_json() + "\n")
        wait(client, instance.DAG_ID, lambda runs: over(runs, 2))
        (inbox / "two.jsonl").unlink()
        events = wait(client, "inbox", lambda runs: over(runs, 3))

        assert made["state"] == "success"
        assert made["dag_run_id"].startswith("inbox__")
        # Of the three events, the last told of records that had their run.
        assert len(events) == 3
        assert len(runs_of(client, instance.DAG_ID)) == 2
        assert {path.name for path in inbox.iterdir()} == {"again.jsonl", "half.jsonl.part", "one.jsonl"}


def runs_of(client: Client, dag_id: str) -> list[dict[str, Any]]:
    return list(client._call("GET", f"/api/v2/dags/{dag_id}/dagRuns")["dag_runs"])


def over(runs: list[dict[str, Any]], number: int) -> bool:
    return len(runs) >= number and all(run["state"] in ("success", "failed") for run in runs)


def wait(
    client: Client, dag_id: str, done: Callable[[list[dict[str, Any]]], bool], patience: float = PATIENCE
) -> list[dict[str, Any]]:
    until = time.monotonic() + patience
    while not done(runs := runs_of(client, dag_id)):
        assert time.monotonic() < until, runs
        time.sleep(2)
    return runs
