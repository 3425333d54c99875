"""What can be chosen for a video."""

from __future__ import annotations

from presgen.api.views.base import View


class PersonaView(View):
    """Who teaches."""

    name: str
    title: str
    description: str
    locale: str
    tone: str
    presenter: str
    voice: str
    """As ``engine:name``."""
    words_per_minute: float
    portrait: str | None
    """Address of a picture; None: there is none."""


class VoiceView(View):
    """Who speaks."""

    name: str
    """As ``engine:name``."""
    engine: str
    locale: str
    personas: tuple[str, ...]
    """Who speak with it."""


class FormatView(View):
    """How a video comes."""

    name: str
    width: int
    height: int
    """0: there is nothing to see."""
    container: str
    main: bool
    """Whether it is the deployment's main format."""


class PublisherView(View):
    """Where videos go."""

    name: str
    usual: bool
    """Whether the deployment uses it unless told otherwise."""


class BrandView(View):
    """Whose look."""

    name: str
    usual: bool


class Catalogue(View):
    """All choices at once."""

    personas: tuple[PersonaView, ...]
    presenters: tuple[str, ...]
    voices: tuple[VoiceView, ...]
    formats: tuple[FormatView, ...]
    publishers: tuple[PublisherView, ...]
    brands: tuple[BrandView, ...]
