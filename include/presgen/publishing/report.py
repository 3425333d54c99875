"""What was taught, and why: the learner's own account of a lesson. Names nobody."""

from __future__ import annotations

from collections.abc import Sequence

from presgen.model.base import Model, Percent, Seconds
from presgen.model.learner import AssessmentRecord
from presgen.model.lesson import Gap, LessonPlan, LessonScript, Source
from presgen.model.media import Video
from presgen.model.quality import Finding, FixLog, QualityReport


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


class MadeEdition(Model):
    """The lesson in one format."""

    format: str
    duration: Seconds
    video_sha256: str
    findings: tuple[Finding, ...]


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
    duration: Seconds
    """Of the main edition."""
    overall_score: Percent
    gaps: tuple[Gap, ...]
    """Closed in this lesson."""
    left_out: tuple[Gap, ...]
    """Known, but not for this lesson: the number or the time allowed was used up."""
    sections: tuple[TaughtSection, ...]
    editions: tuple[MadeEdition, ...]
    """The main one first."""
    passed: bool
    """Whether every edition passed its checks."""
    record_sha256: str
    script_sha256: str
    fixes: tuple[FixLog, ...] = ()
    """What was found on its sections, or on itself, and put right."""


def lesson_report(
    record: AssessmentRecord,
    plan: LessonPlan,
    script: LessonScript,
    editions: Sequence[tuple[Video, QualityReport]],
    *,
    record_sha256: str,
    script_sha256: str,
    fixes: Sequence[FixLog] = (),
) -> LessonReport:
    """Return the account of a lesson whose editions, the main one first, were made and checked."""
    main, _ = editions[0]
    return LessonReport(
        lesson_id=script.lesson_id,
        learner=script.pseudonym,
        certification_id=record.certification.id,
        certification=record.certification.name,
        title=script.title,
        persona=script.persona,
        locale=script.locale,
        duration=main.duration,
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
            for section, cause, placed in zip(script.sections, script.causes, main.sections, strict=True)
        ),
        editions=tuple(
            MadeEdition(
                format=video.format,
                duration=video.duration,
                video_sha256=video.sha256,
                findings=quality.findings,
            )
            for video, quality in editions
        ),
        passed=all(quality.passed for _, quality in editions),
        record_sha256=record_sha256,
        script_sha256=script_sha256,
        fixes=tuple(fixes),
    )
