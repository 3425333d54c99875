"""Sections that come out broken, what mends them, and what happens where nothing does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from presgen import pipeline, quality
from presgen.errors import BadInput, QualityRejected
from presgen.ledger import SectionOutcome
from presgen.media.formats import formats
from presgen.model.lesson import LessonStatus, Section
from presgen.model.quality import FixLog, QualityReport
from presgen.model.references import SectionRef
from presgen.night import Night
from tests import faulty
from tests.faulty import FAULTY, faulty_renderer
from tests.nights import FREE, STAMP, make_learner_record, make_night, write_records

DEEP_DIVE = "deep-dive"


def deep_dive(folder: Path, format: str = STAMP) -> tuple[Night, SectionRef]:
    """Open a night of a faulty renderer, and return the deep dive it plans."""
    night = make_night(folder, renderer=FAULTY, formats=(format,))
    source = write_records(folder, [make_learner_record(1)])
    planned = pipeline.plan_sections(night, pipeline.load_learners(night, source))
    [section] = [each for each in planned if each.slug.startswith(DEEP_DIVE)]
    return night, section


def judged(night: Night, ref: SectionRef, folder: Path) -> QualityReport:
    """Inspect a copy of what the store holds, from the beginning."""
    stored = night.workspace.sections.get(ref.key)
    assert stored is not None
    shutil.copytree(stored.folder, folder)
    section = night.workspace.load("planned", ref.key, Section)
    return quality.inspect_section(section, stored.clip, folder, ref.key, formats[ref.format])[1]


@pytest.mark.parametrize(
    ("spoil", "check", "fixed_by"),
    [
        (faulty.too_quiet, "narration-is-at-level", ["remix_loudness"]),
        (faulty.clipped, "narration-is-not-clipped", ["resynthesise"]),
        (faulty.clipped_and_turned_down, "narration-is-not-clipped", ["resynthesise"]),
        (faulty.silent, "film-is-heard", ["resynthesise"]),
        (faulty.captions_late, "captions-say-what-is-spoken", ["rebuild_captions"]),
        (faulty.captions_missing, "film-has-captions", ["rebuild_captions"]),
        (faulty.index_last, "film-starts-at-once", ["remux"]),
        (faulty.all_late, "film-plays-in-one-piece", ["remux"]),
        (faulty.sound_late, "film-plays-in-one-piece", ["pad_or_trim"]),
        (faulty.pictures_missing, "sound-and-picture-end-together", ["pad_or_trim"]),
        (faulty.too_long, "narration-has-no-gap", ["pad_or_trim"]),
        (faulty.quiet_and_captions_late, "narration-is-at-level", ["remix_loudness", "rebuild_captions"]),
    ],
)
def test_a_broken_film_is_mended_without_rendering_it_again(tmp_path, spoil, check, fixed_by):
    with faulty_renderer(spoil, faulty.ALWAYS, DEEP_DIVE) as renderer:
        night, ref = deep_dive(tmp_path)

        pipeline.make_section(night, ref)

        assert renderer.rendered == 1
    log = night.ledger.fixes(night.run_id, ref.key)
    assert [(each.round, each.fix) for each in log] == [(1, name) for name in fixed_by]
    assert check in {finding.check for finding in log[0].findings}
    assert {each.left for each in log} == {()}
    assert judged(night, ref, tmp_path / "copy").passed


@pytest.mark.parametrize("spoil", [faulty.black, faulty.no_film])
def test_a_film_of_which_nothing_can_be_kept_is_rendered_again(tmp_path, spoil):
    with faulty_renderer(spoil, 1, DEEP_DIVE) as renderer:
        night, ref = deep_dive(tmp_path)

        pipeline.make_section(night, ref)

        assert renderer.rendered == 2
    assert [each.fix for each in night.ledger.fixes(night.run_id, ref.key)] == ["render_again"]
    assert judged(night, ref, tmp_path / "copy").passed


def test_what_was_fixed_stays_with_the_clip_and_reaches_the_lessons_report(tmp_path):
    with faulty_renderer(faulty.too_quiet, faulty.ALWAYS, DEEP_DIVE):
        night = make_night(tmp_path, renderer=FAULTY)

        report = pipeline.produce(night, write_records(tmp_path, [make_learner_record(1)]))

    assert report.passed
    [key] = [each.key for each in night.ledger.sections(night.run_id) if each.slug.startswith(DEEP_DIVE)]
    stored = night.workspace.sections.get(key)
    [fix] = FixLog.model_validate_json((stored.folder / "fixes.json").read_bytes()).fixes
    assert "fixes.json" in stored.files
    assert fix.before["loudness_min"] < -25 < -17 < fix.after["loudness_min"] < -15
    [event] = [each for each in night.ledger.events(night.run_id, key) if each.name == "qa_fix"]
    assert (event.facts["fix"], event.facts["round"]) == ("remix_loudness", 1)
    [told] = list((tmp_path / "output").rglob("*report*.json"))
    assert '"remix_loudness"' in told.read_text()


def test_a_good_section_leaves_no_trace_of_fixes(tmp_path):
    with faulty_renderer(faulty.too_quiet, 0) as renderer:
        night, ref = deep_dive(tmp_path)
        pipeline.make_section(night, ref)
        assert renderer.rendered == 1

    assert night.ledger.fixes(night.run_id, ref.key) == ()
    assert "fixes.json" not in night.workspace.sections.get(ref.key).files


def test_two_rounds_are_enough_and_then_the_section_is_set_aside_with_its_findings(tmp_path):
    with faulty_renderer(faulty.black, faulty.ALWAYS, DEEP_DIVE) as renderer:
        night = make_night(tmp_path, renderer=FAULTY)

        report = pipeline.produce(night, write_records(tmp_path, [make_learner_record(1)]))

        assert renderer.rendered == 3
    assert report.lessons == {"quarantined": 1}
    [rejected] = [each for each in night.ledger.sections(night.run_id) if each.outcome == "rejected"]
    assert night.workspace.sections.get(rejected.key) is None
    assert "film-is-seen" in {each.check for each in night.ledger.findings(night.run_id, rejected.key)}
    log = night.ledger.fixes(night.run_id, rejected.key)
    assert [(each.round, each.fix, each.left) for each in log] == [
        (1, "render_again", ("film-is-seen",)),
        (2, "render_again", ("film-is-seen",)),
    ]
    assert not list((tmp_path / "workspace" / "sections").glob(".draft*"))


def test_a_fix_that_did_not_help_is_followed_by_rendering_anew(tmp_path):
    def quiet_and_black(folder, format, clip):
        return faulty.too_quiet(folder, format, faulty.black(folder, format, clip))

    with faulty_renderer(quiet_and_black, 1, DEEP_DIVE):
        night, ref = deep_dive(tmp_path)
        pipeline.make_section(night, ref)

    # Making it anew answers the loudness as well.
    assert [each.fix for each in night.ledger.fixes(night.run_id, ref.key)] == ["render_again"]


def test_a_fix_that_cannot_be_applied_gives_way_to_rendering_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(faulty.Faulty, "narrate", lambda *_: None)
    with faulty_renderer(faulty.clipped, 1, DEEP_DIVE):
        night, ref = deep_dive(tmp_path)
        pipeline.make_section(night, ref)

    first, second = night.ledger.fixes(night.run_id, ref.key)
    assert (first.round, first.fix, second.round, second.fix) == (1, "resynthesise", 1, "render_again")
    assert "apart from its pictures" in first.failed
    assert judged(night, ref, tmp_path / "copy").passed


def test_pictures_in_webm_are_mended_as_well(tmp_path):
    with faulty_renderer(faulty.too_quiet, faulty.ALWAYS, DEEP_DIVE) as renderer:
        night, ref = deep_dive(tmp_path, FREE)
        pipeline.make_section(night, ref)
        assert renderer.rendered == 1

    assert [each.fix for each in night.ledger.fixes(night.run_id, ref.key)] == ["remix_loudness"]


# Trying again


def test_a_rejected_section_is_made_alone_and_the_lessons_that_wait_for_it_go_on(tmp_path):
    source = write_records(tmp_path, [make_learner_record(1), make_learner_record(2)])
    with faulty_renderer(faulty.black, 3, DEEP_DIVE) as renderer:
        night = make_night(tmp_path, renderer=FAULTY)
        assert pipeline.produce(night, source).lessons == {"quarantined": 2}
        [rejected] = [each for each in night.ledger.sections(night.run_id) if each.outcome == "rejected"]
        before = renderer.rendered

        made = pipeline.retry_section(make_night(tmp_path, "later", renderer=FAULTY), rejected.key)

        assert (made.key, renderer.rendered) == (rejected.key, before + 1)
        history = [each.outcome for each in night.ledger.attempts(rejected.key)]
        assert history == [SectionOutcome.REJECTED, SectionOutcome.RENDERED]
        again = make_night(tmp_path, "again", renderer=FAULTY)
        assert pipeline.produce(again, source).lessons == {"published": 2}
        assert renderer.rendered == before + 1


def test_clearing_the_tasks_of_the_same_run_goes_on_as_well(tmp_path):
    source = write_records(tmp_path, [make_learner_record(1)])
    with faulty_renderer(faulty.black, 3, DEEP_DIVE):
        night = make_night(tmp_path, renderer=FAULTY)
        [learner] = pipeline.load_learners(night, source)
        sections = pipeline.plan_sections(night, [learner])
        [bad] = [each for each in sections if each.slug.startswith(DEEP_DIVE)]
        with pytest.raises(QualityRejected):
            pipeline.make_section(night, bad)
        with pytest.raises(QualityRejected):
            pipeline.produce_lesson(night, learner)
        assert night.ledger.lesson(learner.lesson_id).status is LessonStatus.QUARANTINED

        pipeline.make_section(night, bad)
        lesson = pipeline.produce_lesson(night, learner)

    assert lesson.status is LessonStatus.PUBLISHED


def test_a_section_that_was_never_planned_cannot_be_made_again(tmp_path):
    night = make_night(tmp_path)

    with pytest.raises(BadInput, match="none does"):
        pipeline.retry_section(night, "abc")


def test_a_section_that_is_there_is_made_again_when_that_is_forced(tmp_path):
    with faulty_renderer(faulty.too_quiet, 0, DEEP_DIVE) as renderer:
        night, ref = deep_dive(tmp_path)
        pipeline.make_section(night, ref)

        pipeline.retry_section(night, ref.key[:12])
        assert renderer.rendered == 1
        pipeline.retry_section(night, ref.key[:12], force=True)
        assert renderer.rendered == 2

    assert [each.outcome for each in night.ledger.attempts(ref.key)] == [SectionOutcome.RENDERED] * 2
    assert night.workspace.sections.get(ref.key) is not None


def test_what_a_person_refused_is_not_made_until_that_is_forced(tmp_path):
    with faulty_renderer(faulty.too_quiet, 0, DEEP_DIVE):
        night, ref = deep_dive(tmp_path)
        night.ledger.set_approval(night.run_id, ref.key, approved=False, by="owner")

        with pytest.raises(QualityRejected, match="refused by somebody"):
            pipeline.make_section(night, ref)

        pipeline.retry_section(night, ref.key, force=True)
    assert night.workspace.sections.get(ref.key) is not None


# Joined lessons


@pytest.fixture
def botched(monkeypatch):
    """Let the next joins lose a lesson's chapters; return how many are left to."""
    import presgen.media.join

    left = [0]
    chapters = presgen.media.join._Lesson._chapters

    def lost(lesson):
        left[0] -= 1
        return chapters(lesson)[1:] if left[0] >= 0 else chapters(lesson)

    monkeypatch.setattr(presgen.media.join._Lesson, "_chapters", lost)
    return left


