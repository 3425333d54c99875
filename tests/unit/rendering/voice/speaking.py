"""Helpers for tests of the voice: personas that differ in how they sound, and speech in a readable form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from presgen.model.base import Seconds, WordsPerMinute
from presgen.model.lesson import Section, Sentence
from presgen.personas import Persona, Voice
from presgen.rendering.studio.voice import narrate
from presgen.rendering.studio.voice.languages import language_of
from presgen.rendering.studio.voice.lexicon import Lexicon, shipped_lexicon
from presgen.rendering.studio.voice.normalise import normalise
from presgen.rendering.studio.voice.speech import Spoken, Word
from tests.factories import make_section
from tests.listening import as_sounds, hear, word_error_rate


def make_persona(
    engine: str = "tone", name: str = "low", *, pause: float = 0.5, words_per_minute: float = 150.0
) -> Persona:
    """Make a persona that hums; ``make_persona("hibari", "heart")`` speaks."""
    return Persona(
        name="tester",
        title="Tess",
        description="Speaks in tests.",
        locale="en-US",
        tone="even",
        presenter="ava",
        words_per_minute=WordsPerMinute(words_per_minute),
        voice=Voice(engine=engine, name=name, sentence_pause=Seconds(pause)),
        phrases={"greeting": ("Hello.",)},
    )


def make_speech(*sentences: str, **fields: Any) -> Section:
    """Make a section of these sentences."""
    return make_section(sentences=tuple(Sentence(text=text) for text in sentences), **fields)


def part_misheard(
    sentences: Sequence[tuple[str, str]], persona: Persona, folder: Path, *, at_once: int
) -> float:
    """Return the part of the words that a listener has wrong, of sentences as written and as they are said.

    Some are heard ``at_once``, half a minute at the most: a recogniser takes as long for a single word.
    """
    wrong = count = 0.0
    for start in range(0, len(sentences), at_once):
        written, said = zip(*sentences[start : start + at_once], strict=True)
        heard = hear(narrate(make_speech(*written), persona, folder, None).path).text
        words = len(as_sounds(" ".join(said)).split())
        wrong, count = wrong + word_error_rate(" ".join(said), heard) * words, count + words
    return wrong / count


def words_of(text: str, lexicon: Lexicon | None = None, locale: str = "en-US") -> tuple[Word, ...]:
    """Return the words of ``text`` by the shipped lexicon or another one."""
    return normalise(text, shipped_lexicon(language_of(locale)) if lexicon is None else lexicon)


def spoken(text: str, lexicon: Lexicon | None = None, locale: str = "en-US") -> str:
    """Return what is said for ``text``; words with phonemes are starred, or letters if spelled out."""
    return " ".join(_readable(said, locale) for word in words_of(text, lexicon, locale) for said in word.says)


def _readable(said: Spoken, locale: str) -> str:
    if not said.phonemes:
        return said.text
    if said.text.isascii() and said.text.isalpha() and said.phonemes == language_of(locale).spell(said.text):
        return " ".join(said.text.upper())
    return f"{said.text}*"
