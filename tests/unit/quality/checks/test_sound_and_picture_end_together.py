from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.media.formats import formats
from presgen.model.quality import Severity
from presgen.quality.checks.sound_and_picture_end_together import sound_and_picture_end_together
from tests.unit.quality.films import make_evidence, with_sound


def test_a_film_without_sound_is_rejected():
    evidence = make_evidence()

    [finding] = sound_and_picture_end_together(replace(evidence, film=replace(evidence.film, sound=None)))

    assert finding.severity is Severity.REJECT
    assert "no sound" in finding.message


@pytest.mark.parametrize(("seconds", "findings"), [(7.97, 0), (7.5, 1), (8.5, 1)])
def test_sound_may_end_a_frame_before_the_picture_and_no_more(seconds, findings):
    found = list(sound_and_picture_end_together(with_sound(make_evidence(), duration=seconds)))

    assert len(found) == findings


def test_late_sound_is_rejected_at_both_ends():
    starts, ends = sound_and_picture_end_together(with_sound(make_evidence(), start=0.3))

    assert (starts.at, ends.at) == (0, 8)
    assert "starts +0.300 s" in starts.message


def without_pictures(evidence, name):
    return replace(evidence, film=replace(evidence.film, pictures=None), format=formats[name])


def test_a_lesson_to_listen_to_needs_no_pictures():
    assert not list(sound_and_picture_end_together(without_pictures(make_evidence(), "audio")))
    [finding] = sound_and_picture_end_together(without_pictures(make_evidence(), "landscape"))
    assert "no pictures" in finding.message


@pytest.mark.parametrize(("joined", "findings"), [(False, 0), (True, 1)])
def test_opus_comes_in_with_the_join(joined, findings):
    evidence = make_evidence(joined=joined)
    mute = replace(evidence, film=replace(evidence.film, sound=None), format=formats["webm"])

    assert len(list(sound_and_picture_end_together(mute))) == findings
