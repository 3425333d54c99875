from __future__ import annotations

from presgen.model.base import Seconds
from presgen.model.quality import Severity
from presgen.quality.checks.film_is_seen import film_is_seen
from tests.unit.quality.films import make_evidence


def test_a_black_picture_is_rejected_at_its_moment():
    [finding] = film_is_seen(make_evidence(black=(Seconds(2.5), Seconds(2.6))))

    assert finding.severity is Severity.REJECT
    assert finding.at == 2.5
    assert "2 black pictures" in finding.message
