from __future__ import annotations

import dataclasses
import errno
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from av.packet import Packet

from presgen.media.avc import AvcTrack
from presgen.media.clip import ClipWriter, clip_name, clip_writer
from presgen.media.decode import pictures, sound
from presgen.media.formats import Format
from presgen.media.probe import probe
from presgen.media.sound import GRID_SAMPLES, integrated_loudness, true_peak
from tests.unit.media.clips import SOUND, TINY, TINY_WEBM, narration, write_clip


def test_a_clip_is_what_the_delivery_targets_ask_for(tmp_path: Path):
    frames = write_clip(tmp_path / "clip.mp4", narration(1.5))

    found = probe(tmp_path / "clip.mp4")

    assert found.pictures is not None
    assert found.sound is not None
    assert (found.pictures.codec, found.pictures.profile) == ("h264", "High")
    assert (found.pictures.width, found.pictures.height) == (TINY.width, TINY.height)
    assert found.pictures.pixel_format == "yuv420p"
    assert found.pictures.colour == "bt709/bt709/bt709"
    assert found.pictures.colour_range == "limited"
    assert found.pictures.fps == 30
    assert found.pictures.constant_rate
    assert found.pictures.frames == found.pictures.promised_frames == frames
    assert (found.sound.codec, found.sound.profile) == ("aac", "LC")
    assert (found.sound.sample_rate, found.sound.channels) == (48_000, 1)
    assert found.moov_first
    assert found.edit_lists == 0


def test_picture_and_sound_of_a_clip_start_and_end_together(tmp_path: Path):
    frames = write_clip(tmp_path / "clip.mp4", narration(1.5))

    found = probe(tmp_path / "clip.mp4")

    assert found.pictures is not None
    assert found.sound is not None
    assert found.pictures.start == found.sound.start == 0
    assert found.pictures.duration == found.sound.duration
    assert found.duration == pytest.approx(frames / 30, abs=1e-6)


def test_pictures_appear_in_the_order_they_were_written(tmp_path: Path):
    write_clip(tmp_path / "clip.mp4", narration(1.5))

    seen = [(moment, float(picture.y.mean())) for moment, picture in pictures(tmp_path / "clip.mp4")]

    for number, (moment, luma) in enumerate(seen):
        assert moment == pytest.approx(number / 30, abs=1e-6)
        assert luma == pytest.approx(16 + number % 200, abs=2)


def test_every_sample_of_a_clip_is_where_it_was(tmp_path: Path):
    original = narration(2.0).astype(float) / 32_768
    write_clip(tmp_path / "clip.mp4", narration(2.0))

    decoded, rate = sound(tmp_path / "clip.mp4")

    assert (len(decoded), rate) == (len(original), 48_000)
    shifts = range(-30, 31)
    likeness = [float(np.dot(original[100:-100], np.roll(decoded, -shift)[100:-100])) for shift in shifts]
    assert shifts[int(np.argmax(likeness))] == 0
    error = decoded - original
    assert 10 * np.log10((original**2).mean() / (error**2).mean()) > 15


def test_the_canvas_keeps_what_was_drawn(tmp_path: Path):
    with ClipWriter(tmp_path / "clip.mp4", TINY, narration(0.5)) as clip:
        clip.picture.y[:, :80] = 200
        for _ in range(clip.frames):
            clip.write()

    for _, picture in pictures(tmp_path / "clip.mp4"):
        assert picture.y[:, :70].min() > 190
        assert picture.y[:, 90:].max() < 30


def test_two_processes_write_the_same_bytes(tmp_path: Path):
    script = (
        "import sys; from pathlib import Path; from tests.unit.media.clips import *;"
        "write_clip(Path(sys.argv[1]), narration(1.5, seed=7), SMALL, seed=7)"
    )
    path = [entry for entry in sys.path if entry]

    for name, seed in (("a.mp4", "1"), ("b.mp4", "2")):
        subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{script}", tmp_path / name],
            check=True,
            env={"PYTHONHASHSEED": seed},
        )

    first = (tmp_path / "a.mp4").read_bytes()
    assert first == (tmp_path / "b.mp4").read_bytes()
    assert b"Lavf" not in first


@pytest.mark.parametrize("format", [TINY, TINY_WEBM], ids=["mp4", "webm"])
def test_repeated_pictures_keep_the_rate_and_the_key_frames(tmp_path: Path, format: Format):
    path = tmp_path / clip_name(format)
    with clip_writer(path, format, np.zeros(20 * GRID_SAMPLES, np.int16)) as clip:
        clip.write()
        clip.repeat(100)
        clip.picture.y[...] = 200
        clip.write()
        clip.repeat(clip.frames - 102)

    found = probe(path).pictures

    assert found is not None
    assert (found.frames, found.fps, found.constant_rate) == (320, 30, True)
    assert found.key_frames == pytest.approx((0, 5, 10))
    lumas = [float(picture.y.mean()) for _, picture in pictures(path)]
    assert lumas == pytest.approx([16] * 101 + [200] * 219, abs=2)


def test_two_clips_of_the_same_repeats_have_the_same_bytes(tmp_path: Path):
    for name in ("a.mp4", "b.mp4"):
        with clip_writer(tmp_path / name, TINY, np.zeros(10 * GRID_SAMPLES, np.int16)) as clip:
            for number in range(16):
                clip.picture.y[...] = 10 * number + 40
                clip.write()
                clip.repeat(9)

    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_a_still_clip_is_encoded_once_a_key_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    encoded: list[bool] = []
    encode = AvcTrack.encode

    def counting(track: AvcTrack, frame: av.VideoFrame, key: bool) -> Iterator[Packet]:
        encoded.append(key)
        return encode(track, frame, key)

    monkeypatch.setattr(AvcTrack, "encode", counting)
    with clip_writer(tmp_path / "clip.mp4", TINY, np.zeros(20 * GRID_SAMPLES, np.int16)) as clip:
        clip.write()
        clip.repeat(clip.frames - 1)

    assert encoded == [True, True, True]


