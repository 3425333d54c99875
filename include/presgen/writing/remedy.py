"""The shared section that reviews one question and one wrong choice."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass

from presgen.errors import BadScript
from presgen.model.learner import Answer
from presgen.model.lesson import QuestionSlide, Section, SectionKind
from presgen.personas import Persona
from presgen.writing.composing import compose, first_that_fits, label, slug_of
from presgen.writing.languages import Language, language_of
from presgen.writing.phrasebook import Phrasebook, always, number_of
from presgen.writing.plain_text import (
    as_much_as_fits,
    capitalised,
    is_placeholder,
    plain_text,
    sentences_of,
    shorten,
    speakable_sentences,
)
from presgen.writing.wording import in_quotes, quoted

MOST_SENTENCES = 5
"""Of the explanation."""

MOST_OPTIONS = 5
"""A slide holds five; the chosen and the right one are always among them."""

LONGEST_WHY = 190
"""Characters of the explanation on the slide."""

_LONGEST_QUOTED = 16
"""Words of an answer that is quoted aloud in full."""

_LONGEST_READ = 28
"""Words of a question that is read aloud in full."""


@dataclass(frozen=True, slots=True)
class _Options:
    texts: tuple[str, ...]
    chosen: int | None
    right: int


def remedy(answer: Answer, persona: Persona) -> Section:
    """Return the section that puts ``answer`` right: the same for all who chose the same.

    A choice is only quoted where it is one of the options: free text may hold anything, and belongs to
    one learner alone.

    Raises:
        BadScript: the question cannot be reviewed, such as one whose text is a placeholder.
    """
    language = language_of(persona.locale)
    stem = plain_text(answer.question_text, language)
    right = plain_text(answer.correct_answer, language)
    if is_placeholder(stem, language) or not right or re.search(r"\b(?:TBD|TODO)\b", right):
        raise BadScript(
            f"Question {answer.question_id} has no text or no right answer that could be reviewed."
        )
    return first_that_fits(_drafts(answer, stem, persona))


def _drafts(answer: Answer, stem: str, persona: Persona) -> Iterator[Section | BadScript]:
    explained = speakable_sentences(answer.explanation, language_of(persona.locale))
    why = tuple(dict.fromkeys(explained))[:MOST_SENTENCES]
    for told in range(len(why), -1, -1):
        try:
            yield _section(answer, stem, why[:told], persona)
        except BadScript as fault:
            yield fault


def _section(answer: Answer, stem: str, why: tuple[str, ...], persona: Persona) -> Section:
    language = language_of(persona.locale)
    options = _options(answer, language)
    slot, asked = _asked(stem, language)
    choice = _quoted_aloud(options.texts[options.chosen], language) if options.chosen is not None else ""
    right = _quoted_aloud(options.texts[options.right], language)
    number = number_of(answer.question_id)
    beats = Phrasebook(persona).beats(
        "remedy",
        always(number),
        {"slot": slot, "asked": asked, "choice": choice, "answer": right, "why": why},
    )
    domain = label(answer.domain, 40, language)
    return compose(
        SectionKind.REMEDY,
        slug_of("remedy", answer.question_id, _choice_name(options.chosen)),
        persona,
        beats,
        title=_question_shown(asked.strip("“”«»")),
        data=[asked, choice, right, *why],
        slide=QuestionSlide(
            kicker=" · ".join(filter(None, (language.labels.question_review, domain))),
            question=_question_shown(stem),
            options=tuple(label(text, 90, language) for text in options.texts),
            chosen=options.chosen,
            right=options.right,
            why=as_much_as_fits(why, LONGEST_WHY),
        ),
    )


def _asked(stem: str, language: Language) -> tuple[str, str]:
    """Return the slot that introduces the question, and as much of it as is read aloud.

    A long question is not read in full: what it comes down to is its last sentence that asks.
    """
    sentences = sentences_of(stem, language)
    long = len(stem.split()) > _LONGEST_READ
    if asking := [i for i, sentence in enumerate(sentences) if sentence.endswith("?")]:
        if not long:
            return "question", capitalised(stem)
        last = asking[-1]
        told = sentences[last]
        if last and len(f"{sentences[last - 1]} {told}".split()) <= _LONGEST_READ:
            told = f"{sentences[last - 1]} {told}"
        return "scenario", capitalised(_cut(told, language))
    statement = stem if not long else sentences[-1]
    statement = _cut(capitalised(statement), language)
    if not re.search(r"[.!]$", statement):
        statement = f"{statement.rstrip(' ,;:–…')}…"
    return "statement", in_quotes(statement, language)


def _options(answer: Answer, language: Language) -> _Options:
    """Return the options to show, where the wrong and the right one are among them."""
    texts = _without_letters([plain_text(option, language) for option in answer.options])
    right = _place(answer.correct_answer, texts, language)
    chosen = _place(answer.user_answer, texts, language)
    if chosen == right:
        chosen = None
    if right is None:
        said = plain_text(answer.correct_answer, language)
        return _Options((said,), None, 0) if chosen is None else _Options((texts[chosen], said), 0, 1)
    wanted = [i for i in (chosen, right) if i is not None]
    others = [i for i, text in enumerate(texts) if i not in wanted and text]
    shown = sorted(wanted + others[: MOST_OPTIONS - len(wanted)])
    return _Options(
        tuple(texts[i] for i in shown), None if chosen is None else shown.index(chosen), shown.index(right)
    )


def _without_letters(options: list[str]) -> list[str]:
    """Drop ``A.``, ``B)`` … where all options carry their letter."""
    marked = [re.fullmatch(r"\(?([A-Za-z])[.):]\s+(\S.*)", option) for option in options]
    found = [match for match in marked if match]
    letters = "".join(match[1].lower() for match in found)
    if found and len(found) == len(options) and letters == string.ascii_lowercase[: len(options)]:
        return [match[2] for match in found]
    return options


def _place(answer: str, options: list[str], language: Language) -> int | None:
    """Return which option ``answer`` is: by its text, or by its letter."""
    said = plain_text(answer, language)
    forms = [_folded(option) for option in options]
    bare = re.sub(r"^\(?[A-Za-z][.):]\s+", "", said)
    for form in (_folded(said), _folded(bare)):
        if form and form in forms:
            return forms.index(form)
    if letter := re.fullmatch(r"\(?([A-Za-z])[.):]?(?:\s.*)?", said) if len(said) <= 3 else None:
        place = string.ascii_lowercase.index(letter[1].lower())
        return place if place < len(options) else None
    return None


def _folded(text: str) -> str:
    return text.casefold().rstrip(" .;,")


def _choice_name(chosen: int | None) -> str:
    if chosen is None:
        return "none"
    return string.ascii_lowercase[chosen] if chosen < len(string.ascii_lowercase) else str(chosen)


def _quoted_aloud(option: str, language: Language) -> str:
    return quoted(_cut(option, language, _LONGEST_QUOTED), language)


def _cut(text: str, language: Language, most: int = _LONGEST_READ) -> str:
    """Return ``text``; where it has more than ``most`` words, up to a comma or the like, or an ellipsis."""
    words = text.split()
    if len(words) <= most:
        return text
    for end in range(most, 3, -1):
        if words[end - 1][-1] in ",;:–" or words[end] in (*language.breaks, "–"):
            return " ".join(words[:end]).rstrip(" ,;:–")
    return " ".join(words[:most]).rstrip(" ,;:–.") + "…"


def _question_shown(stem: str) -> str:
    return shorten(stem, 160)
