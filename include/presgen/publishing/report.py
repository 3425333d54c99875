"""What was taught, and why: the learner's own account of a lesson. Names nobody."""

from __future__ import annotations

from presgen.model.base import Model, Percent, Seconds
from presgen.model.learner import AssessmentRecord
from presgen.model.lesson import Gap, LessonPlan, LessonScript, Source
from presgen.model.media import Video
from presgen.model.quality import Finding, QualityReport


class TaughtSection(Model):
    """One section of the lesson."""

    title: str
    kind: str
    start: Seconds
    duration: Seconds
    section: str
    """The section's key."""
    skills: tuple[str, ...]
    """Ids of the skills whose gap caused it."""
    questions: tuple[str, ...]
    """Ids of the wrong answers that caused it."""
    sources: tuple[Source, ...]


class LessonReport(Model):
    """The account of one lesson. Holds no moment of making: the same lesson has the same report."""

    lesson_id: str
    learner: str
    """The pseudonym."""
    certification_id: str
    certification: str
    title: str
    persona: str
    locale: str
    format: str
    duration: Seconds
    overall_score: Percent
    gaps: tuple[Gap, ...]
    """Closed in this lesson."""
    left_out: tuple[Gap, ...]
    """Known, but not for this lesson: the number or the time allowed was used up."""
    sections: tuple[TaughtSection, ...]
    passed: bool
    findings: tuple[Finding, ...]
    record_sha256: str
    script_sha256: str
    video_sha256: str


def lesson_report(
    record: AssessmentRecord,
    plan: LessonPlan,
    script: LessonScript,
    video: Video,
    quality: QualityReport,
    *,
    record_sha256: str,
    script_sha256: str,
) -> LessonReport:
    """Return the account of a lesson that was made and checked."""
    return LessonReport(
        lesson_id=script.lesson_id,
        learner=script.pseudonym,
        certification_id=record.certification.id,
        certification=record.certification.name,
        title=script.title,
        persona=script.persona,
        locale=script.locale,
        format=video.format,
        duration=video.duration,
        overall_score=record.gap_analysis.overall_score,
        gaps=plan.gaps,
        left_out=plan.left_out,
        sections=tuple(
            TaughtSection(
                title=section.title,
                kind=section.kind.value,
                start=placed.start,
                duration=placed.duration,
                section=placed.key,
                skills=cause.skill_ids,
                questions=cause.question_ids,
                sources=section.sources,
            )
            for section, cause, placed in zip(script.sections, script.causes, video.sections, strict=True)
        ),
        passed=quality.passed,
        findings=quality.findings,
        record_sha256=record_sha256,
        script_sha256=script_sha256,
        video_sha256=video.sha256,
    )