def test_settings_that_allow_no_repeats_cost_time_and_not_the_clip(tmp_path: Path):
    # Three references: what is repeated would push a picture out that x264 wants to refer to.
    slow = dataclasses.replace(TINY, preset="medium")
    with clip_writer(tmp_path / "clip.mp4", slow, np.zeros(GRID_SAMPLES, np.int16)) as clip:
        clip.write()
        clip.repeat(15)

    assert len(list(pictures(tmp_path / "clip.mp4"))) == 16


def test_there_is_nothing_to_repeat_before_the_first_picture(tmp_path: Path):
    with (
        pytest.raises(ValueError, match="no picture yet"),
        clip_writer(tmp_path / "clip.mp4", TINY, narration(0.5)) as clip,
    ):
        clip.repeat()

    assert list(tmp_path.iterdir()) == []


def test_there_are_no_repeats_after_the_sound(tmp_path: Path):
    with clip_writer(tmp_path / "clip.mp4", TINY, narration(0.5)) as clip:
        clip.write()
        clip.repeat(clip.frames - 1)
        with pytest.raises(ValueError, match="no room"):
            clip.repeat()


def test_a_clip_to_listen_to_is_its_sound(tmp_path: Path):
    original = narration(1.5).astype(float) / 32_768
    with clip_writer(tmp_path / "clip.m4a", SOUND, narration(1.5)):
        pass

    decoded, rate = sound(tmp_path / "clip.m4a")
    found = probe(tmp_path / "clip.m4a")

    assert (len(decoded), rate) == (len(original), 48_000)
    assert np.corrcoef(decoded, original)[0, 1] > 0.98
    assert found.pictures is None
    assert found.tracks == ("audio",)
    assert found.edit_lists == 0
    assert (tmp_path / "clip.m4a").read_bytes()[4:12] == b"ftypM4A "


def test_a_clip_to_listen_to_sounds_as_the_one_with_pictures(tmp_path: Path):
    write_clip(tmp_path / "clip.mp4", narration(1.5))
    write_clip(tmp_path / "clip.m4a", narration(1.5), SOUND)

    assert packets_of_sound(tmp_path / "clip.m4a") == packets_of_sound(tmp_path / "clip.mp4")


def packets_of_sound(path: Path) -> list[bytes]:
    with av.open(str(path)) as file:
        return [bytes(packet) for packet in file.demux(audio=0) if packet.size]


def test_a_clip_to_listen_to_takes_no_pictures(tmp_path: Path):
    with (
        pytest.raises(ValueError, match="for listening; it has no pictures"),
        clip_writer(tmp_path / "clip.m4a", SOUND, narration(0.5)) as clip,
    ):
        clip.write()


def write_pictures(path: Path, count: int) -> None:
    with ClipWriter(path, TINY, narration(0.5)) as clip:
        for number in range(count):
            if number == 10:
                raise ZeroDivisionError
            clip.write()


def test_a_clip_with_too_few_pictures_is_refused_and_removed(tmp_path: Path):
    with pytest.raises(ValueError, match="3 pictures were written; the sound lasts 32"):
        write_pictures(tmp_path / "clip.mp4", 3)

    assert list(tmp_path.iterdir()) == []


def test_a_failed_drawing_leaves_no_file(tmp_path: Path):
    with pytest.raises(ZeroDivisionError):
        write_pictures(tmp_path / "clip.mp4", 32)

    assert list(tmp_path.iterdir()) == []


def test_there_are_no_pictures_after_the_sound(tmp_path: Path):
    with ClipWriter(tmp_path / "clip.mp4", TINY, narration(0.5)) as clip:
        for _ in range(clip.frames):
            clip.write()
        with pytest.raises(ValueError, match="no room"):
            clip.write()


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (np.zeros(GRID_SAMPLES - 1, np.int16), "multiple of 25600"),
        (np.zeros(0, np.int16), "multiple of 25600"),
        (np.ones(GRID_SAMPLES, np.int16), "must be silent"),
        (np.zeros(GRID_SAMPLES), "expected int16"),
    ],
)
def test_sound_off_the_grid_is_refused(tmp_path: Path, sound, why):
    with pytest.raises(ValueError, match=why):
        ClipWriter(tmp_path / "clip.mp4", TINY, sound)


@pytest.mark.parametrize("seconds", [0.5, 4.0])
def test_a_full_disk_is_told_as_what_it_is(tmp_path: Path, seconds: float):
    (tmp_path / "clip.mp4").symlink_to("/dev/full")

    with pytest.raises(OSError, match="No space left on device") as caught:
        write_clip(tmp_path / "clip.mp4", narration(seconds))

    assert caught.value.errno == errno.ENOSPC
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_encoding_leaves_no_peak_above_the_delivery_ceiling(tmp_path: Path, seed: int):
    write_clip(tmp_path / "clip.mp4", narration(4.0, seed))

    decoded, rate = sound(tmp_path / "clip.mp4")

    assert true_peak(decoded, rate) <= -1.0
    assert integrated_loudness(decoded, rate) == pytest.approx(-16, abs=0.3)
