from __future__ import annotations

import random
from pathlib import Path

import av
import numpy as np
import pytest

from presgen.errors import CorruptMedia
from presgen.media.clip import ClipWriter
from presgen.media.decode import pictures, save_still, sound
from presgen.media.sound import Samples
from tests.unit.media.clips import SMALL, narration, write_clip


def write_busy_clip(path: Path, narrated: Samples) -> None:
    """A clip with something to see in every corner, as films have: damage has nowhere to hide."""
    noise = np.random.default_rng(5).integers(30, 220, (SMALL.height, 2 * SMALL.width), np.uint8)
    with ClipWriter(path, SMALL, narrated) as clip:
        for number in range(clip.frames):
            clip.picture.y[...] = noise[:, number * 3 : number * 3 + SMALL.width]
            clip.write()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    write_busy_clip(path, narration(1.5))
    return path


def packets_of(path: Path, kind: str) -> list[tuple[int, int]]:
    """Where the packets lie: (first byte, length)."""
    with av.open(str(path)) as file:
        return [
            (packet.pos or 0, packet.size)
            for packet in file.demux()
            if packet.size and packet.stream.type == kind
        ]


def damaged(clip: Path, path: Path, place: int, junk: bytes) -> Path:
    """Write the clip to ``path`` with ``junk`` in place of what was there."""
    content = bytearray(clip.read_bytes())
    assert content[place : place + len(junk)] != junk
    content[place : place + len(junk)] = junk
    path.write_bytes(content)
    return path


def flipped(clip: Path, path: Path, place: int, bit: int) -> Path:
    return damaged(clip, path, place, bytes([clip.read_bytes()[place] ^ 1 << bit]))


def watch(path: Path) -> None:
    for _ in pictures(path):
        pass


def test_a_sound_file_decodes_to_its_end(clip):
    samples, rate = sound(clip)

    assert rate == 48_000
    assert len(samples) == len(narration(1.5))
    assert samples.dtype == np.float32
    assert len(list(pictures(clip))) == len(samples) // 1600


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_any_bit_that_flips_is_noticed(clip, tmp_path, kind):
    chance = random.Random(1)
    packets = packets_of(clip, kind)

    for _ in range(30):
        start, length = chance.choice(packets)
        rotten = flipped(clip, tmp_path / "rotten.mp4", start + chance.randrange(length), chance.randrange(8))
        with pytest.raises(CorruptMedia, match=r"rotten\.mp4 is damaged"):
            watch(rotten)
        with pytest.raises(CorruptMedia, match=r"rotten\.mp4 is damaged"):
            sound(rotten)


def test_damage_is_told_with_its_moment(clip, tmp_path):
    start, length = packets_of(clip, "video")[20]

    rotten = damaged(clip, tmp_path / "rotten.mp4", start + 20, bytes(length - 20))

    with pytest.raises(CorruptMedia, match=r"rotten\.mp4 is damaged at 0\.6\d s"):
        watch(rotten)


def test_sound_overwritten_with_something_else_is_told_with_its_moment(clip, tmp_path):
    start, length = packets_of(clip, "audio")[30]

    rotten = damaged(clip, tmp_path / "rotten.mp4", start, random.Random(2).randbytes(length))

    with pytest.raises(CorruptMedia, match=r"rotten\.mp4 is damaged at 0\.6\d s"):
        sound(rotten)


def test_a_rotten_stretch_is_noticed_without_a_digest_too(clip, tmp_path):
    # As a film of somebody else has none: the decoder trips over what no encoder writes.
    plain = tmp_path / "plain.mp4"
    plain.write_bytes(clip.read_bytes()[: clip.read_bytes().rindex(b"uuid") - 4])
    watch(plain)
    chance = random.Random(3)

    for _ in range(10):
        start, _ = chance.choice(packets_of(clip, "video")[:30])
        rotten = damaged(plain, tmp_path / "rotten.mp4", start + 100, chance.randbytes(4096))
        with pytest.raises(CorruptMedia, match=r"rotten\.mp4 is damaged at"):
            watch(rotten)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.7, 0.95, 0.999])
def test_a_file_cut_short_is_noticed(clip, tmp_path, share):
    whole = clip.read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(CorruptMedia, match=r"cut\.mp4"):
        watch(tmp_path / "cut.mp4")


def test_a_film_without_sound_has_none_to_decode(tmp_path):
    with av.open(str(tmp_path / "mute.mp4"), "w") as file:
        stream = file.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        file.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        file.mux(stream.encode(None))

    with pytest.raises(CorruptMedia, match=r"mute\.mp4 holds no sound"):
        sound(tmp_path / "mute.mp4")


def test_two_channels_are_mixed_down(tmp_path):
    wave = 16_000 * np.sin(2 * np.pi * 440 * np.arange(8_192) / 48_000)
    with av.open(str(tmp_path / "stereo.mp4"), "w") as file:
        stream = file.add_stream("alac", rate=48_000, layout="stereo", format="s16p")
        for start in range(0, len(wave), 4_096):
            part = np.stack([wave, wave / -2])[:, start : start + 4_096].astype(np.int16)
            frame = av.AudioFrame.from_ndarray(part, format="s16p", layout="stereo")
            frame.sample_rate, frame.pts = 48_000, start
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))

    samples, rate = sound(tmp_path / "stereo.mp4")

    assert rate == 48_000
    assert samples == pytest.approx(wave / 4 / 32_768, abs=1e-4)


def test_a_still_shows_its_moment(tmp_path):
    write_clip(tmp_path / "clip.mp4", narration(6.0))

    for number in (0, 1, 47, 150, 151, 191):
        save_still(tmp_path / "clip.mp4", number / 30 + 0.01, tmp_path / "still.png")

        with av.open(str(tmp_path / "still.png")) as file:
            [frame] = file.decode(video=0)
        luma = 16 + number % 200
        assert (frame.width, frame.height) == (160, 96)
        assert frame.to_ndarray(format="rgb24").mean() == pytest.approx((luma - 16) / 219 * 255, abs=3)


def test_the_same_still_has_the_same_bytes(clip, tmp_path):
    for name in ("a.png", "b.png"):
        save_still(clip, 1.0, tmp_path / name)

    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_there_is_no_still_after_the_end(clip, tmp_path):
    with pytest.raises(CorruptMedia, match="shows nothing at 99"):
        save_still(clip, 99.0, tmp_path / "still.png")

    assert not (tmp_path / "still.png").exists()
