"""What people decide: a section once for everybody, a lesson's editions once for that learner.

Nobody is asked unless a run is started so. Who refuses a section keeps it from every lesson, in every run,
until its content changes or it is made again on purpose.
"""

from __future__ import annotations

from presgen.errors import QualityRejected
from presgen.ledger import ApprovalEntry, SectionOutcome
from presgen.model.lesson import LessonStatus
from presgen.model.quality import Finding, Severity
from presgen.model.references import LessonRef, SectionRef
from presgen.night import Night, ending


def is_new(night: Night, section: SectionRef) -> bool:
    """Return whether the section was made in this run and nobody has looked at it."""
    noted = night.ledger.section(night.run_id, section.key)
    made = noted is not None and noted.outcome is SectionOutcome.RENDERED
    return made and night.ledger.approval(section.key) is None


def decide_section(night: Night, section: SectionRef, *, approved: bool, by: str) -> None:
    """Note somebody's word on a section, for everybody and for good.

    Raises:
        QualityRejected: it is refused; it is out of the store.
    """
    night.ledger.set_approval(night.run_id, section.key, approved=approved, by=by)
    if approved:
        return
    night.workspace.sections.set_aside(section.key, "refused by somebody")
    refusal = _refusal(section.key)
    night.ledger.note_section(
        night.run_id,
        section.key,
        SectionOutcome.REJECTED,
        slug=section.slug,
        kind=section.kind,
        cause=QualityRejected.__name__,
        reason=str(refusal),
    )
    raise refusal


def warnings_of(night: Night, lesson: LessonRef) -> tuple[Finding, ...]:
    """Return what this run's checks warned of in a lesson that has passed and is not out yet."""
    if lesson.status is not LessonStatus.QA_PASSED:
        return ()
    found = night.ledger.findings(night.run_id, lesson.lesson_id)
    return tuple(finding for finding in found if finding.severity is Severity.WARN)


def decided(night: Night, lesson: LessonRef) -> ApprovalEntry | None:
    """Return what was decided on these very editions of a lesson; None: nobody has."""
    return night.ledger.approval(lesson.editions)


def decide_lesson(night: Night, lesson: LessonRef, *, approved: bool, by: str) -> None:
    """Note somebody's word on a lesson's editions. It holds until one of them changes.

    Raises:
        QualityRejected: they are refused, and the lesson is quarantined.
    """
    night.ledger.set_approval(night.run_id, lesson.editions, approved=approved, by=by)
    if not approved:
        with ending(night, lesson.lesson_id):
            raise _refusal(lesson.lesson_id)


def _refusal(subject: str) -> QualityRejected:
    # Who it was stays with the decision: a reason is told in answers, logs and mails.
    return QualityRejected(subject, ("refused by somebody",))
