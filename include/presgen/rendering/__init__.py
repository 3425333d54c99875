"""Sections become clips: what a section's clip is called before it exists, and how it is made."""

from __future__ import annotations

from pathlib import Path

from presgen.brands import Brand, load_brand
from presgen.media.formats import Format
from presgen.model.base import digest_of
from presgen.model.lesson import Section
from presgen.model.media import Clip, Narration
from presgen.personas import Persona
from presgen.rendering.backends import Narrator, renderers

__all__ = ["narrate_section", "render_section", "section_key"]

HOUSE = "house"
"""The brand of those who name none."""


def section_key(
    section: Section,
    persona: Persona,
    format: Format,
    renderer: str,
    lexicon: Path | None,
    *,
    brand: Brand | None = None,
) -> str:
    """Return the name of the section's clip, 64 hex digits: a digest of all that shapes its bytes.

    Nothing else is in it: a section keeps its key when its place in the course, its sources, the time
    planned for it or the persona's other phrases change. Without a ``brand`` it is our own.

    Raises:
        UnknownName: no renderer has that name.
    """
    brand = brand or load_brand(HOUSE)
    fingerprint = renderers[renderer].fingerprint(section, persona, format, lexicon, brand=brand)
    return digest_of({"renderer": renderer, "fingerprint": fingerprint})


def render_section(
    section: Section,
    persona: Persona,
    format: Format,
    renderer: str,
    folder: Path,
    lexicon: Path | None,
    *,
    brand: Brand | None = None,
    narrations: Path | None = None,
) -> Clip:
    """Render the section into ``folder``, which is empty: its clip, ``narration.wav`` and ``poster.png``.

    The clip's name is `media.clip.clip_name` of the format; a format of sound only has no poster. Formats
    that share a folder of ``narrations`` share what is spoken: it takes time, and changes no byte.

    Raises:
        UnknownName: no renderer has that name, or a part of the persona (voice, presenter) is unknown.
        BadInput: the section has no words to speak, or the lexicon cannot be read.
    """
    return renderers[renderer].render(
        section, persona, format, folder, lexicon, brand=brand or load_brand(HOUSE), narrations=narrations
    )


def narrate_section(
    section: Section, persona: Persona, renderer: str, folder: Path, lexicon: Path | None
) -> Narration | None:
    """Speak the section into ``narration.wav`` in ``folder``; None: the renderer needs pictures for that.

    Raises:
        UnknownName: no renderer has that name, or the persona's voice is unknown.
        BadInput: the section has no words to speak, or the lexicon cannot be read.
    """
    member = renderers[renderer]
    return member.narrate(section, persona, folder, lexicon) if isinstance(member, Narrator) else None
