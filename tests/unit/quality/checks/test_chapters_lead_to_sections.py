from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.media.probe import Chapter
from presgen.model.quality import Expectation, Severity
from presgen.quality.checks.chapters_lead_to_sections import chapters_lead_to_sections
from tests.unit.quality.films import make_evidence


def test_a_missing_chapter_is_rejected():
    evidence = make_evidence(sections=2, joined=True)
    film = replace(evidence.film, chapters=evidence.film.chapters[:1])

    [finding] = chapters_lead_to_sections(replace(evidence, film=film))

    assert finding.severity is Severity.REJECT
    assert "'Section 1' at 8.00 s" in finding.message


@pytest.mark.parametrize(
    ("expected", "findings"), [(1, 0), (3, 1), (("Section 0",), 0), (("Something else",), 1)]
)
def test_chapters_may_be_expected_of_a_film_of_others(expected, findings):
    evidence = replace(make_evidence(), format=None, expected=Expectation(chapters=expected))

    assert len(list(chapters_lead_to_sections(evidence))) == findings


def test_a_chapter_after_the_end_is_rejected_at_its_moment():
    evidence = make_evidence()
    film = replace(evidence.film, chapters=(Chapter("One", 0.0, 8.0), Chapter("Two", 9.0, 10.0)))

    [finding] = chapters_lead_to_sections(replace(evidence, film=film))

    assert finding.at == 9
