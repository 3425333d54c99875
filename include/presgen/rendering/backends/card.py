"""The simplest honest renderer: a card with the section's title, and a soft note for every word.

Its clips have the shape of a real lesson (words, captions, grid, loudness) at a fraction of the cost, so
the tests of everything after rendering use it.
"""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presgen.brands import Brand
from presgen.errors import BadInput
from presgen.media.formats import Format
from presgen.model.base import Seconds
from presgen.model.lesson import Section
from presgen.model.media import Clip, Narration, WordTiming
from presgen.personas import Persona
from presgen.rendering.backends import encoding_of, renderers
from presgen.rendering.libraries import versions

if TYPE_CHECKING:
    from presgen.media.picture import Picture
    from presgen.media.sound import Samples

CODE = 2
"""Counts up when this renderer draws or sounds different."""

LEAD_IN = Seconds(0.4)
TAIL = Seconds(0.6)
PAUSE = Seconds(0.3)
"""Between two sentences."""
FASTEST_WORD = Seconds(0.12)
"""However little time was planned, a word takes that long."""

NOTES = (220.0, 247.0, 277.0, 330.0, 370.0)
"""Hertz; a pentatonic scale has no sour neighbours."""
_SPEECH_RATE = 24_000
_PRESET = "ultrafast"
"""x264's cheapest: a still card gains nothing from a better one."""


@renderers.register("card")
class Card:
    """A still card and a tune."""

    def fingerprint(
        self,
        section: Section,
        persona: Persona,  # noqa: ARG002 - a card has no face and no voice
        format: Format,
        lexicon: Path | None,  # noqa: ARG002
        *,
        brand: Brand,  # noqa: ARG002
    ) -> Mapping[str, Any]:
        """Return what shapes a card: words, title and planned time, the format, and versions."""
        from presgen.rendering.fonts import fonts_fingerprint

        return {
            "code": CODE,
            "sentences": [sentence.text for sentence in section.sentences],
            "planned": section.planned,
            "format": encoding_of(_cheap(format)),
            "title": section.title if format.pictured else None,
            "fonts": fonts_fingerprint(section) if format.pictured else None,
            "libraries": versions(("av", "numpy", "scipy", "skia-python")),
        }

    def render(
        self,
        section: Section,
        persona: Persona,  # noqa: ARG002
        format: Format,
        folder: Path,
        lexicon: Path | None,  # noqa: ARG002
        *,
        brand: Brand,  # noqa: ARG002
        narrations: Path | None = None,  # noqa: ARG002 - a tune is quicker played than found
    ) -> Clip:
        """Write the clip, its sound and its poster into ``folder``.

        Raises:
            BadInput: the section has no words.
        """
        from presgen.media.captions import lay_out_cues
        from presgen.media.clip import clip_name, clip_writer
        from presgen.media.sound import read_wav
        from presgen.rendering.posters import write_poster

        narration = _played(section, folder)
        words = narration.words
        sound, _ = read_wav(narration.path)
        with clip_writer(folder / clip_name(format), _cheap(format), sound) as clip:
            if format.pictured:
                clip.picture.put(_card(section.title, format))
                clip.write()
                clip.repeat(clip.frames - 1)
                write_poster(clip.picture, folder / "poster.png")
        duration = Seconds(clip.frames / format.fps)
        return Clip(
            backend="card",
            format=format.name,
            frames=clip.frames,
            duration=duration,
            words=words,
            cues=lay_out_cues(words, until=duration),
            sentences=narration.sentences,
        )

    def narrate(
        self,
        section: Section,
        persona: Persona,  # noqa: ARG002
        folder: Path,
        lexicon: Path | None,  # noqa: ARG002
    ) -> Narration:
        """Play the tune alone.

        Raises:
            BadInput: the section has no words.
        """
        return _played(section, folder)


def _played(section: Section, folder: Path) -> Narration:
    from presgen.media.sound import SAMPLE_RATE, on_grid, write_wav

    words, sentences = spread(section)
    sound = on_grid(_tune(words))
    path = folder / "narration.wav"
    write_wav(path, sound)
    duration = Seconds(len(sound) / SAMPLE_RATE)
    return Narration(path=path, duration=duration, words=words, phonemes=(), sentences=sentences)


def _cheap(format: Format) -> Format:
    return dataclasses.replace(format, preset=_PRESET)


def spread(section: Section) -> tuple[tuple[WordTiming, ...], tuple[Seconds, ...]]:
    """Return the words spread over the planned time, long words longer, and when each sentence starts.

    Raises:
        BadInput: the section has no words.
    """
    texts = [sentence.text.split() for sentence in section.sentences]
    count = sum(len(words) for words in texts)
    if not count:
        raise BadInput(f"Section {section.slug!r} has no words; a clip needs at least one.")
    silent = LEAD_IN + TAIL + PAUSE * (len(texts) - 1)
    weight = sum(len(word) + 2 for words in texts for word in words)
    spoken = max(section.planned - silent, FASTEST_WORD * count)
    moment: float = LEAD_IN
    timed: list[WordTiming] = []
    starts: list[Seconds] = []
    for words in texts:
        starts.append(Seconds(round(moment, 3)))
        for word in words:
            end = moment + spoken * (len(word) + 2) / weight
            timed.append(WordTiming(text=word, start=Seconds(round(moment, 3)), end=Seconds(round(end, 3))))
            moment = end
        moment += PAUSE
    return tuple(timed), tuple(starts)


def _tune(words: tuple[WordTiming, ...]) -> Samples:
    import numpy as np

    from presgen.media.sound import master

    tune = np.zeros(round((words[-1].end + TAIL) * _SPEECH_RATE))
    for number, word in enumerate(words):
        start, end = round(word.start * _SPEECH_RATE), round(word.end * _SPEECH_RATE)
        moments = np.arange(end - start) / _SPEECH_RATE
        swell = np.sin(np.pi * np.arange(end - start) / max(end - start, 1)) ** 0.5
        tune[start:end] += 0.1 * swell * np.sin(2 * np.pi * NOTES[number % len(NOTES)] * moments)
    return master(tune)


def _card(title: str, format: Format) -> Picture:
    import numpy as np
    import skia

    from presgen.media.picture import picture_from_bgra
    from presgen.rendering.fonts import typeface

    pixels = np.zeros((format.height, format.width, 4), np.uint8)
    info = skia.ImageInfo.MakeN32Premul(format.width, format.height)
    canvas = skia.Surface.MakeRasterDirect(info, pixels).getCanvas()
    canvas.clear(skia.Color(20, 33, 61))
    size = format.height / 14
    font = skia.Font(typeface(700, size), size)
    paint = skia.Paint(Color=skia.Color(255, 255, 255), AntiAlias=True)
    lines = textwrap.wrap(title, width=round(format.width / size * 1.5), max_lines=6, placeholder=" …")
    top = (format.height - (len(lines) - 1) * size * 1.25) / 2
    for number, line in enumerate(lines):
        canvas.drawString(line, format.width / 12, top + number * size * 1.25, font, paint)
    return picture_from_bgra(pixels)
