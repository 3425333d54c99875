from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.media.formats import formats
from presgen.model.quality import Severity
from presgen.quality.checks.sound_and_picture_end_together import sound_and_picture_end_together
from tests.unit.quality.films import make_evidence, with_sound


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


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(7.9, []), (8.1, []), (7.7, [Severity.WARN]), (6.0, [Severity.REJECT])]
)
def test_films_of_others_may_end_less_exactly(seconds, verdict):
    evidence = replace(with_sound(make_evidence(), duration=seconds), format=None)

    assert [finding.severity for finding in sound_and_picture_end_together(evidence)] == verdict
