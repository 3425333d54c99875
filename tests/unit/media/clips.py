"""Small clips with sound that can be recognised: tones that come and go, from a seed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from presgen.media.captions import lay_out_cues
from presgen.media.clip import clip_name, clip_writer
from presgen.media.formats import Format
from presgen.media.sound import SAMPLE_RATE, Samples, master, on_grid, write_wav
from presgen.model.base import Seconds
from presgen.model.lesson import Section
from presgen.model.media import Clip, StoredSection, WordTiming
from presgen.workspace import SectionStore
from tests.factories import make_section

TINY = Format(name="tiny", width=160, height=96)
LEAD_IN = 4_096
"""Samples of silence before the first word."""
TINY_WEBM = Format(
    name="tiny-webm", width=160, height=96, video="vp9", audio="opus", container="webm", crf=30, burned=False
)
SOUND = Format(name="sound", width=0, height=0, video="", container="m4a", burned=False)
SMALL = Format(name="small", width=320, height=192)


def speech(seconds: float, seed: int = 0, level: float = 0.1) -> NDArray[np.float64]:
    """Sound with the rhythm and the pitch of a voice, 24 000 samples a second, at home at -26 LUFS."""
    random = np.random.default_rng(seed)
    moments = np.arange(round(seconds * 24_000)) / 24_000
    pitch = 2 * np.pi * np.cumsum(120 + 40 * np.sin(2 * np.pi * 0.7 * moments + seed)) / 24_000
    voice = sum(np.sin(k * pitch + random.uniform(0, 6)) / k for k in range(1, 20))
    syllables = np.clip(np.sin(2 * np.pi * 4 * moments), 0, 1) ** 1.5
    hiss = random.normal(size=len(moments)) * np.clip(np.sin(2 * np.pi * 4 * moments + 2), 0, 1) ** 6
    return np.asarray(level * (voice * syllables + 0.2 * hiss))


@cache
def narration(seconds: float, seed: int = 0) -> Samples:
    """A mastered narration on the grid, with the silence a clip begins with."""
    return on_grid(np.concatenate([np.zeros(LEAD_IN, np.int16), master(speech(seconds, seed))]))


def write_clip(path: Path, sound: Samples, format: Format = TINY, seed: int = 0) -> int:
    """Write a clip whose picture number n has the luma 16 + (n + seed) % 200; return the number."""
    with clip_writer(path, format, sound) as clip:
        for number in range(clip.frames if format.pictured else 0):
            clip.picture.y[...] = 16 + (number + seed) % 200
            clip.write()
    return clip.frames


def words_every(seconds: float, count: int, start: float = 0.2) -> tuple[WordTiming, ...]:
    """Words at even distances."""
    return tuple(
        WordTiming(
            text=f"word{number}",
            start=Seconds(round(start + number * seconds, 3)),
            end=Seconds(round(start + (number + 0.9) * seconds, 3)),
        )
        for number in range(count)
    )


def store_section(
    store: SectionStore, seed: int = 0, seconds: float = 1.5, format: Format = TINY
) -> StoredSection:
    """Make a section with a clip, words and captions, and put it into the store."""
    sound = narration(seconds, seed)
    with store.draft(f"{seed:064x}") as draft:
        write_wav(draft.folder / "narration.wav", sound)
        frames = write_clip(draft.folder / clip_name(format), sound, format, seed)
        words = words_every(0.25, 4)
        duration = Seconds(len(sound) / SAMPLE_RATE)
        return draft.commit(
            Clip(
                backend="test",
                format=format.name,
                frames=frames,
                duration=duration,
                words=words,
                cues=lay_out_cues(words, until=duration),
                sentences=(words[0].start,),
            )
        )


def scripted(count: int) -> tuple[Section, ...]:
    """The sections of a script, in the order of their seeds."""
    return tuple(make_section(slug=f"section-{n}", title=f"Séction {n}") for n in range(count))
