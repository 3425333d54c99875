"""Who teaches: each persona is one TOML file in this folder."""

from __future__ import annotations

import tomllib
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


@cache
def persona_names() -> tuple[str, ...]:
    """Return the names of all shipped personas, sorted."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))
