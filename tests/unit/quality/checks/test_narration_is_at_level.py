from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.model.quality import Severity
from presgen.quality.checks.narration_is_at_level import narration_is_at_level
from tests.unit.quality.films import make_evidence


@pytest.mark.parametrize("level", [-17.2, -14.8, -40.0, -3.0])
def test_our_own_section_off_the_level_is_rejected(level):
    [finding] = narration_is_at_level(make_evidence(loudness=level))

    assert finding.severity is Severity.REJECT
    assert f"{level:.1f} LUFS" in finding.message


def test_a_silent_section_is_rejected():
    [finding] = narration_is_at_level(make_evidence(loudness=None))

    assert finding.severity is Severity.REJECT
    assert "silent" in finding.message


@pytest.mark.parametrize(("level", "severity"), [(-19.0, Severity.WARN), (-30.0, Severity.REJECT)])
def test_a_film_of_others_is_rejected_only_when_far_off(level, severity):
    [finding] = narration_is_at_level(replace(make_evidence(loudness=level), format=None))

    assert finding.severity is severity
