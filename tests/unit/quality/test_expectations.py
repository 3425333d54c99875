"""Great Expectations on the metadata of videos."""

from __future__ import annotations

import json
import re

import pytest

from presgen.model.quality import Severity
from presgen.quality import build_documents, validate_night
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
    "fps": 30.0,
    "ordered_fps": 30.0,
    "planned": 98.0,
    "duration_ratio": 1.02,
    "seconds_per_section": 20.0,
}


def lessons(count: int, **changes: object) -> list[dict[str, object]]:
    """Return the rows of that many good lessons; ``changes`` spoil the last one."""
    rows = [
        {**GOOD, "lesson_id": f"lesson-{number:016x}", "sha256": f"{number:064x}"} for number in range(count)
    ]
    return [*rows[:-1], {**rows[-1], **changes}]


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
        ("fps", 25.0),
        ("duration_ratio", 0.4),
        ("duration_ratio", 1.8),
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


def test_a_lesson_far_from_what_is_usual_is_named_with_its_values():
    report = validate_night(lessons(20, seconds_per_section=61.0))

    [finding] = report.findings
    assert finding.severity is Severity.WARN
    assert "lesson-0000000000000013" in finding.message
    assert "61.0" in finding.message


def test_lessons_that_are_all_alike_hold_nothing_unusual():
    assert validate_night(lessons(20, seconds_per_section=24.0)).findings == ()


def test_of_a_few_lessons_none_is_called_unusual():
    assert validate_night(lessons(5, seconds_per_section=61.0)).findings == ()


def test_the_same_film_for_two_lessons_is_told_with_its_digest():
    report = validate_night(lessons(3, sha256=f"{0:064x}"))

    assert report.passed
    assert [finding.severity for finding in report.findings] == [Severity.WARN]
    assert "lesson-0000000000000002" in report.findings[0].message


def test_lessons_that_all_last_longer_than_planned_say_that_the_plan_is_off():
    report = validate_night([{**row, "duration_ratio": 1.4} for row in lessons(4)])

    [finding] = report.findings
    assert finding.severity is Severity.WARN
    assert "1.4" in finding.message


def test_a_night_in_which_too_many_lessons_fail_is_rejected_and_says_how_many():
    outcome = {"run": "run-1", "needed": 4, "published": 3, "success_ratio": 0.75}

    report = validate_night(lessons(3), outcome)

    assert not report.passed
    assert "run-1" in report.rejections[0]
    assert "0.75" in report.rejections[0]


def test_results_are_kept_and_become_documents_that_load_nothing_from_elsewhere(tmp_path):
    outcome = {"run": "run-1", "needed": 20, "published": 20, "success_ratio": 1.0}
    validate_night(lessons(20, duration_ratio=0.3), outcome, keep=tmp_path / "validations")

    page = build_documents(tmp_path / "validations", tmp_path / "docs", "run-1")

    assert sorted(path.name for path in (tmp_path / "validations").iterdir()) == ["night.json", "run.json"]
    kept = json.loads((tmp_path / "validations" / "night.json").read_text())
    assert (kept["success"], kept["statistics"]["unsuccessful_expectations"]) == (False, 1)
    index = page.read_text()
    assert "run-1" in index
    assert "http" not in re.sub(r"http://www\.w3\.org/[^\s\"']*", "", index)
    pages = [path.read_text() for path in (tmp_path / "docs" / "validations").rglob("*.html")]
    assert len(pages) == 2
    assert any("duration_ratio" in each and "lesson-0000000000000013" in each for each in pages)


def test_documents_are_built_anew_each_time_and_not_where_nothing_was_validated(tmp_path):
    assert build_documents(tmp_path / "validations", tmp_path / "docs", "run-1") is None
    for _ in range(2):
        validate_night(lessons(3), keep=tmp_path / "validations")
        build_documents(tmp_path / "validations", tmp_path / "docs", "run-1")

    assert len(list((tmp_path / "docs" / "validations").rglob("*.html"))) == 1


def test_a_night_without_lessons_has_nothing_to_find():
    assert validate_night([]).passed
