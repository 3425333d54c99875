from __future__ import annotations

from dataclasses import replace

from presgen.model.quality import Severity
from presgen.quality.checks.film_can_be_decoded import film_can_be_decoded
from tests.unit.quality.films import make_evidence


def test_damage_is_rejected_and_named():
    [finding] = film_can_be_decoded(make_evidence(decode_errors=("Invalid data",), damaged=(3.2,)))

    assert (finding.severity, finding.at) == (Severity.REJECT, 3.2)
    assert "Invalid data" in finding.message


def test_a_film_that_differs_from_its_own_digest_is_rejected():
    evidence = make_evidence()

    [finding] = film_can_be_decoded(replace(evidence, film=replace(evidence.film, intact=False)))

    assert finding.severity is Severity.REJECT
    assert "digest" in finding.message
