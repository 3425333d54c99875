"""The assessment record that comes in: who the learner is, what went wrong, and what there is to teach."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from presgen.model.base import Model, Percent

Identifier = Annotated[str, Field(min_length=1, max_length=200)]
Line = Annotated[str, Field(max_length=1_000)]
Paragraph = Annotated[str, Field(max_length=4_096)]


class Learner(Model):
    """The person the lesson is for.

    Personal data: stays in the record, never in ids, paths, logs or XComs.
    """

    id: Identifier
    name: Annotated[str, Field(min_length=1, max_length=200)]
    locale: str = "en-US"
    persona: str | None = None
    """The persona the learner prefers; None means the run's."""
    experience: Line | None = None
    email: Line | None = None


class SkillGap(Model):
    """One skill the learner has not mastered, as the gap analysis reports it."""

    skill_id: Identifier
    skill_name: Line
    exam_domain: Line
    exam_subsection: Line | None = None
    severity: Annotated[float, Field(ge=0, le=10)]
    """0 harmless … 10 nothing known. Not trusted alone: it may contradict the score."""
    confidence_delta: float | None = None
    """Self-assessed minus measured confidence; positive means over-confident. None: not measured."""
    question_ids: tuple[Identifier, ...] = ()
    """The wrong answers behind the gap. Filled from the answers where the export left them out."""


class GapAnalysis(Model):
    """The result of one assessment."""

    workflow_id: Identifier
    overall_score: Annotated[Percent, Field(ge=0, le=100)]
    total_questions: Annotated[int, Field(ge=0)]
    correct_answers: Annotated[int, Field(ge=0)]
    incorrect_answers: Annotated[int, Field(ge=0)]
    skill_gaps: tuple[SkillGap, ...] = ()
    performance_by_domain: dict[str, Annotated[Percent, Field(ge=0, le=100)]] = Field(default_factory=dict)
    """Domain to percent right. A reader computes it from the answers where the export left it out."""
    text_summary: Paragraph = ""
    generated_at: datetime | None = None


class Answer(Model):
    """One question with the learner's choice and the right one."""

    question_id: Identifier
    question_text: Paragraph
    options: tuple[Line, ...] = ()
    user_answer: Line
    correct_answer: Line
    explanation: Paragraph = ""
    domain: Line = ""
    is_correct: bool


class ContentItem(Model):
    """One thing the course says about a skill, with its source."""

    topic: Line
    source: Line = ""
    page_ref: Line = ""
    summary: Paragraph = ""


class SkillOutline(Model):
    """What the course has to teach about one skill."""

    skill_id: Identifier
    skill_name: Line
    exam_domain: Line
    exam_guide_section: Line = ""
    content_items: tuple[ContentItem, ...] = ()
    rag_retrieval_score: Annotated[float, Field(ge=0, le=1)] | None = None
    """How sure the retrieval was; None: written by hand."""


class Certification(Model):
    """The course or exam the learner prepares for."""

    id: Identifier
    name: Line


class AssessmentRecord(Model):
    """One learner's night: the learner, the gap analysis, the answers and the content to teach from.

    As it leaves a reader, it is clean: ids unique, question_ids of gaps filled, domains scored, text
    decoded, placeholder content gone. After that nobody checks again.
    """

    learner: Learner
    gap_analysis: GapAnalysis
    answers: tuple[Answer, ...] = ()
    content_outline: tuple[SkillOutline, ...] = ()
    certification: Certification

    @property
    def wrong_answers(self) -> tuple[Answer, ...]:
        """The answers that were wrong, in the order of the record."""
        return tuple(answer for answer in self.answers if not answer.is_correct)


class Quarantined(Model):
    """A record that was set aside, and why. Carries no learner data but the pseudonym."""

    pseudonym: str | None
    """None where not even an id could be read."""
    where: str
    """The source's own address of the record: ``records.jsonl:17``."""
    field: str
    value: str
    """A short form of the value, or its type and length where it may hold personal data."""
    reason: str
