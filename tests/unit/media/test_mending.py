"""A clip mended: its pictures are the same to the bit, and it is as if it had been written so at first."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from presgen.errors import CannotJoin, CorruptMedia
from presgen.media.clip import clip_name, clip_writer
from presgen.media.decode import pictures, sound
from presgen.media.mending import lag_of, mend_clip
from presgen.media.probe import probe
from presgen.media.sound import FRAME_SAMPLES, GRID_SAMPLES
from tests.unit.media.clips import SOUND, TINY, TINY_WEBM, narration, write_clip

FORMATS = pytest.mark.parametrize("format", [TINY, TINY_WEBM], ids=["mp4", "webm"])


def shown(path: Path) -> list[bytes]:
    return [b"".join(plane.tobytes() for plane in picture.planes) for _, picture in pictures(path)]


def grids(count: int) -> np.ndarray:
    """Sound of that many times 16 pictures."""
    return np.resize(narration(6.0), count * GRID_SAMPLES) * silent_ends(count * GRID_SAMPLES)


def silent_ends(length: int) -> np.ndarray:
    audible = np.ones(length, np.int16)
    audible[:1024] = audible[-1024:] = 0
    return audible


def test_mending_with_the_same_sound_changes_no_byte_of_pictures_and_sound(tmp_path):
    path = tmp_path / "clip.mp4"
    write_clip(path, narration(1.5))
    before = path.read_bytes()

    mend_clip(path, TINY, narration(1.5))

    after = path.read_bytes()
    assert after[-32:] == before[-32:]  # the seal: a digest of all media
    assert len(after) == len(before)


@FORMATS
@pytest.mark.parametrize("count", [2, 6])
def test_pictures_last_as_long_as_the_sound(tmp_path, format, count):
    path = tmp_path / clip_name(format)
    write_clip(path, grids(4), format)
    before = shown(path)

    mend_clip(path, format, grids(count))

    after = shown(path)
    assert len(after) == 16 * count
    assert after[:64] == before[: len(after)]
    assert set(after[64:]) <= {before[-1]}
    found = probe(path)
    assert (found.pictures.start, found.pictures.constant_rate, found.edit_lists) == (0, True, 0)
    assert (found.moov_first, found.intact) == (True, True)


def test_a_still_clip_that_ends_in_repeats_can_be_made_longer(tmp_path):
    path = tmp_path / "clip.mp4"
    with clip_writer(path, TINY, grids(2)) as clip:
        clip.picture.y[...] = 90
        clip.write()
        clip.repeat(clip.frames - 1)
    [picture] = set(shown(path))

    mend_clip(path, TINY, grids(5))

    assert shown(path) == [picture] * 80


def test_a_clip_to_listen_to_gets_the_new_sound(tmp_path):
    path = tmp_path / clip_name(SOUND)
    write_clip(path, grids(4), SOUND)

    mend_clip(path, SOUND, grids(3))

    assert len(sound(path)[0]) == 3 * GRID_SAMPLES


def test_sound_that_comes_late_is_found_to_the_millisecond(tmp_path):
    path = tmp_path / "clip.mp4"
    late = np.roll(narration(3.0), 14_400)
    late[:1024] = late[-1024:] = 0
    write_clip(path, late)

    assert lag_of(path, narration(3.0)) == pytest.approx(0.3, abs=0.002)

    mend_clip(path, TINY, narration(3.0))

    assert lag_of(path, narration(3.0)) == pytest.approx(0, abs=0.002)


def test_pictures_of_another_size_are_refused(tmp_path):
    path = tmp_path / "clip.mp4"
    write_clip(path, narration(1.5))

    with pytest.raises(CannotJoin, match="160x96"):
        mend_clip(path, dataclasses.replace(TINY, width=320), narration(1.5))

    assert [each.name for each in tmp_path.iterdir()] == ["clip.mp4"]


def test_a_clip_that_is_none_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"no film")

    with pytest.raises(CorruptMedia):
        mend_clip(path, TINY, narration(1.5))

    assert path.read_bytes() == b"no film"


def test_the_grid_of_the_tests_is_that_of_clips():
    assert len(grids(1)) == 16 * FRAME_SAMPLES
