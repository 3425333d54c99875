from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.model.quality import Expectation, Severity
from presgen.quality.checks.picture_has_its_size import picture_has_its_size
from tests.unit.quality.films import make_evidence, with_picture


@pytest.mark.parametrize("changes", [{"width": 640}, {"height": 480}])
def test_another_size_than_ordered_is_rejected(changes):
    [finding] = picture_has_its_size(with_picture(make_evidence(), **changes))

    assert (finding.severity, finding.limit) == (Severity.REJECT, "1280x720")


@pytest.mark.parametrize(("expected", "findings"), [("1280x720", 0), ("1920x1080", 1)])
def test_a_size_may_be_expected_of_films_of_others(expected, findings):
    evidence = replace(make_evidence(), format=None, expected=Expectation(resolution=expected))

    assert len(list(picture_has_its_size(evidence))) == findings


def test_a_picture_nobody_can_read_is_warned_of():
    tiny = with_picture(replace(make_evidence(), format=None), width=160, height=120)

    [finding] = picture_has_its_size(tiny)

    assert finding.severity is Severity.WARN
