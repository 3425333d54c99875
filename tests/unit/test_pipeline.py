from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

import presgen
from presgen import pipeline, quality, rendering, writing
from presgen.errors import (
    BadInput,
    BadScript,
    DeliveryBlocked,
    IllegalTransition,
    QualityRejected,
    StoreUnavailable,
    TurnTaken,
    UnknownName,
)
from presgen.ledger import SectionOutcome
from presgen.media.formats import Format, formats
from presgen.model.learner import AssessmentRecord
from presgen.model.lesson import LessonStatus, SectionKind
from presgen.model.quality import Finding, QualityReport, Severity
from presgen.model.references import LearnerRef, LessonRef, NightReport, SectionRef
from presgen.personas import load_persona
from presgen.publishing.publishers import publishers
from tests.factories import make_answer, make_gap, make_learner, make_record
from tests.nights import EAR, FREE, STAMP, TALL, make_learner_record, make_night, make_settings, write_records

S = LessonStatus
WIDE = "wide-stamp"

if WIDE not in formats.names():
    formats.add(WIDE, Format(name=WIDE, width=160, height=72, preset="ultrafast", crf=40))


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory):
    """A deployment in which two learners with the same gap got their lessons yesterday."""
    folder = tmp_path_factory.mktemp("yesterday")
    source = write_records(folder, [make_learner_record(1), make_learner_record(2)])
    report = pipeline.produce(make_night(folder, "yesterday"), source)
    assert report.passed
    return folder


@pytest.fixture
def deployment(yesterday, tmp_path):
    """A copy of that deployment, at another place, to do with as a test likes."""
    return shutil.copytree(yesterday, tmp_path / "deployment")


def source_of(folder):
    return f"jsonl:{folder / 'records.jsonl'}"


