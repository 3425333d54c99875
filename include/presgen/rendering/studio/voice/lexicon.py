"""Pronunciations by spelling: the shipped ones, and a course's own on top."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from presgen.errors import BadInput
from presgen.rendering.studio.voice.languages import Language, languages
from presgen.rendering.studio.voice.speech import Spoken

LONGEST = 200
"""Characters of a pronunciation; a whole sentence has no business in a lexicon."""

_RESPELLING = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['-][A-Za-zÀ-ÖØ-öø-ÿ]+)*")
_STRAY_MARK = re.compile("[ˈˌ](?![AIOQWYæɑɐɒɔəɚɛɜɪʊʌiuᵊᵻ])")


class Lexicon:
    """Spellings and how they are said.

    A spelling without capitals answers to every casing; one with capitals only to itself, so that NAT and
    Nat may differ. Plurals and possessives of what it knows are found too.
    """

    def __init__(self, entries: Mapping[str, tuple[Spoken, ...]], language: Language) -> None:
        """Hold ``entries`` of ``language``: spelling to the words said for it."""
        self._entries = dict(entries)
        self.language = language

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, word: str) -> tuple[Spoken, ...] | None:
        """Return what is said for ``word``, or None where the spelling tells by itself."""
        if (entry := self._exactly(word)) is not None:
            return entry
        for ending in self.language.plural_endings:
            if word.endswith(ending) and len(word) > len(ending) + 1:
                stem = self._exactly(word[: -len(ending)])
                if stem is not None:
                    return (*stem[:-1], self.language.plural(stem[-1]))
        return None

    def over(self, other: Lexicon) -> Lexicon:
        """Return a lexicon with the entries of both; where both know a spelling, this one counts."""
        return Lexicon({**other._entries, **self._entries}, self.language)

    def _exactly(self, word: str) -> tuple[Spoken, ...] | None:
        if word in self._entries:
            return self._entries[word]
        return self._entries.get(word.lower())


@cache
def shipped_lexicon(language: Language) -> Lexicon:
    """Return the pronunciations that come with the voices."""
    text = (resources.files(language.package) / "lexicon.toml").read_text(encoding="utf-8")
    return parse_lexicon(text, "lexicon.toml", language)


def load_lexicon(path: Path | None, language: Language) -> Lexicon:
    """Return the shipped pronunciations, with the course's own from ``path`` on top.

    What the course says under the heading of a language, such as ``[es]``, is that language's; all else is
    English, whatever it is grouped under.

    Raises:
        BadInput: the file cannot be read, or an entry is not a pronunciation.
    """
    if path is None:
        return shipped_lexicon(language)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The lexicon {path.name} cannot be read: {error}") from error
    return parse_lexicon(text, path.name, language, shared=True).over(shipped_lexicon(language))


def parse_lexicon(text: str, name: str, language: Language, *, shared: bool = False) -> Lexicon:
    """Return the lexicon of ``language`` that ``text`` holds as TOML; ``name`` is what errors call it.

    A ``shared`` one holds several languages.

    Each entry is a spelling and how it is said: ``kubectl = "cube control"`` in other words, with single
    capitals for letters (``CNAME = "C name"``), or between slashes in phonemes (``nginx = "/ˈɛnʤənˌɛks/"``).
    Table headings may group entries; they mean nothing.

    Raises:
        BadInput: the text is not TOML, or an entry is not a pronunciation.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"The lexicon {name} is not TOML: {error}") from error
    entries: dict[str, tuple[Spoken, ...]] = {}
    for spelling, said in _flat(_of(language, tables) if shared else tables):
        if spelling in entries:
            raise BadInput(f"The lexicon {name} says twice how {spelling!r} is said; expected once.")
        if not spelling or spelling.split() != [spelling]:
            raise BadInput(f"The lexicon {name} has the spelling {spelling!r}; expected one word.")
        try:
            entries[spelling] = pronunciation(spelling, said, language)
        except ValueError as error:
            raise BadInput(f"The lexicon {name} says {spelling!r} as {said!r}: {error}") from error
    return Lexicon(entries, language)


def pronunciation(spelling: str, said: Any, language: Language) -> tuple[Spoken, ...]:
    """Return the words that the lexicon entry ``said`` stands for.

    Raises:
        ValueError: it is neither a respelling nor phonemes between slashes.
    """
    if not isinstance(said, str) or not 0 < len(said) <= LONGEST:
        raise ValueError(f"expected a text of 1 to {LONGEST} characters.")
    if said.startswith("/"):
        phonemes = said.strip("/").strip()
        if unknown := sorted(set(phonemes) - language.phonemes):
            raise ValueError(f"{' '.join(unknown)} is not in the phoneme alphabet.")
        if not phonemes:
            raise ValueError("expected phonemes between the slashes.")
        if _STRAY_MARK.search(phonemes):
            raise ValueError("a stress mark stands right before its vowel.")
        return (Spoken(spelling, phonemes),)
    words = said.split()
    if not words or not all(_RESPELLING.fullmatch(word) for word in words):
        raise ValueError("expected words of letters, or phonemes between slashes.")
    return tuple(respelled(words, language))


def respelled(words: Sequence[str], language: Language) -> Iterator[Spoken]:
    """Yield ``words`` as they are read, with neighbouring single capitals as one spelled-out word."""
    letters = ""
    for word in words:
        if len(word) == 1 and word in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            letters += word
            continue
        if letters:
            yield Spoken(letters, language.spell(letters))
            letters = ""
        yield Spoken(word)
    if letters:
        yield Spoken(letters, language.spell(letters))


def _of(language: Language, tables: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a course says about one language."""
    headings = [key for key in languages.names() if isinstance(tables.get(key), Mapping)]
    if language.code == "en":
        return {key: table for key, table in tables.items() if key == "en" or key not in headings}
    return {key: tables[key] for key in headings if key == language.code}


def _flat(tables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in tables.items():
        if isinstance(value, Mapping):
            yield from _flat(value)
        else:
            yield key, value
