"""What a night came to, as values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from presgen.errors import BadInput
from presgen.ledger import EventEntry, Ledger, LessonEntry, RunEntry
from presgen.ledger.figures import NightFigures, StageFigures, spent_on
from presgen.ledger.transitions import BAD_ENDS, ENDS
from presgen.model.base import Model, Seconds
from presgen.model.lesson import LessonStatus
from presgen.model.references import NightReport
from presgen.stages import Stage

SLOWEST = 5
"""Lessons that are named because they took longest."""
CAUSES = 8
"""Causes of failures that are told one by one."""
SET_ASIDE = 50
"""Records that are listed; the tab *Lessons* has all."""
NIGHTS = 14
"""Nights in the comparison, this one among them."""
POINTS = 200
"""Moments of the curve of what was delivered by when."""

_STAGES = frozenset(stage.value for stage in Stage)


class Cause(Model):
    """Lessons that failed for one reason."""

    cause: str
    count: int
    example: str
    """The reason of one of them; empty: there is only the cause."""


class Slow(Model):
    """A lesson that took long."""

    lesson_id: str
    seconds: Seconds
    """From its first sign to its end in this run."""
    slowest_stage: str
    status: str


class SetAside(Model):
    """A record that was set aside."""

    where: str
    field: str
    reason: str


class Earlier(Model):
    """A night in the comparison."""

    run_id: str
    started: str
    published: int
    failed: int
    other: int
    cpu: Seconds


class NightAccount(Model):
    """One night, for people: nobody is named, lessons are told by their ids."""

    run_id: str
    started: str
    """UTC, ISO 8601, as all moments here."""
    ended: str
    due: str | None
    """By when it should have ended; None: whenever it likes."""
    passed: bool
    formats: tuple[str, ...]
    lessons: dict[str, int]
    """By status."""
    needed: int
    published: int
    film: Seconds
    """Of what is published."""
    rendered: int
    """Sections, each once a format."""
    places: int
    """Of sections in the lessons' editions."""
    cpu: Seconds
    saved: Seconds
    """CPU seconds that rendering every place anew would have cost on top, by what a section has cost here."""
    price: float | None
    """Of a CPU hour; None: not told."""
    causes: tuple[Cause, ...]
    """The most frequent first."""
    stages: tuple[StageFigures, ...]
    """By CPU seconds, the most first."""
    slowest: tuple[Slow, ...]
    delivered: tuple[tuple[Seconds, int], ...]
    """(seconds since the start, lessons published by then), thinned to what a curve shows."""
    quarantined: int
    set_aside: tuple[SetAside, ...]
    rejections: tuple[str, ...]
    warnings: tuple[str, ...]
    before: tuple[Earlier, ...]
    """This night and those before it, oldest first."""
    audit_head: str
    """The audit trail's last event when this was written: whoever keeps it can prove the trail later."""

    @property
    def lasted(self) -> Seconds:
        """How long the night took."""
        return Seconds((_moment(self.ended) - _moment(self.started)).total_seconds())

    @property
    def spare(self) -> Seconds | None:
        """How long before its deadline it ended; negative: after it. None: it had none."""
        return (
            None if self.due is None else Seconds((_moment(self.due) - _moment(self.ended)).total_seconds())
        )

    @property
    def failed(self) -> int:
        """How many lessons ended badly, or are on their way still."""
        return self.needed - self.published

    @property
    def reused(self) -> int:
        """Places that cost no rendering."""
        return max(self.places - self.rendered, 0)

    @property
    def cost(self) -> float | None:
        """What the CPU seconds cost; None: they have no price."""
        return None if self.price is None else self.cpu / 3600 * self.price


