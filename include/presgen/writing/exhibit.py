"""The shared sections that explain what the course shows: a table, a listing, a diagram, a quotation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from presgen.errors import BadScript
from presgen.model.learner import (
    Chart,
    Comparison,
    ContentItem,
    Definition,
    Diagram,
    Exhibit,
    Listing,
    Quotation,
    SkillOutline,
)
from presgen.model.lesson import (
    ChartSlide,
    CodeSlide,
    ComparisonSlide,
    DefinitionSlide,
    DiagramSlide,
    QuoteSlide,
    Section,
    SectionKind,
    Slide,
)
from presgen.personas import Persona
from presgen.writing.composing import compose, first_that_fits, label, slug_of
from presgen.writing.deep_dive import numbered
from presgen.writing.languages import Language, language_of
from presgen.writing.phrasebook import Phrasebook, always, number_of
from presgen.writing.plain_text import as_much_as_fits, plain_text, speakable_sentences, with_full_stop
from presgen.writing.sources import credit, source_of
from presgen.writing.wording import called, in_quotes, inside, percent, running_on

MOST_EXHIBITS = 2
"""For one gap: a lesson is not a slide show."""

LONGEST_TITLE = 64
"""Characters of a slide's title: two lines."""

LONGEST_NOTE = 120
"""Characters of a note beside a listing."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is said while the slide stands at one step."""

    step: int
    slot: str = ""
    """The persona's phrase that is said first; empty: none."""
    values: Mapping[str, str] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()


def exhibits(outline: SkillOutline, persona: Persona) -> tuple[Section, ...]:
    """Return a section for each exhibit of ``outline`` that can be said, at most `MOST_EXHIBITS`.

    They are the same for every learner with this content and persona, and numbered in the course's order.
    """
    shown = [item for item in outline.content_items if item.exhibit is not None]
    sections: list[Section] = []
    for number, item in enumerate(shown, 1):
        with suppress(BadScript):  # too long to be said, or a part of it says nothing
            sections.append(first_that_fits(_drafts(outline, item, number, persona)))
    return tuple(sections[:MOST_EXHIBITS])


def _drafts(
    outline: SkillOutline, item: ContentItem, number: int, persona: Persona
) -> Iterator[Section | BadScript]:
    for told in (4, 2, 1):
        try:
            yield _section(outline, item, number, persona, told)
        except BadScript as fault:
            yield fault


def _section(outline: SkillOutline, item: ContentItem, number: int, persona: Persona, told: int) -> Section:
    """Return the section in which no part is explained in more than ``told`` sentences."""
    if item.exhibit is None:
        raise BadScript(f"Skill {outline.skill_id}: {number} is no exhibit.")
    language = language_of(persona.locale)
    source = source_of(item, language)
    sources = (source,) if source.title else ()
    kicker = label(outline.exam_domain, 48, language)
    title, slide, parts = _shown(item.exhibit, kicker, credit(sources, language), language)
    parts = [Part(part.step, part.slot, part.values, part.sentences[:told]) for part in parts]
    if silent := next((part.step for part in parts if not part.slot and not part.sentences), None):
        raise BadScript(f"Exhibit {number} of skill {outline.skill_id} has nothing to say at step {silent}.")
    beats = Phrasebook(persona).beats(
        "exhibit", always(number_of(numbered(outline)) + number), {"parts": parts}
    )
    return compose(
        SectionKind.EXHIBIT,
        slug_of("exhibit", outline.skill_id, str(number)),
        persona,
        beats,
        title=title,
        data=[text for part in parts for text in (*part.values.values(), *part.sentences)],
        slide=slide,
        sources=sources,
    )


def _shown(exhibit: Exhibit, kicker: str, source: str, language: Language) -> tuple[str, Slide, list[Part]]:
    """Return the chapter's title, the slide, and what is said of it."""
    match exhibit:
        case Definition():
            return _definition(exhibit, kicker, source, language)
        case Comparison():
            return _comparison(exhibit, kicker, source, language)
        case Listing():
            return _listing(exhibit, kicker, source, language)
        case Quotation():
            return _quotation(exhibit, kicker, source, language)
        case Diagram():
            return _diagram(exhibit, kicker, source, language)
        case Chart():
            return _chart(exhibit, kicker, source, language)


def _definition(
    shown: Definition, kicker: str, source: str, language: Language
) -> tuple[str, Slide, list[Part]]:
    meaning = speakable_sentences(shown.meaning, language)
    example = speakable_sentences(shown.example, language)
    term = label(shown.term, LONGEST_TITLE, language)
    context = f"{shown.meaning} {shown.example}"
    parts = [
        Part(0, "term", {"term": in_quotes(inside(shown.term, language, context), language)}),
        Part(1, sentences=meaning),
    ]
    if example:
        first = running_on(example[0], language, context)
        parts.append(Part(2, "example", {"example": first}, example[1:]))
    slide = DefinitionSlide(
        kicker=kicker,
        term=term,
        meaning=as_much_as_fits(meaning, 300),
        example=as_much_as_fits(example, 300),
        source=source,
    )
    return term, slide, parts


