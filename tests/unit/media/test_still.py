from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import av
import numpy as np
import pytest
from av.packet import Packet

from presgen.media import decode
from presgen.media.avc import AvcTrack
from presgen.media.clip import ClipWriter, clip_writer
from presgen.media.container import create_media
from presgen.media.formats import Format
from presgen.media.sound import GRID_SAMPLES
from presgen.media.still import START, Parameters, renumbered, repeated_picture
from tests.unit.media import openh264
from tests.unit.media.clips import SMALL, TINY

CAVLC = dataclasses.replace(TINY, preset="ultrafast")
CROPPED = Format(name="cropped", width=176, height=100)
FORMATS = [
    pytest.param(SMALL, id="cabac"),
    pytest.param(CAVLC, id="cavlc"),
    pytest.param(CROPPED, id="size-off-the-macroblocks"),
]


def paint(clip: ClipWriter, seed: int) -> None:
    """Put something on the canvas that an encoder cannot predict."""
    noise = np.random.default_rng(seed)
    for plane in clip.picture.planes:
        height, width = plane.shape
        rough = noise.integers(40, 216, (-(-height // 8), -(-width // 8)), dtype=np.uint8)
        plane[...] = np.kron(rough, np.ones((8, 8), np.uint8))[:height, :width]


def write_restlessly(path: Path, format: Format, seed: int, grids: int = 30) -> list[bool]:
    """Write a clip of changes and repeats; return of every picture whether it only repeats the last."""
    dice = random.Random(seed)
    repeats: list[bool] = []
    with clip_writer(path, format, np.zeros(grids * GRID_SAMPLES, np.int16)) as clip:
        paint(clip, seed)
        clip.write()
        repeats.append(False)
        while len(repeats) < clip.frames:
            if dice.random() < 0.4:
                x = dice.randrange(0, format.width - 32, 2)
                clip.picture.y[16:48, x : x + 32] = dice.randrange(16, 235)
                clip.write()
                repeats.append(False)
            else:
                count = min(dice.choice([1, 2, 5, 16, 40]), clip.frames - len(repeats))
                clip.repeat(count)
                repeats += [True] * count
    return repeats


def planes(path: Path) -> list[bytes]:
    return [b"".join(plane.tobytes() for plane in picture.planes) for _, picture in decode.pictures(path)]


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("format", FORMATS)
def test_a_repeated_picture_is_the_one_before_to_the_bit(format: Format, seed: int, tmp_path: Path):
    repeats = write_restlessly(tmp_path / "clip.mp4", format, seed)

    seen = planes(tmp_path / "clip.mp4")

    assert len(seen) == len(repeats)
    for number, repeated in enumerate(repeats):
        if repeated and number % 150:
            assert seen[number] == seen[number - 1], number


@pytest.mark.skipif(openh264.LIBRARY is None, reason="needs libopenh264 (Debian: libopenh264-7)")
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("format", FORMATS)
def test_another_decoder_sees_the_same_pictures(format: Format, seed: int, tmp_path: Path):
    write_restlessly(tmp_path / "clip.mp4", format, seed)

    assert [picture.tobytes() for picture in openh264.pictures(tmp_path / "clip.mp4")] == planes(
        tmp_path / "clip.mp4"
    )


@pytest.mark.parametrize("format", FORMATS)
def test_repeats_change_nothing_in_the_pictures_around_them(format: Format, tmp_path: Path):
    frame = av.VideoFrame(format.width, format.height, "yuv420p")
    packets: list[Packet] = []
    encoded: list[bool] = []
    with create_media(tmp_path / "clip.mp4", "mp4") as file:
        track = AvcTrack(file, format)
        for number in range(40):
            noise = np.random.default_rng(number % 7)
            for plane in frame.planes:
                plane.update(noise.integers(0, 255, plane.buffer_size, dtype=np.uint8).tobytes())
            packets += track.encode(frame, key=number == 0)
            encoded.append(True)
            for _ in range(number % 4):
                packets += track.repeat()
                encoded.append(False)
        packets += track.finish()
        sets = track.stream.codec_context.extradata
        file.mux(packets)
    # What is left without the repeats, in x264's own numbering, is what x264 wrote.
    own = [bytes(packet) for packet, is_own in zip(packets, encoded, strict=True) if is_own]
    own[1:] = [renumbered(packet, Parameters.read(sets), number) for number, packet in enumerate(own[1:], 1)]

    seen = planes(tmp_path / "clip.mp4")

    assert len(seen) == len(encoded) == 100
    assert [picture for picture, is_own in zip(seen, encoded, strict=True) if is_own] == decoded(sets, own)


def decoded(parameters: bytes, packets: list[bytes]) -> list[bytes]:
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    decoder.extradata = parameters
    frames = [frame for content in packets for frame in decoder.decode(Packet(content))]
    return [frame.to_ndarray().tobytes() for frame in [*frames, *decoder.decode(None)]]


def parameters_of(tmp_path: Path, **options: str) -> Parameters:
    """Return what x264 writes with these options."""
    with create_media(tmp_path / "clip.mp4", "mp4") as file:
        stream = file.add_stream("libx264", rate=30, options={"preset": "veryfast", **options})
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        file.mux(stream.encode(av.VideoFrame(160, 96, "yuv420p")))
        file.mux(stream.encode(None))
        return Parameters.read(stream.codec_context.extradata)


def test_parameters_tell_what_slice_headers_depend_on(tmp_path: Path):
    found = parameters_of(tmp_path, bf="0", **{"x264-params": "stitchable=1"})

    assert (found.macroblocks, found.frame_num_bits) == (60, 4)
    assert found.cabac
    assert found.weighted
    assert found.filter_control
    assert found.repeatable


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"bf": "3"}, id="b-frames"),
        pytest.param({"bf": "0", "refs": "3"}, id="several-references"),
        pytest.param({"bf": "0", "x264-params": "interlaced=1"}, id="fields"),
        pytest.param({"bf": "0", "x264-params": "stitchable=0", "crf": "30"}, id="quantiser-in-the-set"),
    ],
)
def test_streams_of_another_kind_are_not_repeated(options: dict[str, str], tmp_path: Path):
    assert not parameters_of(tmp_path, **options).repeatable


