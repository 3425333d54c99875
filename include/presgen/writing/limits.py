"""How long a section and a lesson may be, in words and in spoken seconds."""

from __future__ import annotations

from dataclasses import dataclass

from presgen.errors import BadScript
from presgen.model.base import Seconds
from presgen.model.lesson import LessonScript, Section, SectionKind
from presgen.personas import Persona
from presgen.writing.languages import language_of
from presgen.writing.pace import spoken_words, word_count


@dataclass(frozen=True, slots=True)
class Limit:
    """The longest a section of one kind may be."""

    words: int
    seconds: Seconds
    """Spoken, pauses and the silence at both ends included."""


LIMITS = {
    SectionKind.OPENING: Limit(words=60, seconds=Seconds(19.0)),
    SectionKind.DEEP_DIVE: Limit(words=190, seconds=Seconds(90.0)),
    SectionKind.EXHIBIT: Limit(words=130, seconds=Seconds(60.0)),
    SectionKind.REMEDY: Limit(words=130, seconds=Seconds(60.0)),
    SectionKind.CLOSING: Limit(words=70, seconds=Seconds(22.0)),
}
"""An opening near twenty seconds loses the learner; a topic beyond a minute and a half is two topics.

The words are English ones; other languages need a few more for the same, see `Language.word_share`."""

FEWEST_WORDS = 4
"""A section with fewer says nothing."""

_SHARE = 0.22
"""Of a short lesson: what its opening, and its closing, may take."""

_SHORTEST = Seconds(7.0)
"""A greeting and a score, or a recap and a farewell, take this long."""


def allowance(kind: SectionKind, budget: Seconds) -> Seconds:
    """Return how long an opening or a closing may be in a lesson of ``budget``: less in a short lesson."""
    return Seconds(min(LIMITS[kind].seconds, max(_SHORTEST, budget * _SHARE)))


def check_section(section: Section) -> None:
    """Refuse a section that is too long or says nothing.

    Raises:
        BadScript: names the limit, the value, and what would have been fine.
    """
    limit = LIMITS[section.kind]
    most = int(limit.words * language_of(section.locale).word_share)
    words = word_count(section.text)
    if words < FEWEST_WORDS:
        raise BadScript(
            f"Section {section.slug} has {words} words; at least {FEWEST_WORDS} would have been fine."
        )
    if words > most:
        raise BadScript(f"Section {section.slug} has {words} words; up to {most} would have been fine.")
    if section.planned > limit.seconds:
        raise BadScript(
            f"Section {section.slug} takes {section.planned:.0f} s to say; "
            f"up to {limit.seconds:.0f} s would have been fine."
        )


def check_lesson(script: LessonScript, persona: Persona, budget: Seconds) -> None:
    """Refuse a lesson that is too long or lacks a part.

    Raises:
        BadScript: names the limit, the value, and what would have been fine.
    """
    kinds = [section.kind for section in script.sections]
    if kinds[:1] != [SectionKind.OPENING] or kinds.count(SectionKind.OPENING) != 1:
        raise BadScript(
            f"Lesson {script.lesson_id} has to start with its one opening; it has {_list(kinds)}."
        )
    if kinds[-1:] != [SectionKind.CLOSING] or kinds.count(SectionKind.CLOSING) != 1:
        raise BadScript(f"Lesson {script.lesson_id} has to end with its one closing; it has {_list(kinds)}.")
    if not any(kind.shared for kind in kinds):
        raise BadScript(
            f"Lesson {script.lesson_id} teaches nothing: it has no deep_dive, no exhibit and no remedy; "
            "one would have been fine."
        )
    slugs = [section.slug for section in script.sections]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise BadScript(
            f"Lesson {script.lesson_id} has two sections called {twice[0]}; slugs have to differ."
        )
    if script.planned > budget:
        raise BadScript(
            f"Lesson {script.lesson_id} takes {script.planned:.0f} s to say; "
            f"up to {budget:.0f} s would have been fine."
        )
    language = language_of(persona.locale)
    words = sum(spoken_words(section.text, language) for section in script.sections)
    if words > (most := budget * persona.words_per_minute / 60):
        raise BadScript(
            f"Lesson {script.lesson_id} has {words:.0f} spoken words; up to {most:.0f} would have been fine."
        )


def _list(kinds: list[SectionKind]) -> str:
    return ", ".join(kinds) or "no section"
