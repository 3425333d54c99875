"""Every output format can be written, joined and played."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from presgen.media.clip import ClipWriter
from presgen.media.formats import Format, formats
from presgen.media.probe import probe
from presgen.media.sound import FPS, GRID_SAMPLES, SAMPLE_RATE

FORMATS = [pytest.param(name, member, id=name) for name, member in formats]


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
def test_a_clip_has_the_shape_that_its_format_promises(name: str, format: Format, tmp_path: Path):
    with ClipWriter(tmp_path / "clip.mp4", format, np.zeros(GRID_SAMPLES, np.int16)) as clip:
        for _ in range(clip.frames):
            clip.write()

    found = probe(tmp_path / "clip.mp4")

    assert found.pictures is not None
    assert found.sound is not None
    assert (found.pictures.width, found.pictures.height) == (format.width, format.height)
    assert (found.pictures.fps, found.sound.sample_rate) == (format.fps, format.sample_rate)
    assert found.pictures.colour == "bt709/bt709/bt709"
