"""What is told when a night fails by its own measure: grouped by cause, one notice a topic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from presgen.alerting.notice import Group, Link, Notice, NoticeKind
from presgen.alerting.picture import Picture, grouped, many, picture_of, scrubbed, written
from presgen.alerting.remedies import CLEAR, LOOK, TODO
from presgen.ledger import Ledger, LessonEntry, SectionOutcome
from presgen.model.base import Model
from presgen.model.lesson import LessonStatus
from presgen.model.references import NightReport
from presgen.settings import Settings

SHOWN = 6
"""Causes that are told one by one; more are summed up."""

RATIO = "success_ratio"
"""The expectation that too few lessons came out: how many may fail is what the limits are about."""


class Limits(Model):
    """From when on failures are told at once."""

    ratio: float
    """Share of the lessons needed."""
    failures: int
    section_learners: int
    """Learners whom one section may cost their lesson."""


def limits_of(settings: Settings) -> Limits:
    """Return the deployment's limits."""
    return Limits(
        ratio=settings.alert_failure_ratio,
        failures=settings.alert_failures,
        section_learners=settings.alert_section_learners,
    )


def failure_notices(
    ledger: Ledger,
    report: NightReport,
    limits: Limits,
    *,
    loaded: bool = True,
    links: Sequence[Link] = (),
    now: datetime | None = None,
) -> tuple[Notice, ...]:
    """Return what is to be told of a night that has been summed up; nothing of a good one.

    ``loaded`` is whether its source could be read. Orders that came one by one are told to whoever made
    them, and wake nobody.

    Raises:
        StoreUnavailable: the ledger is away.
    """
    if ledger.orders.of_run(report.run_id):
        return ()
    now = now or datetime.now(UTC)
    if not loaded:
        why = "The source could not be read, so no lesson was made."
        return (_of_run(report.run_id, ledger, why, "`load_learners` failed; its log says why.", links, now),)
    night = picture_of(ledger, report.run_id)
    found = [_making(ledger, night, limits, links, now), _delivery(night, links, now)]
    if not night.entries and report.quarantined:
        found.append(
            _of_run(
                report.run_id,
                ledger,
                f"Every record was set aside: {many(report.quarantined, 'record')}.",
                "The source's export may have changed: the tab Lessons of the run has the reasons.",
                links,
                now,
            )
        )
    elif odd := [each for each in report.rejections if RATIO not in each]:
        found.append(
            _of_run(
                report.run_id,
                ledger,
                "The night's table of videos is not plausible as a whole.",
                "; ".join(scrubbed(each) for each in odd[:3]),
                links,
                now,
            )
        )
    return tuple(notice for notice in found if notice is not None)


def run_failed_notice(
    ledger: Ledger | None, run_id: str, why: str, links: Sequence[Link] = (), now: datetime | None = None
) -> Notice:
    """Return what is to be told of a run that ended badly without summing itself up.

    ``ledger`` may be None: it is perhaps what has failed.
    """
    cause = "`report` did not end: a worker died, ledger or workspace are away, or somebody ended the run."
    return _of_run(run_id, ledger, why, cause, links, now or datetime.now(UTC))


def _making(
    ledger: Ledger, night: Picture, limits: Limits, links: Sequence[Link], now: datetime
) -> Notice | None:
    blocked = LessonStatus.DELIVERY_BLOCKED
    unfinished = [e.model_copy(update={"cause": "Unfinished", "reason": ""}) for e in night.unfinished]
    bad = [*(entry for entry in night.failed if entry.status is not blocked), *unfinished]
    of = len(night.needed)
    if not bad:
        return None
    sections = _costly_sections(ledger, night.run_id, bad)
    costly = [group for group in sections if group.count > limits.section_learners]
    groups = grouped(bad, TODO)
    if len(bad) >= limits.failures or len(bad) / of >= limits.ratio:
        kind = NoticeKind.MANY_FAILURES
        title = f"{len(bad)} of {many(of, 'lesson')} failed"
        summary = f"That is {len(bad) / of:.0%} of the night. The others are not affected."
    elif costly:
        kind = NoticeKind.SECTION_FAILS_MANY
        title = f"{many(len(costly), 'section')} cost {costly[0].count} learners or more their lesson"
        summary = "Lessons that need it cannot be made before it is; the others are not affected."
    else:
        return None
    first = groups[0]
    likely = f"{first.cause}, {many(first.count, 'time')}"
    if sections and sections[0].count > len(bad) / 2:
        likely = f"One section that {sections[0].count} of these lessons need: {sections[0].cause}"
    return Notice(
        kind=kind,
        run_id=night.run_id,
        title=title,
        summary=summary,
        since=_first_failure(night, now),
        at=written(now),
        affected=len(bad),
        of=of,
        facts=(
            ("Delivered", f"{night.delivered} of {many(of, 'lesson')}"),
            ("Not delivered", ", ".join(_counts(bad))),
            *((("Sections that failed", str(len(sections))),) if sections else ()),
        ),
        likely_cause=likely + (f". {first.example}" if first.example and not sections else "."),
        groups=_shortened((*sections, *groups) if sections else groups),
        todo=(LOOK, "Do what stands beside each cause, the most frequent first.", CLEAR),
        links=tuple(links),
    )


