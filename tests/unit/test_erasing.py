"""A learner is erased, and everybody else's lesson stays as it is."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from presgen import erasing, pipeline
from presgen.erasing import erase_expired, erase_learner, expired
from presgen.errors import BadInput, DeliveryBlocked, StoreUnavailable
from presgen.ledger.erasures import Erasures
from presgen.ledger.trail import Fact
from presgen.model.learner import Quarantined
from presgen.model.lesson import LessonScript, SectionKind
from presgen.orders import HANDED_IN, keep_record, new_video_id
from presgen.sources import pseudonym_of
from tests.nights import make_learner_record, make_night, write_records

ERASED, STAYING = "L-4711", "L-2"
CANARIES = re.compile(rb"(?i)ada4711|L-4711")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A deployment with the lessons of two learners, moved since it made them."""
    folder = tmp_path_factory.mktemp("made") / "before"
    source = write_records(folder, [make_learner_record(4711), make_learner_record(2)])
    assert pipeline.produce(make_night(folder), source).passed
    (folder / "records.jsonl").unlink()
    return folder.rename(folder.with_name("since"))


@pytest.fixture
def folder(made, tmp_path):
    """A copy of it."""
    return shutil.copytree(made, tmp_path / "deployment")


@pytest.fixture
def night(folder):
    return make_night(folder, "run-2")


def lesson_of(night, learner):
    pseudonym = erasing._pseudonym(night, learner)
    [lesson] = [entry for entry in night.ledger.lessons() if entry.pseudonym == pseudonym]
    return lesson


def files(folder: Path):
    return [path for path in folder.rglob("*") if path.is_file()]


def delivered(folder, pseudonym):
    return sorted(path for path in (folder / "output").rglob("*") if pseudonym in str(path))


def test_nothing_of_an_erased_learner_is_left_and_the_trail_is_whole(folder, night):
    lesson, other = lesson_of(night, ERASED), lesson_of(night, STAYING)
    before = delivered(folder, other.pseudonym)
    assert [path for path in files(folder) if CANARIES.search(path.read_bytes())]

    receipt = erase_learner(night, ERASED)

    assert not [path for path in files(folder) if CANARIES.search(path.read_bytes())]
    marks = re.compile(f"{lesson.pseudonym}|{lesson.lesson_id}|{lesson.record}".encode())
    assert not [path for path in files(folder) if marks.search(path.read_bytes())]
    assert not [path for path in folder.rglob("*") if marks.search(str(path).encode())]
    assert (receipt.lessons, receipt.delivered > 5, receipt.facts > 10) == (1, True, True)
    assert night.ledger.trail.verify(receipt.head).intact
    assert night.ledger.trail.verify().erased == 1
    assert delivered(folder, other.pseudonym) == before
    assert [entry.lesson_id for entry in night.ledger.lessons()] == [other.lesson_id]


def test_the_personal_sections_go_and_the_shared_ones_stay(folder, night):
    lesson = lesson_of(night, ERASED)
    keys = {
        each.key: SectionKind(each.kind)
        for each in night.ledger.sections("run-1")
        if each.key in {place.name for place in (folder / "workspace" / "sections").iterdir()}
    }
    own = {node.name for node in night.ledger.trail.facts_of(lesson.pseudonym) if node.kind == "clip"}
    assert own
    assert not [key for key in own if keys[key].shared]

    erase_learner(night, ERASED)

    left = {place.name for place in (folder / "workspace" / "sections").iterdir()}
    assert left == set(keys) - own


