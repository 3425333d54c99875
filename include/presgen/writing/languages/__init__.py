"""The languages lessons are written in; one file each.

What a language has to say for itself lies here: its numbers, lists, quotation marks, abbreviations and the
labels on its slides. How a lesson is built is the same in all of them.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from presgen.personas import language_code
from presgen.registry import Registry


@dataclass(frozen=True, slots=True)
class Noun:
    """Something that is counted."""

    none: str
    """With its number: ``no gaps``."""
    one: str
    """With its number: ``one gap``."""
    many: str
    """Without: ``gaps``."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What stands on slides and in chapter lists. Braces name what is filled in."""

    where_you_stand: str
    what_next: str
    takeaways: str
    overall_score: str
    answers_right: str
    gap_to_close: str
    gaps_to_close: str
    prepared_for: str
    """{name}"""
    prepared_for_you: str
    your_course: str
    """Stands in a sentence, after “in”."""
    question_review: str
    source: str
    sources: str
    """Before one source, and before several; without a colon."""
    answer_again: str
    """{questions}: with its article."""
    read: str
    """{source}"""
    next_gap: str
    """{gap}"""
    practice_test: str
    the_question: str
    the_questions: str
    """{count}: a number and the noun."""
    more: str
    """{count}: in words."""
    many_more: str
    and_more: str
    """The last item of a list that names no more."""
    practice: str
    """A gap nobody named."""


class Language(ABC):
    """How one language writes what a lesson says.

    Members are compared by identity, so that they can be part of a cache's key.
    """

    code: str
    """ISO 639-1."""
    labels: Labels
    numbers: tuple[str, ...]
    """From nought on, in words, as they stand before a noun that is neither."""
    gaps: Noun
    questions: Noun
    percent_sign: str
    """With the space before it, where the language has one."""
    quotes: tuple[str, str]
    inner_quotes: tuple[str, str]
    titles: Mapping[str, str]
    """A learner's title, in lower case without a full stop, and how it is said before the family name."""
    small_words: frozenset[str]
    """Words that carry a capital only because they open a heading."""
    suffixes: tuple[str, ...]
    """Endings of words that are hardly ever names."""
    whole_answers: re.Pattern[str]
    """Starts of answers that stand for others, such as “all of the above”: they are said, not quoted."""
    spoken_signs: tuple[tuple[re.Pattern[str], str], ...]
    """Abbreviations and signs, and what is said instead."""
    instruction: re.Pattern[str]
    """What a question tells the reader to do on paper: “(choose two)”."""
    abbreviations: frozenset[str]
    """That end in a full stop and no sentence; in lower case, without it."""
    before_a_number: frozenset[str]
    """The same, where a number follows."""
    unwritten: re.Pattern[str]
    """Says, as a whole text, that the text has yet to be written."""
    breaks: tuple[str, ...]
    """Words before which a long quotation may be cut."""
    letters_a_word: float
    """What a word of ordinary length has, as speech counts."""
    letters_an_initial: float
    """How many letters of an ordinary word take as long as one letter that is spelled."""
    word_share: float
    """How many words this language needs for what English says in one."""

    @abstractmethod
    def listed(self, items: Sequence[str]) -> str:
        """Return ``items`` as one phrase: ``a, b, and c``."""

    @abstractmethod
    def compared(self, columns: Sequence[str], cells: Sequence[str]) -> str:
        """Return what a table's row says of each column, as one phrase."""

    def punctuated(self, text: str) -> str:
        """Return ``text`` with punctuation where this language has it around quotations."""
        return text

    @abstractmethod
    def faults(self, sentence: str) -> tuple[str, ...]:
        """Return what is wrong with our own words of a sentence in this language's typography."""


languages: Registry[Language] = Registry("language", __name__)


def language_of(locale: str) -> Language:
    """Return the language of a locale such as ``en-GB``.

    Raises:
        UnknownName: no lessons are written in that language.
    """
    return languages[language_code(locale)]