def published(folder):
    """Every published file: its content's address on the disk and the time it was written."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in (folder / "output").rglob("*")
        if path.is_file()
    }


def statuses(night):
    return [entry.status for entry in night.ledger.lessons(night.run_id)]


def first_steps(night, source, **choices):
    """Load and plan, make the shared sections, and return the learners."""
    learners = pipeline.load_learners(night, source, **choices)
    for section in pipeline.plan_sections(night, learners):
        pipeline.make_section(night, section)
    return learners


# The night as a whole


def test_a_night_gives_every_learner_a_lesson_and_renders_what_they_share_once(yesterday):
    night = make_night(yesterday, "yesterday")

    made = night.ledger.sections("yesterday")

    assert statuses(night) == [S.PUBLISHED, S.PUBLISHED]
    assert {section.outcome for section in made} == {SectionOutcome.RENDERED}
    assert sorted(section.kind for section in made if section.kind in ("deep_dive", "remedy", "opening")) == [
        "deep_dive",
        "opening",
        "opening",
        "remedy",
    ]
    assert len(list((yesterday / "output").rglob("*.mp4"))) == 2


def test_the_report_of_a_night_adds_up_and_is_kept(yesterday):
    night = make_night(yesterday, "yesterday")

    report = night.workspace.load("reports", "yesterday", NightReport)

    assert report.lessons == {"published": 2}
    assert (report.quarantined, report.failures, report.passed) == (0, {}, True)
    assert report.film == pytest.approx(sum(entry.duration for entry in night.ledger.lessons()), abs=0.01)
    assert night.ledger.run("yesterday").passed is True


def test_what_great_expectations_found_is_kept_and_documented_without_a_name(yesterday):
    night = make_night(yesterday, "yesterday")
    report = night.workspace.load("reports", "yesterday", NightReport)

    page = night.workspace.root / report.data_docs
    results = page.parent.parent / "validations"
    kept = {path.relative_to(results).as_posix() for path in results.rglob("*.json")}

    lessons = {f"lessons/{entry.lesson_id}.{STAMP}.json" for entry in night.ledger.lessons()}
    assert kept == {"records.json", "night.json", "run.json", *lessons}
    assert all(json.loads((results / name).read_text())["success"] for name in kept)
    documents = "".join(path.read_text() for path in page.parent.rglob("*.html"))
    assert all(name in documents for name in ("records", "night", "duration_ratio", "success_ratio"))
    told = documents + "".join((results / name).read_text() for name in kept)
    assert not any(secret in told for secret in ("Ada1", "Ada2", "example.org", '"L-1"'))


def test_a_second_night_with_the_same_records_does_nothing(deployment):
    files, before = published(deployment), make_night(deployment).ledger.lessons()

    night = make_night(deployment, "tonight")
    report = pipeline.produce(night, source_of(deployment))

    assert (report.passed, report.sections_rendered, report.lessons) == (True, 0, {"published": 2})
    assert published(deployment) == files
    assert night.ledger.lessons("tonight") == before


def test_force_makes_lessons_anew_from_sections_that_are_there(deployment):
    files = published(deployment)

    night = make_night(deployment, "tonight")
    report = pipeline.produce(night, source_of(deployment), force=True)

    assert (report.passed, report.sections_rendered) == (True, 0)
    assert published(deployment) == files  # the same lesson, to the byte
    joined = [event for event in night.ledger.events("tonight") if event.name == "lesson_join"]
    assert len(joined) == 2


def test_only_the_learner_whose_record_changed_gets_a_new_lesson(deployment):
    before = {entry.lesson_id: entry for entry in make_night(deployment).ledger.lessons()}
    better = make_learner_record(
        2, answers=[make_answer("q1"), *(make_answer(f"q{n}", is_correct=True) for n in "234")]
    )
    source = write_records(deployment, [make_learner_record(1), better])

    night = make_night(deployment, "tonight")
    report = pipeline.produce(night, source)

    changed = [entry for entry in night.ledger.lessons() if entry != before[entry.lesson_id]]
    assert report.passed
    assert len(changed) == 1
    assert changed[0].record != before[changed[0].lesson_id].record
    assert len(list((deployment / "output").rglob("*.mp4"))) == 2
    assert {
        section.kind for section in night.ledger.sections("tonight") if section.outcome == "rendered"
    } == {"opening"}


def test_another_format_makes_other_videos(deployment):
    night = make_night(deployment, "tonight", formats=(WIDE,))

    report = pipeline.produce(night, source_of(deployment), only=["L-1"])

    assert report.passed
    [reset] = [event for event in night.ledger.events("tonight", None) if event.facts.get("to") == "pending"]
    assert reset.facts["why"] == "its sections or formats changed"


def test_one_more_format_renders_its_own_sections_and_delivers_only_its_own_files(deployment):
    before = published(deployment)

    night = make_night(deployment, "tonight", formats=(STAMP, TALL))
    report = pipeline.produce(night, source_of(deployment))

    assert (report.passed, report.formats, report.lessons) == (True, (STAMP, TALL), {"published": 2})
    rendered = [each for each in night.ledger.sections("tonight") if each.outcome == "rendered"]
    assert (
        report.sections_rendered == len(rendered) == len(make_night(deployment).ledger.sections("yesterday"))
    )
    joined = [
        event.facts["format"] for event in night.ledger.events("tonight") if event.name == "lesson_join"
    ]
    assert joined == [TALL, TALL]
    after = published(deployment)
    told_anew = {name for name in before if before[name] != after[name]}
    assert {name.rpartition("-")[2] for name in told_anew} == {"report.json", "manifest.json"}
    assert {name.partition(".")[2] for name in after.keys() - before.keys()} == {
        f"{TALL}.{kind}" for kind in ("mp4", "vtt", "srt", "png")
    }


def test_a_second_night_with_several_formats_does_nothing(deployment):
    chosen = {"formats": (STAMP, TALL)}
    pipeline.produce(make_night(deployment, "tonight", **chosen), source_of(deployment))
    files, before = published(deployment), make_night(deployment).ledger.lessons()

    report = pipeline.produce(make_night(deployment, "tomorrow", **chosen), source_of(deployment))

    assert (report.passed, report.sections_rendered, report.lessons) == (True, 0, {"published": 2})
    assert published(deployment) == files
    assert make_night(deployment).ledger.lessons() == before


def test_an_edition_that_is_damaged_is_made_again_and_no_other(deployment):
    chosen = {"formats": (STAMP, TALL)}
    pipeline.produce(make_night(deployment, "tonight", **chosen), source_of(deployment), ["L-1"])
    files = published(deployment)
    [lesson] = make_night(deployment, "tonight").ledger.lessons("tonight")
    film = deployment / "workspace" / "lessons" / lesson.lesson_id / f"{TALL}.mp4"
    film.write_bytes(film.read_bytes()[:-1])

    night = make_night(deployment, "tomorrow", **chosen)
    report = pipeline.produce(night, source_of(deployment), ["L-1"])

    assert report.passed
    joined = [
        event.facts["format"] for event in night.ledger.events("tomorrow") if event.name == "lesson_join"
    ]
    assert joined == [TALL]
    assert published(deployment) == files


def test_what_is_no_longer_ordered_is_withdrawn(deployment):
    files = published(deployment)
    chosen = {"formats": (STAMP, TALL)}
    pipeline.produce(make_night(deployment, "tonight", **chosen), source_of(deployment))

    report = pipeline.produce(make_night(deployment, "tomorrow"), source_of(deployment))

    assert (report.passed, report.sections_rendered) == (True, 0)
    assert published(deployment).keys() == files.keys()


def test_no_edition_is_published_while_one_is_rejected(tmp_path, monkeypatch):
    def inspect(video, *rest, inspect=quality.inspect_lesson, **choices):
        found = inspect(video, *rest, **choices)
        return rejecting(found.subject) if video.format == TALL else found

    monkeypatch.setattr(quality, "inspect_lesson", inspect)
    night = make_night(tmp_path, formats=(STAMP, TALL))

    report = pipeline.produce(night, write_records(tmp_path, [make_learner_record()]))

    assert report.lessons == {"quarantined": 1}
    assert not (tmp_path / "output").exists()
    [entry] = night.ledger.lessons()
    [finding] = night.ledger.findings("run-1", entry.lesson_id)
    assert finding.message == f"{TALL}: Too quiet."
    assert "Too quiet" in entry.reason


def test_a_lesson_to_listen_to_needs_its_own_sections_and_shares_the_others_words(tmp_path):
    night = make_night(tmp_path, formats=(EAR, STAMP))

    report = pipeline.produce(night, write_records(tmp_path, [make_learner_record()]))

    assert report.passed
    [lesson] = night.ledger.lessons()
    assets = {asset.role: asset.asset_id for asset in night.ledger.assets(lesson.lesson_id, "folder")}
    assert assets["video"].endswith(".m4a")
    assert assets[f"video.{STAMP}"].endswith(".mp4")
    assert assets["poster"].endswith(".png")
    assert assets["captions_vtt"].endswith(".vtt")
    assert f"captions_vtt.{STAMP}" not in assets


def test_a_lesson_in_webm_is_heard_before_it_is_published(tmp_path):
    night = make_night(tmp_path, formats=(STAMP, FREE))

    report = pipeline.produce(night, write_records(tmp_path, [make_learner_record()]))

    assert report.passed
    [lesson] = night.ledger.lessons()
    assets = {asset.role: asset.asset_id for asset in night.ledger.assets(lesson.lesson_id, "folder")}
    assert assets[f"video.{FREE}"].endswith(".webm")
    assert f"captions_vtt.{FREE}" not in assets
    measured = night.workspace.load("quality", f"{lesson.lesson_id}.{FREE}", QualityReport).metadata
    assert (measured["video_codec"], measured["audio_codec"]) == ("vp9", "opus")
    assert measured["loudness_min"] == pytest.approx(-16, abs=1)


def test_sections_are_planned_for_each_format_the_main_ones_first(deployment):
    night = make_night(deployment, "tonight", formats=(TALL, STAMP))

    refs = pipeline.plan_sections(night, pipeline.load_learners(night, source_of(deployment)))

    assert [ref.format for ref in refs] == [TALL, TALL, STAMP, STAMP]
    assert {ref.lessons for ref in refs} == {2}
    assert len({ref.key for ref in refs}) == 4


def test_another_main_edition_is_another_lesson(deployment):
    first = make_night(deployment, "tonight", formats=(STAMP, TALL))
    pipeline.produce(first, source_of(deployment), ["L-1"])
    second = make_night(deployment, "tomorrow", formats=(TALL, STAMP))

    report = pipeline.produce(second, source_of(deployment), ["L-1"])

    assert (report.passed, report.sections_rendered) == (True, 0)
    [lesson] = second.ledger.lessons("tomorrow")
    assets = {asset.role: asset.asset_id for asset in second.ledger.assets(lesson.lesson_id, "folder")}
    assert assets[f"video.{STAMP}"].endswith(f".{STAMP}.mp4")
    assert not list((deployment / "output").rglob(f"*.{TALL}.*"))


def test_a_format_that_nobody_knows_fails_the_run_at_once(deployment):
    with pytest.raises(UnknownName, match="cinema"):
        pipeline.load_learners(make_night(deployment, formats=(STAMP, "cinema")), source_of(deployment))


@pytest.mark.parametrize(
    ("choice", "told"), [({"brand": "acme"}, "acme"), ({"music": "no.wav"}, "PRESGEN_MUSIC")]
)
def test_a_brand_or_music_that_is_not_there_fails_the_run_at_once(deployment, choice, told):
    with pytest.raises(BadInput, match=told):
        pipeline.load_learners(make_night(deployment, **choice), source_of(deployment))


def test_music_joins_lessons_anew_and_renders_nothing(deployment):
    before = {entry.lesson_id: entry.video for entry in make_night(deployment).ledger.lessons()}

    night = make_night(deployment, "tonight", music="pad")
    report = pipeline.produce(night, source_of(deployment), ["L-1"])

    assert (report.passed, report.sections_rendered) == (True, 0)
    [lesson] = night.ledger.lessons("tonight")
    assert lesson.video != before[lesson.lesson_id]


def test_a_learner_without_gaps_needs_no_lesson(tmp_path):
    record = make_record(answers=[make_answer("q1", is_correct=True)], gaps=[], outline=[])
    night = make_night(tmp_path)

    report = pipeline.produce(night, write_records(tmp_path, [record]))

    assert (report.lessons, report.passed, report.film) == ({"not_needed": 1}, True, 0)
    assert not (tmp_path / "output").exists()


def test_a_bad_record_is_set_aside_and_the_others_go_on(deployment):
    with (deployment / "records.jsonl").open("a") as file:
        file.write('{"learner": {"id": "L-3", "name": "Cy Example"}}\n')

    night = make_night(deployment, "tonight")
    report = pipeline.produce(night, source_of(deployment))

    assert (report.lessons, report.quarantined, report.passed) == ({"published": 2}, 1, True)
    [refused] = night.ledger.quarantined("tonight")
    assert refused.where == "records.jsonl:3"


def test_a_night_of_nothing_but_bad_records_has_failed(tmp_path):
    (tmp_path / "records.jsonl").write_text('{"learner": {"id": "L-3", "name": "Cy Example"}}\n' * 2)

    report = pipeline.produce(make_night(tmp_path), source_of(tmp_path))

    assert (report.lessons, report.quarantined, report.passed) == ({}, 1, False)


def test_a_night_without_a_source_says_how_to_name_one(tmp_path):
    with pytest.raises(BadInput, match="PRESGEN_SOURCE"):
        pipeline.load_learners(make_night(tmp_path), "")


def test_progress_is_told_for_sections_and_lessons(deployment):
    told = []

    pipeline.produce(make_night(deployment, "tonight"), source_of(deployment), on_progress=told.append)

    assert [(each.part, each.done, each.total) for each in told] == [
        ("sections", 0, 2),
        ("sections", 1, 2),
        ("sections", 2, 2),
        ("lessons", 0, 2),
        ("lessons", 1, 2),
        ("lessons", 2, 2),
    ]


# Step by step, as the DAG takes them


def test_references_travel_as_json_between_nights_of_the_same_run(deployment):
    def tonight():
        return make_night(deployment, "tonight")

    def sent(reference, model):
        return model.model_validate_json(reference.model_dump_json())

    learners = [
        sent(each, LearnerRef)
        for each in pipeline.load_learners(tonight(), source_of(deployment), force=True)
    ]
    for section in pipeline.plan_sections(tonight(), learners):
        pipeline.make_section(tonight(), sent(section, SectionRef))
    lesson = sent(pipeline.write_script(tonight(), learners[0]), LessonRef)
    assert lesson.status is S.SCRIPT_GENERATED
    lesson = sent(pipeline.render_lesson(tonight(), lesson), LessonRef)
    assert lesson.status is S.AVATAR_VIDEOS_GENERATED
    assert lesson.duration > 0
    lesson = sent(pipeline.inspect_lesson(tonight(), lesson), LessonRef)
    assert lesson.status is S.QA_PASSED
    lesson = sent(pipeline.publish_lesson(tonight(), lesson), LessonRef)
    assert lesson.status is S.PUBLISHED

    report = pipeline.report(tonight())

    assert (report.lessons, report.failures, report.passed) == (
        {"pending": 1, "published": 1},
        {pipeline.UNFINISHED: 1},
        False,
    )


def test_every_step_of_a_published_lesson_can_be_repeated_and_changes_nothing(deployment):
    night = make_night(deployment, "tonight")
    [learner] = pipeline.load_learners(night, source_of(deployment), only=["L-1"])
    lesson = pipeline.produce_lesson(night, learner)
    before, files = night.ledger.lessons(), published(deployment)

    assert pipeline.write_script(night, learner) == lesson
    assert pipeline.render_lesson(night, lesson) == lesson
    assert pipeline.inspect_lesson(night, lesson) == lesson
    assert pipeline.publish_lesson(night, lesson) == lesson

    assert night.ledger.lessons() == before
    assert published(deployment) == files


def test_planning_counts_the_lessons_that_need_a_section(deployment):
    night = make_night(deployment, "tonight")

    sections = pipeline.plan_sections(night, pipeline.load_learners(night, source_of(deployment)))

    assert {(section.kind, section.lessons) for section in sections} == {("deep_dive", 2), ("remedy", 2)}


def test_a_learner_whose_script_cannot_be_written_fails_alone(deployment, monkeypatch):
    def refuse(plan, record, persona, write=writing.write_script):
        if record.learner.id == "L-1":
            raise BadScript("Section opening has 80 words; up to 70 would have been fine.")
        return write(plan, record, persona)

    monkeypatch.setattr(writing, "write_script", refuse)
    night = make_night(deployment, "tonight")

    report = pipeline.produce(night, source_of(deployment), force=True)

    assert (report.lessons, report.failures) == ({"failed": 1, "published": 1}, {"BadScript": 1})
    [failed] = [entry for entry in night.ledger.lessons("tonight") if entry.status is S.FAILED]
    assert failed.reason.startswith("Section opening has 80 words")


def test_the_learners_wish_for_a_teacher_goes_before_the_runs(tmp_path):
    records = [
        make_record(learner=make_learner(id="L-1", persona="expert")),
        make_record(learner=make_learner(id="L-2", name="Bo Sample")),
    ]
    night = make_night(tmp_path, persona="mentor")

    learners = pipeline.load_learners(night, write_records(tmp_path, records), persona="coach")

    lessons = [pipeline.write_script(night, learner) for learner in learners]
    personas = [_load_script(night, lesson).persona for lesson in lessons]
    assert personas == ["expert", "coach"]


def test_a_wish_for_an_unknown_teacher_is_no_reason_to_go_without(tmp_path):
    night = make_night(tmp_path)
    record = make_record(learner=make_learner(persona="nobody"))

    [learner] = pipeline.load_learners(night, write_records(tmp_path, [record]))

    assert _load_script(night, pipeline.write_script(night, learner)).persona == "mentor"
    [event] = [event for event in night.ledger.events() if event.name == "persona_replaced"]
    why = "the persona wished for is unknown"
    assert (event.subject, event.facts) == (learner.lesson_id, {"taken": "mentor", "why": why})


def test_a_learner_is_taught_in_the_own_language_and_the_ledger_knows_why(tmp_path):
    night = make_night(tmp_path)
    record = make_record(learner=make_learner(locale="es-ES", persona="expert"))

    [learner] = pipeline.load_learners(night, write_records(tmp_path, [record]))

    chosen = night.workspace.load("records", learner.lesson_id, AssessmentRecord).learner.persona
    assert load_persona(chosen).locale == "es-ES"
    [event] = [event for event in night.ledger.events() if event.name == "persona_replaced"]
    assert event.facts == {"taken": chosen, "why": "expert does not speak es"}


def test_an_unknown_teacher_for_the_whole_run_is_refused(tmp_path):
    with pytest.raises(UnknownName, match="nobody"):
        pipeline.load_learners(make_night(tmp_path), write_records(tmp_path, []), persona="nobody")


def _load_script(night, lesson):
    from presgen.model.lesson import LessonScript

    return night.workspace.load("scripts", lesson.lesson_id, LessonScript)


# What goes wrong


def poison(monkeypatch, slug, error):
    """Let the rendering of sections whose slug starts like that fail; return the list of tries."""
    tries = []

    def render(section, *rest, render=rendering.render_section, **named):
        if section.slug.startswith(slug):
            tries.append(section)
            raise error
        return render(section, *rest, **named)

    monkeypatch.setattr(rendering, "render_section", render)
    return tries


def two_topics(folder):
    """Write records of a learner who needs a topic of their own and one who does not."""
    ports, dns = make_answer("q1"), make_answer("q9", domain="DNS", question_text="What does DNS look up?")
    return write_records(
        folder,
        [
            make_learner_record(1, answers=[ports]),
            make_learner_record(
                2,
                answers=[dns],
                gaps=[make_gap("dns", skill_name="Names", exam_domain="DNS", question_ids=("q9",))],
            ),
        ],
    )


def test_a_poisoned_section_fails_only_the_lessons_that_need_it(tmp_path, monkeypatch):
    poison(monkeypatch, "deep-dive-dns", ValueError("secret of Ada2 Example"))
    night = make_night(tmp_path)

    report = pipeline.produce(night, two_topics(tmp_path))

    assert (report.lessons, report.failures) == ({"failed": 1, "published": 1}, {"SectionFailed": 1})
    [failed] = [entry for entry in night.ledger.lessons() if entry.status is S.FAILED]
    assert "deep-dive-dns" in failed.reason
    assert "ValueError at test_pipeline.py" in failed.reason
    assert "secret" not in failed.reason  # foreign errors may quote a learner


def test_a_section_that_failed_in_one_run_is_tried_again_in_the_next(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        poison(patched, "deep-dive", ValueError("poison"))
        pipeline.produce(make_night(tmp_path), write_records(tmp_path, [make_learner_record()]))

    report = pipeline.produce(make_night(tmp_path, "run-2"), source_of(tmp_path))

    assert report.passed


def test_a_shared_section_that_failed_is_not_tried_again_by_every_lesson(tmp_path, monkeypatch):
    tries = poison(monkeypatch, "deep-dive", ValueError("poison"))
    records = [make_learner_record(1), make_learner_record(2)]

    report = pipeline.produce(make_night(tmp_path), write_records(tmp_path, records))

    assert report.failures == {"SectionFailed": 2}
    assert len(tries) == 1


def rejecting(subject):
    finding = Finding(check="narration-is-at-level", severity=Severity.REJECT, message="Too quiet.")
    return QualityReport(subject=subject, findings=(finding,), metadata={})


def test_a_rejected_section_is_not_kept_and_quarantines_the_lessons_that_need_it(tmp_path, monkeypatch):
    def inspect(section, clip, folder, key, format, inspect=quality.inspect_section):
        evidence, report = inspect(section, clip, folder, key, format)
        return evidence, rejecting(key) if section.kind is SectionKind.DEEP_DIVE else report

    monkeypatch.setattr(quality, "inspect_section", inspect)
    night = make_night(tmp_path)

    report = pipeline.produce(night, write_records(tmp_path, [make_learner_record()]))

    [rejected] = [each for each in night.ledger.sections("run-1") if each.outcome == "rejected"]
    assert (report.lessons, report.failures) == ({"quarantined": 1}, {"QualityRejected": 1})
    assert "narration-is-at-level: Too quiet." in night.ledger.lessons()[0].reason
    assert night.workspace.sections.get(rejected.key) is None
    assert night.ledger.findings("run-1", rejected.key)[0].message == "Too quiet."


def test_a_rejected_video_is_never_published(deployment, monkeypatch):
    files = published(deployment)
    night = make_night(deployment, "tonight")
    [learner] = first_steps(night, source_of(deployment), only=["L-1"], force=True)
    lesson = pipeline.render_lesson(night, pipeline.write_script(night, learner))
    with monkeypatch.context() as patched:
        patched.setattr(quality, "inspect_lesson", lambda *_, **__: rejecting(learner.lesson_id))
        with pytest.raises(QualityRejected, match="Too quiet"):
            pipeline.inspect_lesson(night, lesson)

    with pytest.raises(IllegalTransition, match="is quarantined"):
        pipeline.publish_lesson(night, lesson)

    assert published(deployment) == files
    assert night.ledger.findings("tonight", learner.lesson_id)[0].check == "narration-is-at-level"
    # Whoever repaired the cause clears the check, and the lesson goes on from there.
    assert pipeline.publish_lesson(night, pipeline.inspect_lesson(night, lesson)).status is S.PUBLISHED


@pytest.mark.parametrize("step", [S.SCRIPT_GENERATED, S.AVATAR_VIDEOS_GENERATED])
def test_a_lesson_that_was_not_checked_is_not_published(deployment, step):
    night = make_night(deployment, "tonight")
    [learner] = first_steps(night, source_of(deployment), only=["L-1"], force=True)
    lesson = pipeline.write_script(night, learner)
    if step is S.AVATAR_VIDEOS_GENERATED:
        lesson = pipeline.render_lesson(night, lesson)

    with pytest.raises(IllegalTransition, match=f"is {step}"):
        pipeline.publish_lesson(night, lesson)


def test_a_corrupt_section_is_rendered_again_on_the_spot(deployment):
    night = make_night(deployment, "tonight")
    learners = pipeline.load_learners(night, source_of(deployment), force=True)
    [deep_dive] = [each for each in pipeline.plan_sections(night, learners) if each.kind == "deep_dive"]
    clip = deployment / "workspace" / "sections" / deep_dive.key / "clip.mp4"
    sound = clip.read_bytes()
    clip.write_bytes(sound[:-1] + b"\0")

    lesson = pipeline.produce_lesson(night, learners[0])

    assert lesson.status is S.PUBLISHED
    assert clip.read_bytes() == sound
    assert night.ledger.section("tonight", deep_dive.key).outcome is SectionOutcome.RENDERED


@pytest.mark.parametrize("lost", ["workspace/lessons", "workspace/videos", "output", "workspace/sections"])
def test_what_was_lost_comes_back_to_the_byte(deployment, lost):
    delivered = deployment / "output" / "Certifications"
    contents = {path: path.read_bytes() for path in delivered.rglob("*") if path.is_file()}
    shutil.rmtree(deployment / lost)

    report = pipeline.produce(make_night(deployment, "tonight"), source_of(deployment))

    assert report.passed
    assert contents
    assert {path: path.read_bytes() for path in delivered.rglob("*") if path.is_file()} == contents


def test_a_step_of_an_older_run_does_not_touch_a_newer_ones_lesson(deployment):
    old = make_night(deployment, "old")
    [learner] = first_steps(old, source_of(deployment), only=["L-1"], force=True)
    lesson = pipeline.write_script(old, learner)
    changed = make_learner_record(1, text_summary="Another summary.")
    new = make_night(deployment, "new")
    [renewed] = first_steps(new, write_records(deployment, [changed]), persona="coach")
    pipeline.write_script(new, renewed)

    with pytest.raises(IllegalTransition, match="replaced since this run read it"):
        pipeline.write_script(old, learner)
    with pytest.raises(IllegalTransition, match="written anew since this run wrote it"):
        pipeline.render_lesson(old, lesson)

    assert statuses(new) == [S.SCRIPT_GENERATED]


def test_a_worker_that_would_make_other_bytes_refuses_to(deployment, monkeypatch):
    night = make_night(deployment, "tonight")
    sections = pipeline.plan_sections(night, pipeline.load_learners(night, source_of(deployment)))
    shutil.rmtree(deployment / "workspace" / "sections")
    monkeypatch.setattr(rendering, "section_key", lambda *_, **__: "0" * 64)

    with pytest.raises(BadInput, match="Bring all workers to one version"):
        pipeline.make_section(night, sections[0])


def test_a_blocked_delivery_waits_and_goes_out_once_the_way_is_free(tmp_path):
    (tmp_path / "output").write_text("a file where the folder should be")
    night = make_night(tmp_path)
    learner, *_ = first_steps(night, write_records(tmp_path, [make_learner_record()]))
    lesson = pipeline.inspect_lesson(
        night, pipeline.render_lesson(night, pipeline.write_script(night, learner))
    )
    with pytest.raises(DeliveryBlocked, match="Remedy"):
        pipeline.publish_lesson(night, lesson)
    assert statuses(night) == [S.DELIVERY_BLOCKED]
    (tmp_path / "output").unlink()

    assert pipeline.publish_lesson(night, lesson).status is S.PUBLISHED


def test_a_destination_that_is_away_leaves_the_lesson_ready(deployment, monkeypatch):
    def away(parcel, desk):
        raise StoreUnavailable("The output folder is away.")

    night = make_night(deployment, "tonight")
    [learner] = first_steps(night, source_of(deployment), only=["L-1"], force=True)
    with monkeypatch.context() as patched:
        patched.setitem(publishers._members, "folder", away)
        with pytest.raises(StoreUnavailable):
            pipeline.produce_lesson(night, learner)
    assert statuses(night) == [S.QA_PASSED]

    assert pipeline.produce_lesson(night, learner).status is S.PUBLISHED


def test_a_publisher_that_is_blocked_keeps_no_other_from_delivering(deployment, monkeypatch):
    def blocked(parcel, desk):
        raise DeliveryBlocked("The drive is full.", "Empty it.")

    def away(parcel, desk):
        raise StoreUnavailable("The drive is away.")

    night = make_night(
        deployment,
        "tonight",
        publishers=("drive", "object-store"),
        object_store=(deployment / "objects").as_uri(),
    )
    [learner] = first_steps(night, source_of(deployment), only=["L-1"], force=True)
    lesson = pipeline.inspect_lesson(
        night, pipeline.render_lesson(night, pipeline.write_script(night, learner))
    )
    for trouble, kind, status in (
        (away, StoreUnavailable, S.QA_PASSED),
        (blocked, DeliveryBlocked, S.DELIVERY_BLOCKED),
    ):
        with monkeypatch.context() as patched:
            patched.setitem(publishers._members, "drive", trouble)
            with pytest.raises(kind):
                pipeline.publish_lesson(night, lesson)
        assert statuses(night) == [status]
        assert len(night.ledger.assets(lesson.lesson_id, "object-store")) == 9
        assert night.ledger.assets(lesson.lesson_id, "drive") == ()


def test_a_publisher_nobody_knows_stops_the_night_before_it_begins(deployment):
    with pytest.raises(UnknownName, match="No publisher is called 'pigeon'"):
        pipeline.load_learners(
            make_night(deployment, "tonight", publishers=("pigeon",)), source_of(deployment)
        )


def test_giving_up_ends_a_lesson_and_leaves_a_published_one_alone(deployment):
    night = make_night(deployment, "tonight")
    learners = pipeline.load_learners(night, source_of(deployment), force=True)
    done, undone = (learner.lesson_id for learner in learners)
    pipeline.produce_lesson(night, learners[0])

    pipeline.fail_lesson(night, done, StoreUnavailable("The disk is full."))
    pipeline.fail_lesson(night, undone, StoreUnavailable("The disk is full."))

    assert night.ledger.lesson(done).status is S.PUBLISHED
    entry = night.ledger.lesson(undone)
    assert (entry.status, entry.cause, entry.reason) == (S.FAILED, "StoreUnavailable", "The disk is full.")


def test_giving_up_leaves_a_lesson_alone_that_another_run_makes_of_another_record(deployment):
    night = make_night(deployment, "tonight")
    [was, *_] = pipeline.load_learners(night, source_of(deployment), force=True)
    newer = make_learner_record(1).learner.model_copy(update={"name": "Grace Example"})
    write_records(deployment, [make_learner_record(1).model_copy(update={"learner": newer})])
    [now, *_] = pipeline.load_learners(make_night(deployment, "later"), source_of(deployment))
    assert (now.lesson_id, now.record != was.record) == (was.lesson_id, True)

    pipeline.fail_lesson(night, was.lesson_id, StoreUnavailable("The disk is full."), was.record)
    with pytest.raises(IllegalTransition, match="has been replaced since this run read it"):
        pipeline.write_script(night, was)

    assert night.ledger.lesson(was.lesson_id).status is S.PENDING

    pipeline.fail_lesson(night, now.lesson_id, StoreUnavailable("The disk is full."), now.record)

    assert night.ledger.lesson(was.lesson_id).status is S.FAILED


def test_who_gives_up_because_another_run_delivers_leaves_the_lesson_to_it(deployment):
    night, other = make_night(deployment, "tonight"), make_night(deployment, "other")
    [learner, *_] = pipeline.load_learners(night, source_of(deployment), force=True)
    other.ledger.begin_run("other")

    with night.workspace.in_turn(learner.lesson_id, "publishing", "other"):
        pipeline.fail_lesson(night, learner.lesson_id, TurnTaken("Another run is at it."), learner.record)
        assert night.ledger.lesson(learner.lesson_id).status is S.PENDING
    [told] = [event for event in night.ledger.events("tonight") if event.name == "lesson_overtaken"]
    assert told.facts == {"cause": "TurnTaken", "reason": "Another run is at it."}

    # Nobody is at it any more.
    pipeline.fail_lesson(night, learner.lesson_id, TurnTaken("Another run was at it."), learner.record)

    assert night.ledger.lesson(learner.lesson_id).cause == "TurnTaken"


def test_who_gives_up_after_a_step_has_told_why_changes_nothing(deployment):
    before = make_night(deployment, "yesterday")
    [learner, *_] = pipeline.load_learners(before, source_of(deployment), force=True)
    pipeline.produce_lesson(before, learner)
    night = make_night(deployment, "tonight")
    pipeline.fail_lesson(night, learner.lesson_id, BadInput("It cannot be read."), learner.record)
    ended = night.ledger.lesson(learner.lesson_id)

    pipeline.fail_lesson(night, learner.lesson_id, BadInput("It cannot be read."), learner.record)

    assert ended.status is S.DELIVERY_BLOCKED  # delivered before, and not looked after tonight
    assert night.ledger.lesson(learner.lesson_id) == ended


def test_why_a_lesson_has_failed_is_not_forgotten_for_a_step_that_came_too_late(deployment):
    night = make_night(deployment, "tonight")
    [learner, *_] = pipeline.load_learners(night, source_of(deployment), force=True)
    pipeline.fail_lesson(night, learner.lesson_id, StoreUnavailable("The disk is full."))

    pipeline.fail_lesson(night, learner.lesson_id, IllegalTransition("It is failed and cannot be rendered."))

    assert night.ledger.lesson(learner.lesson_id).reason == "The disk is full."


# What is left behind


def test_every_stage_leaves_one_line_and_one_event_with_latency_and_ids(deployment):
    night = make_night(deployment, "tonight")
    with capture_logs() as lines:
        pipeline.produce(night, source_of(deployment), only=["L-1"], force=True)

    events = night.ledger.events("tonight")
    for name in ("script_generate", "section_reuse", "lesson_join", "qa_inspect", "video_publish"):
        told = [line for line in lines if line["event"] == name]
        kept = [event for event in events if event.name == name]
        assert len(told) == len(kept) > 0, name
        assert all(line["latency"] >= 0 and line["outcome"] == "ok" for line in told)
        assert all(line["run"] == "tonight" and ("lesson" in line or "section" in line) for line in told)
    [publish] = [line for line in lines if line["event"] == "video_publish"]
    assert publish["assets"]["video"] == night.ledger.lessons("tonight")[0].video


def test_a_failed_stage_says_so_in_its_line_and_its_event(tmp_path, monkeypatch):
    poison(monkeypatch, "deep-dive", BadInput("The section has no words."))
    night = make_night(tmp_path)
    with capture_logs() as lines:
        pipeline.produce(night, write_records(tmp_path, [make_learner_record()]))

    [line] = [line for line in lines if line["event"] == "avatar_render" and line["outcome"] == "failed"]
    [event] = [
        event
        for event in night.ledger.events()
        if event.name == "avatar_render" and event.facts["outcome"] == "failed"
    ]
    assert line["cause"] == event.facts["cause"] == "BadInput"
    assert line["log_level"] == "warning"
    assert line["section"] == event.subject


@pytest.mark.parametrize(
    ("run_id", "name"),
    [("run-1", "run-1"), ("scheduled__2026-11-22T02:00:00+00:00", "scheduled--2026-11-22t02-00-00-00-00-")],
)
def test_a_runs_files_are_named_after_it(run_id, name):
    assert pipeline.name_of_run(run_id).startswith(name)


def test_runs_with_alike_ids_have_files_of_their_own():
    ids = ("run/1", "run:1", "run-1", "RUN-1", "/", "", "x" * 300, "x" * 301)

    assert len({pipeline.name_of_run(run_id) for run_id in ids}) == len(ids)


def test_importing_the_pipeline_is_cheap():
    heavy = [
        "av",
        "numpy",
        "scipy",
        "pandas",
        "great_expectations",
        "onnxruntime",
        "onnx",
        "hibari",
        "typst",
        "skia",
        "alembic",
        "jinja2",
    ]
    code = f"import json, sys, presgen.pipeline\nprint(json.dumps([m for m in {heavy} if m in sys.modules]))"
    path = str(Path(presgen.__file__).parents[1])

    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )

    assert json.loads(run.stdout) == []


def test_settings_choose_where_everything_lies(tmp_path):
    settings = make_settings(tmp_path, ledger_url=f"sqlite:///{tmp_path / 'elsewhere' / 'l.sqlite'}")

    night = pipeline.open_night(settings, "run-1")

    assert night.settings.formats == (STAMP,)
    assert (tmp_path / "elsewhere" / "l.sqlite").is_file()