def test_a_lesson_that_was_joined_badly_is_joined_again_from_its_sections(tmp_path, botched):
    botched[0] = 1
    night = make_night(tmp_path)

    report = pipeline.produce(night, write_records(tmp_path, [make_learner_record(1)]))

    assert report.lessons == {"published": 1}
    [lesson] = night.ledger.lessons(night.run_id)
    [fix] = night.ledger.fixes(night.run_id, lesson.lesson_id)
    assert (fix.round, fix.fix, fix.left) == (1, "join_again", ())
    assert "chapters-lead-to-sections" in {finding.check for finding in fix.findings}
    assert fix.after == {"editions": lesson.editions}
    [told] = list((tmp_path / "output").rglob("*report*.json"))
    assert '"join_again"' in told.read_text()


def test_a_lesson_that_comes_out_the_same_is_quarantined_with_its_findings(tmp_path, botched):
    botched[0] = faulty.ALWAYS
    night = make_night(tmp_path)

    report = pipeline.produce(night, write_records(tmp_path, [make_learner_record(1)]))

    assert report.lessons == {"quarantined": 1}
    [lesson] = night.ledger.lessons(night.run_id)
    found = night.ledger.findings(night.run_id, lesson.lesson_id)
    assert "chapters-lead-to-sections" in {finding.check for finding in found}
    assert not list((tmp_path / "output").rglob("*.mp4"))
