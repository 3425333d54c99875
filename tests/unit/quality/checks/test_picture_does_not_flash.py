from __future__ import annotations

from presgen.model.quality import Severity
from presgen.quality.checks.picture_does_not_flash import picture_does_not_flash
from tests.unit.quality.films import make_evidence, span


def test_flashes_are_rejected_where_they_begin():
    [finding] = picture_does_not_flash(make_evidence(flashes=(span(2, 3.5),), flash_rate=5))

    assert (finding.severity, finding.at, finding.measured) == (Severity.REJECT, 2, 5)
    assert "5 times a second" in finding.message
