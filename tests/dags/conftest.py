"""Whole nights through `dag.test()`: the real DAG, a small format, the renderer ``card``."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.airflow_home import ROOT  # first: it chooses AIRFLOW_HOME

from airflow.dag_processing.dagbag import DagBag  # isort: skip
from airflow.sdk import DAG  # isort: skip

from presgen.ledger import Ledger, open_ledger
from presgen.media.formats import Format, formats
from presgen.model.learner import AssessmentRecord
from presgen.model.references import NightReport
from presgen.pipeline import name_of_run
from presgen.workspace import Workspace

TINY = Format(name="tiny", width=320, height=180)


@dataclass(frozen=True)
class Task:
    """What became of one task instance."""

    state: str
    tries: int
    label: str | None


@dataclass(frozen=True)
class Ran:
    """A night that was run."""

    run_id: str
    state: str
    tasks: Mapping[tuple[str, int], Task]
    xcoms: str
    """All XComs of the run, as the database holds them."""
    ledger: Ledger
    workspace: Workspace
    output: Path

    def states(self, task_id: str) -> list[str]:
        """States of a task's instances, by map index."""
        return [task.state for (name, _), task in sorted(self.tasks.items()) if name == task_id]

    def labels(self, task_id: str) -> set[str | None]:
        """What the UI calls a task's instances."""
        return {task.label for (name, _), task in self.tasks.items() if name == task_id}

    @property
    def report(self) -> NightReport:
        """The night's own report."""
        return self.workspace.load("reports", name_of_run(self.run_id), NightReport)


@pytest.fixture(scope="session")
def database() -> None:
    """Airflow's database and the pool; made once, for it takes seconds."""
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb

    initdb()
    Pool.create_or_update_pool("presgen_render", slots=2, description="", include_deferred=False)


@pytest.fixture(scope="session")
def dags() -> DagBag:
    """Everything in the DAG folder."""
    return DagBag(ROOT / "dags")


@pytest.fixture(scope="session")
def defaults(dags: DagBag) -> dict[str, Any]:
    """What the form offers before anybody has chosen.

    A run in this process writes its choices into the DAG's own parameters; so each run is given all of them.
    """
    return copy.deepcopy(dags.dags["produce_lessons"].params.dump())


@pytest.fixture
def dag(dags: DagBag, monkeypatch: pytest.MonkeyPatch) -> DAG:
    """The DAG, with retries that do not wait."""
    dag = dags.dags["produce_lessons"]
    for task in dag.tasks:
        monkeypatch.setattr(task, "retry_delay", task.retry_delay * 0)
        monkeypatch.setattr(task, "retry_exponential_backoff", 0)
    # Airflow's own `dag.test()` has no deadlines to look up where no DAG processor has written them down, and
    # fails when a run with one has ended well. Deadlines are tests/dags/test_alerts.py's business.
    monkeypatch.setattr(dag, "deadline", None)
    return dag


@pytest.fixture(scope="session", autouse=True)
def tiny_format() -> Iterator[None]:
    """A format that renders in no time."""
    formats.add(TINY.name, TINY)
    yield
    del formats._members[TINY.name]


@pytest.fixture
def night(
    dag: DAG,
    defaults: dict[str, Any],
    database: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Ran]:
    """Run a night over records, in a workspace that lasts for the test."""
    monkeypatch.setenv("PRESGEN_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("PRESGEN_OUTPUT", str(tmp_path / "output"))
    monkeypatch.setenv("PRESGEN_RENDERER", "card")
    monkeypatch.setenv("PRESGEN_FORMATS", TINY.name)

    def run(*records: AssessmentRecord, at: Any = None, **conf: Any) -> Ran:
        if "source" not in conf:
            path = tmp_path / "records.jsonl"
            path.write_text("".join(record.model_dump_json() + "\n" for record in records))
            conf["source"] = f"jsonl:{path}"
        moment = {} if at is None else {"logical_date": at, "run_after": at}
        ran = dag.test(run_conf={**defaults, **conf}, **moment)
        ledger = open_ledger(f"sqlite:///{tmp_path / 'workspace' / 'ledger.sqlite'}")
        return Ran(
            run_id=ran.run_id,
            state=str(ran.state),
            tasks=_tasks(ran.run_id),
            xcoms=_xcoms(ran.run_id),
            ledger=ledger,
            workspace=Workspace(tmp_path / "workspace"),
            output=tmp_path / "output",
        )

    return run


def _tasks(run_id: str) -> dict[tuple[str, int], Task]:
    from airflow.models.taskinstance import TaskInstance
    from airflow.settings import Session
    from sqlalchemy import select

    with Session() as session:
        found = session.scalars(select(TaskInstance).where(TaskInstance.run_id == run_id))
        return {
            (ti.task_id, ti.map_index): Task(str(ti.state), ti.try_number, ti.rendered_map_index)
            for ti in found
        }


def _xcoms(run_id: str) -> str:
    from airflow.models.xcom import XComModel
    from airflow.settings import Session
    from sqlalchemy import select

    with Session() as session:
        return "\n".join(
            str(value) for value in session.scalars(select(XComModel.value).where(XComModel.run_id == run_id))
        )
