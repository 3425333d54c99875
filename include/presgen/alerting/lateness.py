"""What is told when a night has not ended by its deadline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from presgen.alerting.notice import Group, Link, Notice, NoticeKind
from presgen.alerting.picture import (
    Picture,
    clock,
    lasting,
    many,
    moment_of,
    picture_of,
    usual_of,
    written,
)
from presgen.ledger import Ledger
from presgen.ledger.figures import StageFigures
from presgen.model.base import Model
from presgen.model.lesson import LessonStatus

QUIET = timedelta(minutes=15)
"""A night that has written nothing down for so long does not work but waits."""
STUCK = 0.3
"""Share of the night without a sign of life from which on something hangs."""
WORTH_TELLING = 60.0
"""Seconds of waiting for a worker from which on it is told."""
SLOWER = 1.8
"""Times its usual length from which on a stage counts as slow."""
OFTEN_FAILED = 0.2
"""Share of a stage's tries that fail, from which on they are why it takes so long."""

WAITS: Mapping[LessonStatus, str] = {
    LessonStatus.PENDING: "waiting for a script",
    LessonStatus.SCRIPT_GENERATED: "waiting for sections or a free slot to render",
    LessonStatus.AVATAR_RENDERING: "being rendered",
    LessonStatus.AVATAR_VIDEOS_GENERATED: "waiting for checks",
    LessonStatus.QA_PASSED: "waiting for delivery or for a person's approval",
}


class Awaited(Model):
    """A run, and when it should have ended."""

    run_id: str
    since: datetime
    """From when the deadline counts: its moment in the schedule, or when it was queued."""
    due: datetime | None
    """None: it may last as long as it likes."""


def late_notice(
    ledger: Ledger,
    run: Awaited,
    now: datetime,
    lesson_deadline: timedelta | None = None,
    links: Sequence[Link] = (),
) -> Notice | None:
    """Return what is to be told of a night that is late, or of single lessons that took too long.

    None: it is in time, or has ended well in time, and so are its lessons; or the failure of this night was
    told already, and whoever is at work on it knows.

    Raises:
        StoreUnavailable: the ledger is away.
    """
    noted = ledger.run(run.run_id)
    ended = moment_of(noted.ended) if noted is not None and noted.ended is not None else None
    if any(alert.sent and alert.topic != "lateness" for alert in ledger.alerts.of_run(run.run_id)):
        return None
    night = picture_of(ledger, run.run_id)
    late = run.due is not None and (ended or now) >= run.due
    slow = night.slow(lesson_deadline, ended or now)
    if late and run.due is not None:
        return _missed(ledger, night, run, run.due, now, ended, len(slow), lesson_deadline, links)
    if slow and lesson_deadline is not None and ended is not None:
        return _slow(ledger, night, run, now, len(slow), slow[0][1], lesson_deadline, links)
    return None


def _missed(
    ledger: Ledger,
    night: Picture,
    run: Awaited,
    due: datetime,
    now: datetime,
    ended: datetime | None,
    slow: int,
    lesson_deadline: timedelta | None,
    links: Sequence[Link],
) -> Notice:
    waiting = len(night.unfinished)
    of = len(night.needed)
    spent = night.spent()
    if ended is not None:
        title = f"The night ended {lasting(ended - due)} after its deadline"
        summary = f"It has ended at {clock(ended)}; lessons came later than promised."
    elif not night.entries:
        title = "The night is late: no lesson has been begun"
        summary = f"It was to be done by {clock(due)}, and nothing of its source has been read."
    else:
        title = f"The night is late: {waiting} of {many(of, 'lesson')} not done"
        summary = f"It was to be done by {clock(due)}. What is finished is delivered; the rest goes on."
    facts = [
        ("Deadline", f"{clock(due)}, {lasting(due - run.since)} after {run.since:%H:%M}"),
        ("Delivered", f"{night.delivered} of {many(of, 'lesson')}"),
    ]
    if ended is None and night.entries:
        facts.append(("Not done", _under_way(night)))
    if night.failed:
        facts.append(("Failed", many(len(night.failed), "lesson")))
    if slow and lesson_deadline is not None:
        facts.append(("Slow lessons", f"{slow} took longer than {lasting(lesson_deadline)}"))
    facts += _slowest(spent)
    if night.longest_wait >= WORTH_TELLING:
        facts.append(("Longest wait for a worker", lasting(night.longest_wait)))
    if (last := night.last_sign) is not None:
        facts.append(("Last sign of life", f"{clock(last)}, {lasting(now - last)} ago"))
    return Notice(
        kind=NoticeKind.DEADLINE_MISSED,
        run_id=run.run_id,
        title=title,
        summary=summary,
        since=written(due),
        at=written(now),
        affected=waiting,
        of=of,
        facts=tuple(facts),
        likely_cause=likely_cause(night, spent, usual_of(ledger, run.run_id), run, now, ended),
        groups=_waiting(night) if ended is None else (),
        todo=_todo(night, now, ended),
        links=tuple(links),
    )


