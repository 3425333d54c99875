"""From a gap to a script: what will be said and shown, and because of which answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from presgen.model.base import Model, Percent, Seconds


class SectionKind(StrEnum):
    """The kinds of section; those between opening and closing are shared between learners."""

    OPENING = "opening"
    DEEP_DIVE = "deep_dive"
    EXHIBIT = "exhibit"
    REMEDY = "remedy"
    CLOSING = "closing"

    @property
    def shared(self) -> bool:
        """Whether the section holds no learner data and is rendered once for everybody."""
        return self not in (SectionKind.OPENING, SectionKind.CLOSING)


class Framing(StrEnum):
    """How much of the picture the presenter has while a section teaches."""

    FULL = "full"
    BESIDE = "beside"
    """Next to the slide, or above it where the picture is taller than wide."""
    INSET = "inset"
    """A small picture in the slide's corner."""
    ABSENT = "absent"


class Gap(Model):
    """One gap the lesson may close, weighed against the learner's other gaps."""

    skill_id: str
    skill_name: str
    domain: str
    weight: float
    """Higher is taught first: severity corrected by the measured score, and the wrong answers behind it."""
    score: Percent | None
    """Percent right in the gap's domain; None where nothing was measured."""
    question_ids: tuple[str, ...]
    """The wrong answers that caused it."""


class LessonPlan(Model):
    """Which gaps a lesson closes, in which order, and how long it may take."""

    lesson_id: str
    pseudonym: str
    persona: str
    locale: str
    certification: str
    gaps: tuple[Gap, ...]
    """Taught, in this order."""
    remedies: tuple[str, ...]
    """question_ids that get a remedy section, in teaching order."""
    exhibits: tuple[str, ...] = ()
    """Slugs of the exhibits that are shown, in teaching order."""
    left_out: tuple[Gap, ...]
    """Gaps that did not fit the number or the time allowed; named in the report, not taught tonight."""
    unreviewed: tuple[str, ...] = ()
    """question_ids of the wrong answers that get no remedy tonight, in the order of the record."""
    budget: Seconds
    """The longest the lesson may be."""
    opening: Seconds = Seconds(19.0)
    """How long its opening should be at the most."""


class Source(Model):
    """Where a statement comes from."""

    title: str
    page: str = ""


class TitleSlide(Model):
    """The opening: title, score cards and the score by domain."""

    layout: Literal["title"] = "title"
    kicker: str
    title: str
    subtitle: str
    cards: tuple[tuple[str, str], ...] = ()
    """(value, label) pairs, at most three. Step 1 shows them."""
    domains: tuple[tuple[str, Percent], ...] = ()
    """(domain, percent right), best first, at most six. Step 2 shows and grows the bars."""


class BulletSlide(Model):
    """A topic with points that appear as they are spoken of."""

    layout: Literal["bullets"] = "bullets"
    kicker: str
    title: str
    points: tuple[tuple[str, str], ...]
    """(strong start, rest) of each point, at most four; step n shows the first n."""
    source: str = ""
    """A line at the foot: where this comes from."""


class QuestionSlide(Model):
    """A question reviewed: its options, the choice that was wrong, the right one, and why."""

    layout: Literal["question"] = "question"
    kicker: str
    question: str
    options: tuple[str, ...]
    chosen: int | None
    """Index of the wrong choice; None where the choice is not among the options."""
    right: int
    """Index of the right option."""
    why: str
    """Step 1 marks the wrong choice, step 2 the right one, step 3 shows why."""


class ClosingSlide(Model):
    """The end: what was learned and what to do next."""

    layout: Literal["closing"] = "closing"
    kicker: str
    title: str
    recap: tuple[str, ...]
    """At most four; step 1 shows them."""
    next_steps: tuple[str, ...]
    """At most three; step 2 shows them."""


class ChartSlide(Model):
    """Shares or scores as bars."""

    layout: Literal["chart"] = "chart"
    kicker: str
    title: str
    bars: tuple[tuple[str, Percent], ...]
    """(label, percent), at most eight. Step 1 shows and grows the bars."""
    note: str = ""
    """What to see in them. Step 2 shows it."""
    source: str = ""


