"""The film that leaves the house says that it is AI-made, and is signed once."""

from __future__ import annotations

import hashlib
import json

import c2pa
import pytest

from presgen import pipeline
from presgen.audit import why
from presgen.errors import UnknownName
from presgen.locking import Lock, lock_film, verify_lock
from presgen.marking import certificate_of
from presgen.media.credentials import AI_MADE, LESSON
from presgen.media.seal import is_intact
from presgen.model.base import digest_of
from presgen.model.lesson import LessonStatus
from tests.nights import EAR, FREE, STAMP, make_learner_record, make_night, write_records

FORMATS = (STAMP, EAR, FREE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deployment")
    night = make_night(folder, credentials="local", formats=FORMATS)
    assert pipeline.produce(night, write_records(folder, [make_learner_record()])).passed
    return folder


@pytest.fixture
def night(folder):
    return make_night(folder, "run-2", credentials="local", formats=FORMATS)


@pytest.fixture
def lesson(night):
    [entry] = night.ledger.lessons()
    return entry


def delivered(folder, suffix):
    [film] = (folder / "output").rglob(f"*{suffix}")
    return film


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("suffix", [".mp4", ".m4a"])
def test_what_is_delivered_says_that_it_is_ai_made_and_of_what(folder, night, lesson, suffix):
    film = delivered(folder, suffix)
    with c2pa.Reader(str(film)) as reader:
        content = json.loads(reader.json())
    manifest = content["manifests"][content["active_manifest"]]
    assertions = {each["label"]: each["data"] for each in manifest["assertions"]}
    lock = lock_film(night, lesson.lesson_id, STAMP if suffix == ".mp4" else EAR)

    assert assertions["c2pa.actions.v2"]["actions"][0]["digitalSourceType"] == AI_MADE
    assert assertions[LESSON] == {
        "lesson": lesson.lesson_id,
        "lock": digest_of(lock),
        "film": lock.film.sha256,
    }
    assert [each["title"] for each in manifest["ingredients"]] == [each.slug for each in lock.film.sections]
    assert is_intact(film)
    assert b"Ada1" not in json.dumps(content).encode()


def test_a_film_that_cannot_carry_credentials_is_delivered_as_it_is(folder, night, lesson):
    film = delivered(folder, ".webm")

    assert digest(film) == lock_film(night, lesson.lesson_id, FREE).film.sha256


def test_the_delivered_file_leads_to_its_seconds(folder, night, lesson):
    film = delivered(folder, ".mp4")

    told = why(night.ledger.trail, digest(film), 2.5)

    assert told.film == lesson.video != digest(film)
    assert digest(film) in {asset["sha256"] for asset in told.assets}


def test_nothing_is_signed_twice(folder, night):
    before = {path: digest(path) for path in (folder / "output").rglob("*") if path.is_file()}

    report = pipeline.produce(night, f"jsonl:{folder / 'records.jsonl'}", force=True)

    assert report.passed
    assert {path: digest(path) for path in (folder / "output").rglob("*") if path.is_file()} == before


def test_a_damaged_copy_is_not_delivered_but_signed_anew(folder, night, lesson):
    [copy] = (folder / "workspace" / "lessons" / lesson.lesson_id).glob("*.signed-*.mp4")
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)

    assert pipeline.produce(night, f"jsonl:{folder / 'records.jsonl'}", force=True).passed

    assert is_intact(delivered(folder, ".mp4"))
    assert copy.read_bytes() == delivered(folder, ".mp4").read_bytes() != bytes(content)


def test_credentials_that_are_not_right_quarantine_the_lesson(tmp_path, monkeypatch):
    monkeypatch.setattr("presgen.marking.faults", lambda *_: ("it is of another lesson",))
    night = make_night(tmp_path, credentials="local")

    report = pipeline.produce(night, write_records(tmp_path, [make_learner_record()]))

    assert not report.passed
    [entry] = night.ledger.lessons()
    assert entry.status is LessonStatus.QUARANTINED
    assert "content credentials" in entry.reason
    assert not list((tmp_path / "output").rglob("*.mp4"))


def test_all_processes_of_a_deployment_sign_with_one_certificate(tmp_path):
    first = make_night(tmp_path, credentials="local", pseudonym_key="")
    second = make_night(tmp_path, "run-2", credentials="local", pseudonym_key="")

    assert certificate_of(first) == certificate_of(second)
    assert certificate_of(make_night(tmp_path, credentials="")) is None


def test_a_locked_film_comes_out_the_same_to_the_byte(night, lesson):
    for name in FORMATS:
        lock = lock_film(night, lesson.lesson_id, name)

        assert verify_lock(night, Lock.model_validate_json(lock.model_dump_json())).differences == ()


def test_a_lock_that_lists_other_inputs_is_told_apart(night, lesson):
    lock = lock_film(night, lesson.lesson_id, STAMP)
    first, *others = lock.film.sections
    film = lock.film.model_copy(
        update={"sha256": "0" * 64, "sections": (first.model_copy(update={"key": "1" * 64}), *others)}
    )

    told = verify_lock(
        night, lock.model_copy(update={"film": film, "packages": {**lock.packages, "av": "0.1"}})
    )

    assert not told.same
    assert [part for part in told.differences if part.startswith("av is ")]
    assert [part for part in told.differences if "not 111111111111" in part]
    assert [part for part in told.differences if "the film is" in part]


def test_a_lock_names_nobody(night, lesson):
    assert "Ada1" not in lock_film(night, lesson.lesson_id, STAMP).model_dump_json()


def test_a_format_that_is_not_there_is_refused(night, lesson):
    with pytest.raises(UnknownName):
        lock_film(night, lesson.lesson_id, "hologram")
