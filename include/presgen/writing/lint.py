"""What no spoken sentence may contain: the seams by which one recognises a template."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presgen.errors import BadScript
from presgen.writing.languages import Language
from presgen.writing.plain_text import LONGEST_SENTENCE, PAIRS, capitalised, is_placeholder

LONGEST = LONGEST_SENTENCE + 12
"""Words: the longest sentence of course text, and the persona's words around it."""

_EVERYWHERE = (
    ("spaces that are doubled or at an end", re.compile(r"^\s|\s$|\s{2,}|[^\S ]")),
    ("an invisible character", re.compile(r"[\x00-\x1f\x7f\u200b\u2028-\u202e\u2060-\u2069\ufeff]")),
    ("a space before punctuation", re.compile(r"\s[.,;:!?…](?=[\s”’»)]|$)")),
    (
        "doubled punctuation",
        re.compile(r"(?<![.,;:!?…])[.,;:!?…]{2,}+(?=[\s”’»\"')]|$)|[.,;:!?…][”’][.,;:!?…]"),
    ),
    ("an empty quotation or bracket", re.compile(r"“\s*”|‘\s*’|«\s*»|\(\s*\)|\[\s*\]")),
)
_IN_OUR_WORDS = (
    ("markup left over", re.compile(r"[{}<>`*|\\]|\]\(|__|&\w+;")),
    ("a value that was never filled in", re.compile(r"\b(?:None|nan|NaN|null|undefined|Undefined)\b")),
    ("a straight quotation mark", re.compile(r'"')),
    ("an unbalanced bracket", re.compile(r"^[^()]*\)|\([^()]*$")),
)


def lint(sentence: str, language: Language, data: Sequence[str] = (), *, private: bool = False) -> None:
    """Refuse a sentence that a listener would not take for a person's.

    ``data`` are the values (names, course text) that the sentence was filled with: they are quoted, not
    judged, where it comes to markup. A course may ask about ``{{ braces }}``; our own words may not hold any.
    ``private`` keeps them out of the error's message.

    Raises:
        BadScript: names what is wrong with the sentence.
    """
    ours = _without(data, sentence)
    for fault in _faults(sentence, ours, language):
        shown = ours if private else sentence
        raise BadScript(f"The sentence {shown[:80]!r} has {fault}.")


def _faults(sentence: str, ours: str, language: Language) -> list[str]:
    faults = []
    if not any(character.isalnum() for character in sentence):
        faults.append("no words")
    judged = sentence.replace("::", "x").replace(language.percent_sign, "%")  # 2001:db8::1 and std::vector
    faults += [name for name, pattern in _EVERYWHERE if pattern.search(judged)]
    if any(sentence.count(opening) != sentence.count(closing) for opening, closing in PAIRS):
        faults.append("an unbalanced quotation")
    if not re.search(r"[.!?…][”’»)]*$", sentence):
        faults.append("no end: it wants a full stop, a question mark or an exclamation mark")
    if is_placeholder(sentence, language):
        faults.append("placeholder text where content was meant to be")
    most = int(LONGEST * language.word_share)
    if (words := len(sentence.split())) > most:
        faults.append(f"{words} words; {most} would have been fine")
    faults += language.faults(ours)
    faults += [name for name, pattern in _IN_OUR_WORDS if pattern.search(ours)]
    return faults


def _without(data: Sequence[str], sentence: str) -> str:
    for value in sorted({value for value in data if value}, key=lambda value: (-len(value), value)):
        for form in (value, capitalised(value), value.rstrip(".”’»") or value):
            sentence = sentence.replace(form, "…" if len(form) > 1 else form)
    return sentence