def account_of(ledger: Ledger, report: NightReport, *, price: float | None = None) -> NightAccount:
    """Return the account of a run that was summed up.

    Raises:
        StoreUnavailable: the ledger is away.
        BadInput: there was no such run.
    """
    figures = ledger.figures.night(report.run_id)
    if figures is None:
        raise BadInput(f"The ledger knows no run {report.run_id!r}.")
    entries, events = ledger.lessons(report.run_id), ledger.events(report.run_id)
    stages = sorted(spent_on(events), key=lambda one: (-one.cpu, -one.total))
    making = [one.cpu for one in stages if one.stage in (Stage.AVATAR_RENDER, Stage.TTS_SYNTHESIZE)]
    each = sum(making) / max(figures.rendered, 1)
    refused = ledger.quarantined(report.run_id)
    run = figures.run
    return NightAccount(
        run_id=report.run_id,
        started=run.started,
        ended=run.ended or datetime.now(UTC).isoformat(),
        due=None if run.due is None else _moment(run.due).isoformat(),
        passed=report.passed,
        formats=report.formats,
        lessons=figures.lessons,
        needed=figures.needed,
        published=figures.published,
        film=figures.film,
        rendered=figures.rendered,
        places=figures.places,
        cpu=figures.cpu,
        saved=Seconds(round(figures.reused * each, 3)),
        price=price,
        causes=_causes(entries),
        stages=tuple(stages),
        slowest=_slowest(entries, events),
        delivered=_delivered(run, events),
        quarantined=len(refused),
        set_aside=tuple(
            SetAside(where=one.where, field=one.field, reason=one.reason) for one in refused[:SET_ASIDE]
        ),
        rejections=report.rejections,
        warnings=report.warnings,
        before=_before(ledger.figures.nights(NIGHTS), figures),
        audit_head=ledger.trail.head(),
    )


def _causes(entries: Sequence[LessonEntry]) -> tuple[Cause, ...]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        if entry.status in BAD_ENDS:
            found[entry.cause or entry.status.value].append(entry.reason)
        elif entry.status not in ENDS:
            found["Unfinished"].append("")
    ordered = sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    causes = [
        Cause(cause=cause, count=len(reasons), example=max(reasons, key=len))
        for cause, reasons in ordered[:CAUSES]
    ]
    if rest := ordered[CAUSES:]:
        causes.append(
            Cause(cause="other causes", count=sum(len(some) for _, some in rest), example="See the ledger.")
        )
    return tuple(causes)


def _slowest(entries: Sequence[LessonEntry], events: Sequence[EventEntry]) -> tuple[Slow, ...]:
    seen: defaultdict[str, list[EventEntry]] = defaultdict(list)
    for event in events:
        seen[event.subject].append(event)
    slow = []
    for entry in entries:
        own = seen[entry.lesson_id]
        stages = [event for event in own if event.name in _STAGES and "latency" in event.facts]
        if not stages:
            continue
        worst = max(stages, key=lambda event: float(event.facts["latency"]))
        lasted = (_moment(own[-1].at) - _moment(own[0].at)).total_seconds()
        slow.append(
            Slow(
                lesson_id=entry.lesson_id,
                seconds=Seconds(round(lasted, 3)),
                slowest_stage=worst.name,
                status=entry.status.value,
            )
        )
    return tuple(sorted(slow, key=lambda one: (-one.seconds, one.lesson_id))[:SLOWEST])


def _delivered(run: RunEntry, events: Sequence[EventEntry]) -> tuple[tuple[Seconds, int], ...]:
    start = _moment(run.started)
    moments = sorted(
        {
            event.subject: (_moment(event.at) - start).total_seconds()
            for event in events
            if event.name == "status" and event.facts.get("to") == LessonStatus.PUBLISHED.value
        }.values()
    )
    points = [(Seconds(round(moment, 1)), number) for number, moment in enumerate(moments, 1)]
    step = max(-(-len(points) // POINTS), 1)
    return tuple(point for at, point in enumerate(points, 1) if at % step == 0 or at == len(points))


def _before(nights: Sequence[NightFigures], night: NightFigures) -> tuple[Earlier, ...]:
    """Return this night and those before it, the oldest first; an order's run stands beside nights, too."""
    known = {one.run.run_id: one for one in (*nights, night) if one.run.started <= night.run.started}
    ordered = sorted(known.values(), key=lambda one: one.run.started)[-NIGHTS:]
    return tuple(_earlier(one) for one in ordered if one.lessons)


def _earlier(night: NightFigures) -> Earlier:
    return Earlier(
        run_id=night.run.run_id,
        started=night.run.started,
        published=night.published,
        failed=night.failed,
        other=night.total - night.published - night.failed,
        cpu=night.cpu,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
