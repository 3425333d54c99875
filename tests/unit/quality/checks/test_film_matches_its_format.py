from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.media.formats import formats
from presgen.model.quality import Severity
from presgen.quality.checks.film_matches_its_format import film_matches_its_format
from tests.unit.quality.films import make_evidence, with_picture, with_sound


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"codec": "hevc"}, "hevc; ordered was h264"),
    ],
)
def test_a_picture_that_was_not_ordered_is_rejected(changes, named):
    [finding] = film_matches_its_format(with_picture(make_evidence(), **changes))

    assert finding.severity is Severity.REJECT
    assert named in finding.message


@pytest.mark.parametrize(
    ("changes", "named"), [({"codec": "mp3"}, "mp3"), ({"sample_rate": 44_100}, "44100")]
)
def test_a_sound_that_was_not_ordered_is_rejected(changes, named):
    [finding] = film_matches_its_format(with_sound(make_evidence(), **changes))

    assert finding.severity is Severity.REJECT
    assert named in finding.message


def test_a_film_nobody_ordered_may_have_any_codec_that_is_played():
    others = replace(make_evidence(), format=None)

    assert not list(film_matches_its_format(with_picture(others, codec="hevc")))
    [finding] = film_matches_its_format(with_picture(others, codec="mpeg4"))
    assert finding.severity is Severity.WARN


def test_a_lesson_to_listen_to_has_no_pictures():
    evidence = replace(make_evidence(), format=formats["audio"])

    found = film_matches_its_format(evidence)

    assert "ordered was sound only" in next(found).message
    heard = replace(evidence, film=replace(evidence.film, pictures=None))
    assert not list(film_matches_its_format(heard))


def test_codecs_are_those_of_the_format():
    evidence = replace(make_evidence(), format=formats["webm"])

    wrong = {finding.message for finding in film_matches_its_format(evidence)}
    right = with_sound(with_picture(evidence, codec="vp9"), codec="opus")

    assert wrong == {
        "The video codec is h264; ordered was vp9.",
        "The audio codec is aac; ordered was opus.",
    }
    assert not list(film_matches_its_format(right))
