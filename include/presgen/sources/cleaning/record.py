"""A record as it leaves the readers: ids unique, gaps explained, text readable, no placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from presgen.model.learner import AssessmentRecord, Certification, Learner
from presgen.sources.cleaning.analysis import clean_analysis
from presgen.sources.cleaning.answers import clean_answers, without_extras
from presgen.sources.cleaning.fields import Fields, clean_texts, id_under, known, with_id
from presgen.sources.cleaning.outline import clean_outline
from presgen.sources.cleaning.text import unfit_for_a_name, unfit_for_an_id
from presgen.sources.faults import Path, refuse


def clean_record(raw: Mapping[str, Any]) -> Fields:
    """Return the record with everything repaired that can only mean one thing, ready for the model.

    What may mean several things, or nothing, is left for the model to refuse. ``raw`` stays as it is.

    Raises:
        BadRecord: an id or name holds control characters, or two statements contradict each other.
    """
    record = known(raw, AssessmentRecord)
    answers = clean_answers(raw.get("answers"))
    for name, clean in (("learner", _learner), ("certification", _certification)):
        if isinstance(part := record.get(name), dict):
            record[name] = clean(part, (name,))
    if isinstance(part := record.get("gap_analysis"), dict):
        record["gap_analysis"] = clean_analysis(part, answers)
    if "content_outline" in record:
        record["content_outline"] = clean_outline(record["content_outline"])
    if "answers" in record:
        record["answers"] = without_extras(answers)
    return record


def learner_id(raw: Any) -> str | None:
    """Return the id of the raw record's learner, as it will be when clean; None where none can be read."""
    learner = raw.get("learner") if isinstance(raw, dict) else None
    found = id_under(learner, *_LEARNER_IDS) if isinstance(learner, dict) else None
    return found if isinstance(found, str) and found and unfit_for_an_id(found) is None else None


_LEARNER_IDS = ("id", "learner_id")


def _learner(raw: Mapping[str, Any], path: Path) -> Fields:
    learner = known(with_id(raw, path, *_LEARNER_IDS), Learner)
    for name in ("name", "email", "locale", "persona"):
        value = learner.get(name)
        if isinstance(value, str) and (character := unfit_for_a_name(value)):
            refuse((*path, name), value, f"it holds the control character {character}.")
    clean_texts(learner, "name", "locale", "persona", "experience", "email")
    return {name: value for name, value in learner.items() if value != "" or name in ("id", "name")}


def _certification(raw: Mapping[str, Any], path: Path) -> Fields:
    certification = known(with_id(raw, path, "id", "certification_id"), Certification)
    clean_texts(certification, "name")
    return certification
