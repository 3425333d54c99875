"""What a night came to, as values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from presgen.ledger import EventEntry, Ledger, LessonEntry, SectionOutcome
from presgen.ledger.overview import NightRow
from presgen.ledger.transitions import BAD_ENDS, ENDS
from presgen.model.base import Model, Seconds
from presgen.model.lesson import LessonStatus
from presgen.model.references import NightReport
from presgen.monitoring import spread
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


class Spent(Model):
    """Where time went: one stage."""

    stage: str
    times: int
    failed: int
    cpu: Seconds
    """CPU seconds, without those of stages inside this one."""
    total: Seconds
    """Sum of the latencies. Stages run side by side, so it may exceed the night."""
    usual: Seconds
    """The median of one."""
    slow: Seconds
    """The 95th percentile."""
    longest: Seconds


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
    stages: tuple[Spent, ...]
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


def account_of(
    ledger: Ledger, report: NightReport, *, due: datetime | None = None, price: float | None = None
) -> NightAccount:
    """Return the account of a run that was summed up. ``due`` is when it should have ended.

    Raises:
        StoreUnavailable: the ledger is away.
    """
    nights = {row.run.run_id: row for row in ledger.overview.nights(NIGHTS)}
    [row] = ledger.overview.nights(1, run_id=report.run_id)
    entries, events = ledger.lessons(report.run_id), ledger.events(report.run_id)
    stages = [event for event in events if event.name in _STAGES]
    outcomes = Counter(each.outcome for each in ledger.sections(report.run_id))
    cpu = sum(_cpu(event) for event in stages)
    rendering = [event for event in stages if event.name in (Stage.AVATAR_RENDER, Stage.TTS_SYNTHESIZE)]
    each = sum(_cpu(event) for event in rendering) / max(outcomes[SectionOutcome.RENDERED], 1)
    saved = max(row.places - row.rendered, 0) * each if rendering else 0.0
    needed = sum(entry.status is not LessonStatus.NOT_NEEDED for entry in entries)
    refused = ledger.quarantined(report.run_id)
    return NightAccount(
        run_id=report.run_id,
        started=row.run.started,
        ended=row.run.ended or datetime.now(UTC).isoformat(),
        due=None if due is None else due.astimezone(UTC).isoformat(),
        passed=report.passed,
        formats=report.formats,
        lessons=report.lessons,
        needed=needed,
        published=report.lessons.get(LessonStatus.PUBLISHED.value, 0),
        film=report.film,
        rendered=row.rendered,
        places=row.places,
        cpu=Seconds(round(cpu, 3)),
        saved=Seconds(round(saved, 3)),
        price=price,
        causes=_causes(entries),
        stages=_spent(stages),
        slowest=_slowest(entries, events),
        delivered=_delivered(row, events),
        quarantined=len(refused),
        set_aside=tuple(
            SetAside(where=one.where, field=one.field, reason=one.reason) for one in refused[:SET_ASIDE]
        ),
        rejections=report.rejections,
        warnings=report.warnings,
        before=_before(nights, row),
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


def _spent(events: Sequence[EventEntry]) -> tuple[Spent, ...]:
    found: defaultdict[str, list[EventEntry]] = defaultdict(list)
    for event in events:
        if "latency" in event.facts:
            found[event.name].append(event)
    spent = []
    for name, some in found.items():
        latencies = [float(event.facts["latency"]) for event in some]
        lengths = spread(latencies)
        spent.append(
            Spent(
                stage=name,
                times=len(some),
                failed=sum(event.facts.get("outcome") == "failed" for event in some),
                cpu=Seconds(round(sum(_cpu(event) for event in some), 3)),
                total=Seconds(round(sum(latencies), 3)),
                usual=Seconds(lengths["p50"]),
                slow=Seconds(lengths["p95"]),
                longest=Seconds(lengths["max"]),
            )
        )
    return tuple(sorted(spent, key=lambda one: (-one.cpu, -one.total)))


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


def _delivered(row: NightRow, events: Sequence[EventEntry]) -> tuple[tuple[Seconds, int], ...]:
    start = _moment(row.run.started)
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


def _before(nights: Mapping[str, NightRow], row: NightRow) -> tuple[Earlier, ...]:
    rows = sorted({**nights, row.run.run_id: row}.values(), key=lambda one: one.run.started)
    known = [one for one in rows if one.run.started <= row.run.started][-NIGHTS:]
    return tuple(_earlier(one) for one in known if one.lessons)


def _earlier(row: NightRow) -> Earlier:
    published = row.lessons.get(LessonStatus.PUBLISHED.value, 0)
    failed = sum(row.lessons.get(status.value, 0) for status in BAD_ENDS)
    return Earlier(
        run_id=row.run.run_id,
        started=row.run.started,
        published=published,
        failed=failed,
        other=sum(row.lessons.values()) - published - failed,
        cpu=row.work,
    )


def _cpu(event: EventEntry) -> float:
    return float(event.facts.get("cpu", 0.0))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
