"""Small words: numbers, names, lists and quotations as they stand in a spoken sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presgen.model.base import Percent
from presgen.writing.plain_text import is_placeholder, one_line, plain_text, sentences_of, shorten

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_TITLES = {"dr": "Dr", "prof": "Professor", "mr": "Mr", "mrs": "Mrs", "ms": "Ms", "mx": "Mx"}
_LONGEST_HEADING = 14
"""Words of a heading that are spoken inside a sentence."""

_LONGEST_PHRASE = 90
"""Characters of it."""

_LONGEST_NAME = 40
"""Characters. Longer than any name people are called by."""

_SMALL_WORDS = """
a an the this that these those all any both each every some no not one two three four five six seven
eight nine ten what when where which who why how if whether because while until before after since from
to in into on onto of off for by with without within as at about above across against along among around
behind below beneath beside between beyond during inside near over through under upon up down and or but
so nor yet more most less least many much few it its they their them he she his her you your we our is
are was were be been do does did can could should will would may might must have has had only always
never often other another same different new old first second third last known unknown good bad big small
high low fast slow open closed safe secure simple hard easy right wrong public private static dynamic default
full half long short local remote global virtual physical logical single multiple several key common basic
important typical own real main free better best worse worst larger smaller longer shorter higher lower next
"""

_LOWERED = frozenset(_SMALL_WORDS.split())
"""Words that carry a capital only because they open a heading."""

_SUFFIXES = ("ing", "tion", "sion", "ment", "nes", "able", "ible", "ful", "ous", "ed", "ly", "ence", "ance")
"""Endings of words that are hardly ever names; an ``s`` at the end is gone already."""


def counted(number: int, noun: str) -> str:
    """Return ``number`` of ``noun`` in words: ``one gap``, ``two gaps``, ``14 questions``."""
    word = _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)
    return f"{word} {noun}" if number == 1 else f"{word} {noun}s"


def percent(value: Percent) -> str:
    """Return ``value`` as captions show it; neither everything nor nothing unless it is exactly that."""
    if 0 < value < 100:
        value = Percent(min(99.0, max(1.0, value)))
    return f"{int(value + 0.5)}%"


def listed(items: Sequence[str]) -> str:
    """Return ``items`` as one phrase: ``a``, ``a and b``, ``a, b, and c``."""
    if len(items) <= 1:
        return "".join(items)
    if len(items) == 2:
        comma = "," if any(" and " in item or " or " in item or "," in item for item in items) else ""
        return f"{items[0]}{comma} and {items[1]}"
    return f"{', '.join(items[:-1])}, and {items[-1]}"


def spoken_name(name: str) -> str:
    """Return what a friendly teacher calls the learner, or nothing where no name can be spoken.

    The given name as a rule: ``Maria`` for ``Maria Santos`` and for ``Santos, Maria``; ``Dr Santos`` for
    ``Dr. Maria Santos``. Anything unusual is kept as it is written: a name is data, never markup.
    """
    name = one_line(name)
    if is_placeholder(name) or not any(character.isalnum() for character in name):
        return ""
    family, comma, given = name.partition(",")
    if comma and given.strip():
        name = f"{given.strip()} {family.strip()}"
    words = [bare for word in name.split() if (bare := word.strip(".,;:!?"))]
    if not words:
        return ""
    if (title := _TITLES.get(words[0].lower())) and len(words) > 1:
        return shorten(f"{title} {words[-1]}", _LONGEST_NAME)
    called = words[0] if len(words[0]) > 1 or len(words) == 1 else " ".join(words)
    return shorten(called, _LONGEST_NAME)


def called(heading: str) -> str:
    """Return a heading (of a course, a skill, a domain) as it can be spoken of: one phrase, without an end.

    What is very long loses its last words, and there is no ellipsis: nobody speaks one.
    """
    first = next(iter(sentences_of(plain_text(heading))), "")
    words = first.split()[:_LONGEST_HEADING]
    while words:
        phrase = " ".join(words).rstrip(" .,;:!?…–-")
        whole = phrase.count("(") == phrase.count(")") and phrase.count("“") == phrase.count("”")
        if whole and len(phrase) <= _LONGEST_PHRASE:
            return phrase
        words.pop()
    return ""


def inside(phrase: str, context: str = "") -> str:
    """Return a heading as it stands inside a sentence: ``what the prefix says``, but ``Ethernet frames``.

    The capital goes where it is surely only the heading's: a small word, one that is no name by its
    ending, a compound such as ``Well-known``, or a word that ``context`` (text about the same thing) also
    writes in lower case.
    """
    phrase = called(phrase)
    first, _, _ = phrase.partition(" ")
    word = first.strip(",:;").lower()
    if not re.fullmatch(r"[A-Z][a-z’'-]*,?:?;?", first):
        return phrase
    stems = {word, word.removesuffix("s"), word.removesuffix("es"), f"{word}s"}
    known = word in _LOWERED or "-" in word or (len(word) > 5 and word.removesuffix("s").endswith(_SUFFIXES))
    if known or (len(word) > 2 and stems & set(re.findall(r"(?<![\w-])[a-z]+", context))):
        return phrase[0].lower() + phrase[1:]
    return phrase


def quoted(option: str) -> str:
    """Return an answer as speech quotes it: ``“A record”``, but ``64`` and ``all of the above`` bare."""
    option = plain_text(option)
    while option.startswith("(") and option.endswith(")"):
        option = option[1:-1].strip()
    option = option.rstrip(" .,;:") if not option.endswith("…") else option
    if re.fullmatch(r"[\d\s.,:/%+–-]*\d[\d.,:/%–-]*", option):
        return option
    if re.match(r"(?i)(?:all|none|both|neither|any|some|each) of (?:the |these|those|them)", option):
        return option[0].lower() + option[1:]
    return f"“{option.replace('“', '‘').replace('”', '’')}”"


def enumerated(items: Sequence[str], most: int = 3) -> str:
    """Return ``items`` as one phrase; beyond ``most`` the rest is only counted: ``a, b, c, and two more``."""
    if len(items) <= most:
        return listed(items)
    return listed(
        [*items[:most], f"{_NUMBERS[len(items) - most]} more" if len(items) - most < 13 else "many more"]
    )
