"""Whole nights in seconds: small learners, the card renderer, and pictures the size of a stamp."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from presgen import pipeline
from presgen.media.formats import Format, formats
from presgen.model.learner import AssessmentRecord
from presgen.settings import Settings
from tests.factories import make_learner, make_record

STAMP = "stamp"

if STAMP not in formats.names():
    formats.add(STAMP, Format(name=STAMP, width=128, height=72, preset="ultrafast", crf=40))


def make_settings(folder: Path, **fields: Any) -> Settings:
    """Make the settings of a small deployment under ``folder``."""
    defaults: dict[str, Any] = {
        "workspace": folder / "workspace",
        "output": folder / "output",
        "renderer": "card",
        "format": STAMP,
        "workers": 1,
        "pseudonym_key": "k" * 32,
        "budget": 90.0,
    }
    return Settings(**defaults | fields)


def make_night(folder: Path, run_id: str = "run-1", **fields: Any) -> pipeline.Night:
    """Open a night of that deployment."""
    return pipeline.open_night(make_settings(folder, **fields), run_id)


def make_learner_record(number: int = 1, **fields: Any) -> AssessmentRecord:
    """Make the record of the learner with that number; all learners have the same gap."""
    learner = make_learner(id=f"L-{number}", name=f"Ada{number} Example", email=f"ada{number}@example.org")
    return make_record(learner=learner, **fields)


def write_records(folder: Path, records: Iterable[AssessmentRecord]) -> str:
    """Write the records as a source and return its address."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "records.jsonl"
    path.write_text("".join(record.model_dump_json() + "\n" for record in records), encoding="utf-8")
    return f"jsonl:{path}"
