from __future__ import annotations

from presgen.model.base import Seconds
from presgen.model.quality import Severity
from presgen.quality.checks.narration_does_not_distort import narration_does_not_distort
from tests.unit.quality.films import make_evidence


def test_a_clipped_master_is_rejected_even_when_its_level_was_lowered_afterwards():
    [finding] = narration_does_not_distort(make_evidence(clipped_runs=(Seconds(1.5),), true_peak=-6.0))

    assert (finding.severity, finding.at) == (Severity.REJECT, 1.5)


def test_a_peak_between_samples_is_rejected():
    [finding] = narration_does_not_distort(make_evidence(true_peak=-0.4))

    assert finding.severity is Severity.REJECT
    assert "-0.4 dBTP; at most -1.0" in finding.message
