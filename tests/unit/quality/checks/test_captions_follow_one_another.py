from __future__ import annotations

from dataclasses import replace

from presgen.model.quality import Severity
from presgen.quality.checks.captions_follow_one_another import captions_follow_one_another
from tests.unit.quality.films import make_evidence


def test_a_caption_before_the_last_one_is_gone_is_rejected():
    evidence = make_evidence()
    early = evidence.cues[1].model_copy(update={"start": 2.5})

    [finding] = captions_follow_one_another(replace(evidence, cues=(evidence.cues[0], early)))

    assert (finding.severity, finding.at, finding.until) == (Severity.REJECT, 2.5, 3.0)


def test_a_caption_that_ends_before_it_starts_is_rejected():
    evidence = make_evidence()
    backwards = evidence.cues[1].model_copy(update={"end": 3.4})

    [finding] = captions_follow_one_another(replace(evidence, cues=(evidence.cues[0], backwards)))

    assert (finding.severity, finding.at) == (Severity.REJECT, 3.5)
