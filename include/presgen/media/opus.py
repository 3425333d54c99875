"""Sound as Opus packets, which start a little before 0 and end where the sound does (RFC 7845)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from presgen.media.formats import Format
from presgen.media.sound import SAMPLE_RATE, Samples

_PACKET = 960
"""Samples, 20 ms: Opus' own choice."""
_OPTIONS = {
    # The codec for any sound, and not the one for telephones, which moves what it hears in time.
    "application": "audio",
    "frame_duration": "20",
    # Of 10. More costs twice the time for what no one hears at our bit rates.
    "compression_level": "5",
}


def add_opus_track(file: OutputContainer, format: Format) -> AudioStream:
    """Begin a track of mono Opus in ``file``."""
    stream = file.add_stream("libopus", rate=format.sample_rate, options=_OPTIONS)
    stream.codec_context.layout = "mono"
    stream.codec_context.format = "s16"
    stream.codec_context.bit_rate = format.audio_bit_rate
    stream.codec_context.thread_count = 1
    return stream


def opus_packets(stream: AudioStream, sound: Iterable[Samples]) -> Iterator[Packet[Any]]:
    """Yield the packets of ``sound``, given in parts."""
    given = 0
    left = np.zeros(0, np.int16)
    for part in sound:
        left = np.concatenate([left, part])
        while len(left) >= _PACKET:
            yield from _encoded(stream, left[:_PACKET], given)
            given += _PACKET
            left = left[_PACKET:]
    if len(left):
        yield from _encoded(stream, left, given)
    yield from _encoded(stream, None, given)


def _encoded(stream: AudioStream, samples: Samples | None, start: int) -> Iterator[Packet[Any]]:
    frame = None
    if samples is not None:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None]), format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        frame.time_base = Fraction(1, SAMPLE_RATE)
        frame.pts = start
    for packet in stream.codec_context.encode(frame):
        packet.stream = stream
        yield packet
