from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.model.quality import Severity
from presgen.quality.checks.picture_has_true_colours import picture_has_true_colours
from tests.unit.quality.films import make_evidence, with_picture


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"pixel_format": "yuv444p"}, "yuv444p"),
        ({"colour": "unknown/unknown/unknown"}, "ordered was bt709/bt709/bt709"),
        ({"colour_range": "full"}, "full; ordered was limited"),
    ],
)
def test_other_colours_than_ordered_are_rejected(changes, named):
    [finding] = picture_has_true_colours(with_picture(make_evidence(), **changes))

    assert finding.severity is Severity.REJECT
    assert named in finding.message


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ({"colour": "unknown/unknown/unknown"}, 0),
        ({"colour_range": "full"}, 0),
        ({"pixel_format": "yuv444p"}, 1),
        ({"colour": "bt2020/smpte2084/bt2020"}, 1),
    ],
)
def test_films_of_others_are_warned_of_what_few_screens_show(changes, findings):
    found = list(picture_has_true_colours(with_picture(replace(make_evidence(), format=None), **changes)))

    assert [finding.severity for finding in found] == [Severity.WARN] * findings
