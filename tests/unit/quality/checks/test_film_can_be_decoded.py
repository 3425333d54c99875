from __future__ import annotations

from dataclasses import replace

from presgen.model.quality import Severity
from presgen.quality.checks.film_can_be_decoded import film_can_be_decoded
from tests.unit.quality.films import make_evidence


def test_damage_is_rejected_and_named():
    [finding] = film_can_be_decoded(make_evidence(decode_errors=("clip.mp4 is damaged at 3.20 s",)))

    assert finding.severity is Severity.REJECT
    assert "damaged at 3.20 s" in finding.message


def test_a_film_that_differs_from_its_own_digest_is_rejected():
    evidence = make_evidence()

    [finding] = film_can_be_decoded(replace(evidence, film=replace(evidence.film, intact=False)))

    assert finding.severity is Severity.REJECT
    assert "digest" in finding.message
