"""OpenLineage's events of a night, sent by the provider: ids and digests, and nobody's name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from presgen.ledger import Ledger, open_ledger
from tests.airflow_home import ROOT
from tests.factories import make_answer, make_learner, make_record

pytest.importorskip("airflow.providers.openlineage", reason="needs the provider for OpenLineage, an extra")

pytestmark = pytest.mark.slow

NIGHT = """
import copy, sys
import tests.airflow_home
from tests.dags.conftest import TINY, formats
formats.add(TINY.name, TINY)
from airflow.dag_processing.dagbag import DagBag
from airflow.models.pool import Pool
from airflow.utils.db import initdb
import os
os.environ |= json.loads(sys.argv[2])
initdb()
Pool.create_or_update_pool("presgen_render", slots=2, description="", include_deferred=False)
dag = DagBag(tests.airflow_home.ROOT / "dags").dags["produce_lessons"]
dag.deadline = None  # `dag.test()` cannot store one
ran = dag.test(run_conf={**copy.deepcopy(dag.params.dump()), "source": sys.argv[1]})
print("RUN", ran.run_id, ran.state)
"""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], Ledger, Path, str]:
    """A night in a process of its own: the events, the ledger, the source and the run."""
    folder = tmp_path_factory.mktemp("lineage")
    record = make_record(
        learner=make_learner(id="L-77-canary", name="Zyxwa Canarybird", email="z@canarybird.example"),
        answers=[make_answer(), make_answer("q2", is_correct=True)],
    )
    source = folder / "records.jsonl"
    source.write_text(record.model_dump_json())
    chosen = {
        "PRESGEN_WORKSPACE": str(folder / "workspace"),
        "PRESGEN_OUTPUT": str(folder / "output"),
        "PRESGEN_RENDERER": "card",
        "PRESGEN_FORMATS": "tiny",
        "AIRFLOW__OPENLINEAGE__EXTRACTORS": "presgen_airflow.lineage.LessonExtractor",
        "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(
            {"type": "file", "log_file_path": str(folder / "events.jsonl"), "append": True}
        ),
    }
    ran = subprocess.run(
        [sys.executable, "-c", "import json\n" + NIGHT, f"jsonl:{source}", json.dumps(chosen)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "include"), str(ROOT)])},
        capture_output=True,
        text=True,
        check=True,
    )
    [told] = [line for line in ran.stdout.splitlines() if line.startswith("RUN ")]
    _, run_id, state = told.split()
    assert state == "success"
    events = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    return events, open_ledger(f"sqlite:///{folder}/workspace/ledger.sqlite"), source, run_id


def ended(events: list[dict[str, Any]], task: str) -> dict[str, Any]:
    [event] = [
        event
        for event in events
        if event["job"]["name"] == f"produce_lessons.{task}" and event["eventType"] == "COMPLETE"
    ]
    return event


def test_an_upload_tells_its_lesson_source_and_films(night: Any):
    events, ledger, source, run_id = night
    [lesson] = ledger.lessons(run_id)
    event = ended(events, "lesson.upload")

    [read] = event["inputs"]
    [film] = event["outputs"]
    facet = event["run"]["facets"]["presgen_lesson"]
    assert (read["namespace"], read["name"]) == ("file", str(source))
    [asset] = [each for each in ledger.assets(lesson.lesson_id, "folder") if each.role == "video"]
    assert (film["namespace"], film["name"]) == ("presgen-folder", asset.asset_id)
    assert film["facets"]["presgen_film"]["sha256"] == asset.sha256
    assert facet["lessonId"] == lesson.lesson_id
    assert facet["editionsSha256"] == lesson.editions
    assert facet["scriptSha256"] == lesson.script
    assert facet["sectionsRendered"] + facet["sectionsReused"] == facet["sections"] > 1


def test_loading_tells_the_source(night: Any):
    events, _, source, _ = night

    assert [each["name"] for each in ended(events, "load_learners")["inputs"]] == [str(source)]


def test_no_event_names_anybody(night: Any):
    events, *_ = night
    text = json.dumps(events).lower()

    assert "produce_lessons.lesson.render" in text
    assert "canary" not in text
    assert "zyxwa" not in text
