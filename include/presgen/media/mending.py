"""A section's clip made whole again from what is good in it: its coded pictures as they are, its sound anew.

The file is written as `clip` writes it: the index first, everything from 0, no edit lists, one grid. Pictures
are left out at the end or the last one is repeated, so that they last as long as the sound; as clips have no
B-frames, a picture needs only those before it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream

from presgen.errors import CannotJoin, CorruptMedia
from presgen.media.aac import aac_packets, add_aac_track
from presgen.media.avc import TICKS
from presgen.media.clip import clip_writer
from presgen.media.container import create_media, disk_errors, open_media
from presgen.media.decode import sound as sound_of
from presgen.media.formats import Format
from presgen.media.probe import probe
from presgen.media.seal import seal
from presgen.media.sound import FRAME_SAMPLES, SAMPLE_RATE, Samples
from presgen.media.still import START, Parameters, frame_num_of, repeated_picture
from presgen.media.track import place
from presgen.media.vp9 import repeat_of
from presgen.model.base import Seconds

FARTHEST = Seconds(2.0)
"""By how much sound may be shifted and still be found."""

_STEP = 48
"""Samples in a step of the envelope by which a shift is found: a millisecond."""


def mend_clip(path: Path, format: Format, sound: Samples) -> None:
    """Write the clip at ``path`` again, in its place: its own coded pictures, and ``sound`` encoded anew.

    ``sound`` is as `clip_writer` takes it, and says how long the clip lasts: pictures beyond it are left out,
    and where there are too few, the last one stays.

    Raises:
        CannotJoin: the pictures are reordered, of another rate, codec or size, or cannot be repeated.
        CorruptMedia: there are no pictures, or they cannot be read.
        ValueError: the sound is off the grid, or not silent at both ends (see `sound.on_grid`).
        OSError: the disk does not take what is written.
    """
    draft = path.with_name(f"mended-{path.name}")
    try:
        if format.pictured:
            _copy(path, draft, format, sound)
        else:
            with clip_writer(draft, format, sound):
                pass
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def lag_of(path: Path, master: Samples) -> Seconds:
    """Return how much later the sound in the file at ``path`` is heard than in its ``master``.

    Raises:
        CorruptMedia: the file's sound cannot be read.
    """
    from scipy import signal

    heard, rate = sound_of(path)
    track = probe(path).sound
    starts = track.start if track is not None else Seconds(0.0)
    if rate != SAMPLE_RATE:
        heard = signal.resample_poly(heard, SAMPLE_RATE, rate)
    one, other = _envelope(heard), _envelope(master.astype(np.float32))
    if not one.any() or not other.any():
        return starts
    likeness = signal.correlate(one, other, method="fft")
    shifts = signal.correlation_lags(len(one), len(other))
    near = np.abs(shifts) <= FARTHEST * SAMPLE_RATE / _STEP
    found = int(shifts[near][np.argmax(likeness[near])])
    return Seconds(round(found * _STEP / SAMPLE_RATE + starts, 3))


def _envelope(samples: Any) -> Any:
    count = len(samples) // _STEP
    levels = np.abs(samples[: count * _STEP]).reshape(count, _STEP).mean(axis=1)
    return levels - levels.mean() if count else levels


def _copy(path: Path, draft: Path, format: Format, sound: Samples) -> None:
    frames = len(sound) // FRAME_SAMPLES
    with open_media(path) as source:
        if len(source.streams.video) != 1:
            raise CorruptMedia(
                f"{path.name} has {len(source.streams.video)} tracks of pictures; one is fine."
            )
        stream = source.streams.video[0]
        pictures = [packet for packet in source.demux(stream) if packet.size]
        _check(path, stream, pictures, format)
        more = _repeats(path, stream, bytes(pictures[-1]), max(frames - len(pictures), 0))
        with disk_errors(), create_media(draft, format.container) as file:
            track = file.add_stream_from_template(stream)
            if format.container == "mp4":
                track.time_base = Fraction(1, TICKS)
            lanes: list[Iterator[Packet[Any]]] = [_placed([*pictures[:frames], *more], track, format.fps)]
            if format.audio == "aac":
                lanes.append(aac_packets(add_aac_track(file, format), [sound]))
            file.start_encoding()
            for packet in heapq.merge(*lanes, key=lambda each: (each.dts or 0) * each.time_base):
                file.mux(packet)
    seal(draft)


def _check(path: Path, stream: VideoStream, pictures: Sequence[Packet[Any]], format: Format) -> None:
    """Check that the pictures can be laid one after the other, and left out from any of them on."""
    context = stream.codec_context
    found = context.name, context.width, context.height, stream.average_rate
    wanted = format.video, format.width, format.height, Fraction(format.fps)
    if found != wanted:
        shown = "{} of {}x{} at {} a second"
        raise CannotJoin(f"{path.name} holds {shown.format(*found)}; ordered is {shown.format(*wanted)}.")
    if not pictures:
        raise CorruptMedia(f"{path.name} holds no pictures.")
    if not pictures[0].is_keyframe or any(each.pts is None or each.pts != each.dts for each in pictures):
        raise CannotJoin(f"The pictures of {path.name} are reordered, or do not begin with a key frame.")


def _repeats(path: Path, stream: VideoStream, last: bytes, count: int) -> list[Packet[Any]]:
    """Return packets that show the last picture ``count`` times more."""
    if not count:
        return []
    again: list[bytes]
    if stream.codec_context.name == "vp9":
        repeat = repeat_of(last)
        again = [] if repeat is None else [repeat] * count
    else:
        again = _avc_repeats(stream.codec_context.extradata or b"", last, count)
    if not again:
        raise CannotJoin(f"{path.name} lacks {count} pictures, and its last one cannot be repeated.")
    return [Packet(each) for each in again]


def _avc_repeats(extradata: bytes, last: bytes, count: int) -> list[bytes]:
    """Return the repeats as MP4 holds H.264: each unit after its length, in place of start codes."""
    try:
        parameters = Parameters.read(_parameter_sets(extradata))
        number = frame_num_of(_with_start_codes(last, extradata[4] % 4 + 1), parameters)
    except (ValueError, IndexError):
        return []
    if not parameters.repeatable:
        return []
    repeats = [repeated_picture(parameters, number + step) for step in range(1, count + 1)]
    width = extradata[4] % 4 + 1
    return [_with_length(unit.removeprefix(START), width) for unit in repeats]


def _parameter_sets(extradata: bytes) -> bytes:
    """Return the parameter sets of an ``avcC`` box (ISO/IEC 14496-15, 5.3.3) with start codes."""
    found, at = b"", 5
    for mask in (0b11111, 0xFF):  # sequence parameter sets, then those of pictures
        count = extradata[at] & mask
        at += 1
        for _ in range(count):
            length = int.from_bytes(extradata[at : at + 2], "big")
            found += START + extradata[at + 2 : at + 2 + length]
            at += 2 + length
    return found


def _with_start_codes(packet: bytes, width: int) -> bytes:
    found, at = b"", 0
    while at < len(packet):
        length = int.from_bytes(packet[at : at + width], "big")
        found += START + packet[at + width : at + width + length]
        at += width + length
    return found


def _with_length(unit: bytes, width: int) -> bytes:
    return len(unit).to_bytes(width, "big") + unit


def _placed(packets: Sequence[Packet[Any]], track: VideoStream, fps: int) -> Iterator[Packet[Any]]:
    for number, packet in enumerate(packets):
        yield place(packet, track, number, fps)