@pytest.mark.parametrize("content", [b"", START + b"\x67\x64", b"no start code"])
def test_parameter_sets_that_are_cut_short_are_an_error(content: bytes):
    with pytest.raises(ValueError, match=r"missing|were asked for"):
        Parameters.read(content)


PLAIN = Parameters(
    frame_num_bits=4, macroblocks=3600, cabac=True, weighted=True, filter_control=True, repeatable=True
)


def test_a_repeat_takes_next_to_no_room():
    assert len(repeated_picture(PLAIN, 1)) < 50


def test_a_repeat_holds_no_start_code_of_its_own():
    for frame_num in range(16):
        assert repeated_picture(PLAIN, frame_num).count(b"\0\0\1") == 1
        assert b"\0\0\0" not in repeated_picture(PLAIN, frame_num)[len(START) :]


def escaped(unit: bytes) -> bytes:
    """Escape byte by byte, as 7.4.1 words it."""
    found = bytearray()
    for byte in unit:
        if found[-2:] == b"\0\0" and byte <= 3:
            found.append(3)
        found.append(byte)
    return bytes(found)


@pytest.mark.parametrize("seed", range(20))
def test_a_new_number_changes_nothing_else(seed: int):
    dice = random.Random(seed)
    # Bytes in which nearly everything must be escaped, after a header whose frame_num is 0.
    body = bytes(dice.choice([0, 0, 0, 1, 2, 3, 255]) for _ in range(200)) + b"\x80"
    before = START + escaped(b"\x41\x9a\x00" + body)

    there = renumbered(before, PLAIN, 13)

    # slice_type 5 takes five bits of 0x9a; frame_num is the last of them and three of the next byte.
    assert there == START + escaped(b"\x41\x9b\xa0" + body)
    assert renumbered(there, PLAIN, 0) == before
    assert there.count(b"\0\0\1") == 1
    assert b"\0\0\0" not in there[len(START) :]
