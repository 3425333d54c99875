"""Sections become clips: what a section's clip is called before it exists, and how it is made."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from presgen.media.formats import Format
from presgen.model.base import digest_of
from presgen.model.lesson import Section
from presgen.model.media import Clip
from presgen.personas import Persona
from presgen.rendering.backends import renderers

__all__ = ["render_section", "section_key"]


def section_key(
    section: Section, persona: Persona, format: Format, renderer: str, lexicon: Path | None
) -> str:
    """Return the name of the section's clip, 64 hex digits: a digest of all that shapes its bytes.

    Nothing else is in it: a section keeps its key when its place in the course, its sources, the time
    planned for it or the persona's other phrases change.

    Raises:
        UnknownName: no renderer has that name.
    """
    return digest_of(
        {
            "section": _shaping(section),
            "persona": _visible_and_audible(persona),
            "format": dataclasses.asdict(format),
            "renderer": renderer,
            "fingerprint": renderers[renderer].fingerprint(section, persona, format, lexicon),
        }
    )


def render_section(
    section: Section, persona: Persona, format: Format, renderer: str, folder: Path, lexicon: Path | None
) -> Clip:
    """Render the section into ``folder``, which is empty: ``clip.mp4``, ``narration.wav``, ``poster.png``.

    Raises:
        UnknownName: no renderer has that name, or a part of the persona (voice, presenter) is unknown.
        BadInput: the section has no words to speak, or the lexicon cannot be read.
    """
    return renderers[renderer].render(section, persona, format, folder, lexicon)


def _shaping(section: Section) -> dict[str, Any]:
    """Return what is heard and seen of a section. A renderer that uses more adds it to its fingerprint."""
    return section.model_dump(mode="json", include={"locale", "sentences", "slide"})


def _visible_and_audible(persona: Persona) -> dict[str, Any]:
    """Return what is heard and seen of a persona; the words are in the section already."""
    return persona.model_dump(
        mode="json", include={"title", "locale", "presenter", "words_per_minute", "voice"}
    )
