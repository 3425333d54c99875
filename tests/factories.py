"""Things right in every way, so that a test changes only what it is about.

Every maker takes the fields of its model by name and fills in the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from presgen.model.base import Seconds
from presgen.model.learner import (
    Answer,
    AssessmentRecord,
    Certification,
    ContentItem,
    GapAnalysis,
    Learner,
    SkillGap,
    SkillOutline,
)
from presgen.model.lesson import BulletSlide, Section, SectionKind, Sentence, Source


def make_learner(**fields: Any) -> Learner:
    """Make a learner without preferences."""
    return Learner(**{"id": "L-1", "name": "Ada Example", "email": "ada@example.org"} | fields)


def make_answer(question_id: str = "q1", **fields: Any) -> Answer:
    """Make a wrong answer about ports; ``is_correct=True`` makes it right."""
    right = fields.get("is_correct", False)
    defaults: dict[str, Any] = {
        "question_id": question_id,
        "question_text": "Which port does HTTPS use by default?",
        "options": ("Port 22", "Port 53", "Port 80", "Port 443"),
        "user_answer": "Port 443" if right else "Port 80",
        "correct_answer": "Port 443",
        "explanation": "HTTPS waits on port 443, and plain HTTP on port 80.",
        "domain": "TCP, UDP and ports",
        "is_correct": right,
    }
    return Answer(**defaults | fields)


def make_gap(skill_id: str = "ports", **fields: Any) -> SkillGap:
    """Make a gap in the domain that `make_answer` asks about, caused by question ``q1``."""
    defaults: dict[str, Any] = {
        "skill_id": skill_id,
        "skill_name": "Well-known ports",
        "exam_domain": "TCP, UDP and ports",
        "severity": 6.0,
        "confidence_delta": 0.2,
        "question_ids": ("q1",),
    }
    return SkillGap(**defaults | fields)


def make_outline(skill_id: str = "ports", **fields: Any) -> SkillOutline:
    """Make what the course has to teach about the skill of `make_gap`."""
    defaults: dict[str, Any] = {
        "skill_id": skill_id,
        "skill_name": "Well-known ports",
        "exam_domain": "TCP, UDP and ports",
        "exam_guide_section": "3.2 Ports",
        "content_items": (
            ContentItem(
                topic="What a port is for",
                source="RFC 6335",
                page_ref="Section 6",
                summary="A port number says which program gets the data. A web server listens on port 443.",
            ),
            ContentItem(
                topic="Ports to know by heart",
                source="Networking Essentials Handbook",
                page_ref="Chapter 3, page 52",
                summary="SSH has port 22, and DNS has port 53. Plain HTTP has port 80.",
            ),
        ),
    }
    return SkillOutline(**defaults | fields)


def make_record(
    *,
    learner: Learner | None = None,
    answers: Iterable[Answer] | None = None,
    gaps: Iterable[SkillGap] | None = None,
    outline: Iterable[SkillOutline] | None = None,
    certification: Certification | None = None,
    **analysis: Any,
) -> AssessmentRecord:
    """Make a clean record: two answers, one of them wrong, one gap and its outline.

    Counts, score and performance by domain follow from the answers; ``analysis`` overrides the fields of the
    gap analysis.
    """
    given = (make_answer("q1"), make_answer("q2", is_correct=True)) if answers is None else tuple(answers)
    found = (make_gap(),) if gaps is None else tuple(gaps)
    right = sum(answer.is_correct for answer in given)
    defaults: dict[str, Any] = {
        "workflow_id": "assessment-1",
        "overall_score": _percent(given),
        "total_questions": len(given),
        "correct_answers": right,
        "incorrect_answers": len(given) - right,
        "skill_gaps": found,
        "performance_by_domain": {
            domain: _percent([answer for answer in given if answer.domain == domain])
            for domain in dict.fromkeys(answer.domain for answer in given)
        },
        "text_summary": "Most points were lost on port numbers.",
    }
    if outline is None:
        outline = [
            make_outline(gap.skill_id, skill_name=gap.skill_name, exam_domain=gap.exam_domain)
            for gap in found
        ]
    return AssessmentRecord(
        learner=learner or make_learner(),
        gap_analysis=GapAnalysis(**defaults | analysis),
        answers=given,
        content_outline=tuple(outline),
        certification=certification
        or Certification(id="networking-essentials", name="Networking Essentials"),
    )


def make_section(kind: SectionKind = SectionKind.DEEP_DIVE, **fields: Any) -> Section:
    """Make a section of two sentences and one point on its slide."""
    defaults: dict[str, Any] = {
        "kind": kind,
        "slug": f"{kind.replace('_', '-')}-ports",
        "title": "Well-known ports",
        "persona": "mentor",
        "locale": "en-US",
        "sentences": (
            Sentence(text="A port number says which program gets the data.", step=0),
            Sentence(text="A web server listens on port 443.", step=1),
        ),
        "slide": BulletSlide(
            kicker="TCP, UDP and ports",
            title="Well-known ports",
            points=(("HTTPS", "has port 443"),),
            source="RFC 6335, Section 6",
        ),
        "sources": (Source(title="RFC 6335", page="Section 6"),),
        "planned": Seconds(6.0),
    }
    return Section(**defaults | fields)


def _percent(answers: Iterable[Answer]) -> float:
    marks = [answer.is_correct for answer in answers]
    return round(100 * sum(marks) / len(marks), 1) if marks else 0.0
