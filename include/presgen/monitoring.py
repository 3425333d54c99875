"""The numbers of `presgen.metrics`, summed up from the ledger: over all runs, and for one night.

exposition(Tally(ledger), price)       what Prometheus scrapes
night_measures(ledger, run_id, price)  what one night came to, and what each lesson cost
"""

from __future__ import annotations

import json
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from presgen import metrics
from presgen.ledger import Ledger
from presgen.ledger.figures import NightFigures, StageEvent, StageFigures, cpu_of, spent_on, spread
from presgen.metrics import Kind, Measured, Metric
from presgen.model.base import Model, Seconds, digest_of
from presgen.stages import Stage

if TYPE_CHECKING:
    from prometheus_client.registry import Collector

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
"""Seconds: from joining a lesson to a section of minutes that was mended twice."""

SETTLES = 300.0
"""Seconds after which no event with a smaller number will turn up: what a transaction lasts, and far more."""

_NAMES = tuple(stage.value for stage in Stage)
_HOUR = 3600
_AT_ONCE = 10_000
"""Events that are held in memory."""
_TABLE = digest_of([[m.name, m.kind.value, m.labels] for m in metrics.METRICS] + [BUCKETS])
"""Of what is counted, and by which lengths: sums that were kept by another table are of no use."""

Tags = tuple[tuple[str, str], ...]


class Cost(Model):
    """What something took of processors, and what that costs."""

    cpu: Seconds
    price: float
    """In the currency of ``PRESGEN_CPU_HOUR_PRICE``."""


class NightMeasures(Model):
    """What one run came to, with what it cost."""

    figures: NightFigures
    cost: Cost
    lesson_costs: dict[str, Cost]
    """By lesson: its own stages, and its share of the sections it has in common with others."""
    stages: tuple[StageFigures, ...]


def night_measures(ledger: Ledger, run_id: str, price: float) -> NightMeasures | None:
    """Return what a run came to; None: there was no such run. ``price`` is that of a CPU hour."""
    figures = ledger.figures.night(run_id)
    if figures is None:
        return None
    events = ledger.figures.stages(_NAMES, run_id=run_id)
    entries = ledger.lessons(run_id)
    shares = _shares(events, [entry.lesson_id for entry in entries], ledger.figures.users(run_id))
    return NightMeasures(
        figures=figures,
        cost=_cost(figures.cpu, price),
        lesson_costs={lesson: _cost(cpu, price) for lesson, cpu in shares.items()},
        stages=spent_on(events),
    )


def push_night(ledger: Ledger, run_id: str, price: float) -> None:
    """Push what a run came to, where anything is pushed."""
    if not metrics.is_pushed():
        return
    night = night_measures(ledger, run_id, price)
    if night is not None:
        for measured in measured_night(night):
            metrics.push(measured)


def measured_night(night: NightMeasures) -> Iterator[Measured]:
    """Yield a night's figures by the names of the table."""
    figures = night.figures
    for status, number in figures.lessons.items():
        yield Measured(metrics.NIGHT_LESSONS, number, {"status": status})
    single = {
        metrics.NIGHT_SUCCESS: figures.success_ratio,
        metrics.NIGHT_REUSE: figures.reuse_ratio,
        metrics.NIGHT_DURATION: figures.duration,
        metrics.NIGHT_FILM: figures.film,
        metrics.NIGHT_CPU: night.cost.cpu,
        metrics.NIGHT_COST: night.cost.price,
    }
    for metric, value in single.items():
        if value is not None:
            yield Measured(metric, value, {})
    if night.lesson_costs:
        costs = night.lesson_costs.values()
        for name, value in spread([cost.cpu for cost in costs]).items():
            yield Measured(metrics.LESSON_CPU, value, {"statistic": name})
        for name, value in spread([cost.price for cost in costs]).items():
            yield Measured(metrics.LESSON_COST, value, {"statistic": name})
    for each in night.stages:
        told = {"mean": each.mean, "p50": each.usual, "p95": each.slow, "max": each.longest}
        for name, value in told.items():
            yield Measured(metrics.NIGHT_STAGES, value, {"stage": each.stage, "statistic": name})


