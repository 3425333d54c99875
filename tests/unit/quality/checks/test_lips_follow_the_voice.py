from __future__ import annotations

import pytest

from presgen.model.quality import Severity
from presgen.quality.checks.lips_follow_the_voice import lips_follow_the_voice
from tests.unit.quality.films import make_evidence, span


@pytest.mark.parametrize(("offset", "named"), [(0.3, "300 ms after"), (-0.2, "200 ms before")])
def test_a_voice_out_of_step_is_rejected(offset, named):
    [finding] = lips_follow_the_voice(make_evidence(lip_offset=offset, lips_off=(span(0, 8),)))

    assert (finding.severity, finding.measured) == (Severity.REJECT, offset)
    assert named in finding.message


def test_where_nobody_is_seen_there_is_nothing_to_find():
    assert not list(lips_follow_the_voice(make_evidence(lip_offset=None)))