def _comparison(
    shown: Comparison, kicker: str, source: str, language: Language
) -> tuple[str, Slide, list[Part]]:
    columns = [label(column, 40, language) for column in shown.columns]
    context = " ".join(text for row in shown.rows for text in (row.note, *row.cells))
    parts = [Part(0, "comparison", {"columns": language.listed(columns)})]
    for step, row in enumerate(shown.rows, 1):
        if note := speakable_sentences(row.note, language):
            parts.append(Part(step, sentences=note))
            continue
        cells = [inside(cell, language, context) for cell in row.cells]
        values = {
            "aspect": inside(row.aspect, language, context),
            "cells": language.compared(columns, cells),
        }
        parts.append(Part(step, "row", values))
    slide = ComparisonSlide(
        kicker=kicker,
        title=label(shown.title, LONGEST_TITLE, language),
        columns=tuple(columns),
        rows=tuple(
            (label(row.aspect, 40, language), tuple(label(cell, 80, language) for cell in row.cells))
            for row in shown.rows
        ),
        source=source,
    )
    return slide.title, slide, parts


def _listing(shown: Listing, kicker: str, source: str, language: Language) -> tuple[str, Slide, list[Part]]:
    notes = [speakable_sentences(note.note, language) for note in shown.notes]
    parts = [Part(0, "listing", {"title": inside(shown.title, language, " ".join(map(" ".join, notes)))})]
    parts += [Part(step, sentences=note) for step, note in enumerate(notes, 1)]
    slide = CodeSlide(
        kicker=kicker,
        title=label(shown.title, LONGEST_TITLE, language),
        language=shown.language,
        code=shown.code,
        notes=tuple(
            (note.first, note.last, as_much_as_fits(said, LONGEST_NOTE))
            for note, said in zip(shown.notes, notes, strict=True)
        ),
        source=source,
    )
    return slide.title, slide, parts


def _quotation(
    shown: Quotation, kicker: str, source: str, language: Language
) -> tuple[str, Slide, list[Part]]:
    quote = with_full_stop(plain_text(shown.quote, language))
    by = called(shown.by, language)
    values = {"by": by, "quote": in_quotes(quote, language)}
    parts = [Part(1, "quotation", values, speakable_sentences(shown.note, language))]
    slide = QuoteSlide(kicker=kicker, quote=quote, by=label(shown.by, 80, language), source=source)
    return by, slide, parts


def _diagram(shown: Diagram, kicker: str, source: str, language: Language) -> tuple[str, Slide, list[Part]]:
    context = " ".join(f"{edge.label} {edge.note}" for edge in shown.edges)
    parts = [Part(0, "diagram", {"title": inside(shown.title, language, context)})]
    for step, edge in enumerate(shown.edges, 1):
        if note := speakable_sentences(edge.note, language):
            parts.append(Part(step, sentences=note))
            continue
        ends = {"start": edge.start, "end": edge.end, "label": edge.label}
        values = {name: inside(text, language, context) for name, text in ends.items()}
        parts.append(Part(step, "edge", values))
    slide = DiagramSlide(
        kicker=kicker,
        title=label(shown.title, LONGEST_TITLE, language),
        nodes=tuple(label(node, 40, language) for node in shown.nodes),
        edges=tuple(
            (shown.nodes.index(edge.start), shown.nodes.index(edge.end), label(edge.label, 60, language))
            for edge in shown.edges
        ),
        source=source,
    )
    return slide.title, slide, parts


def _chart(shown: Chart, kicker: str, source: str, language: Language) -> tuple[str, Slide, list[Part]]:
    note = speakable_sentences(shown.note, language)
    most, *_, least = sorted(shown.bars, key=lambda bar: -bar.percent)
    values = {
        "most": inside(most.label, language, shown.note),
        "most_score": percent(most.percent, language),
        "least": inside(least.label, language, shown.note),
        "least_score": percent(least.percent, language),
    }
    title = inside(shown.title, language, shown.note)
    parts = [Part(0, "chart", {"title": title}), Part(1, "extremes", values)]
    if note:
        parts.append(Part(2, sentences=note))
    slide = ChartSlide(
        kicker=kicker,
        title=label(shown.title, LONGEST_TITLE, language),
        bars=tuple((label(bar.label, 40, language), bar.percent) for bar in shown.bars),
        note=as_much_as_fits(note, 160),
        source=source,
    )
    return slide.title, slide, parts
