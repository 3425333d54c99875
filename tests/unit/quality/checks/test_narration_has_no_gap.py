from __future__ import annotations

from presgen.model.base import Seconds
from presgen.model.quality import Severity
from presgen.quality.checks.narration_has_no_gap import narration_has_no_gap
from tests.unit.quality.films import make_evidence


def test_a_long_silence_is_rejected_where_it_begins():
    [finding] = narration_has_no_gap(make_evidence(longest_silence=(Seconds(2.0), Seconds(4.0))))

    assert (finding.severity, finding.at) == (Severity.REJECT, 2.0)
    assert "silent for 4.0 s" in finding.message
