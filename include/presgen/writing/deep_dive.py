"""The shared section that teaches one gap's topic from the course's content outline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from presgen.errors import BadScript
from presgen.model.learner import ContentItem, SkillOutline
from presgen.model.lesson import BulletSlide, Section, SectionKind, Source
from presgen.personas import Persona
from presgen.writing.composing import compose, first_that_fits, label, slug_of
from presgen.writing.phrasebook import Phrasebook, always, number_of
from presgen.writing.plain_text import is_placeholder, plain_text, shorten, speakable_sentences
from presgen.writing.wording import called, inside

MOST_POINTS = 4
"""A slide holds four points, and a listener not many more."""

LONGEST_CREDIT = 96
"""Characters of the line that names the sources."""

MOST_SENTENCES = 4
"""Spoken about one point."""


@dataclass(frozen=True, slots=True)
class Point:
    """One content item, ready to be taught."""

    topic: str
    sentences: tuple[str, ...]
    source: Source


def deep_dive(outline: SkillOutline, persona: Persona) -> Section:
    """Return the section that teaches ``outline``: the same for every learner with this content and persona.

    Content that is too long loses sentences from the ends of its items first, then whole items.

    Raises:
        BadScript: the outline holds nothing that can be taught.
    """
    points = _points(outline)[:MOST_POINTS]
    if not points:
        raise BadScript(
            f"Skill {outline.skill_id} has no content to teach; one item with a summary would have been fine."
        )
    return first_that_fits(_drafts(outline, points, persona))


def _drafts(
    outline: SkillOutline, points: Sequence[Point], persona: Persona
) -> Iterator[Section | BadScript]:
    for points_told in range(len(points), 0, -1):
        for sentences_told in range(MOST_SENTENCES, 0, -1):
            told = [
                Point(point.topic, point.sentences[:sentences_told], point.source)
                for point in points[:points_told]
            ]
            try:
                yield _section(outline, told, persona)
            except BadScript as fault:
                yield fault


def _section(outline: SkillOutline, points: Sequence[Point], persona: Persona) -> Section:
    everything = " ".join(text for point in points for text in (point.topic, *point.sentences))
    skill = inside(outline.skill_name, everything)
    told = [(inside(point.topic, " ".join(point.sentences)), point.sentences) for point in points]
    number = number_of(_numbered(outline))
    beats = Phrasebook(persona).beats("deep_dive", always(number), {"skill": skill, "points": told})
    sources = tuple(dict.fromkeys(point.source for point in points if point.source.title))
    return compose(
        SectionKind.DEEP_DIVE,
        slug_of("deep-dive", outline.skill_id),
        persona,
        beats,
        title=label(outline.skill_name, 60),
        data=[skill, *(topic for topic, _ in told), *(s for point in points for s in point.sentences)],
        slide=BulletSlide(
            kicker=label(outline.exam_domain, 48),
            title=label(outline.skill_name, 64),
            points=tuple((label(point.topic, 40), _condensed(point)) for point in points),
            source=_credit(sources),
        ),
        sources=sources,
    )


def _points(outline: SkillOutline) -> list[Point]:
    points: list[Point] = []
    said: set[str] = set()
    for item in outline.content_items:
        point = _point(item)
        if point and (sentences := tuple(s for s in dict.fromkeys(point.sentences) if s not in said)):
            said.update(sentences)
            points.append(Point(point.topic, sentences, point.source))
    return points


def _point(item: ContentItem) -> Point | None:
    """Return what ``item`` teaches; None for placeholders and items that say nothing."""
    topic = called(item.topic)
    sentences = speakable_sentences(item.summary)
    if not topic or is_placeholder(topic) or is_placeholder(plain_text(item.summary)) or not sentences:
        return None
    if not any(len(sentence.split()) >= 3 for sentence in sentences):
        return None
    title = "" if is_placeholder(item.source) else label(item.source, 80)
    page = "" if is_placeholder(item.page_ref) else label(item.page_ref, 60)
    return Point(topic, sentences, Source(title=title, page=page))


def _condensed(point: Point) -> str:
    """Return the first sentence that fits beside the topic whole, or the start of the first."""
    for sentence in point.sentences:
        if len(sentence) <= 78:
            return sentence
    return shorten(point.sentences[0], 78)


def _credit(sources: Sequence[Source]) -> str:
    """Return the line at the slide's foot; the pages are named as long as there is room for all of them."""
    if not sources:
        return ""
    titles = list(dict.fromkeys(source.title for source in sources))
    pages = [f"{source.title}, {source.page}".rstrip(", ") for source in sources]
    for cited in (pages, titles):
        credit = f"{'Source' if len(cited) == 1 else 'Sources'}: {' · '.join(cited)}"
        if len(credit) <= LONGEST_CREDIT:
            break
    return shorten(credit, LONGEST_CREDIT)


def _numbered(outline: SkillOutline) -> str:
    """Return what numbers the skill within its course: its id, or else its place in the exam guide."""
    if any(character.isdigit() for character in outline.skill_id):
        return outline.skill_id
    place = outline.exam_guide_section.split(" ", 1)[0]
    return place if any(character.isdigit() for character in place) else outline.skill_id
