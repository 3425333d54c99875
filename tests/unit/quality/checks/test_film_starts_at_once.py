from __future__ import annotations

from dataclasses import replace

from presgen.model.quality import Remedy, Severity
from presgen.quality.checks.film_starts_at_once import film_starts_at_once
from tests.unit.quality.films import make_evidence


def test_a_film_a_browser_must_wait_for_is_rejected():
    evidence = make_evidence()

    [finding] = film_starts_at_once(replace(evidence, film=replace(evidence.film, moov_first=False)))

    assert (finding.severity, finding.remedy) == (Severity.REJECT, Remedy.REMUX)
    assert "moov" in finding.message