def _delivery(night: Picture, links: Sequence[Link], now: datetime) -> Notice | None:
    blocked = [entry for entry in night.failed if entry.status is LessonStatus.DELIVERY_BLOCKED]
    if not blocked:
        return None
    groups = grouped(blocked, TODO)
    return Notice(
        kind=NoticeKind.DELIVERY_BLOCKED,
        run_id=night.run_id,
        title=f"Delivery of {many(len(blocked), 'lesson')} is blocked",
        summary="They are made and checked, and wait: the destination refuses until somebody acts.",
        since=_first_failure(night, now),
        at=written(now),
        affected=len(blocked),
        of=len(night.needed),
        facts=(("Delivered", f"{night.delivered} of {many(len(night.needed), 'lesson')}"),),
        likely_cause=groups[0].example or "The destination refuses.",
        groups=_shortened(groups),
        todo=(
            "Do at the destination what the reason asks for: quota, permission, folder.",
            "Then clear the red `upload` tasks: the videos are ready and are only delivered.",
        ),
        links=tuple(links),
    )


def _of_run(
    run_id: str, ledger: Ledger | None, why: str, cause: str, links: Sequence[Link], now: datetime
) -> Notice:
    night = Picture(run_id, (), ()) if ledger is None else picture_of(ledger, run_id)
    noted = None if ledger is None else ledger.run(run_id)
    undone = len(night.needed) - night.delivered
    return Notice(
        kind=NoticeKind.RUN_FAILED,
        run_id=run_id,
        title="The night failed",
        summary=why,
        since=written(now) if noted is None else noted.started[:19] + "Z",
        at=written(now),
        affected=undone,
        of=len(night.needed),
        facts=(("Delivered", f"{night.delivered} of {many(len(night.needed), 'lesson')}"),)
        if night.entries
        else (),
        likely_cause=cause,
        groups=_shortened(grouped(night.failed, TODO)),
        todo=(LOOK, CLEAR),
        links=tuple(links),
    )


def _costly_sections(ledger: Ledger, run_id: str, bad: Sequence[LessonEntry]) -> list[Group]:
    """Return shared sections that failed, each with the lessons it cost; the costliest first."""
    failed = {
        section.key: section
        for section in ledger.sections(run_id)
        if section.outcome in (SectionOutcome.REJECTED, SectionOutcome.FAILED)
    }
    if not failed:
        return []
    lost = dict.fromkeys(failed, 0)
    for entry in bad:
        content = ledger.contents.of(entry.lesson_id)
        for key in {part.key for part in content.parts} & failed.keys() if content else ():
            lost[key] += 1
    groups = [
        Group(
            cause=f"section {section.slug}",
            count=lost[key],
            example=scrubbed(section.reason) or section.cause,
            todo=f"`presgen sections retry {key[:12]}`, then clear the lessons that wait for it.",
        )
        for key, section in failed.items()
        if lost[key] > 1
    ]
    return sorted(groups, key=lambda group: (-group.count, group.cause))


def _shortened(groups: Sequence[Group]) -> tuple[Group, ...]:
    if len(groups) <= SHOWN:
        return tuple(groups)
    rest = groups[SHOWN:]
    summed = Group(
        cause=f"{many(len(rest), 'other cause')}",
        count=sum(group.count for group in rest),
        example="The night's report has them all.",
    )
    return (*groups[:SHOWN], summed)


def _counts(bad: Sequence[LessonEntry]) -> list[str]:
    said = {LessonStatus.FAILED: "failed", LessonStatus.QUARANTINED: "quarantined by their checks"}
    names = [said.get(entry.status, "left unfinished") for entry in bad]
    return [f"{names.count(name)} {name}" for name in dict.fromkeys(names)]


def _first_failure(night: Picture, now: datetime) -> str:
    """Return when the first of the lessons ended badly."""
    bad = {entry.lesson_id for entry in night.failed}
    ends = {LessonStatus.FAILED.value, LessonStatus.QUARANTINED.value, LessonStatus.DELIVERY_BLOCKED.value}
    for event in night.events:
        if event.subject in bad and event.name == "status" and event.facts.get("to") in ends:
            return event.at[:19] + "Z"
    return written(now)
