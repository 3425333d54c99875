"""One full decode of a film, and everything the checks will ever ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from presgen.media.analysis import Heard, listen, watch
from presgen.media.probe import Probe
from presgen.media.sound import SAMPLE_RATE, read_wav
from presgen.model.base import Seconds
from presgen.model.media import PresenterPlace
from presgen.model.quality import SectionEvidence, Span
from presgen.quality.hearing import AFTER_CODING, ON_MASTER, flattened, full_scale, hear
from presgen.quality.lips import Lips, read_lips
from presgen.quality.seeing import Seeing, see

VERSION = 2
"""Counts up when more is measured, or otherwise: evidence of an older version is measured again."""


def measure(
    film: Probe, key: str, master: Path | None, presenter: Sequence[PresenterPlace] | bool | None = None
) -> SectionEvidence:
    """Decode the whole film once and return what was measured. Damage is a fact here, not an error.

    Args:
        film: the film's probe.
        key: the section's key, or another id of what is measured.
        master: the WAV the film's sound was encoded from, where there is one. Clipping shows best there.
        presenter: where the presenter is; False: nobody is in the picture; True and None: find out.
    """
    seen = watch(film.path) if film.pictures else None
    heard = listen(film.path) if film.sound else None
    samples, rate = read_wav(master) if master is not None else (np.zeros(0, np.int16), SAMPLE_RATE)
    # A clip may be mute until it is joined; what will be heard is then on the master.
    hearing = hear(heard or Heard((samples[None] / 32_768).astype(np.float32), rate, Seconds(0.0), ()))
    seeing = see(seen, presenter) if seen else Seeing((), (), (), 0.0, ())
    lips = read_lips(seen, heard, presenter) if seen and heard else Lips(None, ())
    if master is not None:
        clipped, flat = full_scale(samples, rate), flattened(samples, rate, ON_MASTER)
    else:
        clipped, flat = (), _flattened(heard)
    damage = sorted(
        (*(seen.damage if seen else ()), *(heard.damage if heard else ())), key=lambda each: each.at
    )
    picture, track = film.pictures, film.sound
    return SectionEvidence(
        version=VERSION,
        key=key,
        frames=picture.frames if picture else 0,
        duration=picture.duration if picture else film.duration,
        width=picture.width if picture else 0,
        height=picture.height if picture else 0,
        fps=picture.fps if picture else 0.0,
        video_codec=picture.codec if picture else "",
        pixel_format=picture.pixel_format if picture else "",
        colour=picture.colour if picture else "",
        audio_codec=track.codec if track else "",
        sample_rate=track.sample_rate if track else 0,
        channels=track.channels if track else 0,
        audio_duration=track.duration if track else Seconds(0.0),
        loudness=hearing.loudness,
        true_peak=hearing.true_peak,
        clipped_runs=clipped,
        longest_silence=hearing.longest_silence,
        decode_errors=tuple(each.message for each in damage),
        damaged=tuple(each.at for each in damage),
        blacks=seeing.blacks,
        frozen=seeing.frozen,
        flashes=seeing.flashes,
        flash_rate=seeing.flash_rate,
        uneven=seeing.uneven,
        lip_offset=lips.offset,
        lips_off=lips.off,
        sound_starts=hearing.starts,
        sound_ends=hearing.ends,
        silences=hearing.silences,
        channel_levels=hearing.channel_levels,
        one_sided=hearing.one_sided,
        antiphase=hearing.antiphase,
        flattened=flat[0],
        flattened_rate=flat[1],
        mastered=master is not None,
    )


def _flattened(heard: Heard | None) -> tuple[tuple[Span, ...], float]:
    if heard is None:
        return (), 0.0
    found = [flattened(channel, heard.rate, AFTER_CODING) for channel in heard.channels]
    return max(found, key=lambda each: each[1], default=((), 0.0))
