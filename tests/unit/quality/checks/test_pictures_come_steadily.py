from __future__ import annotations

from dataclasses import replace

from presgen.model.quality import Expectation, Severity
from presgen.quality.checks.pictures_come_steadily import pictures_come_steadily
from tests.unit.quality.films import make_evidence, with_picture


def test_another_rate_than_ordered_is_rejected():
    [finding] = pictures_come_steadily(with_picture(make_evidence(), fps=25.0))

    assert (finding.severity, finding.measured, finding.limit) == (Severity.REJECT, 25, 30)


def test_a_rate_that_changes_is_rejected_where_it_does():
    [finding] = pictures_come_steadily(make_evidence(uneven=(2.5, 2.6)))

    assert (finding.severity, finding.at) == (Severity.REJECT, 2.5)


def test_films_of_others_may_have_another_rate():
    others = replace(make_evidence(uneven=(2.5,)), format=None)

    assert [finding.severity for finding in pictures_come_steadily(others)] == [Severity.WARN]
    expected = replace(others, expected=Expectation(fps=24))
    assert {finding.severity for finding in pictures_come_steadily(expected)} == {Severity.REJECT}


def test_a_show_of_stills_is_warned_of():
    [finding] = pictures_come_steadily(with_picture(replace(make_evidence(), format=None), fps=2.0))

    assert finding.severity is Severity.WARN
