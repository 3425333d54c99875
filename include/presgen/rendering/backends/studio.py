"""The studio: a presenter with a voice beside slides, with captions."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from presgen.media.formats import Format
from presgen.model.base import Seconds, digest_of
from presgen.model.lesson import Section
from presgen.model.media import Clip
from presgen.personas import Persona
from presgen.rendering.backends import renderers
from presgen.stages import Stage, stage

CODE = 1
"""Counts up when the studio draws, times or encodes differently; `tests/golden` notices when it should."""

LIBRARIES = ("av", "numpy", "skia-python", "typst")
"""What shapes pixels and packets. The voice tells of its own."""


@renderers.register("studio")
class Studio:
    """Voice, presenter, slides and captions."""

    def fingerprint(
        self,
        section: Section,
        persona: Persona,
        format: Format,  # noqa: ARG002 - part of the key already
        lexicon: Path | None,
    ) -> Mapping[str, Any]:
        """Return versions and digests of all that draws, speaks and encodes this section.

        Raises:
            BadInput: the lexicon cannot be read.
        """
        from presgen.rendering.fonts import fonts_fingerprint
        from presgen.rendering.studio import voice
        from presgen.rendering.studio.slides import slides_fingerprint

        return {
            "code": CODE,
            "kind": section.kind.value,
            "libraries": {name: version(name) for name in LIBRARIES},
            "fonts": fonts_fingerprint(section),
            "slides": slides_fingerprint(),
            "voice": dict(voice.fingerprint(section, persona, lexicon)),
        }

    def render(
        self, section: Section, persona: Persona, format: Format, folder: Path, lexicon: Path | None
    ) -> Clip:
        """Narrate, lay out and assemble ``section`` in ``folder``.

        Raises:
            BadInput: the section cannot be spoken, the lexicon cannot be read, or the format is no 16:9.
            UnknownName: the persona's voice or presenter is not there.
        """
        from presgen.media.captions import lay_out_cues
        from presgen.media.sound import FRAME_SAMPLES, read_wav
        from presgen.rendering.studio.assembly import assemble
        from presgen.rendering.studio.slides import draw_slides
        from presgen.rendering.studio.stage.presenter import Presenter, perform
        from presgen.rendering.studio.stage.presenters import presenters
        from presgen.rendering.studio.timeline import lay_out
        from presgen.rendering.studio.voice import narrate

        look = presenters[persona.presenter]
        steps = max((sentence.step for sentence in section.sentences), default=0)
        slides = draw_slides(section.slide, steps, section.locale, format)
        with stage(Stage.TTS_SYNTHESIZE, slug=section.slug) as facts:
            narration = narrate(section, persona, folder, lexicon)
            facts.update(voice=f"{persona.voice.engine}/{persona.voice.name}", words=len(narration.words))
        sound, _ = read_wav(narration.path)
        frames = len(sound) // FRAME_SAMPLES
        duration = Seconds(frames / format.fps)
        cues = lay_out_cues(narration.words, until=duration)
        presenter = Presenter(
            look,
            width=format.width - slides.paper.width,
            height=format.height,
            label=f"{persona.title} · AI presenter",
        )
        assemble(
            folder / "clip.mp4",
            folder / "poster.png",
            format,
            sound,
            slides,
            lay_out(section, narration, cues, frames, format.fps),
            presenter,
            perform(narration, frames, _seed(section, persona)),
        )
        return Clip(
            backend="studio",
            format=format.name,
            frames=frames,
            duration=duration,
            words=narration.words,
            cues=cues,
            sentences=narration.sentences,
        )


def _seed(section: Section, persona: Persona) -> int:
    """Return what the presenter's small movements are drawn from: part of the section's key, and no more."""
    shown = section.model_dump(mode="json", include={"sentences", "slide"})
    return int(digest_of([shown, persona.presenter])[:8], 16)