def test_an_erasure_that_is_cut_short_anywhere_is_finished_by_the_next(folder, night, monkeypatch):
    lesson = lesson_of(night, ERASED)
    trail, erasures = night.ledger.trail, night.ledger.erasures

    def cut(*_, **__):
        raise StoreUnavailable("The power is gone.")

    for place, name in (
        (erasing, "withdraw"),
        (erasing, "_clear"),
        (erasing, "_clear_section"),
        (erasing, "_clear_shelf"),
        (trail, "erase"),
        (erasures, "remove"),
        (erasures, "end"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(place, name, cut)
            with pytest.raises(StoreUnavailable):
                erase_learner(night, ERASED)
        # By then nothing is left of them but the note that they were to be erased.
        assert bool(list((folder / "workspace").glob("receipts/*"))) is (name == "end")
        assert erasures.begun() == (lesson.pseudonym,)

    receipt = erase_learner(night, ERASED)

    assert erasures.begun() == ()
    assert trail.verify(receipt.head).intact
    assert not [path for path in files(folder) if CANARIES.search(path.read_bytes())]
    assert not delivered(folder, lesson.pseudonym)


def test_what_was_ordered_for_the_learner_goes_too_even_where_no_run_has_read_it(tmp_path):
    night = make_night(tmp_path, "erase")
    record = make_learner_record(3)
    key = night.workspace.pseudonym_key(night.settings.pseudonym_key.get_secret_value())
    pseudonym, video_id = pseudonym_of(record.learner.id, key), new_video_id()
    night.ledger.orders.reserve(
        video_id, by="u-1", key="k", body="b", pseudonym=pseudonym, lesson_id="lesson-1", run_id="r"
    )
    keep_record(night.workspace, video_id, record)

    receipt = erase_learner(night, "L-3")

    assert (receipt.files, receipt.rows) == (1, 1)
    assert night.ledger.orders.all() == ()
    assert not list((night.workspace.root / "orders").iterdir())


def test_who_is_erased_already_is_unknown(night):
    erase_learner(night, ERASED)

    with pytest.raises(BadInput, match="Nothing is known") as refused:
        erase_learner(night, ERASED)

    assert ERASED not in str(refused.value)


def test_an_erased_learner_who_comes_again_gets_a_lesson_again(folder, night):
    erase_learner(night, ERASED)

    report = pipeline.produce(night, write_records(folder, [make_learner_record(4711)]))

    assert report.passed
    assert report.lessons == {"published": 1}
    assert night.ledger.trail.verify().intact


def test_learners_are_kept_until_their_time_is_over(night):
    assert expired(night, 1) == ()
    assert len(expired(night, 0)) == 2


def test_a_learner_half_erased_is_due_at_once(night, monkeypatch):
    lesson = lesson_of(night, ERASED)
    night.ledger.erasures.begin(lesson.pseudonym, [lesson.lesson_id])

    assert expired(night, 1) == (lesson.pseudonym,)


def test_whoever_was_never_taught_has_a_time_too(folder, night):
    first, second = (lesson_of(night, each).pseudonym for each in (ERASED, STAYING))
    with closing(sqlite3.connect(folder / "workspace" / "ledger.sqlite")) as database, database:
        database.execute("UPDATE lessons SET changed = '2020-01-01T00:00:00.000000Z'")
    for number, pseudonym in enumerate((first, "learner-ordered")):
        night.ledger.orders.reserve(
            f"video-{number}",
            by="u",
            key=f"{number}",
            body="b",
            pseudonym=pseudonym,
            lesson_id="l",
            run_id="r",
        )
    odd = Quarantined(pseudonym="learner-odd", where="records.jsonl:7", field="f", value="v", reason="r")
    night.ledger.set_quarantined("run-1", [odd, odd.model_copy(update={"pseudonym": None})])
    night.ledger.trail.record("run-1", "step", [Fact("gap", "g", personal=True)], pseudonym="learner-told")

    assert expired(night, 1) == (second,)
    assert expired(night, 0) == tuple(
        sorted([first, second, "learner-ordered", "learner-odd", "learner-told"])
    )


def test_what_was_spoken_for_the_learner_goes_from_the_shelf_and_what_for_all_stays(folder, night):
    lesson = lesson_of(night, ERASED)
    script = night.workspace.load("scripts", lesson.lesson_id, LessonScript)
    shelf = folder / "workspace" / "narrations"
    for number, section in enumerate(script.sections):
        words = [{"text": word} for word in section.text.split(" ")]
        kept = shelf / f"{number}" / "narration.json"
        kept.parent.mkdir(parents=True)
        kept.write_text(json.dumps({"sound": f"{number}", "narration": {"words": words}}))
    (shelf / "9").mkdir()
    (shelf / "9" / "narration.json").write_text("damaged")

    erase_learner(night, ERASED)

    shared = [f"{number}" for number, section in enumerate(script.sections) if section.kind.shared]
    assert shared
    assert sorted(path.name for path in shelf.iterdir()) == [*shared, "9"]


def test_drafts_and_later_measurements_of_personal_sections_go(folder, night):
    lesson = lesson_of(night, ERASED)
    [key, *_] = [node.name for node in night.ledger.trail.facts_of(lesson.pseudonym) if node.kind == "clip"]
    workspace = folder / "workspace"
    draft = workspace / "sections" / f".draft-0123abcd-1-89ab-{key}"
    draft.mkdir()
    measured = workspace / "evidence" / f"{key}.json"
    measured.parent.mkdir(exist_ok=True)
    measured.write_text("{}")

    erase_learner(night, ERASED)

    assert not draft.exists()
    assert not measured.exists()


def test_a_learner_whose_record_was_set_aside_and_never_taught_is_erased(tmp_path):
    night = make_night(tmp_path)
    bad = make_learner_record(4711).model_dump(mode="json")
    bad["gap_analysis"]["overall_score"] = 4711.0
    source = write_records(tmp_path, [make_learner_record(2)])
    (tmp_path / "records.jsonl").write_text(json.dumps(bad) + "\n")
    pipeline.load_learners(night, source)
    assert night.ledger.quarantined("run-1")

    receipt = erase_learner(night, ERASED)

    assert (receipt.lessons, receipt.rows) == (0, 1)
    assert not night.ledger.quarantined("run-1")


def test_an_erasure_that_failed_in_its_last_step_gives_the_same_receipt_when_it_is_asked_for_again(
    folder, night, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(Erasures, "_empty_log", lambda _: False)
        with pytest.raises(StoreUnavailable, match="Erase once more"):
            erase_learner(night, ERASED)
    [kept] = (folder / "workspace" / "receipts").iterdir()

    receipt = erase_learner(night, ERASED)

    assert [kept] == list((folder / "workspace" / "receipts").iterdir())
    assert kept.stem == receipt.receipt
    assert (receipt.lessons, receipt.delivered > 5, receipt.facts > 10) == (1, True, True)
    assert night.ledger.erasures.begun() == ()


def test_a_receipt_does_not_claim_what_was_gone_already(folder, night):
    lesson = lesson_of(night, ERASED)
    known = len(night.ledger.assets(lesson.lesson_id, "folder"))
    film, *others = [path for path in delivered(folder, lesson.pseudonym) if path.is_file()]
    film.unlink()

    receipt = erase_learner(night, ERASED)

    assert (receipt.delivered, receipt.missing) == (len(others), 1) == (known - 1, 1)
    assert "(1 more was gone already)" in receipt.line


def test_nothing_is_forgotten_of_a_learner_whose_films_lie_elsewhere(folder, night, tmp_path):
    lesson = lesson_of(night, ERASED)
    elsewhere = make_night(folder, "run-2", output=tmp_path / "nowhere")

    with pytest.raises(DeliveryBlocked, match="PRESGEN_OUTPUT"):
        erase_learner(elsewhere, ERASED)

    assert night.ledger.assets(lesson.lesson_id, "folder")
    assert erase_learner(night, ERASED).missing == 0
    assert not delivered(folder, lesson.pseudonym)


def test_whom_nothing_can_be_taken_back_from_keeps_nobody_else(folder, night, monkeypatch):
    first, second = sorted(entry.pseudonym for entry in night.ledger.lessons())
    real = erasing.withdraw

    def withdraw(name, parcel, *words):
        if parcel.pseudonym == first:
            raise DeliveryBlocked("The door is shut.", "Open it.")
        return real(name, parcel, *words)

    monkeypatch.setattr(erasing, "withdraw", withdraw)
    monkeypatch.setattr(erasing, "expired", lambda *_: (first, second))

    failed, receipt = erase_expired(night, 1)

    assert (failed.pseudonym, "Open it." in str(failed.error)) == (first, True)
    assert receipt.lessons == 1
    assert [entry.pseudonym for entry in night.ledger.lessons()] == [first]


def test_never_is_no_time_to_wait_for(night):
    with pytest.raises(BadInput, match="PRESGEN_RETENTION_DAYS"):
        list(erase_expired(night, 0))


def test_drafts_that_killed_runs_left_go_and_what_was_handed_to_them(folder, night):
    lesson = lesson_of(night, ERASED)
    workspace = folder / "workspace"
    handed_in = {name: night.workspace.folder(HANDED_IN, name) for name in ("order-dead", "order-live")}
    left = [
        *(
            workspace / kind / f".{lesson.lesson_id}.json.4711.0123abcd"
            for kind in ("records", "scripts", "quality", "videos")
        ),
        workspace / "reports" / "run-1" / ".report.json.4711.0123abcd",
        handed_in["order-dead"] / "records.json",
    ]
    for place in left:
        place.parent.mkdir(exist_ok=True)
        place.write_text(lesson.pseudonym)

    with night.workspace.at_work("order-live", "order-live"):
        erase_learner(night, ERASED)

    assert not [path for path in files(folder) if lesson.pseudonym.encode() in path.read_bytes()]
    assert [each for each in handed_in.values() if each.is_dir()] == [handed_in["order-live"]]


def test_what_great_expectations_found_names_them_no_more(tmp_path):
    night = make_night(tmp_path)
    record = make_learner_record(4711)
    other = record.gap_analysis.model_copy(update={"overall_score": 12.0})
    source = write_records(tmp_path, [record, record.model_copy(update={"gap_analysis": other})])
    pipeline.produce(night, source)
    pseudonym = erasing._pseudonym(night, ERASED)
    found = [
        path for path in files(tmp_path / "workspace" / "reports") if pseudonym.encode() in path.read_bytes()
    ]
    assert {path.suffix for path in found} >= {".json", ".html"}

    erase_learner(night, ERASED)

    assert not [path for path in files(tmp_path / "workspace") if pseudonym.encode() in path.read_bytes()]


def test_a_receipt_says_where_nobody_has_looked(folder, night, tmp_path):
    [place] = night.ledger.destinations(lesson_of(night, ERASED).lesson_id)
    elsewhere = make_night(folder, "run-2", output=tmp_path / "nowhere")

    receipt = erase_learner(elsewhere, ERASED, gone=[place.address])

    assert receipt.unseen == (place.address,)
    assert receipt.line.endswith(f"Said to hold nothing, and not looked at: {place.address}.")
    assert delivered(folder, lesson_of(night, STAYING).pseudonym)
