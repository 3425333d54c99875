"""Records as an assessment system exports them: plain JSON, to be spoilt by tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from presgen.sources import LoadedRecords, load_records
from tests.factories import make_answer, make_learner, make_record

KEY = b"a key of the tests, 32 bytes....."


def make_export(learner_id: str = "L-1", **analysis: Any) -> dict[str, Any]:
    """Make a faultless export of one learner with four answers, two of them wrong, in two domains."""
    answers = [
        make_answer("q1"),
        make_answer("q2", is_correct=True),
        make_answer("q3", is_correct=True),
        make_answer("q4", domain="DNS and DHCP", question_text="Which port does DNS use?"),
    ]
    record = make_record(learner=make_learner(id=learner_id), answers=answers, **analysis)
    export: dict[str, Any] = json.loads(record.model_dump_json())
    return export


def without_nulls(value: Any) -> Any:
    """Leave out what is null, at every level, as an export does that leaves out what it has not."""
    if isinstance(value, dict):
        return {name: without_nulls(member) for name, member in value.items() if member is not None}
    return [without_nulls(member) for member in value] if isinstance(value, list) else value


def write_lines(path: Path, *exports: dict[str, Any] | str | bytes) -> str:
    """Write the exports as JSON lines, text and bytes as they are, and return the source."""
    lines = [export if isinstance(export, bytes) else _line(export).encode() for export in exports]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return f"jsonl:{path}"


def load(tmp_path: Path, *exports: dict[str, Any] | str | bytes, **arguments: Any) -> LoadedRecords:
    """Load the exports from a file of JSON lines."""
    return load_records(write_lines(tmp_path / "records.jsonl", *exports), key=KEY, **arguments)


def _line(export: dict[str, Any] | str) -> str:
    return export if isinstance(export, str) else json.dumps(export)
