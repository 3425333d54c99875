"""The studio: a presenter with a voice beside slides, with captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presgen.brands import Brand
from presgen.media.formats import Format
from presgen.model.base import Seconds, digest_of
from presgen.model.lesson import Section, SectionKind
from presgen.model.media import Clip, Cue, Narration, PresenterPlace
from presgen.personas import Persona
from presgen.rendering.backends import encoding_of, renderers
from presgen.rendering.libraries import versions
from presgen.stages import Stage, stage

if TYPE_CHECKING:
    from presgen.media.sound import Samples

CODE = 2
"""Counts up when the studio draws, times or encodes differently; `tests/golden` notices when it should."""

LIBRARIES = ("av", "numpy", "skia-python", "typst")
"""What shapes pixels and packets. The voice tells of its own."""


@renderers.register("studio")
class Studio:
    """Voice, presenter, slides and captions."""

    def fingerprint(
        self, section: Section, persona: Persona, format: Format, lexicon: Path | None, *, brand: Brand
    ) -> Mapping[str, Any]:
        """Return what is said and shown, and versions and digests of all that draws, speaks and encodes it.

        Raises:
            BadInput: the lexicon cannot be read.
        """
        from presgen.rendering.studio import voice

        return {
            "code": CODE,
            "format": encoding_of(format),
            "libraries": versions(LIBRARIES),
            "words": [sentence.text for sentence in section.sentences],
            "locale": section.locale,
            "pace": [persona.words_per_minute, persona.voice.model_dump(mode="json")],
            "voice": dict(voice.fingerprint(section, persona, lexicon)),
            "seen": _seen(section, persona, format, brand) if format.pictured else None,
        }

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
        """Narrate, lay out and assemble ``section`` in ``folder``.

        Raises:
            BadInput: the section cannot be spoken, the lexicon cannot be read, or no scene fills the format.
            UnknownName: the persona's voice or presenter is not there.
        """
        from presgen.media.captions import lay_out_cues
        from presgen.media.clip import clip_name, clip_writer
        from presgen.media.sound import FRAME_SAMPLES, read_wav
        from presgen.rendering.memory import give_back_memory
        from presgen.rendering.studio.scene import require_room
        from presgen.rendering.studio.stage.presenters import presenters
        from presgen.rendering.studio.voice import narrate

        give_back_memory()
        if format.pictured:
            require_room(format)
            _ = presenters[persona.presenter]
        with stage(Stage.TTS_SYNTHESIZE, slug=section.slug) as facts:
            narration = narrate(section, persona, folder, lexicon, shelf=narrations)
            facts.update(voice=f"{persona.voice.engine}/{persona.voice.name}", words=len(narration.words))
        sound, _ = read_wav(narration.path)
        frames = len(sound) // FRAME_SAMPLES
        duration = Seconds(frames / format.fps)
        cues = lay_out_cues(narration.words, until=duration)
        path = folder / clip_name(format)
        presenter: tuple[PresenterPlace, ...] = ()
        if format.pictured:
            poster = folder / "poster.png"
            presenter = _film(section, persona, format, brand, narration, cues, sound, path, poster)
        else:
            with clip_writer(path, format, sound):
                pass
        return Clip(
            backend="studio",
            format=format.name,
            frames=frames,
            duration=duration,
            words=narration.words,
            cues=cues,
            sentences=narration.sentences,
            presenter=presenter,
        )

    def narrate(self, section: Section, persona: Persona, folder: Path, lexicon: Path | None) -> Narration:
        """Speak ``section`` anew, as its persona does, into ``narration.wav`` in ``folder``.

        Raises:
            BadInput: the section cannot be spoken, or the lexicon cannot be read.
            UnknownName: the persona's voice is not there.
        """
        from presgen.rendering.studio import voice

        return voice.narrate(section, persona, folder, lexicon)


def _film(
    section: Section,
    persona: Persona,
    format: Format,
    brand: Brand,
    narration: Narration,
    cues: Sequence[Cue],
    sound: Samples,
    path: Path,
    poster: Path,
) -> tuple[PresenterPlace, ...]:
    """Draw all that is seen, and write it with ``sound`` to ``path``; return where the presenter is."""
    from presgen.media.sound import FRAME_SAMPLES
    from presgen.rendering.studio.assembly import assemble
    from presgen.rendering.studio.scene import shape_of
    from presgen.rendering.studio.stage import BELOW, TO_THE_LEFT
    from presgen.rendering.studio.stage.presenter import perform
    from presgen.rendering.studio.staging import build_views, places_of
    from presgen.rendering.studio.timeline import lay_out

    frames = len(sound) // FRAME_SAMPLES
    timeline = lay_out(section, narration, cues, frames, format.fps, burned=format.burned)
    views = build_views(section, persona, format, brand, timeline)
    slide = BELOW if shape_of(format) == "portrait" else TO_THE_LEFT
    poses = perform(narration, frames, _seed(section, persona), slide=slide)
    assemble(path, poster, format, sound, timeline, views, poses, brand.palette)
    return places_of(timeline, format)


def _seen(section: Section, persona: Persona, format: Format, brand: Brand) -> dict[str, Any]:
    """Return everything that shapes the pictures, beside the narration."""
    from presgen.rendering.fonts import fonts_fingerprint
    from presgen.rendering.studio.scene import framing_of
    from presgen.rendering.studio.slides import slides_fingerprint

    edges = (SectionKind.OPENING, SectionKind.CLOSING)
    return {
        "slide": section.slide.model_dump(mode="json"),
        "steps": [sentence.step for sentence in section.sentences],
        "framing": framing_of(section).value,
        "edge": section.kind.value if section.kind in edges else None,
        "title": persona.title,
        "presenter": persona.presenter,
        "burned": format.burned,
        "brand": brand.digest,
        "fonts": fonts_fingerprint(section, brand),
        "slides": slides_fingerprint(),
    }


def _seed(section: Section, persona: Persona) -> int:
    """Return what the presenter's small movements are drawn from: part of the section's key, and no more."""
    shown = section.model_dump(mode="json", include={"sentences", "slide"})
    return int(digest_of([shown, persona.presenter])[:8], 16)
