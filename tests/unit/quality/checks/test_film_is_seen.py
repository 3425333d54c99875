from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.model.quality import Severity
from presgen.quality.checks.film_is_seen import film_is_seen
from tests.unit.quality.films import make_evidence, span


def test_a_black_picture_is_rejected_at_its_moment():
    [finding] = film_is_seen(make_evidence(blacks=(span(2.5, 2.6),)))

    assert finding.severity is Severity.REJECT
    assert (finding.at, finding.until) == (2.5, 2.6)
    assert "0.10 s" in finding.message


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        (0.0, 1.0, []),
        (7.0, 8.0, []),
        (3.0, 3.2, []),
        (3.0, 3.7, [Severity.WARN]),
        (3.0, 5.0, [Severity.REJECT]),
        (0.0, 8.0, [Severity.REJECT]),
    ],
)
def test_films_of_others_may_fade(start, end, verdict):
    evidence = replace(make_evidence(blacks=(span(start, end),)), format=None)

    assert [finding.severity for finding in film_is_seen(evidence)] == verdict
