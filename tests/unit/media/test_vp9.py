from __future__ import annotations

import hashlib
from pathlib import Path

import av
import numpy as np
import pytest

from presgen.media.clip import clip_writer
from presgen.media.sound import GRID_SAMPLES
from presgen.media.vp9 import Vp9Track
from tests.unit.media.clips import TINY_WEBM
from tests.unit.media.test_still import paint


def write(path: Path, changes: int, every: int) -> list[bool]:
    """Write pictures of which one in ``every`` is new; return of every picture whether it is."""
    new = []
    with clip_writer(path, TINY_WEBM, np.zeros(20 * GRID_SAMPLES, np.int16)) as clip:
        for number in range(clip.frames):
            new.append(number % every == 0 and number // every < changes)
            if new[-1]:
                paint(clip, number)
                clip.write()
            else:
                clip.repeat()
    return new


def digests(path: Path, decoder: str) -> list[str]:
    """Return a digest of every picture that ``decoder`` sees."""
    context = av.CodecContext.create(decoder, "r")
    with av.open(str(path)) as file:
        frames = [
            frame
            for packet in file.demux(file.streams.video[0])
            for frame in context.decode(packet if packet.size else None)
        ]
    return [hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest() for frame in frames]


@pytest.mark.parametrize("every", [16, 40, 151])
def test_two_decoders_see_the_same_pictures(every: int, tmp_path: Path):
    write(tmp_path / "clip.webm", 99, every)

    assert digests(tmp_path / "clip.webm", "libvpx-vp9") == digests(tmp_path / "clip.webm", "vp9")


def test_a_settled_picture_is_repeated_to_the_bit(tmp_path: Path):
    new = write(tmp_path / "clip.webm", 99, 40)

    seen = digests(tmp_path / "clip.webm", "vp9")

    assert len(seen) == len(new) == 320
    for number in range(320):
        encoded_lately = min(number % 40, number % 150) < Vp9Track.settled
        if not encoded_lately:
            assert seen[number] == seen[number - 1], number


def test_a_repeat_is_a_single_byte(tmp_path: Path):
    write(tmp_path / "clip.webm", 1, 999)

    with av.open(str(tmp_path / "clip.webm")) as file:
        sizes = [packet.size for packet in file.demux(video=0) if packet.size]

    assert sizes.count(1) == 320 - 3 * Vp9Track.settled
    assert min(sizes) == 1


@pytest.mark.parametrize("every", [16, 40])
def test_repeats_change_nothing_in_the_pictures_around_them(every: int, tmp_path: Path):
    write(tmp_path / "clip.webm", 99, every)
    with av.open(str(tmp_path / "clip.webm")) as file:
        packets = [bytes(packet) for packet in file.demux(video=0) if packet.size]
    context = av.CodecContext.create("libvpx-vp9", "r")
    # Without the repeats, what is left is what libvpx wrote.
    own = [packet for packet in packets if len(packet) > 1]

    alone = [
        hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest()
        for packet in own
        for frame in context.decode(av.Packet(packet))
    ]

    seen = digests(tmp_path / "clip.webm", "libvpx-vp9")
    assert len(alone) == len(own) < len(packets)
    assert [one for one, packet in zip(seen, packets, strict=True) if len(packet) > 1] == alone
