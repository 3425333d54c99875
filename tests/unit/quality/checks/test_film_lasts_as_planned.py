from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.model.quality import Expectation, Severity
from presgen.quality.checks.film_lasts_as_planned import film_lasts_as_planned
from tests.unit.quality.films import make_evidence


@pytest.mark.parametrize(
    ("lasts", "verdict"),
    [(8.0, []), (11.0, []), (13.0, [Severity.WARN]), (20.0, [Severity.REJECT]), (1.0, [Severity.REJECT])],
)
def test_a_section_is_held_against_its_plan(lasts, verdict):
    findings = film_lasts_as_planned(make_evidence(duration=lasts))

    assert [finding.severity for finding in findings] == verdict


def test_a_section_without_a_plan_may_last_any_time():
    evidence = make_evidence(duration=100.0)
    unplanned = replace(evidence.sections[0], planned=None)

    assert not list(film_lasts_as_planned(replace(evidence, sections=(unplanned,))))


@pytest.mark.parametrize(("expected", "findings"), [(8.4, 0), (9.0, 1), (3.0, 1)])
def test_a_film_of_others_is_held_against_the_expected_length(expected, findings):
    evidence = replace(make_evidence(), format=None, expected=Expectation(duration=expected))

    assert len(list(film_lasts_as_planned(evidence))) == findings


@pytest.mark.parametrize(("words", "findings"), [(20, 0), (80, 1)])
def test_a_script_must_fit_into_its_film(words, findings):
    evidence = replace(make_evidence(), format=None, expected=Expectation(script="word " * words))

    assert len(list(film_lasts_as_planned(evidence))) == findings
