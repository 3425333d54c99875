from __future__ import annotations

import hashlib

import pytest

from presgen.errors import CorruptMedia
from presgen.media.captions import read_webvtt
from presgen.publishing import LessonReport, Manifest, pack
from tests.nights import make_edition, make_parcel, make_report, make_script

BESIDE_THE_FILMS = {
    "chapters": "-chapters.vtt",
    "transcript": "-transcript.html",
    "transcript_text": "-transcript.txt",
    "report": "-report.json",
    "manifest": "-manifest.json",
}


def make_editions(folder, script):
    """A lesson for laptops, for phones, as sound and for browsers."""
    return [
        make_edition(folder, script, b"a film", format="landscape"),
        make_edition(folder, script, b"a tall film", format="portrait"),
        make_edition(folder, script, b"sound", format="audio", suffix=".m4a"),
        make_edition(folder, script, b"a free film", format="webm", suffix=".webm"),
    ]


def pack_editions(folder):
    script = make_script()
    editions = make_editions(folder, script)
    return pack(editions, script, make_report(script, editions[0].video))


def test_a_parcel_holds_everything_the_learner_gets(tmp_path):
    parcel = make_parcel(tmp_path)

    assert {item.role: item.ending for item in parcel.items} == {
        "video": ".mp4",
        "captions_vtt": ".vtt",
        "captions_srt": ".srt",
        "poster": ".png",
        **BESIDE_THE_FILMS,
    }
    for item in parcel.items:
        content = item.path.read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (item.sha256, item.bytes)


def test_every_edition_is_in_the_parcel_and_what_they_share_is_there_once(tmp_path):
    parcel = pack_editions(tmp_path)

    assert {item.role: item.ending for item in parcel.items} == {
        "video": ".mp4",
        "video.portrait": ".portrait.mp4",
        "video.audio": ".m4a",
        "video.webm": ".webm",
        "captions_vtt": ".vtt",
        "captions_vtt.portrait": ".portrait.vtt",
        "captions_srt": ".srt",
        "captions_srt.portrait": ".portrait.srt",
        "poster": ".png",
        "poster.portrait": ".portrait.png",
        **BESIDE_THE_FILMS,
    }
    assert {item.media_type for item in parcel.items if item.role.startswith("video")} == {
        "video/mp4",
        "audio/mp4",
        "video/webm",
    }


def test_an_edition_with_captions_of_its_own_keeps_them(tmp_path):
    script = make_script()
    main, _, audio, _ = make_editions(tmp_path, script)
    audio.video.captions.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nOther words.\n")

    parcel = pack([main, audio], script, make_report(script, main.video))

    endings = {item.role: item.ending for item in parcel.items}
    assert (endings["captions_vtt"], endings["captions_vtt.audio"]) == (".vtt", ".audio.vtt")
    assert "captions_srt.audio" not in endings


def test_the_manifest_lists_every_other_file_with_its_digest(tmp_path):
    parcel = pack_editions(tmp_path)

    *others, last = parcel.items
    manifest = Manifest.model_validate_json(last.path.read_text())

    assert last.role == "manifest"
    assert [(file.role, file.sha256, file.bytes) for file in manifest.files] == [
        (item.role, item.sha256, item.bytes) for item in others
    ]
    assert manifest.files[0].name == f"{parcel.name}.mp4"


def test_chapters_are_where_the_sections_start(tmp_path):
    [path] = [item.path for item in make_parcel(tmp_path).items if item.role == "chapters"]

    assert [(cue.start, cue.end, cue.text) for cue in read_webvtt(path)] == [
        (0, 10, "Where you stand"),
        (10, 20, "Well-known ports"),
        (20, 30, "What to do next"),
    ]


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


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_film_that_was_changed_after_its_check_is_not_packed(tmp_path, number):
    script = make_script()
    editions = make_editions(tmp_path, script)
    editions[number].video.path.write_bytes(b"another film")

    with pytest.raises(CorruptMedia, match="changed since it was checked"):
        pack(editions, script, make_report(script, editions[0].video))


def test_a_film_that_is_gone_is_named(tmp_path):
    script = make_script()
    edition = make_edition(tmp_path, script)
    edition.video.path.unlink()

    with pytest.raises(CorruptMedia, match=r"landscape\.mp4 is gone"):
        pack([edition], script, make_report(script, edition.video))
