"""What can be chosen for a video."""

from __future__ import annotations

from fastapi import APIRouter

from presgen.api.desk import Desk, TheDesk
from presgen.api.views.catalogue import (
    BrandView,
    Catalogue,
    FormatView,
    PersonaView,
    PublisherView,
    VoiceView,
)
from presgen.brands import brand_names
from presgen.media.formats import formats
from presgen.personas import load_persona, persona_names
from presgen.publishing.publishers import publishers

router = APIRouter(tags=["catalogue"])


@router.get("/catalogue", summary="Tell all that can be chosen")
def get_catalogue(desk: TheDesk) -> Catalogue:
    """Tell personas, presenters, voices, formats, publishers and brands."""
    personas = _personas()
    return Catalogue(
        personas=personas,
        presenters=tuple(sorted({persona.presenter for persona in personas})),
        voices=_voices(),
        formats=_formats(desk),
        publishers=_publishers(desk),
        brands=tuple(BrandView(name=name, usual=name == desk.settings.brand) for name in brand_names()),
    )


@router.get("/personas", summary="List personas")
def list_personas() -> tuple[PersonaView, ...]:
    """List who can teach."""
    return _personas()


@router.get("/voices", summary="List voices")
def list_voices() -> tuple[VoiceView, ...]:
    """List the voices that personas speak with."""
    return _voices()


@router.get("/formats", summary="List formats")
def list_formats(desk: TheDesk) -> tuple[FormatView, ...]:
    """List how a video can come."""
    return _formats(desk)


@router.get("/publishers", summary="List publishers")
def list_publishers(desk: TheDesk) -> tuple[PublisherView, ...]:
    """List where a video can go."""
    return _publishers(desk)


def _personas() -> tuple[PersonaView, ...]:
    return tuple(
        PersonaView(
            name=persona.name,
            title=persona.title,
            description=persona.description,
            locale=persona.locale,
            tone=persona.tone,
            presenter=persona.presenter,
            voice=f"{persona.voice.engine}:{persona.voice.name}",
            words_per_minute=persona.words_per_minute,
            portrait=None,
        )
        for persona in map(load_persona, persona_names())
    )


def _voices() -> tuple[VoiceView, ...]:
    spoken: dict[tuple[str, str], list[str]] = {}
    for persona in _personas():
        spoken.setdefault((persona.voice, persona.locale), []).append(persona.name)
    return tuple(
        VoiceView(name=name, engine=name.partition(":")[0], locale=locale, personas=tuple(names))
        for (name, locale), names in sorted(spoken.items())
    )


def _formats(desk: Desk) -> tuple[FormatView, ...]:
    main = desk.settings.formats[0]
    return tuple(
        FormatView(
            name=name,
            width=shape.width,
            height=shape.height,
            container=shape.container,
            main=name == main,
        )
        for name, shape in formats
    )


def _publishers(desk: Desk) -> tuple[PublisherView, ...]:
    usual = desk.settings.publishers
    return tuple(PublisherView(name=name, usual=name in usual) for name in publishers.names())
