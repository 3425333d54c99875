"""The shared section that teaches one gap's topic from the course's content outline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from presgen.errors import BadScript
from presgen.model.learner import ContentItem, SkillOutline
from presgen.model.lesson import BulletSlide, DefinitionSlide, Section, SectionKind, Source
from presgen.personas import Persona
from presgen.writing.composing import compose, first_that_fits, label, slug_of
from presgen.writing.languages import Language, language_of
from presgen.writing.phrasebook import Phrasebook, always, number_of
from presgen.writing.plain_text import (
    as_much_as_fits,
    is_placeholder,
    plain_text,
    shorten,
    speakable_sentences,
)
from presgen.writing.sources import credit, source_of
from presgen.writing.wording import called, inside

MOST_POINTS = 4
"""A slide holds four points, and a listener not many more."""

MOST_SENTENCES = 4
"""Spoken about one point."""

LONGEST_MEANING = 220
"""Characters of what a single point means, on the slide."""


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
    points = _points(outline, language_of(persona.locale))[:MOST_POINTS]
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
    language = language_of(persona.locale)
    everything = " ".join(text for point in points for text in (point.topic, *point.sentences))
    skill = inside(outline.skill_name, language, everything)
    told = [(inside(point.topic, language, " ".join(point.sentences)), point.sentences) for point in points]
    number = number_of(numbered(outline))
    beats = Phrasebook(persona).beats("deep_dive", always(number), {"skill": skill, "points": told})
    sources = tuple(dict.fromkeys(point.source for point in points if point.source.title))
    return compose(
        SectionKind.DEEP_DIVE,
        slug_of("deep-dive", outline.skill_id),
        persona,
        beats,
        title=label(outline.skill_name, 60, language),
        data=[skill, *(topic for topic, _ in told), *(s for point in points for s in point.sentences)],
        slide=_slide(outline, points, credit(sources, language), language),
        sources=sources,
    )


def _slide(
    outline: SkillOutline, points: Sequence[Point], source: str, language: Language
) -> BulletSlide | DefinitionSlide:
    """Return what is shown: a list of points, or a single one with what it means."""
    kicker = label(outline.exam_domain, 48, language)
    if len(points) == 1:
        [point] = points
        meaning = as_much_as_fits(point.sentences, LONGEST_MEANING)
        return DefinitionSlide(
            kicker=kicker, term=label(point.topic, 64, language), meaning=meaning, source=source
        )
    return BulletSlide(
        kicker=kicker,
        title=label(outline.skill_name, 64, language),
        points=tuple((label(point.topic, 40, language), _condensed(point)) for point in points),
        source=source,
    )


def _points(outline: SkillOutline, language: Language) -> list[Point]:
    points: list[Point] = []
    said: set[str] = set()
    for item in outline.content_items:
        point = _point(item, language)
        if point and (sentences := tuple(s for s in dict.fromkeys(point.sentences) if s not in said)):
            said.update(sentences)
            points.append(Point(point.topic, sentences, point.source))
    return points


def _point(item: ContentItem, language: Language) -> Point | None:
    """Return what ``item`` teaches; None for placeholders and items that say nothing."""
    topic = called(item.topic, language)
    sentences = speakable_sentences(item.summary, language)
    placeholder = any(is_placeholder(text, language) for text in (topic, plain_text(item.summary, language)))
    if not topic or placeholder or not sentences:
        return None
    if not any(len(sentence.split()) >= 3 for sentence in sentences):
        return None
    return Point(topic, sentences, source_of(item, language))


def _condensed(point: Point) -> str:
    """Return the first sentence that fits beside the topic whole, or the start of the first."""
    for sentence in point.sentences:
        if len(sentence) <= 78:
            return sentence
    return shorten(point.sentences[0], 78)


def numbered(outline: SkillOutline) -> str:
    """Return what numbers the skill within its course: its id, or else its place in the exam guide."""
    if any(character.isdigit() for character in outline.skill_id):
        return outline.skill_id
    place = outline.exam_guide_section.split(" ", 1)[0]
    return place if any(character.isdigit() for character in place) else outline.skill_id
