"""The renderers: each makes a section clip in its own way, and all make the same promises."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from presgen.brands import Brand
from presgen.media.formats import Format
from presgen.model.lesson import Section
from presgen.model.media import Clip, Narration
from presgen.personas import Persona
from presgen.registry import Registry


class Renderer(Protocol):
    """Makes section clips."""

    def fingerprint(
        self, section: Section, persona: Persona, format: Format, lexicon: Path | None, *, brand: Brand
    ) -> Mapping[str, Any]:
        """Return everything that shapes the clip's bytes.

        What is said and shown, how the persona looks and sounds, the format's size and codecs, versions of
        code and libraries, digests of models and fonts, the lexicon entries this section uses: what is in it
        changes the section's key, and nothing else does. Values survive JSON.
        """
        ...

    def render(
        self,
        section: Section,
        persona: Persona,
        format: Format,
        folder: Path,
        lexicon: Path | None,
        *,
        brand: Brand,
        narrations: Path | None = None,
    ) -> Clip:
        """Write the clip, ``narration.wav`` and, where there is a picture, ``poster.png`` into ``folder``.

        The folder is empty. Same arguments, same bytes, in any process. ``lexicon`` names the course's own
        pronunciations; what was spoken for another format may be found in ``narrations``.
        """
        ...


@runtime_checkable
class Narrator(Protocol):
    """A renderer that can speak a section without its pictures; others need not have this."""

    def narrate(self, section: Section, persona: Persona, folder: Path, lexicon: Path | None) -> Narration:
        """Write ``narration.wav`` into ``folder``: the same as a clip's, spoken now and not found."""
        ...


renderers: Registry[Renderer] = Registry("renderer", __name__)


def encoding_of(format: Format) -> dict[str, Any]:
    """Return what of ``format`` shapes the bytes of its sections' clips."""
    shaping = {"container", "fps", "sample_rate"}
    if format.pictured:
        shaping |= {"video", "width", "height", "crf"}
    if format.video == "h264":
        shaping |= {"preset"}
    if format.container != "webm":
        # WebM's sound is encoded when a lesson is joined.
        shaping |= {"audio", "audio_bit_rate"}
    return {name: value for name, value in dataclasses.asdict(format).items() if name in shaping}
