"""A night as the ledger has it at one moment: how far lessons are, where time went, and why some failed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from presgen.alerting.notice import Group
from presgen.ledger import EventEntry, Ledger, LessonEntry
from presgen.ledger.figures import StageFigures, spent_on
from presgen.ledger.transitions import BAD_ENDS, ENDS
from presgen.model.lesson import LessonStatus
from presgen.stages import Stage

WORK = frozenset(stage.value for stage in Stage if stage is not Stage.RENDER_WAIT)
"""The stages in which something is done."""
REMEMBERED = 5
"""Nights before this one that tell what is usual."""

_NAMELESS = (
    # Ids and digests tell one lesson from another, and nothing about the cause.
    (re.compile(r"\b(?:lesson|learner|order__)-?[0-9A-Za-z_-]{6,}"), "…"),
    (re.compile(r"\b[0-9a-f]{10,64}\b"), "…"),
    # No message of ours holds an address; a destination's may quote one.
    (re.compile(r"[^\s@<>\"'(]+@[^\s@<>\"')]+"), "‹address›"),
)
_LONGEST_EXAMPLE = 400


@dataclass(frozen=True, slots=True)
class Picture:
    """One night at one moment."""

    run_id: str
    entries: tuple[LessonEntry, ...]
    events: tuple[EventEntry, ...]

    @property
    def needed(self) -> tuple[LessonEntry, ...]:
        """Lessons that somebody needs."""
        return tuple(entry for entry in self.entries if entry.status is not LessonStatus.NOT_NEEDED)

    @property
    def unfinished(self) -> tuple[LessonEntry, ...]:
        """Lessons that are on their way."""
        return tuple(entry for entry in self.entries if entry.status not in ENDS)

    @property
    def delivered(self) -> int:
        """How many lessons are out."""
        return sum(entry.status is LessonStatus.PUBLISHED for entry in self.entries)

    @property
    def failed(self) -> tuple[LessonEntry, ...]:
        """Lessons that ended badly."""
        return tuple(entry for entry in self.entries if entry.status in BAD_ENDS)

    @property
    def last_sign(self) -> datetime | None:
        """When anything was written down last; None: nothing was."""
        return moment_of(self.events[-1].at) if self.events else None

    def spent(self) -> tuple[StageFigures, ...]:
        """Return where time went, stage by stage, the most first."""
        work = (each for each in spent_on(self.events) if each.stage in WORK)
        return tuple(sorted(work, key=lambda each: -each.total))

    @property
    def longest_wait(self) -> float:
        """Seconds that a written lesson waited for a worker at most."""
        waits = [event for event in self.events if event.name == Stage.RENDER_WAIT.value]
        return max((float(event.facts.get("latency", 0.0)) for event in waits), default=0.0)

    def slow(self, limit: timedelta | None, now: datetime) -> tuple[tuple[LessonEntry, timedelta], ...]:
        """Return lessons that take longer than ``limit`` from rendering to their end, the longest first."""
        if limit is None:
            return ()
        began: dict[str, datetime] = {}
        ended: dict[str, datetime] = {}
        for event in self.events:
            if event.name == "status":
                to = event.facts.get("to")
                if to == LessonStatus.AVATAR_RENDERING.value:
                    began.setdefault(event.subject, moment_of(event.at))
                elif to in ENDS:
                    ended[event.subject] = moment_of(event.at)
        took = [
            (entry, (ended.get(entry.lesson_id, now) if entry.status in ENDS else now) - start)
            for entry in self.entries
            if (start := began.get(entry.lesson_id)) is not None
        ]
        return tuple(sorted(((e, t) for e, t in took if t > limit), key=lambda each: -each[1]))


def picture_of(ledger: Ledger, run_id: str) -> Picture:
    """Return what the ledger knows of a run at this moment.

    Raises:
        StoreUnavailable: the ledger is away.
    """
    return Picture(run_id, ledger.lessons(run_id), ledger.events(run_id))


def usual_of(ledger: Ledger, run_id: str) -> Mapping[str, float]:
    """Return how long one of each stage took in the nights before: seconds, the median of medians."""
    before = [run.run_id for run in ledger.runs() if run.ended is not None and run.run_id != run_id]
    found: defaultdict[str, list[float]] = defaultdict(list)
    for earlier in before[:REMEMBERED]:
        for spent in Picture(earlier, (), ledger.events(earlier)).spent():
            found[spent.stage].append(spent.usual)
    return {stage: median(seconds) for stage, seconds in found.items()}


def grouped(entries: Sequence[LessonEntry], todo: Mapping[str, str]) -> tuple[Group, ...]:
    """Return the lessons by why they failed, most frequent first."""
    found: defaultdict[tuple[str, str], list[LessonEntry]] = defaultdict(list)
    for entry in entries:
        cause = entry.cause or entry.status.value
        found[cause, scrubbed(entry.reason)].append(entry)
    groups = [
        Group(cause=cause, count=len(some), example=example, todo=todo_of(cause, todo))
        for (cause, example), some in found.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.count, group.cause, group.example)))


def todo_of(cause: str, known: Mapping[str, str]) -> str:
    """Return what to do about an error of that kind; foreign errors are named with their place."""
    return known.get(cause, known.get("", "") if " at " in cause else "")


def scrubbed(reason: str) -> str:
    """Return a reason without what tells one lesson from another, and without any address."""
    for pattern, instead in _NAMELESS:
        reason = pattern.sub(instead, reason)
    return reason if len(reason) <= _LONGEST_EXAMPLE else reason[: _LONGEST_EXAMPLE - 1] + "…"


def moment_of(text: str) -> datetime:
    """Return a moment as the ledger writes it."""
    return datetime.fromisoformat(text).astimezone(UTC)


def written(moment: datetime) -> str:
    """Return a moment as notices hold it: UTC, whole seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def clock(moment: datetime) -> str:
    """Return a moment for people: ``23 Nov, 06:00 UTC``."""
    return f"{moment.astimezone(UTC):%-d %b, %H:%M} UTC"


def lasting(length: timedelta | float) -> str:
    """Return a length of time for people, in its two largest units: ``4 h 10 min``, ``12 s``."""
    seconds = round(length.total_seconds() if isinstance(length, timedelta) else length)
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"


def many(count: int, noun: str) -> str:
    """Return ``1 lesson`` or ``3 lessons``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
