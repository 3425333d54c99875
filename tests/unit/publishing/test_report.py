from __future__ import annotations

from presgen.model.base import Seconds
from presgen.model.lesson import Cause
from presgen.model.quality import Finding, Severity
from presgen.publishing import LessonReport
from tests.factories import make_learner, make_record
from tests.nights import make_report, make_script, make_video


def test_every_section_leads_back_to_its_answers_and_sources(tmp_path):
    causes = (
        Cause(skill_ids=("ports", "dns"), question_ids=("q1", "q4")),
        Cause(skill_ids=("ports",), question_ids=("q1",)),
        Cause(),
    )
    script = make_script(causes=causes)

    report = make_report(script, make_video(tmp_path, script))

    assert [section.questions for section in report.sections] == [("q1", "q4"), ("q1",), ()]
    assert [section.start for section in report.sections] == [0.0, 10.0, 20.0]
    assert report.sections[1].sources[0].title == "RFC 6335"
    assert report.gaps[0].question_ids == ("q1",)


def test_the_report_names_nobody(tmp_path):
    record = make_record(learner=make_learner(id="canary-id", name="Canary Name", email="canary@example.org"))
    script = make_script()

    report = make_report(script, make_video(tmp_path, script), record=record)

    assert "canary" not in report.model_dump_json().lower()


def test_the_report_says_what_the_checks_found(tmp_path):
    finding = Finding(check="captions-can-be-read", severity=Severity.WARN, message="Fast.", at=Seconds(3))
    script = make_script()

    report = make_report(script, make_video(tmp_path, script), findings=(finding,))

    assert report.passed
    assert [(each.format, each.findings) for each in report.editions] == [("landscape", (finding,))]


def test_the_same_lesson_has_the_same_report_and_it_survives_json(tmp_path):
    script = make_script()
    first = make_report(script, make_video(tmp_path / "here", script))
    second = make_report(script, make_video(tmp_path / "there", script))

    assert first == second
    assert LessonReport.model_validate_json(first.model_dump_json()) == first
