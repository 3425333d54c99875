from __future__ import annotations

import pytest

from presgen.model.quality import Remedy, Severity
from presgen.quality.checks.narration_is_not_clipped import narration_is_not_clipped
from tests.unit.quality.films import make_evidence, span


def test_a_clipped_master_is_rejected_whatever_its_level_is():
    [finding] = narration_is_not_clipped(make_evidence(clipped_runs=(1.5,), true_peak=-6.0))

    assert (finding.severity, finding.at, finding.remedy) == (Severity.REJECT, 1.5, Remedy.RESYNTHESISE)


@pytest.mark.parametrize(
    ("mastered", "rate", "severity"),
    [(True, 2.0, Severity.REJECT), (False, 20.0, Severity.REJECT), (False, 4.0, Severity.WARN)],
)
def test_flat_crests_are_certain_on_a_master_and_when_there_are_many(mastered, rate, severity):
    evidence = make_evidence(flattened=(span(2, 6),), flattened_rate=rate, mastered=mastered)

    [finding] = narration_is_not_clipped(evidence)

    assert (finding.severity, finding.at, finding.until) == (severity, 2, 6)
