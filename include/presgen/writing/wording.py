"""Small words: numbers, names, lists and quotations as they stand in a spoken sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presgen.model.base import Percent
from presgen.writing.languages import Language, Noun
from presgen.writing.plain_text import (
    PAIRS,
    is_placeholder,
    one_line,
    plain_text,
    sentences_of,
    shorten,
    with_whole_quotations,
)

_LONGEST_HEADING = 14
"""Words of a heading that are spoken inside a sentence."""

_LONGEST_PHRASE = 90
"""Characters of it."""

_LONGEST_NAME = 40
"""Characters. Longer than any name people are called by."""


def counted(number: int, noun: Noun, language: Language) -> str:
    """Return ``number`` of ``noun`` in words: ``one gap``, ``two gaps``, ``14 questions``."""
    if number in (0, 1):
        return noun.one if number else noun.none
    return f"{in_words(number, language)} {noun.many}"


def in_words(number: int, language: Language) -> str:
    """Return a small ``number`` in words, a larger one in digits."""
    return language.numbers[number] if 0 <= number < len(language.numbers) else str(number)


def percent(value: Percent, language: Language) -> str:
    """Return ``value`` as captions show it; neither everything nor nothing unless it is exactly that."""
    if 0 < value < 100:
        value = Percent(min(99.0, max(1.0, value)))
    return f"{int(value + 0.5)}{language.percent_sign}"


def spoken_name(name: str, language: Language) -> str:
    """Return what a friendly teacher calls the learner, or nothing where no name can be spoken.

    The given name as a rule: ``Maria`` for ``Maria Santos`` and for ``Santos, Maria``; ``Dr Santos`` for
    ``Dr. Maria Santos``. Anything unusual is kept as it is written: a name is data, never markup.
    """
    name = with_whole_quotations(one_line(name))
    if is_placeholder(name, language) or not any(character.isalnum() for character in name):
        return ""
    family, comma, given = name.partition(",")
    if comma and given.strip():
        name = f"{given.strip()} {family.strip()}"
    words = [bare for word in name.split() if (bare := word.strip(".,;:!?"))]
    if not words:
        return ""
    if (title := language.titles.get(words[0].lower())) and len(words) > 1:
        return shorten(f"{title} {words[-1]}", _LONGEST_NAME)
    called = words[0] if len(words[0]) > 1 or len(words) == 1 else " ".join(words)
    return shorten(called, _LONGEST_NAME)


def called(heading: str, language: Language) -> str:
    """Return a heading (of a course, a skill, a domain) as it can be spoken of: one phrase, without an end.

    What is very long loses its last words, and there is no ellipsis: nobody speaks one.
    """
    first = next(iter(sentences_of(plain_text(heading, language), language)), "")
    words = first.split()[:_LONGEST_HEADING]
    while words:
        phrase = " ".join(words).rstrip(" .,;:!?…–-")
        whole = phrase.count("(") == phrase.count(")") and all(
            phrase.count(opening) == phrase.count(closing) for opening, closing in PAIRS
        )
        if whole and len(phrase) <= _LONGEST_PHRASE:
            return phrase
        words.pop()
    return ""


def inside(phrase: str, language: Language, context: str = "") -> str:
    """Return a heading as it stands inside a sentence: ``what the prefix says``, but ``Ethernet frames``.

    The capital goes where it is surely only the heading's: a small word, one that is no name by its
    ending, a compound such as ``Well-known``, or a word that ``context`` (text about the same thing) also
    writes in lower case.
    """
    return running_on(called(phrase, language), language, context)


def running_on(phrase: str, language: Language, context: str = "") -> str:
    """Return text that follows a colon: without a capital that is surely only its own."""
    first, _, _ = phrase.partition(" ")
    word = first.strip(",:;").lower()
    if not re.fullmatch(r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ’'-]*,?:?;?", first):
        return phrase
    stems = {word, word.removesuffix("s"), word.removesuffix("es"), f"{word}s"}
    known = word in language.small_words or "-" in word or _ends_as_words_do(word, language)
    if known or (len(word) > 2 and stems & set(re.findall(r"(?<![\w-])[a-zß-öø-ÿ]+", context))):
        return phrase[0].lower() + phrase[1:]
    return phrase


def quoted(option: str, language: Language) -> str:
    """Return an answer as speech quotes it: ``“A record”``, but ``64`` and ``all of the above`` bare."""
    option = plain_text(option, language)
    while re.fullmatch(r"\([^()]*\)", option):
        option = option[1:-1].strip()
    option = option.rstrip(" .,;:") if not option.endswith("…") else option
    if re.fullmatch(r"[\d\s.,:/%+–-]*\d[\d.,:/%–-]*", option):
        return option
    if language.whole_answers.match(option):
        return option[0].lower() + option[1:]
    return in_quotes(option, language)


def in_quotes(text: str, language: Language) -> str:
    """Return ``text`` in the language's quotation marks; those within become inner ones."""
    (before, after), (inner_before, inner_after) = language.quotes, language.inner_quotes
    return f"{before}{text.replace(before, inner_before).replace(after, inner_after)}{after}"


def enumerated(items: Sequence[str], language: Language, most: int = 3) -> str:
    """Return ``items`` as one phrase; beyond ``most`` the rest is only counted: ``a, b, c, and two more``."""
    if len(items) <= most:
        return language.listed(items)
    rest = len(items) - most
    more = language.labels.more.format(count=in_words(rest, language))
    if rest >= len(language.numbers):
        more = language.labels.many_more
    return language.listed([*items[:most], more])


def _ends_as_words_do(word: str, language: Language) -> bool:
    return len(word) > 5 and word.removesuffix("s").endswith(language.suffixes)
