"""What is measured, by which name and in which unit; and where it is sent while it happens.

`METRICS` is the one table. A metric is *scraped*: summed up from the ledger by whoever asks (see
`presgen.monitoring`), and so equal to the ledger's own counts. Many are *pushed*, too, as things happen, by
whatever `send_to` was given: the processes of a night are many and short, and each only knows its own part.
Labels hold names of ours, such as a stage's; never ids, and so never anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class Kind(StrEnum):
    """How a metric behaves."""

    COUNTER = "counter"
    """Only grows."""
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    """Counts values by size."""


class Push(StrEnum):
    """How a metric is pushed."""

    COUNT = "count"
    TIMING = "timing"
    """In milliseconds, as Airflow has all its timings."""
    GAUGE = "gauge"


@dataclass(frozen=True, slots=True)
class Metric:
    """One line of the table."""

    name: str
    """As it is scraped."""
    kind: Kind
    unit: str
    """Of a value as it is scraped; ``1``: a number of things, ``ratio``: 0 to 1."""
    meaning: str
    labels: tuple[str, ...] = ()
    pushed: str = ""
    """As it is pushed; empty: it is not."""
    push: Push = Push.COUNT


class Sink(Protocol):
    """Takes what is pushed, by the names of the table."""

    def count(self, name: str, number: int, tags: Mapping[str, str]) -> None:
        """Add to a counter."""

    def timing(self, name: str, milliseconds: float, tags: Mapping[str, str]) -> None:
        """Tell of one duration, or of anything else in milliseconds."""

    def gauge(self, name: str, value: float, tags: Mapping[str, str]) -> None:
        """Tell a gauge's new value."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One value of one metric, in the metric's own unit."""

    metric: Metric
    value: float
    tags: Mapping[str, str]


STAGES = Metric(
    "presgen_stages_total",
    Kind.COUNTER,
    "1",
    "Stages that have ended, by stage and how: `ok` or `failed`.",
    ("stage", "outcome"),
    "presgen.stages",
)
STAGE_DURATION = Metric(
    "presgen_stage_duration_seconds",
    Kind.HISTOGRAM,
    "seconds",
    "How long stages took, with the stages inside them; `avatar_render` is a section, `lesson_join` a video, "
    "`render_wait` the time a written lesson waited for a worker.",
    ("stage",),
    "presgen.stage.duration",
    Push.TIMING,
)
STAGE_CPU = Metric(
    "presgen_stage_cpu_seconds_total",
    Kind.COUNTER,
    "seconds",
    "CPU seconds that stages took, without the stages inside them: so they may be added up.",
    ("stage",),
    "presgen.stage.cpu",
    Push.TIMING,
)
STAGE_FAILURES = Metric(
    "presgen_stage_failures_total",
    Kind.COUNTER,
    "1",
    "Stages that failed, by the kind of error.",
    ("stage", "cause"),
)
VIDEOS = Metric(
    "presgen_videos_total",
    Kind.COUNTER,
    "1",
    "Videos joined, by format.",
    ("format",),
    "presgen.videos",
)
UPLOADS = Metric(
    "presgen_uploads_total",
    Kind.COUNTER,
    "1",
    "Deliveries of a lesson: `delivered`, `unchanged` where all was there already, or `failed`.",
    ("publisher", "outcome"),
    "presgen.uploads",
)
UPLOAD_BYTES = Metric(
    "presgen_upload_bytes_total",
    Kind.COUNTER,
    "bytes",
    "Size of what was delivered and was not there already.",
    ("publisher",),
    "presgen.upload.bytes",
)
FIXES = Metric(
    "presgen_fixes_total",
    Kind.COUNTER,
    "1",
    "Fixes tried on sections and lessons that failed a check, by fix, and whether it could be applied.",
    ("fix", "outcome"),
    "presgen.fixes",
)
SECTIONS = Metric(
    "presgen_sections_total",
    Kind.COUNTER,
    "1",
    "Sections that nights have `rendered`, `reused` from the store, `rejected` or `failed` at, each once a "
    "night.",
    ("outcome",),
)
FILM = Metric(
    "presgen_film_seconds_total",
    Kind.COUNTER,
    "seconds",
    "Seconds of film in those sections.",
    ("outcome",),
)
LESSONS = Metric("presgen_lessons", Kind.GAUGE, "1", "All lessons, by where they stand now.", ("status",))
SET_ASIDE = Metric(
    "presgen_records_set_aside_total",
    Kind.COUNTER,
    "1",
    "Records that nights have set aside because they make no sense.",
)
RUNS = Metric(
    "presgen_runs_total",
    Kind.COUNTER,
    "1",
    "Runs that have ended, by outcome: `passed` or `failed`.",
    ("outcome",),
)
RUNS_OPEN = Metric("presgen_runs_open", Kind.GAUGE, "1", "Runs that have begun and not ended.")
NIGHT_LESSONS = Metric(
    "presgen_night_lessons",
    Kind.GAUGE,
    "1",
    "Lessons of the newest run that has ended, by where they stood then.",
    ("status",),
    "presgen.night.lessons",
    Push.GAUGE,
)
NIGHT_SUCCESS = Metric(
    "presgen_night_success_ratio",
    Kind.GAUGE,
    "ratio",
    "Lessons that were published, of those that were needed. Like all that follow: of the newest ended run.",
    (),
    "presgen.night.success_ratio",
    Push.GAUGE,
)
NIGHT_REUSE = Metric(
    "presgen_night_reuse_ratio",
    Kind.GAUGE,
    "ratio",
    "Places of sections in lessons that cost no rendering: the section was there, or shared.",
    (),
    "presgen.night.reuse_ratio",
    Push.GAUGE,
)
NIGHT_DURATION = Metric(
    "presgen_night_duration_seconds",
    Kind.GAUGE,
    "seconds",
    "From the beginning of the run to its report.",
    (),
    "presgen.night.duration",
    Push.GAUGE,
)
NIGHT_FILM = Metric(
    "presgen_night_film_seconds",
    Kind.GAUGE,
    "seconds",
    "Film in the lessons that are published.",
    (),
    "presgen.night.film",
    Push.GAUGE,
)
NIGHT_CPU = Metric(
    "presgen_night_cpu_seconds",
    Kind.GAUGE,
    "seconds",
    "CPU seconds of all stages.",
    (),
    "presgen.night.cpu",
    Push.GAUGE,
)
NIGHT_COST = Metric(
    "presgen_night_cost",
    Kind.GAUGE,
    "price",
    "What they cost at `PRESGEN_CPU_HOUR_PRICE`, in that price's currency.",
    (),
    "presgen.night.cost",
    Push.GAUGE,
)
LESSON_CPU = Metric(
    "presgen_night_lesson_cpu_seconds",
    Kind.GAUGE,
    "seconds",
    "CPU seconds of a lesson, with its share of the sections that it has in common with others: `mean`, "
    "`p50`, `p95` and `max`.",
    ("statistic",),
    "presgen.night.lesson_cpu",
    Push.GAUGE,
)
LESSON_COST = Metric(
    "presgen_night_lesson_cost",
    Kind.GAUGE,
    "price",
    "What they cost.",
    ("statistic",),
    "presgen.night.lesson_cost",
    Push.GAUGE,
)
NIGHT_STAGES = Metric(
    "presgen_night_stage_duration_seconds",
    Kind.GAUGE,
    "seconds",
    "How long stages took, exactly: `mean`, `p50`, `p95` and `max`.",
    ("stage", "statistic"),
    "presgen.night.stage_duration",
    Push.GAUGE,
)
NIGHT_END = Metric(
    "presgen_night_end_timestamp_seconds", Kind.GAUGE, "timestamp", "When it ended, in seconds since 1970."
)

METRICS = (
    STAGES,
    STAGE_DURATION,
    STAGE_CPU,
    STAGE_FAILURES,
    VIDEOS,
    UPLOADS,
    UPLOAD_BYTES,
    FIXES,
    SECTIONS,
    FILM,
    LESSONS,
    SET_ASIDE,
    RUNS,
    RUNS_OPEN,
    NIGHT_LESSONS,
    NIGHT_SUCCESS,
    NIGHT_REUSE,
    NIGHT_DURATION,
    NIGHT_FILM,
    NIGHT_CPU,
    NIGHT_COST,
    LESSON_CPU,
    LESSON_COST,
    NIGHT_STAGES,
    NIGHT_END,
)
"""All of them, in the order of `docs/metrics.md`."""

_sink: Sink | None = None


def table() -> str:
    """Return the table as Markdown: what docs/metrics.md shows."""
    lines = [
        "| scraped as | kind | unit | labels | pushed as | what it tells |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for metric in METRICS:
        labels = ", ".join(f"`{label}`" for label in metric.labels)
        pushed = f"`{metric.pushed}` ({metric.push.value})" if metric.pushed else ""
        told = (f"`{metric.name}`", metric.kind.value, metric.unit, labels, pushed, metric.meaning)
        lines.append(f"| {' | '.join(told)} |".replace("|  |", "| |"))
    return "\n".join(lines) + "\n"


def send_to(sink: Sink | None) -> None:
    """Push from now on to ``sink``, in the whole process; None: to nobody."""
    global _sink
    _sink = sink


def is_pushed() -> bool:
    """Return whether anybody takes what is pushed."""
    return _sink is not None


def push(measured: Measured) -> None:
    """Send a value on, if it is one that is pushed and somebody wants it."""
    metric = measured.metric
    if _sink is None or not metric.pushed:
        return
    match metric.push:
        case Push.COUNT:
            _sink.count(metric.pushed, round(measured.value), measured.tags)
        case Push.TIMING:
            _sink.timing(metric.pushed, measured.value * 1000, measured.tags)
        case Push.GAUGE:
            _sink.gauge(metric.pushed, measured.value, measured.tags)


def count_stage(stage: str, facts: Mapping[str, Any]) -> None:
    """Push what a stage that has ended adds to the counts. ``facts`` are those of its log line."""
    if _sink is not None:
        for measured in measured_by(stage, facts):
            push(measured)


def measured_by(stage: str, facts: Mapping[str, Any]) -> Iterator[Measured]:
    """Yield what a stage that has ended adds to the counts: the same from its log line and from the ledger.

    Failures by cause are left out: they are many, and asked for rarely.
    """
    failed = facts["outcome"] != "ok"
    yield Measured(STAGES, 1, {"stage": stage, "outcome": facts["outcome"]})
    yield Measured(STAGE_DURATION, facts["latency"], {"stage": stage})
    yield Measured(STAGE_CPU, facts["cpu"], {"stage": stage})
    if stage == "lesson_join" and not failed:
        yield Measured(VIDEOS, 1, {"format": facts["format"]})
    if stage == "video_publish":
        publisher = facts["publisher"]
        outcome = "failed" if failed else "unchanged" if facts["unchanged"] else "delivered"
        yield Measured(UPLOADS, 1, {"publisher": publisher, "outcome": outcome})
        if outcome == "delivered":
            yield Measured(UPLOAD_BYTES, facts["bytes"], {"publisher": publisher})
    if stage == "qa_fix" and "fix" in facts:
        outcome = "failed" if failed or "failed" in facts else "ok"
        yield Measured(FIXES, 1, {"fix": facts["fix"], "outcome": outcome})
