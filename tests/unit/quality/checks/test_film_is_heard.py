from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.media.formats import formats
from presgen.model.quality import Expectation, Severity
from presgen.quality.checks.film_is_heard import film_is_heard
from tests.unit.quality.films import make_evidence


def test_a_film_without_sound_is_rejected():
    evidence = make_evidence()

    [finding] = film_is_heard(replace(evidence, film=replace(evidence.film, sound=None)))

    assert finding.severity is Severity.REJECT
    assert "no sound" in finding.message


def test_a_silent_section_is_rejected_at_its_start():
    [finding] = film_is_heard(make_evidence(loudness=None))

    assert (finding.severity, finding.at) == (Severity.REJECT, 0)


def test_a_film_may_be_mute_when_that_is_expected():
    evidence = make_evidence()
    mute = replace(evidence.film, sound=None)

    assert not list(film_is_heard(replace(evidence, film=mute, expected=Expectation(sound=False))))


@pytest.mark.parametrize(("joined", "findings"), [(False, 0), (True, 1)])
def test_opus_comes_in_with_the_join(joined, findings):
    evidence = make_evidence(joined=joined)
    mute = replace(evidence, film=replace(evidence.film, sound=None), format=formats["webm"])

    assert len(list(film_is_heard(mute))) == findings