def _slow(
    ledger: Ledger,
    night: Picture,
    run: Awaited,
    now: datetime,
    slow: int,
    longest: timedelta,
    limit: timedelta,
    links: Sequence[Link],
) -> Notice:
    of = len(night.needed)
    spent = night.spent()
    return Notice(
        kind=NoticeKind.LESSONS_SLOW,
        run_id=run.run_id,
        title=f"{slow} of {many(of, 'lesson')} took longer than {lasting(limit)}",
        summary="The night as a whole was in time; these lessons were not, from rendering to delivery.",
        since=written(run.since),
        at=written(now),
        affected=slow,
        of=of,
        facts=(("Longest", lasting(longest)), *_slowest(spent)),
        likely_cause=likely_cause(night, spent, usual_of(ledger, run.run_id), run, now, now),
        todo=(
            "Look at the slowest stage on the night's page: nothing has to be done tonight.",
            "If it stays so, give the pool `presgen_render` more slots, or raise `PRESGEN_LESSON_DEADLINE`.",
        ),
        links=tuple(links),
    )


def likely_cause(
    night: Picture,
    spent: Sequence[StageFigures],
    usual: Mapping[str, float],
    run: Awaited,
    now: datetime,
    ended: datetime | None,
) -> str:
    """Return what most likely keeps the night, in a sentence; the strongest sign counts."""
    if not night.entries:
        return (
            "`load_learners` has not ended: the source is slow or away, or no worker takes tasks "
            "(scheduler, executor, an earlier run that has not ended)."
        )
    last = night.last_sign
    if ended is None and last is not None and now - last > QUIET:
        asked = [e for e in night.unfinished if e.status is LessonStatus.QA_PASSED]
        if asked and len(asked) == len(night.unfinished):
            return "All that is left waits for a person, or for its destination: see Required Actions."
        return (
            f"Nothing has happened for {lasting(now - last)}: workers are gone, something else fills "
            "the pool, or tasks wait for a person."
        )
    for each in spent:
        if each.failed and each.failed / each.times >= OFTEN_FAILED:
            cause = next(iter(each.causes))
            return (
                f"`{each.stage}` fails and is tried again: {each.failed} of {each.times} times, "
                f"mostly {cause}."
            )
    slower = [
        (each.usual / usual[each.stage], each)
        for each in spent
        if usual.get(each.stage, 0) > 0 and each.usual >= SLOWER * usual[each.stage]
    ]
    if slower:
        times, each = max(slower, key=lambda pair: pair[1].total)
        return (
            f"`{each.stage}` takes {lasting(each.usual)} a time, {times:.1f} times as long as in earlier "
            "nights: the machine is busy or short of memory, or a service is slow."
        )
    if ended is None and last is not None and now - last >= STUCK * (now - run.since):
        return (
            f"No stage has ended for {lasting(now - last)}, a good part of the night: what is under way "
            f"takes long, or hangs ({_under_way(night)})."
        )
    done = len(night.needed) - len(night.unfinished)
    if ended is None and done > 0:
        pace = (now - run.since) / done
        rest = pace * len(night.unfinished)
        return (
            f"More to do than the time allows: {many(done, 'lesson')} done in {lasting(now - run.since)}. "
            f"At this pace the rest takes {lasting(rest)}, until {clock(now + rest)}."
        )
    if spent:
        return f"Most of the time went into `{spent[0].stage}`: {lasting(spent[0].total)} of work."
    return "No stage has ended yet: tasks wait for workers."


def _under_way(night: Picture) -> str:
    counts = Counter(entry.status for entry in night.unfinished)
    return "; ".join(f"{counts[status]} {said}" for status, said in WAITS.items() if counts[status]) or "none"


def _waiting(night: Picture) -> tuple[Group, ...]:
    counts = Counter(entry.status for entry in night.unfinished)
    return tuple(
        Group(cause=status.value, count=counts[status], example=f"{counts[status]} {WAITS[status]}")
        for status in WAITS
        if counts[status]
    )


def _slowest(spent: Sequence[StageFigures]) -> list[tuple[str, str]]:
    if not spent:
        return []
    [first, *_] = spent
    told = f"{first.stage}: {lasting(first.total)} in {many(first.times, 'time')}, "
    told += f"the longest {lasting(first.longest)}"
    return [("Slowest stage", told)]


def _todo(night: Picture, now: datetime, ended: datetime | None) -> tuple[str, ...]:
    if ended is not None:
        return (
            "Nothing has to be done tonight.",
            "If it stays so, start earlier (`PRESGEN_SCHEDULE`) or allow more time (`PRESGEN_DEADLINE`).",
        )
    last = night.last_sign
    look = "Open the run: tasks that are queued wait for workers, running ones have a log, red ones a reason."
    if not night.entries or last is None or now - last > QUIET:
        return (
            look,
            "Nothing moves: see that scheduler and workers run, and what waits under Required Actions.",
            "Restart what is dead. What is finished is kept; nothing is rendered or published twice.",
        )
    return (
        look,
        "It moves: let it go on. More slots for the pool `presgen_render` help, if workers have idle cores.",
        "Lessons that are out are out; stopping the run costs only what is being rendered now.",
    )
