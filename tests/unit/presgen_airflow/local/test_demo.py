"""The demo says what was made, where it lies, and what was not made why."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from presgen.ledger import Ledger, open_ledger
from presgen.model.base import Seconds
from presgen.model.lesson import LessonStatus
from presgen.model.publication import Publication, PublishedAsset
from presgen.model.references import NightReport
from presgen.settings import Settings
from presgen.workspace import Workspace
from presgen_airflow.local.demo import tell, watch

RUN = "run-1"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "workspace", output=tmp_path / "output")


@pytest.fixture
def ledger(settings: Settings) -> Ledger:
    """A run with a published lesson and one that failed."""
    ledger = open_ledger(settings.ledger)
    ledger.begin_run(RUN, "folder:examples")
    for number in ("1", "2"):
        ledger.enter_lesson(
            RUN,
            f"lesson-{number}",
            pseudonym=f"learner-{number}",
            certification="networking",
            record="r" * 64,
        )
    steps = (
        (LessonStatus.SCRIPT_GENERATED, {"script": "s" * 64}),
        (LessonStatus.AVATAR_RENDERING, {}),
        (
            LessonStatus.AVATAR_VIDEOS_GENERATED,
            {"inputs": "i" * 64, "video": "v" * 64, "editions": "e" * 64, "duration": 61.0},
        ),
        (LessonStatus.QA_PASSED, {}),
    )
    for status, made in steps:
        ledger.advance("lesson-1", status, run_id=RUN, making=made)
    asset = PublishedAsset(
        role="video", asset_id="networking/one.mp4", url="file:///one", sha256="v" * 64, bytes=9
    )
    ledger.note_delivery(
        Publication(
            lesson_id="lesson-1", publisher="folder", assets=(asset,), duration=Seconds(61.0), unchanged=False
        ),
        run_id=RUN,
        editions="e" * 64,
    )
    ledger.advance("lesson-1", LessonStatus.PUBLISHED, run_id=RUN)
    ledger.end("lesson-2", LessonStatus.FAILED, run_id=RUN, cause="BadScript", reason="It is [too] long.")
    return ledger


def told(settings: Settings, **fields: Any) -> str:
    defaults: dict[str, Any] = {
        "run_id": RUN,
        "lessons": {"published": 1, "failed": 1},
        "formats": ("landscape", "portrait"),
        "quarantined": 0,
        "sections_rendered": 4,
        "sections_reused": 2,
        "film": Seconds(61.0),
        "failures": {},
        "passed": False,
    }
    Workspace(settings.workspace).save("reports", RUN, NightReport(**defaults | fields))
    said = io.StringIO()
    tell(settings, RUN, Console(file=said, width=200, soft_wrap=True), took=12.3)
    return said.getvalue()


def test_every_lesson_is_told_with_its_files_or_its_reason(settings: Settings, ledger: Ledger):
    text = told(settings)

    assert "learner-1  published  61 s" in text
    assert f"{settings.output}/networking/" in text
    assert "one.mp4" in text
    assert "It is [too] long." in text
    assert "4 sections rendered, 2 re-used; 61 s of lessons as landscape, portrait" in text


def test_a_run_that_rendered_nothing_says_so(settings: Settings, ledger: Ledger):
    assert "Nothing was rendered: all 6 sections were in the store" in told(
        settings, sections_rendered=0, sections_reused=6
    )


def test_tasks_are_told_once_as_they_end(monkeypatch):
    monkeypatch.setattr("presgen_airflow.local.demo.PAUSE", 0)
    task = {
        "id": "a",
        "task_id": "render_section",
        "map_index": 0,
        "rendered_map_index": "remedy-q7-c",
        "duration": 1.5,
    }
    looks = [
        ("running", [task | {"state": "running", "end_date": None}]),
        ("running", [task | {"state": "success", "end_date": "2026-11-22T02:00:00Z"}]),
        ("failed", [task | {"state": "success", "end_date": "2026-11-22T02:00:00Z"}]),
    ]

    class Client:
        def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
            return {"state": looks[0][0]}

        def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
            return looks.pop(0)[1]

    said = io.StringIO()

    run = watch(Client(), RUN, Console(file=said, width=120))

    assert run["state"] == "failed"
    assert said.getvalue().count("remedy-q7-c") == 1
