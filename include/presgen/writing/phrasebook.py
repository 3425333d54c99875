"""A persona's phrases, and the sandbox they are filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from jinja2 import DictLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from presgen.errors import BadInput
from presgen.model.base import digest_of
from presgen.personas import Persona

SLOTS: Mapping[str, tuple[str, ...]] = {
    # opening
    "greeting": ("name", "presenter"),
    "greeting_nameless": ("presenter",),
    "score_high": ("score", "course"),
    "score_middle": ("score", "course"),
    "score_low": ("score", "course"),
    "tally": ("right", "total"),
    "domains": ("strongest", "strongest_score", "weakest", "weakest_score"),
    "weakest": ("weakest", "weakest_score"),
    "today_one": ("gap",),
    "today_many": ("count", "gaps"),
    # deep dive
    "topic": ("skill",),
    "first": ("point",),
    "next": ("point",),
    "last": ("point",),
    # exhibit
    "term": ("term",),
    "example": ("example",),
    "comparison": ("columns",),
    "row": ("aspect", "cells"),
    "listing": ("title",),
    "quotation": ("by", "quote"),
    "diagram": ("title",),
    "edge": ("start", "end", "label"),
    "chart": ("title",),
    "extremes": ("most", "most_score", "least", "least_score"),
    # remedy
    "question": ("question",),
    "scenario": ("question",),
    "statement": ("statement",),
    "choice": ("choice",),
    "answer": ("answer",),
    "missed": ("answer",),
    # closing
    "recap_one": ("gap",),
    "recap_many": ("count", "gaps"),
    "retry": ("questions",),
    "read": ("source",),
    "later": ("gaps",),
    "call_to_action": (),
    "sign_off": (),
}
"""Every phrase slot a persona fills, and its variables. Each variant uses all of them."""

PER_SECTION = (
    "topic",
    "first",
    "next",
    "last",
    "term",
    "example",
    "comparison",
    "row",
    "listing",
    "quotation",
    "diagram",
    "edge",
    "chart",
    "extremes",
    "question",
    "scenario",
    "statement",
    "choice",
    "answer",
    "missed",
)
"""Slots that a lesson draws from once for each shared section, so that a variant may come twice in a lesson.

The section cannot know which other sections stand beside it, since other learners share it. Therefore
these phrases are short: no more than `OWN_WORDS` stand together before, between or after the variables, and
every sentence holds a variable. Whichever sections meet, no sentence is said twice, and no longer run of the
persona's own words. The many variants make even the short ones rare."""

OWN_WORDS = 3
"""“You chose” and “the answer is” are what everybody says again and again; four words sound repeated."""


_STEP = 5
"""Chapters of an exam guide have about five sections: with this, 1.4 and 2.1 draw different variants."""


def number_of(identifier: str) -> int:
    """Return the number by which a question or skill draws its phrases: the same in every learner's lesson.

    Numbered ids count on: ``q07`` and ``q08`` (or ``1.2`` and ``1.3``) draw neighbouring variants, so that as
    many consecutive questions as a slot has variants never sound alike. Ids without a number are spread by
    a digest. It can neither be the place in the lesson, which differs between learners who share the
    section, nor the place among all questions, which differs where exports hold only some of them.
    """
    start = 0
    if letters := re.sub(r"\d+", "", identifier).strip(" .-_:"):
        start = int(digest_of(letters)[:8], 16)
    numbers = [int(number) for number in re.findall(r"\d{1,6}", identifier)]
    for place, number in enumerate(reversed(numbers)):
        start += number * _STEP**place
    return start


def always(number: int) -> Callable[[str], int]:
    """Return a draw of phrases for a shared section: its number, in all slots."""
    return lambda _: number


def by_digest(*seed: str) -> Callable[[str], int]:
    """Return a draw of phrases for a section nobody shares: by ``seed``, and for each slot anew."""
    return lambda slot: int(digest_of([*seed, slot])[:8], 16)


class Beat(NamedTuple):
    """Something said while the slide stands at one step."""

    step: int
    said: str


class Phrasebook:
    """What one persona says; one variant of a slot is chosen by a number."""

    def __init__(self, persona: Persona) -> None:
        self.persona = persona

    def say(self, slot: str, number: int, **values: str) -> str:
        """Return variant ``number`` of ``slot`` (counted on from the start after the last), filled in.

        Raises:
            BadInput: the persona lacks the slot, or a variant asks for a variable the slot does not have.
        """
        if slot not in self.persona.phrases:
            raise BadInput(
                f"Persona {self.persona.name!r} has no phrases {slot!r}; it needs {', '.join(SLOTS)}."
            )
        variants = self.persona.phrases[slot]
        try:
            return _compiled(variants[number % len(variants)]).render(values)
        except TemplateError as error:
            raise BadInput(
                f"Persona {self.persona.name!r}: phrase {slot!r} cannot be filled in: {error}"
            ) from error

    def beats(self, template: str, draw: Callable[[str], int], values: Mapping[str, Any]) -> list[Beat]:
        """Return what ``template`` says, line by line.

        A line of a template reads ``step: text``. Its ``say(slot, ...)`` fills in one of the persona's
        variants, the one that ``draw(slot)`` numbers.

        Raises:
            BadInput: the persona does not fit the template.
        """

        def say(slot: str, shift: int = 0, **filled: str) -> str:
            return self.say(slot, draw(slot) + shift, **filled)

        text = _script(template).render({**values, "say": say})
        parts = (line.partition(":") for line in text.splitlines() if line.strip())
        return [Beat(int(step), said.strip()) for step, _, said in parts]


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    """Return the one environment of all templates.

    Learner and course text only ever comes in as values, and Jinja2 does not evaluate values: ``{{7*7}}`` in
    a name stays those seven characters. Escaping is off because speech is not HTML: ``&amp;`` would be read
    aloud. Whoever shows the text (typst, VTT, HTML) escapes it for its own medium.
    """
    return ImmutableSandboxedEnvironment(
        loader=DictLoader({}),  # nothing can be included
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _compiled(source: str) -> Template:
    return _environment().from_string(source)


@cache
def _script(name: str) -> Template:
    folder = resources.files("presgen.writing") / "templates"
    return _environment().from_string((folder / f"{name}.jinja").read_text(encoding="utf-8"))
