"""Every output format can be written, joined and played."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from presgen.media.clip import clip_name, clip_writer
from presgen.media.formats import Format, formats
from presgen.media.probe import Probe, probe
from presgen.media.sound import FPS, GRID_SAMPLES, SAMPLE_RATE

FORMATS = [pytest.param(name, member, id=name) for name, member in formats]
PICTURED = [pytest.param(name, member, id=name) for name, member in formats if member.pictured]
PLAYABLE = {"mp4": {("h264", "aac")}, "m4a": {("", "aac")}, "webm": {("vp9", "opus")}}
"""What a container may hold so that browsers play it."""


@pytest.mark.parametrize(("name", "format"), FORMATS)
def test_a_format_is_registered_under_its_own_name(name: str, format: Format):
    assert format.name == name


@pytest.mark.parametrize(("name", "format"), FORMATS)
def test_clips_of_a_format_can_be_joined(name: str, format: Format):
    # 16 pictures last as long as 25 AAC packets only at these rates.
    assert (format.fps, format.sample_rate) == (FPS, SAMPLE_RATE)


@pytest.mark.parametrize(("name", "format"), FORMATS)
def test_pictures_of_a_format_can_be_halved(name: str, format: Format):
    assert format.width % 2 == format.height % 2 == 0


@pytest.mark.parametrize(("name", "format"), FORMATS)
def test_a_format_has_a_size_exactly_if_there_is_something_to_see(name: str, format: Format):
    assert format.pictured == (format.width > 0) == (format.height > 0)


@pytest.mark.parametrize(("name", "format"), FORMATS)
def test_only_pictures_can_have_captions_burned_into_them(name: str, format: Format):
    assert format.pictured or not format.burned


@pytest.mark.parametrize(("name", "format"), FORMATS)
def test_browsers_play_the_codecs_of_a_format_in_its_container(name: str, format: Format):
    assert (format.video, format.audio) in PLAYABLE[format.container]


@pytest.mark.parametrize(("name", "format"), FORMATS)
def test_a_clip_is_called_after_its_container(name: str, format: Format):
    assert clip_name(format) == f"clip.{format.container}"


def still_clip(folder: Path, format: Format) -> Probe:
    """Write a clip of 16 pictures that are all the same, where there are pictures."""
    path = folder / clip_name(format)
    with clip_writer(path, format, np.zeros(GRID_SAMPLES, np.int16)) as clip:
        if format.pictured:
            clip.write()
            clip.repeat(clip.frames - 1)
    return probe(path)


@pytest.mark.parametrize(("name", "format"), PICTURED)
def test_a_clip_has_the_shape_that_its_format_promises(name: str, format: Format, tmp_path: Path):
    found = still_clip(tmp_path, format).pictures

    assert found is not None
    assert (found.width, found.height) == (format.width, format.height)
    assert (found.codec, found.fps, found.constant_rate, found.frames) == (format.video, format.fps, True, 16)
    assert (found.colour, found.colour_range) == ("bt709/bt709/bt709", "limited")


@pytest.mark.parametrize(("name", "format"), FORMATS)
def test_a_clip_holds_sound_unless_the_join_encodes_it(name: str, format: Format, tmp_path: Path):
    found = still_clip(tmp_path, format).sound

    if format.audio == "opus":
        assert found is None
    else:
        assert found is not None
        assert (found.codec, found.sample_rate, found.channels) == (format.audio, format.sample_rate, 1)
        assert (found.start, found.duration) == (0, pytest.approx(16 / 30))


@pytest.mark.parametrize(("name", "format"), FORMATS)
def test_a_clip_of_any_format_is_sealed(name: str, format: Format, tmp_path: Path):
    assert still_clip(tmp_path, format).intact is True


@pytest.mark.parametrize(("name", "format"), FORMATS)
def test_the_same_clip_has_the_same_bytes(name: str, format: Format, tmp_path: Path):
    (tmp_path / "once").mkdir()
    (tmp_path / "again").mkdir()
    still_clip(tmp_path / "once", format)
    still_clip(tmp_path / "again", format)

    one, other = ((tmp_path / folder / clip_name(format)).read_bytes() for folder in ("once", "again"))
    assert one == other
