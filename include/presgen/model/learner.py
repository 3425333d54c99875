"""The assessment record that comes in: who the learner is, what went wrong, and what there is to teach."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from presgen.model.base import Model, Percent

Identifier = Annotated[str, Field(min_length=1, max_length=200)]
Line = Annotated[str, Field(max_length=1_000)]
Paragraph = Annotated[str, Field(max_length=4_096)]
Caption = Annotated[str, Field(min_length=1, max_length=80)]
"""A heading, a cell, a box: what is read at a glance."""
Remark = Annotated[str, Field(max_length=300)]
"""What is said about a part of an exhibit; empty: the part speaks for itself."""


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


class Definition(Model):
    """A term and what it means."""

    kind: Literal["definition"] = "definition"
    term: Caption
    meaning: Annotated[str, Field(min_length=1, max_length=300)]
    example: Remark = ""


class ComparedRow(Model):
    """One aspect in which things are compared."""

    aspect: Caption
    cells: Annotated[tuple[Caption, ...], Field(min_length=2, max_length=4)]
    """One for each column."""
    note: Remark = ""
    """Said when the row appears; empty: the cells are read."""


class Comparison(Model):
    """Things compared: one a column, one aspect a row."""

    kind: Literal["comparison"] = "comparison"
    title: Caption
    columns: Annotated[tuple[Caption, ...], Field(min_length=2, max_length=4)]
    rows: Annotated[tuple[ComparedRow, ...], Field(min_length=1, max_length=6)]

    @model_validator(mode="after")
    def _has_a_cell_for_each_column(self) -> Comparison:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError("every row needs one cell for each column")
        return self


class CodeNote(Model):
    """What is to be said of some lines of a listing."""

    first: Annotated[int, Field(ge=1)]
    last: Annotated[int, Field(ge=1)]
    """Lines, counted from 1."""
    note: Annotated[str, Field(min_length=1, max_length=300)]


class Listing(Model):
    """Code or the output of a command. It is explained, never read aloud."""

    kind: Literal["code"] = "code"
    title: Caption
    language: Annotated[str, Field(max_length=20, pattern=r"^[a-z0-9+#-]*$")] = ""
    """``python``, ``bash``; empty: plain text."""
    code: Annotated[str, Field(min_length=1, max_length=2_400)]
    """At most 24 lines of at most 100 characters."""
    notes: Annotated[tuple[CodeNote, ...], Field(min_length=1, max_length=4)]
    """In the order they are spoken."""

    @model_validator(mode="after")
    def _is_a_page_at_most(self) -> Listing:
        lines = self.code.split("\n")
        if len(lines) > 24 or any(len(line) > 100 for line in lines):
            raise ValueError("a listing has at most 24 lines of at most 100 characters")
        if any(not note.first <= note.last <= len(lines) for note in self.notes):
            raise ValueError("a note belongs to lines that are there, the first one first")
        return self


class Quotation(Model):
    """Somebody's own words."""

    kind: Literal["quote"] = "quote"
    quote: Annotated[str, Field(min_length=1, max_length=280)]
    """Without quotation marks around it."""
    by: Caption
    """Who or which document says so."""
    note: Remark = ""
    """What it means, said after it."""


class Arrow(Model):
    """One step of a diagram."""

    start: Caption
    end: Caption
    """Names of boxes."""
    label: Annotated[str, Field(max_length=60)] = ""
    note: Remark = ""
    """Said when the arrow appears; empty: its ends and its label are read."""


class Diagram(Model):
    """Boxes and arrows."""

    kind: Literal["diagram"] = "diagram"
    title: Caption
    nodes: Annotated[tuple[Caption, ...], Field(min_length=2, max_length=8)]
    edges: Annotated[tuple[Arrow, ...], Field(min_length=1, max_length=8)]
    """In the order they are spoken of."""

    @model_validator(mode="after")
    def _holds_together(self) -> Diagram:
        if len(set(self.nodes)) != len(self.nodes):
            raise ValueError("every node needs a name of its own")
        if any(end not in self.nodes for edge in self.edges for end in (edge.start, edge.end)):
            raise ValueError("an edge joins two of the nodes, by their names")
        if any(not edge.label and not edge.note for edge in self.edges):
            raise ValueError("an edge needs a label or a note")
        return self


class Bar(Model):
    """One bar of a chart."""

    label: Caption
    percent: Annotated[Percent, Field(ge=0, le=100)]


class Chart(Model):
    """Shares as bars."""

    kind: Literal["chart"] = "chart"
    title: Caption
    bars: Annotated[tuple[Bar, ...], Field(min_length=2, max_length=8)]
    note: Remark = ""
    """What to see in them."""


EXHIBITS = (Definition, Comparison, Listing, Quotation, Diagram, Chart)

Exhibit = Annotated[
    Definition | Comparison | Listing | Quotation | Diagram | Chart, Field(discriminator="kind")
]
"""Something to look at while it is explained."""


class ContentItem(Model):
    """One thing the course says about a skill, with its source."""

    topic: Line
    source: Line = ""
    page_ref: Line = ""
    summary: Paragraph = ""
    """May be empty where there is an exhibit."""
    exhibit: Exhibit | None = None


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
