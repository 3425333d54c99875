from __future__ import annotations

from dataclasses import replace

from presgen.model.quality import Expectation, Severity
from presgen.quality.checks.picture_stands_upright import picture_stands_upright
from tests.unit.quality.films import make_evidence, with_picture


def test_a_turned_picture_is_rejected():
    [finding] = picture_stands_upright(with_picture(make_evidence(), rotation=90))

    assert (finding.severity, finding.measured) == (Severity.REJECT, 90)


def test_a_film_of_others_is_only_warned_of_a_turn_unless_none_is_expected():
    turned = with_picture(replace(make_evidence(), format=None), rotation=90)

    [doubtful] = picture_stands_upright(turned)
    [certain] = picture_stands_upright(replace(turned, expected=Expectation(rotation=0)))

    assert (doubtful.severity, certain.severity) == (Severity.WARN, Severity.REJECT)
    assert not list(picture_stands_upright(replace(turned, expected=Expectation(rotation=90))))
