from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.model.quality import Expectation, Severity
from presgen.quality.checks.film_has_captions import film_has_captions
from tests.unit.quality.films import make_evidence


def test_missing_captions_are_rejected():
    [finding] = film_has_captions(replace(make_evidence(), cues=()))

    assert finding.severity is Severity.REJECT
    assert "no captions" in finding.message


@pytest.mark.parametrize(
    ("expected", "verdict"), [(None, [Severity.WARN]), (True, [Severity.REJECT]), (False, [])]
)
def test_a_film_of_others_is_rejected_only_when_captions_are_expected(expected, verdict):
    evidence = make_evidence()
    others = replace(
        evidence,
        cues=(),
        sections=(replace(evidence.sections[0], text=None),),
        format=None,
        expected=Expectation(captions=expected),
    )

    assert [finding.severity for finding in film_has_captions(others)] == verdict


def test_captions_that_end_halfway_are_found_there():
    evidence = make_evidence(sections=3, joined=True)

    [finding] = film_has_captions(replace(evidence, cues=evidence.cues[:2]))

    assert (finding.severity, finding.at) == (Severity.REJECT, evidence.cues[1].end)
