"""`make up`, a night by the real scheduler and the REST API, `make down`."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from presgen_airflow.local import instance, processes
from presgen_airflow.local.client import Client
from tests.airflow_home import ROOT
from tests.factories import make_answer, make_learner, make_record
from tests.local_airflow import airflow_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("local")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[instance.Instance]:
    """A local Airflow, brought up as `make up` does it; whatever happens, it is taken down."""
    with airflow_in(folder) as airflow:
        yield airflow


@pytest.fixture(scope="module")
def client(running: instance.Instance) -> Iterator[Client]:
    with running.client() as client:
        yield client


def wait_for(client: Client, run_id: str) -> dict[str, Any]:
    until = time.monotonic() + 300
    while (run := client.run(instance.DAG_ID, run_id))["state"] not in ("success", "failed"):
        assert time.monotonic() < until, run
        time.sleep(1)
    return run


def night(client: Client, **conf: Any) -> tuple[str, dict[str, dict[str, Any]]]:
    run_id = client.trigger(instance.DAG_ID, conf)
    state = wait_for(client, run_id)["state"]
    return state, {task["task_id"]: task for task in client.tasks(instance.DAG_ID, run_id)}


def test_all_components_are_up_and_the_dag_is_ready(running: instance.Instance, client: Client):
    assert set(processes.running(running.home.logs)) == set(instance.COMMANDS)
    assert all(client.health().values())
    assert client.dag(instance.DAG_ID)["is_paused"] is False
    assert client.import_errors() == ()


def test_a_stranger_sees_nothing(running: instance.Instance):
    for path in (f"/api/v2/dags/{instance.DAG_ID}", "/presgen/nights/any"):
        assert httpx.get(running.address.url + path, trust_env=False).status_code == 401


def test_a_second_up_changes_nothing(running: instance.Instance):
    before = processes.running(running.home.logs)

    again = instance.bring_up(running.home, schedule=False)

    assert again.fresh == ()
    assert again.address == running.address
    assert processes.running(running.home.logs) == before


def test_a_permanent_error_is_not_tried_again_by_the_scheduler(client: Client):
    state, tasks = night(client, formats=["cinema"])

    assert (tasks["load_learners"]["state"], tasks["load_learners"]["try_number"]) == ("failed", 1)
    assert state == "failed"


def test_a_night_makes_a_lesson_and_clearing_it_changes_nothing(client: Client, folder: Path):
    record = make_record(
        learner=make_learner(id="L-77", name="Ada Example"),
        answers=[make_answer(), make_answer("q2", is_correct=True)],
    )
    (folder / "records.jsonl").write_text(record.model_dump_json())

    state, tasks = night(client, source=f"jsonl:{folder / 'records.jsonl'}")

    assert state == "success"
    assert {task["state"] for task in tasks.values()} == {"success"}
    assert tasks["lesson.upload"]["rendered_map_index"].startswith("learner-")
    delivered = {path: path.stat().st_mtime_ns for path in (folder / "output").rglob("*") if path.is_file()}
    assert any(path.suffix == ".mp4" for path in delivered)
    run_id = tasks["report"]["dag_run_id"]

    client.clear(instance.DAG_ID, run_id)

    assert wait_for(client, run_id)["state"] == "success"
    assert {path: path.stat().st_mtime_ns for path in delivered} == delivered
    logs = "".join(path.read_text() for path in (folder / "home" / "logs").rglob("*.log"))
    assert "Ada" not in logs
    assert "L-77" not in logs


def test_down_leaves_nothing_behind(running: instance.Instance):
    family = [
        member for one in processes._written_down(running.home.logs) for member in processes._family(one)
    ]
    assert len(family) > len(instance.COMMANDS)

    stopped = instance.take_down(running.home)

    assert set(stopped) == set(instance.COMMANDS)
    assert not [member for member in family if processes._alive(member)]
    assert instance.find(running.home) is None


def test_the_commands_say_when_nothing_runs(tmp_path: Path):
    environment = {
        "PRESGEN_LOCAL_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT / "include"),
        "PATH": "/usr/bin:/bin",
    }

    def local(command: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "presgen_airflow.local", command]
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)

    status, down = local("status"), local("down")

    assert status.returncode == 1
    assert status.stdout.count("does not run") == len(instance.COMMANDS)
    assert (down.returncode, down.stdout.strip()) == (0, "Nothing was running.")
