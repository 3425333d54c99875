"""A lock tells everything that a film was made from, and nobody changes it unnoticed."""

from __future__ import annotations

import json
import shutil

import pytest

from presgen import pipeline
from presgen.errors import LearnerErased, UnknownName
from presgen.locking import Lock, lock_film, verify_lock
from presgen.model.base import digest_of
from presgen.model.learner import AssessmentRecord
from tests.nights import EAR, STAMP, make_learner_record, make_night, write_records

SMALL = {"formats": (STAMP, EAR), "budget": 60.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deployment")
    night = make_night(folder, **SMALL)
    assert pipeline.produce(night, write_records(folder, [make_learner_record()])).passed
    return folder


@pytest.fixture
def night(folder):
    return make_night(folder, "run-2", **SMALL)


@pytest.fixture
def own(folder, tmp_path):
    """The night of a copy of the deployment, for tests that change it."""
    return make_night(shutil.copytree(folder, tmp_path / "deployment"), "run-2", **SMALL)


@pytest.fixture
def lesson_id(night):
    [entry] = night.ledger.lessons()
    return entry.lesson_id


def places(value, path=()):
    """Return the path of every value in a lock."""
    if isinstance(value, dict):
        return [found for name, part in value.items() for found in places(part, (*path, name))]
    if isinstance(value, list):
        return [found for number, part in enumerate(value) for found in places(part, (*path, number))]
    return [path]


def with_other(lock, path):
    """Return the lock with another value at that place."""
    changed = json.loads(lock.model_dump_json())
    *around, last = path
    inner = changed
    for name in around:
        inner = inner[name]
    inner[last] = f"{inner[last]}0"
    return Lock.model_validate(changed)


def test_a_locked_film_comes_out_the_same_to_the_byte_whatever_the_house_looks_like_now(folder, lesson_id):
    night = make_night(folder, "run-2", **SMALL, brand="dusk")

    for name in (STAMP, EAR):
        lock = lock_film(night, lesson_id, name)
        told = verify_lock(night, Lock.model_validate_json(lock.model_dump_json()))

        assert told.same, told
    assert not list((night.workspace.root / "rebuilt").iterdir())


def test_a_changed_field_is_named_whichever_it_is(night, lesson_id):
    lock = lock_film(night, lesson_id, STAMP)
    everything = places(json.loads(lock.model_dump_json()))

    for path in everything:
        told = verify_lock(night, with_other(lock, path))

        [altered] = told.altered
        assert altered.startswith(f"{'.'.join(map(str, path))} is ")
        assert not told.same
    assert {path[0] for path in everything} == set(Lock.model_fields)


def test_a_section_left_out_of_a_lock_is_named(night, lesson_id):
    lock = lock_film(night, lesson_id, STAMP)
    film = lock.film.model_copy(update={"sections": lock.film.sections[:-1]})

    told = verify_lock(night, lock.model_copy(update={"film": film}))

    last = len(film.sections)
    assert f"film.sections.{last}.slug is not there; it was locked as 'closing'" in told.altered


def test_a_lock_of_another_deployment_is_not_believed(night, lesson_id):
    lock = lock_film(night, lesson_id, STAMP)
    film = lock.film.model_copy(update={"sha256": "0" * 64})

    told = verify_lock(night, lock.model_copy(update={"lesson_id": "lesson-0", "film": film}))

    assert told.altered == (
        "the audit trail knows no such lock, and the workspace has none that it could have been",
    )


def test_the_workspaces_own_copy_is_not_believed_when_it_was_changed(own, lesson_id):
    lock = lock_film(own, lesson_id, STAMP)
    name = f"{lesson_id}.{STAMP}.{lock.film.sha256[:16]}"
    forged = lock.model_copy(update={"script": "0" * 64})
    own.workspace.save("locks", name, forged)

    assert verify_lock(own, forged).altered
    assert lock_film(own, lesson_id, STAMP) == lock
    assert own.workspace.load("locks", name, Lock) == lock


def test_a_lock_is_known_to_the_trail_by_its_digest(night, lesson_id):
    lock = lock_film(night, lesson_id, STAMP)

    [known] = night.ledger.trail.named("lock", [digest_of(lock)])

    assert (known.lesson, known.body) == (lesson_id, {"film": lock.film.sha256})


def test_what_is_other_than_locked_by_now_is_named(own, lesson_id, monkeypatch):
    lock = lock_film(own, lesson_id, STAMP)
    record = own.workspace.load("records", lesson_id, AssessmentRecord)
    learner = record.learner.model_copy(update={"email": "other@example.org"})
    own.workspace.save("records", lesson_id, record.model_copy(update={"learner": learner}))
    versions = {**lock.packages, "python": "3.0.1", "av": "0.1"}
    monkeypatch.setattr("presgen.locking._version", versions.__getitem__)
    monkeypatch.setattr("presgen.rendering.backends.card.CODE", 1000)
    monkeypatch.setattr("presgen.rendering.backends.card.NOTES", (440.0,))

    told = verify_lock(own, lock)

    assert not told.same
    assert [part.split(" is ")[0] for part in told.differences[:3]] == ["the record", "python", "av"]
    for section in lock.film.sections:
        for part in (f"{section.slug} has the key ", f"narration.wav of {section.slug} came out other"):
            assert [each for each in told.differences if each.startswith(part)]
    assert told.differences[3].startswith("the film's inputs are ")
    assert told.differences[-1].startswith("the film is ")


def test_nothing_is_made_again_of_a_learner_who_is_being_erased(own, lesson_id):
    lock = lock_film(own, lesson_id, STAMP)
    own.ledger.erasures.begin(own.ledger.lesson(lesson_id).pseudonym, [lesson_id])

    with pytest.raises(LearnerErased):
        verify_lock(own, lock)


def test_a_lock_names_nobody(night, lesson_id):
    assert "Ada1" not in lock_film(night, lesson_id, STAMP).model_dump_json()


def test_a_format_that_is_not_there_is_refused(night, lesson_id):
    with pytest.raises(UnknownName):
        lock_film(night, lesson_id, "hologram")
