"""Who teaches: each persona is one TOML file in this folder."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import Field, ValidationError

from presgen.errors import BadInput, UnknownName
from presgen.model.base import Model, Seconds, WordsPerMinute

Phrases = Annotated[tuple[str, ...], Field(min_length=1)]


class Voice(Model):
    """How a persona sounds."""

    engine: str
    """A member of the voice registry."""
    name: str
    """The engine's own name of the voice."""
    sentence_pause: Annotated[Seconds, Field(ge=0.1, le=2.0)]
    """Silence between two sentences."""


class Persona(Model):
    """A teacher: how she looks, sounds and puts things."""

    name: str
    """The file's name without its suffix."""
    title: str
    """What the presenter is called on screen, e.g. ``Ava``."""
    description: str
    locale: str
    tone: str
    presenter: str
    """A member of the presenter registry: face, clothes and background."""
    words_per_minute: Annotated[WordsPerMinute, Field(ge=100, le=200)]
    """On plain prose, the pauses between sentences included: what a listener has to keep up with."""
    voice: Voice
    phrases: dict[str, Phrases]
    """Phrase slots the script templates draw from, e.g. ``greeting``; each holds Jinja2 text variants."""

    @property
    def language(self) -> str:
        """The language she speaks, as ISO 639-1: ``en`` of ``en-GB``."""
        return language_code(self.locale)


@dataclass(frozen=True, slots=True)
class Choice:
    """The persona that teaches a learner."""

    persona: Persona
    reason: str = ""
    """Why it is not the one that was wished for, without learner data; empty: it is, or there was no wish."""


@cache
def load_persona(name: str) -> Persona:
    """Return the persona called ``name``.

    Raises:
        UnknownName: no file of that name lies in the folder.
        BadInput: the file is not a valid persona.
    """
    if name not in persona_names():
        raise UnknownName("persona", name, persona_names())
    text = (resources.files(__name__) / f"{name}.toml").read_text(encoding="utf-8")
    try:
        return Persona.model_validate({"name": name, **tomllib.loads(text)})
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadInput(f"Persona {name!r} cannot be read: {error}") from error


def choose_persona(wish: str | None, locale: str, fallback: str) -> Choice:
    """Return who teaches a learner of ``locale``: somebody who speaks that language, if anybody does.

    In this order: the persona the learner wishes for, the run's ``fallback``, and the first one shipped that
    speaks it, one from the learner's own country before others. Where nobody does, the fallback teaches, and
    the reason says so: a lesson in another language is better than none, but nobody should be surprised.

    Raises:
        UnknownName: the fallback is no persona.
    """
    language = language_code(locale)
    named = language if re.fullmatch("[a-z]{2}", language) else "that language"  # it may be anything
    usual = load_persona(fallback)
    known = wish in persona_names()
    if wish is not None and known and load_persona(wish).language == language:
        return Choice(load_persona(wish))
    refused = ""
    if wish is not None:
        refused = f"{wish} does not speak {named}" if known else "the persona wished for is unknown"
    if usual.language == language:
        return Choice(usual, refused)
    speakers = [each for name in persona_names() if (each := load_persona(name)).language == language]
    if speakers:
        at_home = [each for each in speakers if each.locale.lower() == locale.replace("_", "-").lower()]
        return Choice((at_home or speakers)[0], refused or f"{fallback} does not speak {named}")
    return Choice(usual, f"no persona speaks {named}")


def language_code(locale: str) -> str:
    """Return the language's part of a locale: ``en`` of ``en-GB`` and of ``en_US``."""
    return re.split(r"[-_]", locale, maxsplit=1)[0].lower()


@cache
def persona_names() -> tuple[str, ...]:
    """Return the names of all shipped personas, sorted."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))