class Sums:
    """Counters and histograms, as stages add to them."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[Metric, Tags]] = Counter()
        self.buckets: dict[Tags, list[int]] = {}
        """Of stages' durations: how many were at most as long as each of `BUCKETS`, and longer than all."""
        self.seconds: Counter[Tags] = Counter()

    def add(self, event: StageEvent) -> None:
        """Add a stage that has ended."""
        # Before there were CPU seconds in it, an event had none.
        for measured in metrics.measured_by(event.name, {"cpu": 0.0, **event.facts}):
            tags = _tags(measured.tags)
            if measured.metric.kind is Kind.HISTOGRAM:
                found = self.buckets.setdefault(tags, [0] * (len(BUCKETS) + 1))
                found[bisect_left(BUCKETS, measured.value)] += 1
                self.seconds[tags] += measured.value  # type: ignore[assignment]
            else:
                self.counts[measured.metric, tags] += measured.value  # type: ignore[assignment]
        if event.facts["outcome"] != "ok":
            tags = _tags({"stage": event.name, "cause": event.facts["cause"]})
            self.counts[metrics.STAGE_FAILURES, tags] += 1

    def written(self) -> str:
        """Return the sums as text that `read` takes."""
        return json.dumps(
            {
                "table": _TABLE,
                "counts": [[metric.name, tags, number] for (metric, tags), number in self.counts.items()],
                "buckets": list(self.buckets.items()),
                "seconds": list(self.seconds.items()),
            }
        )

    @classmethod
    def read(cls, text: str) -> Sums | None:
        """Return sums that were written; None: they are of a release that counts otherwise, or of none."""
        values = json.loads(text) if text else {}
        if values.get("table") != _TABLE:
            return None
        known = {metric.name: metric for metric in metrics.METRICS}
        sums = cls()
        for name, tags, number in values["counts"]:
            sums.counts[known[name], _read(tags)] = number
        sums.buckets = {_read(tags): found for tags, found in values["buckets"]}
        sums.seconds.update({_read(tags): seconds for tags, seconds in values["seconds"]})
        return sums

    def copy(self) -> Sums:
        """Return the same sums, to go on from."""
        other = Sums()
        other.counts, other.seconds = self.counts.copy(), self.seconds.copy()
        other.buckets = {tags: list(found) for tags, found in self.buckets.items()}
        return other


