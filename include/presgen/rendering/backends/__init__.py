"""The renderers: each makes a section clip in its own way, and all make the same promises."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from presgen.media.formats import Format
from presgen.model.lesson import Section
from presgen.model.media import Clip
from presgen.personas import Persona
from presgen.registry import Registry


class Renderer(Protocol):
    """Makes section clips."""

    def fingerprint(
        self, section: Section, persona: Persona, format: Format, lexicon: Path | None
    ) -> Mapping[str, Any]:
        """Return everything beside the section, persona and format that shapes the clip's bytes.

        Versions of code and libraries, digests of models and fonts, the lexicon entries this section uses:
        what is in it changes the section's key, and nothing else does. Values survive JSON.
        """
        ...

    def render(
        self, section: Section, persona: Persona, format: Format, folder: Path, lexicon: Path | None
    ) -> Clip:
        """Write ``clip.mp4``, ``narration.wav`` and ``poster.png`` into ``folder``, an empty folder.

        Same arguments, same bytes, in any process. ``lexicon`` names the course's own pronunciations.
        """
        ...


renderers: Registry[Renderer] = Registry("renderer", __name__)
