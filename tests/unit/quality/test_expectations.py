"""Great Expectations on the metadata of videos."""

from __future__ import annotations

import pytest

from presgen.quality import validate_night
from presgen.quality.expectations import LESSON, validate

GOOD = {
    "lesson_id": "lesson-0123456789abcdef",
    "format": "landscape",
    "sha256": "b" * 64,
    "duration": 100.0,
    "longest_allowed": 300.0,
    "sections": 5,
    "chapters": 5,
    "cues": 40,
    "has_caption_track": True,
    "captioned": 1.0,
    "width": 1280,
    "ordered_width": 1280,
    "height": 720,
    "ordered_height": 720,
    "loudness_min": -16.2,
    "loudness_max": -15.9,
    "true_peak_max": -1.3,
}


def test_good_metadata_meets_every_expectation():
    assert validate(LESSON, [GOOD]) == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("lesson_id", "ada@example.org"),
        ("sha256", ""),
        ("duration", 2.0),
        ("duration", 301.0),
        ("sections", 2),
        ("chapters", 4),
        ("cues", 0),
        ("has_caption_track", False),
        ("captioned", 0.8),
        ("width", 640),
        ("height", 480),
        ("loudness_min", None),
        ("loudness_min", -23.0),
        ("loudness_max", -9.0),
        ("true_peak_max", 0.3),
    ],
)
def test_metadata_off_in_one_column_is_rejected_by_its_name(column, value):
    findings = validate(LESSON, [{**GOOD, column: value}])

    assert findings
    assert any(column in finding.message for finding in findings)


def test_two_videos_of_one_lesson_in_a_night_are_found():
    report = validate_night([GOOD, GOOD])

    assert not report.passed
    assert "unique" in report.rejections[0]


def test_a_lesson_to_listen_to_needs_no_caption_track():
    sound = {"width": 0, "height": 0, "ordered_width": 0, "ordered_height": 0, "has_caption_track": False}

    assert validate(LESSON, [{**GOOD, **sound}]) == ()


def test_two_editions_of_one_lesson_are_fine():
    assert validate_night([GOOD, {**GOOD, "format": "portrait"}]).passed


def test_a_night_without_lessons_has_nothing_to_find():
    assert validate_night([]).passed
