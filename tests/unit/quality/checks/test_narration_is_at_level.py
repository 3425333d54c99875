from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.model.quality import Expectation, Severity
from presgen.quality.checks.narration_is_at_level import narration_is_at_level
from tests.unit.quality.films import make_evidence


@pytest.mark.parametrize("level", [-17.2, -14.8, -40.0, -3.0])
def test_our_own_section_off_the_level_is_rejected(level):
    [finding] = narration_is_at_level(make_evidence(loudness=level))

    assert finding.severity is Severity.REJECT
    assert f"{level:.1f} LUFS" in finding.message


@pytest.mark.parametrize(
    ("level", "verdict"),
    [
        (-23.0, []),
        (-14.0, []),
        (-26.0, [Severity.WARN]),
        (-30.0, [Severity.REJECT]),
        (-5.0, [Severity.REJECT]),
    ],
)
def test_a_film_of_others_is_rejected_only_when_far_off(level, verdict):
    findings = narration_is_at_level(replace(make_evidence(loudness=level), format=None))

    assert [finding.severity for finding in findings] == verdict


@pytest.mark.parametrize(("level", "findings"), [(-23.5, 0), (-16.0, 1)])
def test_another_level_may_be_expected(level, findings):
    evidence = make_evidence(loudness=level)
    evidence = replace(evidence, format=None, expected=Expectation(loudness=-23))

    assert len(list(narration_is_at_level(evidence))) == findings
