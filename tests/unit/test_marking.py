"""The film that leaves the house says that it is AI-made, and is signed once."""

from __future__ import annotations

import hashlib
import json
import shutil
import struct

import c2pa
import pytest

from presgen import pipeline
from presgen.audit import why
from presgen.errors import CorruptMedia
from presgen.locking import lock_film
from presgen.marking import SIGNED_AGAIN, certificate_of
from presgen.media.boxes import boxes, content_of
from presgen.media.credentials import AI_MADE, LESSON
from presgen.media.seal import is_intact
from presgen.model.base import digest_of
from presgen.model.lesson import LessonStatus
from presgen.model.references import LearnerRef
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


@pytest.fixture
def own(folder, tmp_path):
    """A copy of the deployment, for tests that change it."""
    return shutil.copytree(folder, tmp_path / "deployment")


def delivered(folder, suffix):
    [film] = (folder / "output").rglob(f"*{suffix}")
    return film


def signed_copy(folder, suffix=".mp4"):
    [copy] = (folder / "workspace" / "lessons").rglob(f"*.signed-*{suffix}")
    return copy


def damage(copy):
    """Change what C2PA itself leaves out of its digest: room that is free."""
    copy.write_bytes(copy.read_bytes() + struct.pack(">I4s", 12, b"free") + b"junk")


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
    assert [(each["title"], each["instance_id"]) for each in manifest["ingredients"]] == [
        (each.slug, f"presgen:section:{each.key}") for each in lock.film.sections
    ]
    assert is_intact(film)


@pytest.mark.parametrize("suffix", [".mp4", ".m4a"])
def test_the_bytes_of_the_credentials_name_nobody(folder, lesson, suffix):
    film = delivered(folder, suffix)
    found = [content_of(film, box) for box in boxes(film) if box.path == ("uuid",)]
    [content] = [each for each in found if b"c2pa.claim" in each]

    assert lesson.lesson_id.encode() in content
    for canary in ("Ada1", "Example", "ada1@", "example.org", "L-1", lesson.pseudonym):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert canary.encode(encoding) not in content


def test_a_film_that_cannot_carry_credentials_is_delivered_as_it_is(folder, night, lesson):
    film = delivered(folder, ".webm")

    assert digest(film) == lock_film(night, lesson.lesson_id, FREE).film.sha256


def test_the_delivered_file_leads_to_its_seconds(folder, night, lesson):
    film = delivered(folder, ".mp4")

    told = why(night.ledger, digest(film), 2.5)

    assert told.film == lesson.video != digest(film)
    assert digest(film) in {asset["sha256"] for asset in told.assets}


def test_nothing_is_signed_twice(folder, night):
    before = {path: digest(path) for path in (folder / "output").rglob("*") if path.is_file()}

    report = pipeline.produce(night, f"jsonl:{folder / 'records.jsonl'}", force=True)

    assert report.passed
    assert {path: digest(path) for path in (folder / "output").rglob("*") if path.is_file()} == before
    assert not [each for each in night.ledger.events("run-2") if each.name == SIGNED_AGAIN]


def test_the_trail_knows_locks_and_signed_copies_since_inspection(folder, night, lesson):
    trail = night.ledger.trail
    films = {node.name for node in trail.of_lesson(lesson.lesson_id, "film")}

    copies = trail.of_lesson(lesson.lesson_id, "copy")
    locks = trail.of_lesson(lesson.lesson_id, "lock")

    assert {node.name for node in copies} == {digest(delivered(folder, end)) for end in (".mp4", ".m4a")}
    assert {node.body["film"] for node in locks} == films
    [inspected] = {node.event for node in copies} & {node.event for node in locks}
    assert inspected < min(node.event for node in trail.of_lesson(lesson.lesson_id, "asset"))


def test_a_copy_that_changed_after_its_inspection_does_not_go_out(own):
    night = make_night(own, "run-3", credentials="local", formats=FORMATS)
    [lesson] = night.ledger.lessons()
    ref = pipeline.write_script(
        night, LearnerRef(pseudonym=lesson.pseudonym, lesson_id=lesson.lesson_id, record=lesson.record)
    )
    before = digest(delivered(own, ".mp4"))
    damage(signed_copy(own))

    with pytest.raises(CorruptMedia, match="changed since it was inspected"):
        pipeline.publish_lesson(night, ref)

    assert digest(delivered(own, ".mp4")) == before
    assert night.ledger.lesson(lesson.lesson_id).status is LessonStatus.DELIVERY_BLOCKED


def test_the_next_night_signs_anew_what_is_no_longer_as_it_was_inspected_and_says_so(own):
    night = make_night(own, "run-2", credentials="local", formats=FORMATS)
    before = digest(signed_copy(own))
    damage(signed_copy(own))
    damaged = digest(signed_copy(own))
    signed_copy(own, ".m4a").unlink()

    assert pipeline.produce(night, f"jsonl:{own / 'records.jsonl'}").passed

    [lesson] = night.ledger.lessons()
    known = {node.name for node in night.ledger.trail.of_lesson(lesson.lesson_id, "copy")}
    for suffix in (".mp4", ".m4a"):
        film = delivered(own, suffix)
        assert digest(film) == digest(signed_copy(own, suffix))
        assert digest(film) in known
        assert is_intact(film)
    assert digest(delivered(own, ".mp4")) not in (before, damaged)
    [film, sound] = [each.facts for each in night.ledger.events("run-2") if each.name == SIGNED_AGAIN]
    assert (film["before"], film["copy"]) == (damaged, digest(delivered(own, ".mp4")))
    assert film["why"] == ["it is another copy than the one that was inspected"]
    assert (sound["before"], sound["why"]) == ("", ["it is gone"])


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