class Tally:
    """The sums over all stages in the ledger, each event read once and added up for as long as this lives.

    It begins with what was kept when a run ended. Younger events are added anew every time: one with a
    smaller number may still be on its way. What is erased stays counted, as it should in a counter.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._settled = Sums()
        self._until = 0
        self._begun = False
        self._seen: list[tuple[float, int]] = []
        """When which event was the last, for as long as that is not settled."""
        self._turn = threading.Lock()

    def sums(self) -> Sums:
        """Return the sums as they are now."""
        with self._turn:
            if not self._begun:
                self._catch_up()
            now = time.monotonic()
            events = self.ledger.figures.stages(_NAMES, after=self._until)
            settled = max((number for at, number in self._seen if now - at > SETTLES), default=self._until)
            self._seen = [(at, number) for at, number in self._seen if number > settled]
            if events:
                self._seen.append((now, events[-1].number))
            for event in events:
                if event.number <= settled:
                    self._settled.add(event)
            self._until = max(self._until, settled)
            sums = self._settled.copy()
        for event in events:
            if event.number > settled:
                sums.add(event)
        return sums

    def keep(self) -> None:
        """Keep the sums as they are now, for whoever begins with them."""
        with self._turn:
            self._catch_up()
            self.ledger.figures.keep_sums(self._until, self._settled.written())

    def _catch_up(self) -> None:
        """Add what has happened since the sums were kept, all of it settled."""
        until, text = self.ledger.figures.kept_sums()
        kept = Sums.read(text)
        self._settled, self._until = (Sums(), 0) if kept is None else (kept, until)
        settled = self.ledger.figures.settled()
        while events := self.ledger.figures.stages(
            _NAMES, after=self._until, until=settled, at_most=_AT_ONCE
        ):
            for event in events:
                self._settled.add(event)
            self._until = events[-1].number
        self._until = max(self._until, settled)
        self._begun = True


def keep_sums(ledger: Ledger) -> None:
    """Keep the sums over all stages that have ended: to be called now and then, such as when a run ends."""
    Tally(ledger).keep()


def exposition(tally: Tally, price: float) -> bytes:
    """Return all metrics in Prometheus' text format.

    Raises:
        StoreUnavailable: the ledger is away.
    """
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_collector(tally, price))
    return generate_latest(registry)


def _collector(tally: Tally, price: float) -> Collector:
    from prometheus_client.core import (
        CounterMetricFamily,
        GaugeMetricFamily,
        HistogramMetricFamily,
    )
    from prometheus_client.metrics_core import Metric as Family
    from prometheus_client.registry import Collector

    class FromLedger(Collector):
        def collect(self) -> Iterator[Family]:
            sums = tally.sums()
            values: dict[Metric, dict[Tags, float]] = {metric: {} for metric in metrics.METRICS}
            for measured in _measured_now(tally.ledger, price):
                values[measured.metric][_tags(measured.tags)] = measured.value
            for (metric, tags), number in sums.counts.items():
                values[metric][tags] = number
            for metric in metrics.METRICS:
                labels = metric.labels
                if metric.kind is Kind.HISTOGRAM:
                    durations = HistogramMetricFamily(metric.name, metric.meaning, labels=labels)
                    for tags, buckets in sorted(sums.buckets.items()):
                        durations.add_metric(_in_order(metric, tags), _cumulated(buckets), sums.seconds[tags])
                    yield durations
                    continue
                kind = CounterMetricFamily if metric.kind is Kind.COUNTER else GaugeMetricFamily
                family = kind(metric.name, metric.meaning, labels=labels)
                for tags, value in sorted(values[metric].items()):
                    family.add_metric(_in_order(metric, tags), value)
                yield family

    return FromLedger()


def _measured_now(ledger: Ledger, price: float) -> Iterator[Measured]:
    """Yield everything that is not summed up from stages."""
    counts = ledger.figures.counts()
    for metric, label, numbers in (
        (metrics.LESSONS, "status", counts.lessons),
        (metrics.SECTIONS, "outcome", counts.sections),
        (metrics.FILM, "outcome", counts.film),
        (metrics.RUNS, "outcome", counts.runs),
    ):
        for name, number in numbers.items():
            yield Measured(metric, number, {label: name})
    yield Measured(metrics.SET_ASIDE, counts.set_aside, {})
    yield Measured(metrics.RUNS_OPEN, counts.open_runs, {})
    run = ledger.figures.newest_ended()
    if run is not None and run.ended is not None:
        night = night_measures(ledger, run.run_id, price)
        if night is not None:
            yield from measured_night(night)
        yield Measured(metrics.NIGHT_END, datetime.fromisoformat(run.ended).timestamp(), {})


def _shares(
    events: Collection[StageEvent], lessons: Collection[str], users: Mapping[str, tuple[str, ...]]
) -> dict[str, float]:
    """Return the CPU seconds of each lesson; a section's are divided among the lessons that have it."""
    found = dict.fromkeys(lessons, 0.0)
    for event in events:
        sharing = (event.subject,) if event.subject in found else users.get(event.subject, ())
        for lesson in sharing:
            found[lesson] += cpu_of(event) / len(sharing)
    return found


def _cost(cpu: float, price: float) -> Cost:
    return Cost(cpu=Seconds(round(cpu, 3)), price=round(cpu / _HOUR * price, 6))


def _tags(tags: Mapping[str, str]) -> Tags:
    return tuple(sorted(tags.items()))


def _read(tags: Iterable[Sequence[str]]) -> Tags:
    return tuple((name, value) for name, value in tags)


def _in_order(metric: Metric, tags: Tags) -> list[str]:
    values = dict(tags)
    return [values[label] for label in metric.labels]


def _cumulated(found: list[int]) -> list[tuple[str, float]]:
    total = 0
    cumulated: list[tuple[str, float]] = []
    for limit, number in zip((*map(str, BUCKETS), "+Inf"), found, strict=True):
        total += number
        cumulated.append((limit, total))
    return cumulated