class DefinitionSlide(Model):
    """A term and what it means."""

    layout: Literal["definition"] = "definition"
    kicker: str
    term: str
    meaning: str
    """Step 1 shows it."""
    example: str = ""
    """Step 2 shows it."""
    source: str = ""


class ComparisonSlide(Model):
    """Things compared, one a column, one aspect a row."""

    layout: Literal["comparison"] = "comparison"
    kicker: str
    title: str
    columns: tuple[str, ...]
    """Two to four."""
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    """(aspect, one cell a column), at most six; step n shows the first n."""
    source: str = ""


class CodeSlide(Model):
    """A listing, with the lines that are spoken of lit up."""

    layout: Literal["code"] = "code"
    kicker: str
    title: str
    language: str
    """As typst names it, e.g. ``python``, ``bash``; empty: plain text."""
    code: str
    """At most 24 lines."""
    notes: tuple[tuple[int, int, str], ...] = ()
    """(first line, last line, what is said of them), counted from 1, at most four; step n lights the nth."""
    source: str = ""


class QuoteSlide(Model):
    """Somebody's own words."""

    layout: Literal["quote"] = "quote"
    kicker: str
    quote: str
    by: str
    """Who or which document says so. Step 1 shows it."""
    source: str = ""


class DiagramSlide(Model):
    """Boxes and arrows."""

    layout: Literal["diagram"] = "diagram"
    kicker: str
    title: str
    nodes: tuple[str, ...]
    """At most eight."""
    edges: tuple[tuple[int, int, str], ...] = ()
    """(from, to, label), indices of nodes; step n shows the first n edges and the nodes they touch."""
    source: str = ""


Slide = Annotated[
    TitleSlide
    | BulletSlide
    | QuestionSlide
    | ClosingSlide
    | ChartSlide
    | DefinitionSlide
    | ComparisonSlide
    | CodeSlide
    | QuoteSlide
    | DiagramSlide,
    Field(discriminator="layout"),
]


class Sentence(Model):
    """One spoken sentence."""

    text: str
    """As captions show it. The voice applies the pronunciation lexicon itself."""
    step: int = 0
    """The step the slide has reached when this sentence starts; never falls within a section."""


class Section(Model):
    """The unit of re-use, retry and evidence: something said while a slide is shown.

    A shared section holds no learner data: two learners with the same gap get equal sections.
    """

    kind: SectionKind
    slug: str
    """Names the section within its course, in [a-z0-9-]: ``remedy-q07-b``."""
    title: str
    """The chapter's title."""
    persona: str
    locale: str
    sentences: tuple[Sentence, ...]
    slide: Slide
    framing: Framing | None = None
    """How the presenter is framed; None: as suits the slide's layout."""
    sources: tuple[Source, ...] = ()
    planned: Seconds
    """How long the writer expects it to take, spoken, pauses included."""

    @property
    def text(self) -> str:
        """The narration as one text, in caption spelling."""
        return " ".join(sentence.text for sentence in self.sentences)


class Cause(Model):
    """Why a section is in this learner's lesson."""

    skill_ids: tuple[str, ...] = ()
    question_ids: tuple[str, ...] = ()


class LessonScript(Model):
    """Everything one learner will hear and see, in order."""

    lesson_id: str
    pseudonym: str
    title: str
    persona: str
    locale: str
    sections: tuple[Section, ...]
    causes: tuple[Cause, ...]
    """One for each section, in the same order."""

    @property
    def planned(self) -> Seconds:
        """How long the writer expects the lesson to take."""
        return Seconds(sum(section.planned for section in self.sections))


class LessonStatus(StrEnum):
    """Where a lesson stands. Moves only along the ledger's allowed edges."""

    PENDING = "pending"
    SCRIPT_GENERATED = "script_generated"
    AVATAR_RENDERING = "avatar_rendering"
    AVATAR_VIDEOS_GENERATED = "avatar_videos_generated"
    QA_PASSED = "qa_passed"
    PUBLISHED = "published"
    QUARANTINED = "quarantined"
    DELIVERY_BLOCKED = "delivery_blocked"
    FAILED = "failed"
    NOT_NEEDED = "not_needed"
