from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.model.quality import Severity
from presgen.quality.checks.film_starts_at_once import film_starts_at_once
from tests.unit.quality.films import make_evidence


@pytest.mark.parametrize(
    ("changes", "named"), [({"moov_first": False}, "moov"), ({"edit_lists": 2}, "2 edit")]
)
def test_a_film_a_browser_must_wait_for_is_rejected(changes, named):
    evidence = make_evidence()

    [finding] = film_starts_at_once(replace(evidence, film=replace(evidence.film, **changes)))

    assert finding.severity is Severity.REJECT
    assert named in finding.message
