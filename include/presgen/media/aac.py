"""Sound as AAC packets that lie on a grid of 1 024 samples and need no priming.

The sound starts and ends with silence. The encoder's first packet, which only primes a decoder, is therefore
left out: the packets start at 0, and a sample lies in the file exactly where it lay in the sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.codec.context import Flags
from av.container import OutputContainer
from av.packet import Packet

from presgen.media.formats import Format
from presgen.media.sound import AAC_SAMPLES, SAMPLE_RATE, Samples


def add_aac_track(file: OutputContainer, format: Format) -> AudioStream:
    """Begin a track of mono AAC-LC in ``file``."""
    stream = file.add_stream("aac", rate=format.sample_rate)
    stream.codec_context.layout = "mono"
    stream.codec_context.format = "fltp"
    stream.codec_context.bit_rate = format.audio_bit_rate
    stream.codec_context.thread_count = 1
    # Without the encoder's name in the first packet.
    stream.codec_context.flags |= Flags.bitexact
    return stream


def aac_packets(stream: AudioStream, sound: Iterable[Samples]) -> Iterator[Packet[Any]]:
    """Yield the packets of ``sound``, without the one that primes the decoder.

    It is given in parts of whole packets, and its first and last 1 024 samples are silent.
    """
    given = 0
    number = -1  # that of the packet that primes
    # The silence after the end pushes the last packet with sound out of the encoder.
    for part in chain(sound, [np.zeros(2 * AAC_SAMPLES, np.int16)]):
        for start in range(0, len(part), AAC_SAMPLES):
            for packet in stream.codec_context.encode(_frame(part[start : start + AAC_SAMPLES], given)):
                if number >= 0:
                    packet.pts = packet.dts = number * AAC_SAMPLES
                    packet.duration = AAC_SAMPLES
                    packet.time_base = Fraction(1, SAMPLE_RATE)
                    packet.stream = stream
                    yield packet
                number += 1
            given += AAC_SAMPLES


def _frame(samples: Samples, start: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(
        samples[None].astype(np.float32) / 32_768, format="fltp", layout="mono"
    )
    frame.sample_rate = SAMPLE_RATE
    frame.time_base = Fraction(1, SAMPLE_RATE)
    frame.pts = start
    return frame
