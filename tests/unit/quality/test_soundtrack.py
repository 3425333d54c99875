"""A section is heard where its sound is: on the master, or in the film that was mixed of it."""

from __future__ import annotations

import numpy as np
import pytest

from presgen.media.clip import clip_writer
from presgen.media.formats import formats
from presgen.media.sound import master, on_grid
from presgen.model.base import Seconds
from presgen.quality.soundtrack import heard_in_film
from tests.unit.quality.films import make_measured
from tests.unit.quality.test_inspection import voice

SECTION = make_measured(duration=Seconds(3.2), loudness=None, true_peak=0.0)


def sound():
    return on_grid(master(voice()))


def test_sections_of_a_film_are_heard_each_for_itself(tmp_path):
    samples = sound()
    samples[len(samples) // 2 :] //= 8
    with clip_writer(tmp_path / "film.m4a", formats["audio"], samples):
        pass
    half = Seconds(len(samples) / 2 / 48_000)
    section = SECTION.model_copy(update={"duration": half})

    loud, quiet = heard_in_film(tmp_path / "film.m4a", [(Seconds(0), section), (half, section)])

    assert loud.loudness - quiet.loudness == pytest.approx(18, abs=1.5)
    assert loud.true_peak > quiet.true_peak


def test_sound_that_cannot_be_decoded_is_a_fact_of_the_film(tmp_path):
    samples = sound()
    with clip_writer(tmp_path / "film.m4a", formats["audio"], samples):
        pass
    content = bytearray((tmp_path / "film.m4a").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = np.random.default_rng(1).bytes(3000)
    (tmp_path / "film.m4a").write_bytes(content)

    first, second = heard_in_film(tmp_path / "film.m4a", [(Seconds(0), SECTION), (Seconds(3), SECTION)])

    assert first.decode_errors
    assert not second.decode_errors
