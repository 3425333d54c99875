"""Renderers that make broken films: the renderer ``card``, whose work is spoilt in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np

from presgen.media.captions import shift
from presgen.media.clip import clip_name, clip_writer
from presgen.media.formats import Format
from presgen.media.mending import mend_clip
from presgen.media.sound import AAC_SAMPLES, GRID_SAMPLES, SAMPLE_RATE, Samples, read_wav, write_wav
from presgen.model.base import Seconds
from presgen.model.media import Clip
from presgen.rendering.backends import renderers

FAULTY = "faulty"

Spoil = Callable[[Path, Format, Clip], Clip]


class Faulty:
    """Spoils the first films of the sections it is told to."""

    def __init__(self, spoil: Spoil, times: int, slug: str) -> None:
        self._spoil = spoil
        self._left = times
        self._slug = slug
        self.rendered = 0

    def fingerprint(self, *args: Any, **named: Any) -> Any:
        return renderers["card"].fingerprint(*args, **named)

    def narrate(self, *args: Any) -> Any:
        return renderers["card"].narrate(*args)

    def render(
        self, section: Any, persona: Any, format: Format, folder: Path, lexicon: Any, **named: Any
    ) -> Clip:
        clip = renderers["card"].render(section, persona, format, folder, lexicon, **named)
        if not section.slug.startswith(self._slug):
            return clip
        self.rendered += 1
        self._left -= 1
        return clip if self._left < 0 else self._spoil(folder, format, clip)


@contextmanager
def faulty_renderer(spoil: Spoil, times: int = 1, slug: str = "") -> Iterator[Faulty]:
    """Register the renderer ``faulty``, which spoils the first ``times`` films of such sections."""
    renderer = Faulty(spoil, times, slug)
    renderers.add(FAULTY, renderer)
    try:
        yield renderer
    finally:
        del renderers._members[FAULTY]


ALWAYS = 1_000


# What may be wrong


def too_quiet(folder: Path, format: Format, clip: Clip) -> Clip:
    _resound(folder, format, lambda sound: (sound * 0.2).astype(np.int16))
    return clip


def clipped(folder: Path, format: Format, clip: Clip) -> Clip:
    _resound(folder, format, lambda sound: np.clip(sound.astype(np.int32) * 8, -32_768, 32_767))
    return clip


def clipped_and_turned_down(folder: Path, format: Format, clip: Clip) -> Clip:
    """As a loudness fix of the wrong kind would leave it: at its level, and clipped for good."""
    _resound(folder, format, lambda sound: np.clip(sound.astype(np.int32) * 8, -32_768, 32_767) * 0.12)
    return clip


def silent(folder: Path, format: Format, clip: Clip) -> Clip:
    _resound(folder, format, np.zeros_like)
    return clip


def captions_late(folder: Path, format: Format, clip: Clip) -> Clip:
    return clip.model_copy(update={"cues": shift(clip.cues, Seconds(1.6))})


def captions_missing(folder: Path, format: Format, clip: Clip) -> Clip:
    return clip.model_copy(update={"cues": (), "words": ()})


def index_last(folder: Path, format: Format, clip: Clip) -> Clip:
    _rewrite(folder / clip_name(format), {})
    return clip


def sound_late(folder: Path, format: Format, clip: Clip) -> Clip:
    _rewrite(folder / clip_name(format), {"use_editlist": "1", "movflags": "+faststart"}, late=0.4)
    return clip


def all_late(folder: Path, format: Format, clip: Clip) -> Clip:
    options = {"use_editlist": "1", "movflags": "+faststart"}
    _rewrite(folder / clip_name(format), options, late=0.4, pictures_late=0.4)
    return clip


def pictures_missing(folder: Path, format: Format, clip: Clip) -> Clip:
    """The pictures end a second before the sound."""
    options = {"use_editlist": "0", "movflags": "+faststart"}
    _rewrite(folder / clip_name(format), options, pictures=clip.frames - 32)
    return clip


def too_long(folder: Path, format: Format, clip: Clip) -> Clip:
    """Four seconds of nothing at the end."""
    grids = round(4 * SAMPLE_RATE / GRID_SAMPLES)
    longer = _resound(
        folder, format, lambda sound: np.concatenate([sound, np.zeros(grids * GRID_SAMPLES, np.int16)])
    )
    frames = len(longer) // 1600
    return clip.model_copy(update={"frames": frames, "duration": Seconds(frames / 30)})


def black(folder: Path, format: Format, clip: Clip) -> Clip:
    sound, _ = read_wav(folder / "narration.wav")
    with clip_writer(folder / clip_name(format), format, sound) as writer:
        writer.write()
        writer.repeat(writer.frames - 1)
    return clip


def no_film(folder: Path, format: Format, clip: Clip) -> Clip:
    (folder / clip_name(format)).write_bytes(b"no film at all")
    return clip


def quiet_and_captions_late(folder: Path, format: Format, clip: Clip) -> Clip:
    return captions_late(folder, format, too_quiet(folder, format, clip))


def _resound(folder: Path, format: Format, change: Callable[[Samples], Any]) -> Samples:
    path = folder / "narration.wav"
    sound = np.asarray(change(read_wav(path)[0])).astype(np.int16)
    sound[:AAC_SAMPLES] = sound[-AAC_SAMPLES:] = 0
    write_wav(path, sound)
    mend_clip(folder / clip_name(format), format, sound)
    return sound


def _rewrite(
    path: Path,
    options: dict[str, str],
    late: float = 0.0,
    pictures_late: float = 0.0,
    pictures: int | None = None,
) -> None:
    """Copy all packets into a file written with other options."""
    draft = path.with_name(f"spoilt-{path.name}")
    with av.open(str(path)) as source, av.open(str(draft), "w", format="mp4", options=options) as file:
        video, audio = source.streams.video[0], source.streams.audio[0]
        tracks = {each.index: file.add_stream_from_template(each) for each in (video, audio)}
        copied = 0
        for packet in source.demux(video, audio):
            if not packet.size:
                continue
            if packet.stream_index == video.index:
                copied += 1
                if pictures is not None and copied > pictures:
                    continue
            shift_by = round(
                (late if packet.stream_index == audio.index else pictures_late) / packet.time_base
            )
            packet.stream = tracks[packet.stream_index]
            packet.pts += shift_by
            packet.dts += shift_by
            file.mux(packet)
    draft.replace(path)
