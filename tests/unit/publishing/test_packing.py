from __future__ import annotations

import hashlib

import pytest

from presgen.errors import CorruptMedia
from presgen.publishing import LessonReport, pack
from tests.nights import make_parcel, make_report, make_script, make_video


def test_a_parcel_holds_everything_the_learner_gets(tmp_path):
    parcel = make_parcel(tmp_path)

    assert {item.role: item.ending for item in parcel.items} == {
        "video": ".mp4",
        "captions_vtt": ".vtt",
        "captions_srt": ".srt",
        "transcript": "-transcript.html",
        "transcript_text": "-transcript.txt",
        "poster": ".png",
        "report": "-report.json",
    }
    for item in parcel.items:
        content = item.path.read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (item.sha256, item.bytes)


def test_captions_are_the_same_in_both_notations(tmp_path):
    items = {
        item.role: item.path.read_text() for item in make_parcel(tmp_path).items if "captions" in item.role
    }

    assert "00:00:01.000 --> 00:00:03.000" in items["captions_vtt"]
    assert "00:00:01,000 --> 00:00:03,000" in items["captions_srt"]
    assert all("A port number says\nwhich program gets it." in text for text in items.values())


def test_the_report_in_the_parcel_can_be_read_back(tmp_path):
    [report] = [item.path for item in make_parcel(tmp_path).items if item.role == "report"]

    assert LessonReport.model_validate_json(report.read_text()).lesson_id == "lesson-0123456789abcdef"


def test_packing_twice_gives_the_same_parcel(tmp_path):
    assert make_parcel(tmp_path) == make_parcel(tmp_path)


def test_a_film_that_was_changed_after_its_check_is_not_packed(tmp_path):
    script = make_script()
    video = make_video(tmp_path, script)
    video.path.write_bytes(b"another film")

    with pytest.raises(CorruptMedia, match="changed since it was checked"):
        pack(video, script, make_report(script, video), tmp_path / "poster.png")


def test_a_film_that_is_gone_is_named(tmp_path):
    script = make_script()
    video = make_video(tmp_path, script)
    video.path.unlink()

    with pytest.raises(CorruptMedia, match=r"lesson\.mp4 is gone"):
        pack(video, script, make_report(script, video), tmp_path / "poster.png")
