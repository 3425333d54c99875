"""Which part of the course's content belongs to which gap."""

from __future__ import annotations

from presgen.model.learner import AssessmentRecord, SkillOutline


def outline_of(skill_id: str, skill_name: str, record: AssessmentRecord) -> SkillOutline | None:
    """Return the content outline of a skill, by id or else by name; None where the course has none."""
    for outline in record.content_outline:
        if outline.skill_id == skill_id:
            return outline
    for outline in record.content_outline:
        if same(outline.skill_name, skill_name):
            return outline
    return None


def same(one: str, other: str) -> bool:
    """Tell whether two names of a domain or skill differ in nothing but case and spaces."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
