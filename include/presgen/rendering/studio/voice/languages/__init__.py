"""The languages that are spoken, one folder each: words for numbers and signs, readings, names of letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from presgen.errors import UnknownName
from presgen.registry import Registry
from presgen.rendering.studio.voice.readings import Around
from presgen.rendering.studio.voice.speech import Spoken, Word


@dataclass(frozen=True, kw_only=True, eq=False)
class Language:
    """A language, as it is spoken in one part of the world."""

    code: str
    """ISO 639: ``en``."""
    package: str
    """The folder of its ``lexicon.toml``."""
    read: Callable[[str, Around], str | None]
    """How numbers and the like are read; see `presgen.rendering.studio.voice.readings`."""
    code_number: Callable[[str], str]
    """How digits inside a name are read."""
    is_number: Callable[[str], bool]
    is_abbreviation: Callable[[str], bool]
    """Whether the full stop at the end belongs to the word."""
    counts: Callable[[str], bool]
    """Whether it is an abbreviation when a number follows."""
    letters: Mapping[str, str]
    """Capital letter to the phonemes of its name."""
    phonemes: frozenset[str]
    """What a pronunciation may hold, of misaki's alphabet."""
    plural: Callable[[Spoken], Spoken]
    plural_endings: tuple[str, ...]
    """In spelling; the first that leads to a known word counts."""
    signs: Mapping[str, str]
    """Spoken wherever they stand."""
    code_signs: Mapping[str, str]
    """Spoken in code, paths and addresses."""
    joining: frozenset[str]
    """Words that leave what governs a list of numbers in force: ports 22, 80 and 443."""
    conjunctions: frozenset[str]
    """Words before which one breathes."""
    shouted: frozenset[str]
    """Words of up to three letters that are words even in capitals."""
    vowelless: frozenset[str] = frozenset()
    """Small words without a vowel that are words all the same."""
    one_letter: frozenset[str] = frozenset()
    """Single letters that are words."""
    greek: Mapping[str, str] = field(default_factory=dict)
    """What Greek letters are called that stand alone."""
    finish: Callable[[Iterable[Word]], Iterable[Word]] = iter
    """What is left to do when all words of a text are known."""

    def spell(self, word: str) -> str:
        """Return the phonemes of the letters' names, said in one breath: DNS, all letters A to Z.

        As in speech, the last letter carries the stress.
        """
        names = "".join(self.letters[letter] for letter in word.upper())
        start, _, end = names.rpartition("ˈ")
        return start.replace("ˈ", "ˌ") + "ˈ" + end


languages: Registry[Callable[[str], Language]] = Registry("language of the voices", __name__)
"""By their codes; each returns the language as it is spoken in a locale."""


@cache
def language_of(locale: str) -> Language:
    """Return what is spoken in ``locale``, such as ``en-GB``.

    Raises:
        UnknownName: nobody here speaks that.
    """
    code = code_of(locale)
    if code not in languages.names():
        raise UnknownName("language of the voices", locale, languages.names())
    return languages[code](locale)


def code_of(locale: str) -> str:
    """Return the language of a locale: ``en`` of ``en-GB``."""
    return locale.replace("_", "-").partition("-")[0].lower()
