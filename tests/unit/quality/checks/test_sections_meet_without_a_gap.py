from __future__ import annotations

from dataclasses import replace

from presgen.model.quality import Severity
from presgen.quality.checks.sections_meet_without_a_gap import sections_meet_without_a_gap
from tests.unit.quality.films import make_evidence, with_sound


def test_a_section_in_the_wrong_place_is_rejected():
    evidence = make_evidence(sections=2, joined=True)
    moved = replace(evidence.sections[1], start=8.1)

    findings = list(sections_meet_without_a_gap(replace(evidence, sections=(evidence.sections[0], moved))))

    assert {finding.severity for finding in findings} == {Severity.REJECT}
    assert "starts at 8.100 s; 8.000 s" in findings[0].message


def test_sound_that_drifted_at_the_joins_is_rejected():
    evidence = make_evidence(sections=3, joined=True)

    [finding] = sections_meet_without_a_gap(with_sound(evidence, duration=24.05))

    assert "24.050 s of sound; its sections come to 24.000 s" in finding.message
