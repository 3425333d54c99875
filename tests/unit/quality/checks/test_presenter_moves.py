from __future__ import annotations

from presgen.model.quality import Severity
from presgen.quality.checks.presenter_moves import presenter_moves
from tests.unit.quality.films import make_evidence, span


def test_a_frozen_presenter_is_rejected_from_where_to_where():
    [finding] = presenter_moves(make_evidence(frozen=(span(2, 5),)))

    assert (finding.severity, finding.at, finding.until) == (Severity.REJECT, 2, 5)
    assert "3.0 s" in finding.message
