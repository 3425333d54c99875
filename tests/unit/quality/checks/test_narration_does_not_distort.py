from __future__ import annotations

from presgen.model.quality import Severity
from presgen.quality.checks.narration_does_not_distort import narration_does_not_distort
from tests.unit.quality.films import make_evidence


def test_a_peak_between_samples_is_rejected():
    [finding] = narration_does_not_distort(make_evidence(true_peak=-0.4))

    assert finding.severity is Severity.REJECT
    assert "-0.4 dBTP; at most -1.0" in finding.message
