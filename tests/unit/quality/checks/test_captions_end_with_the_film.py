from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.model.quality import Severity
from presgen.quality.checks.captions_end_with_the_film import captions_end_with_the_film
from tests.unit.quality.films import make_evidence


@pytest.mark.parametrize(("end", "findings"), [(8.0, 0), (8.03, 0), (9.0, 1)])
def test_a_caption_after_the_end_is_rejected_where_it_starts(end, findings):
    evidence = make_evidence()
    last = evidence.cues[1].model_copy(update={"end": end})

    found = list(captions_end_with_the_film(replace(evidence, cues=(evidence.cues[0], last))))

    assert [(finding.severity, finding.at) for finding in found] == [(Severity.REJECT, last.start)] * findings


def test_a_caption_within_a_film_does_not_make_it_longer():
    evidence = make_evidence()
    last = evidence.cues[1].model_copy(update={"end": 12.0})
    film = replace(evidence.film, duration=12.0)

    [finding] = captions_end_with_the_film(replace(evidence, film=film, cues=(last,)))

    assert finding.limit == 8
