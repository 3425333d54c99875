"""From what is to be said to a section that keeps the rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from presgen.errors import BadScript
from presgen.model.base import Seconds, digest_of
from presgen.model.lesson import Section, SectionKind, Sentence, Slide, Source
from presgen.personas import Persona
from presgen.writing.languages import Language, language_of
from presgen.writing.limits import check_section
from presgen.writing.lint import lint
from presgen.writing.pace import SECTION_SILENCE, spoken_seconds
from presgen.writing.phrasebook import OWN_WORDS, Beat
from presgen.writing.plain_text import COMFORTABLE_SENTENCE, plain_text, sentences_of, shorten

LONGEST_TITLE = 60
"""Characters of a chapter's title: more than a player's chapter list shows."""


def compose(
    kind: SectionKind,
    slug: str,
    persona: Persona,
    beats: Iterable[Beat],
    *,
    title: str,
    slide: Slide,
    data: Sequence[str] = (),
    sources: Sequence[Source] = (),
) -> Section:
    """Return the section that says ``beats``.

    ``data`` are the values the beats were filled with, as ``lint`` wants to know them.

    Raises:
        BadScript: a sentence or the whole cannot be said like this.
    """
    language = language_of(persona.locale)
    sentences = [
        Sentence(text=text, step=beat.step) for beat in beats for text in spoken(beat.said, language)
    ]
    values = {language.punctuated(part) for value in data for part in (value, *sentences_of(value, language))}
    for sentence in sentences:
        try:
            lint(sentence.text, language, sorted(values), private=not kind.shared)
        except BadScript as error:
            raise BadScript(f"Section {slug}: {error}") from error
    section = Section(
        kind=kind,
        slug=slug,
        title=shorten(title, LONGEST_TITLE),
        persona=persona.name,
        locale=persona.locale,
        sentences=tuple(sentences),
        slide=slide,
        sources=tuple(sources),
        planned=Seconds(0),
    )
    planned = Seconds(round(SECTION_SILENCE + spoken_seconds(section.text, persona), 2))
    section = section.model_copy(update={"planned": planned})
    check_section(section)
    return section


def first_that_fits(drafts: Iterable[Section | BadScript]) -> Section:
    """Return the first draft that is a section, the drafts coming from the richest to the shortest.

    Raises:
        BadScript: what was wrong with the shortest, where none fits.
    """
    fault = BadScript("There is nothing to say.")
    for draft in drafts:
        if isinstance(draft, Section):
            return draft
        fault = draft
    raise fault


def spoken(said: str, language: Language) -> Iterator[str]:
    """Split what a phrase says into the sentences that are spoken and captioned.

    Punctuation stands at quotations as the language has it. A long question is asked without the persona's
    words before it.
    """
    for sentence in sentences_of(language.punctuated(said), language):
        before, _, rest = sentence.partition(": ")
        long = len(sentence.split()) > COMFORTABLE_SENTENCE and len(before.split()) <= OWN_WORDS
        yield rest if long and rest.lstrip("¿¡")[:1].isupper() else sentence


def slug_of(*parts: str) -> str:
    """Return ``parts`` as one slug in [a-z0-9-]; a part that is none keeps its letters and gets a digest."""
    return "-".join(_slug(part) for part in parts)


def label(text: str, limit: int, language: Language) -> str:
    """Return course text as a slide shows it: plain, without a full stop, at most ``limit`` characters."""
    return shorten(plain_text(text, language).rstrip(" .,;:"), limit)


def cited(source: Source) -> str:
    """Return a source as it is cited: ``RFC 6335, Section 6``."""
    return ", ".join(filter(None, (source.title, source.page)))


def _slug(part: str) -> str:
    if len(part) <= 40 and re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", part):
        return part
    letters = re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-")[:24].strip("-")
    return f"{letters}-{digest_of(part)[:8]}".lstrip("-")
