"""Numbers for whoever watches: they equal the ledger's counts."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest
from prometheus_client.parser import text_string_to_metric_families

from presgen import metrics, pipeline
from presgen.errors import BadInput
from presgen.ledger.figures import StageEvent, spread
from presgen.metrics import METRICS
from presgen.monitoring import (
    SETTLES,
    Sums,
    Tally,
    exposition,
    keep_sums,
    night_measures,
    push_night,
)
from presgen.night import step
from presgen.stages import Stage
from tests.nights import STAMP, make_learner_record, make_night, write_records

PRICE = 3.6
"""A tenth of a cent for a CPU second."""


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A deployment after two nights: two lessons that share sections, and then a third learner's."""
    folder = tmp_path_factory.mktemp("deployment")
    learners = [make_learner_record(number) for number in (1, 2, 3)]
    pipeline.produce(make_night(folder, "first"), write_records(folder, learners[:2]))
    second = make_night(folder, "second")
    pipeline.produce(second, write_records(folder, learners))
    return second


@pytest.fixture(scope="module")
def scraped(night):
    """What a scrape has, by name and labels."""
    text = exposition(Tally(night.ledger), PRICE).decode()
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def events_of(ledger, run_id=None):
    return [event for event in ledger.events(run_id) if event.name in set(Stage)]


def test_every_stage_is_counted_as_often_as_it_stands_in_the_ledger(night, scraped):
    counted = Counter((event.name, event.facts["outcome"]) for event in events_of(night.ledger))

    assert len(counted) >= 7
    for (name, outcome), number in counted.items():
        assert scraped["presgen_stages_total", ("outcome", outcome), ("stage", name)] == number
    told = sum(value for (name, *_), value in scraped.items() if name == "presgen_stages_total")
    assert told == sum(counted.values())


def test_durations_and_cpu_seconds_are_those_of_the_ledger(night, scraped):
    joins = [event.facts for event in events_of(night.ledger) if event.name == "lesson_join"]
    stage = ("stage", "lesson_join")

    assert scraped["presgen_stage_duration_seconds_count", stage] == len(joins)
    for limit in (0.1, 0.5):
        short = sum(facts["latency"] <= limit for facts in joins)
        assert scraped["presgen_stage_duration_seconds_bucket", ("le", str(limit)), stage] == short
    spent = {name: sum(facts[name] for facts in joins) for name in ("latency", "cpu")}
    assert scraped["presgen_stage_duration_seconds_sum", stage] == pytest.approx(spent["latency"])
    assert scraped["presgen_stage_cpu_seconds_total", stage] == pytest.approx(spent["cpu"])


def test_videos_uploads_sections_and_film_are_those_of_the_ledger(night, scraped):
    ledger = night.ledger
    sections = [each for run in ledger.runs() for each in ledger.sections(run.run_id)]

    assert scraped["presgen_videos_total", ("format", STAMP)] == 3
    assert scraped["presgen_uploads_total", ("outcome", "delivered"), ("publisher", "folder")] == 3
    assert scraped["presgen_lessons", ("status", "published")] == len(ledger.lessons()) == 3
    for outcome, number in Counter(each.outcome.value for each in sections).items():
        assert scraped["presgen_sections_total", ("outcome", outcome)] == number
        film = sum(each.seconds for each in sections if each.outcome == outcome)
        assert scraped["presgen_film_seconds_total", ("outcome", outcome)] == pytest.approx(film)
    assert scraped["presgen_runs_total", ("outcome", "passed")] == 2
    assert scraped[("presgen_runs_open",)] == 0


def test_the_newest_night_is_told_by_itself(night, scraped):
    assert scraped["presgen_night_lessons", ("status", "published")] == 3
    assert scraped[("presgen_night_success_ratio",)] == 1
    film = sum(entry.duration for entry in night.ledger.lessons("second"))
    assert scraped[("presgen_night_film_seconds",)] == pytest.approx(film, abs=0.001)
    assert 0 < scraped[("presgen_night_reuse_ratio",)] < 1
    assert scraped[("presgen_night_duration_seconds",)] > 0


def test_a_lessons_cost_has_its_share_of_what_it_shares_and_all_shares_are_the_whole(night):
    measures = night_measures(night.ledger, "first", PRICE)
    spent = sum(event.facts["cpu"] for event in events_of(night.ledger, "first"))

    assert measures.cost.cpu == measures.figures.cpu == pytest.approx(spent, abs=0.001)
    assert measures.cost.price == pytest.approx(spent * 0.001, abs=1e-6)
    assert len(measures.lesson_costs) == 2
    assert sum(cost.cpu for cost in measures.lesson_costs.values()) == pytest.approx(spent, abs=0.01)
    assert all(cost.cpu > 0 for cost in measures.lesson_costs.values())


def test_every_metric_of_a_scrape_is_in_the_table_with_its_kind_and_labels(night):
    text = exposition(Tally(night.ledger), PRICE).decode()
    table = {metric.name.removesuffix("_total"): metric for metric in METRICS}

    families = list(text_string_to_metric_families(text))

    assert {family.name for family in families} == set(table)
    for family in families:
        metric = table[family.name]
        assert (family.type, family.documentation) == (metric.kind.value, metric.meaning)
        for sample in family.samples:
            assert set(sample.labels) - {"le"} == set(metric.labels), sample


def test_nobody_and_no_id_is_in_a_scrape(night):
    text = exposition(Tally(night.ledger), PRICE).decode()

    assert not [word for word in ("Ada", "lesson-", "learner-", "L-1") if word in text]


def test_an_event_is_counted_once_however_often_and_whenever_it_is_scraped(tmp_path, monkeypatch):
    ledger = make_night(tmp_path).ledger
    tally = Tally(ledger)
    clock = [0.0]
    monkeypatch.setattr("presgen.monitoring.time.monotonic", lambda: clock[0])

    for number in range(1, 6):
        ledger.note_event("run-1", "qa_inspect", "lesson-1", {"outcome": "ok", "latency": 1.0, "cpu": 0.5})
        clock[0] += SETTLES * 0.6
        tally.sums()
        sums = tally.sums()
        assert sums.counts[metrics.STAGES, (("outcome", "ok"), ("stage", "qa_inspect"))] == number
        assert sum(sums.buckets[(("stage", "qa_inspect"),)]) == number

    assert tally._until > 0


def test_whoever_begins_with_kept_sums_reads_what_is_younger_and_comes_to_the_same(tmp_path, monkeypatch):
    night = make_night(tmp_path)
    ledger = night.ledger
    facts = {"outcome": "failed", "cause": "BadInput", "latency": 1.0, "cpu": 0.5}
    for number in range(7):
        ledger.note_event("run-1", "qa_inspect", f"lesson-{number}", facts)
    monkeypatch.setattr("presgen.monitoring._AT_ONCE", 3)
    keep_sums(ledger)
    ledger.note_event("run-1", "lesson_join", "lesson-1", {**facts, "outcome": "ok", "format": STAMP})
    monkeypatch.setattr("presgen.monitoring._AT_ONCE", 10_000)

    read = watched(monkeypatch, ledger)
    begun = Tally(ledger).sums()
    [*noted] = read
    monkeypatch.setattr(Sums, "read", lambda text: None)
    anew = Tally(ledger).sums()

    assert [event.name for event in noted] == ["lesson_join"]
    assert vars(begun) == vars(anew)
    assert len(read) == 1 + 8
    assert begun.counts[metrics.STAGE_FAILURES, (("cause", "BadInput"), ("stage", "qa_inspect"))] == 7


def test_what_is_kept_is_never_older_than_what_was_kept_before_and_survives_an_erasure(tmp_path):
    ledger = make_night(tmp_path).ledger
    for subject in ("lesson-1", "lesson-2"):
        ledger.note_event("run-1", "qa_inspect", subject, {"outcome": "ok", "latency": 1.0, "cpu": 0.5})
    keep_sums(ledger)
    until, text = ledger.figures.kept_sums()

    ledger.figures.keep_sums(until - 1, "older")
    ledger.erasures.remove("learner-1", ledger.erasures.begin("learner-1", ["lesson-1"]))

    assert ledger.figures.kept_sums() == (until, text)
    assert Tally(ledger).sums().counts[metrics.STAGES, (("outcome", "ok"), ("stage", "qa_inspect"))] == 2


def test_sums_of_a_release_that_counts_otherwise_are_counted_again(tmp_path, monkeypatch):
    ledger = make_night(tmp_path).ledger
    ledger.note_event("run-1", "qa_inspect", "lesson-1", {"outcome": "ok", "latency": 1.0, "cpu": 0.5})
    monkeypatch.setattr("presgen.monitoring._TABLE", "another")
    ledger.figures.keep_sums(1, Sums().written())
    monkeypatch.undo()

    assert Tally(ledger).sums().counts[metrics.STAGES, (("outcome", "ok"), ("stage", "qa_inspect"))] == 1


def watched(monkeypatch, ledger):
    """Return a list that holds whatever stages are read from now on."""
    read: list[StageEvent] = []
    stages = ledger.figures.stages

    def note(*names, **wanted):
        found = stages(*names, **wanted)
        read.extend(found)
        return found

    monkeypatch.setattr(ledger.figures, "stages", note)
    return read


def test_failures_are_counted_by_cause_and_without_a_night_there_are_no_numbers_of_one(tmp_path):
    night = make_night(tmp_path)
    with suppress(BadInput), step(night, Stage.VIDEO_PUBLISH, lesson="lesson-1") as facts:
        facts["publisher"] = "drive"
        raise BadInput("No such folder.")

    text = exposition(Tally(night.ledger), PRICE).decode()

    assert 'presgen_stage_failures_total{cause="BadInput",stage="video_publish"} 1.0' in text.replace(
        'stage="video_publish",cause="BadInput"', 'cause="BadInput",stage="video_publish"'
    )
    assert "\npresgen_night_cost " not in text


def test_events_from_before_there_were_cpu_seconds_count_too(tmp_path):
    night = make_night(tmp_path)
    night.ledger.note_event("run-1", "qa_inspect", "lesson-1", {"outcome": "ok", "latency": 1.5})

    text = exposition(Tally(night.ledger), PRICE).decode()

    assert 'presgen_stage_duration_seconds_sum{stage="qa_inspect"} 1.5' in text
    assert night_measures(night.ledger, "run-1", PRICE).cost.cpu == 0
    assert night_measures(night.ledger, "run-2", PRICE) is None


def test_percentiles_are_values_that_occur():
    assert spread([4.0, 1.0, 2.0, 3.0]) == {"mean": 2.5, "p50": 2.0, "p95": 4.0, "max": 4.0}
    assert spread(range(1, 101))["p95"] == 95


def test_what_is_pushed_while_it_happens_is_what_the_ledger_sums_up(tmp_path, listener):
    night = make_night(tmp_path)
    pipeline.produce(night, write_records(tmp_path, [make_learner_record()]))

    pushed = Counter(
        (tags["stage"], tags["outcome"]) for _, name, _, tags in listener.told if name == "presgen.stages"
    )
    assert pushed == Counter((event.name, event.facts["outcome"]) for event in events_of(night.ledger))
    spent = sum(value for _, name, value, _ in listener.told if name == "presgen.stage.cpu")
    assert spent == pytest.approx(1000 * night_measures(night.ledger, "run-1", 0).cost.cpu, abs=1)
    assert ("gauge", "presgen.night.success_ratio", 1.0, {}) in listener.told
    known = {metric.pushed: metric for metric in METRICS if metric.pushed}
    for _, name, _, tags in listener.told:
        assert set(tags) == set(known[name].labels)


def test_nothing_is_summed_up_for_nobody(tmp_path, monkeypatch):
    night = make_night(tmp_path)
    monkeypatch.setattr("presgen.monitoring.night_measures", lambda *_: pytest.fail("nobody listens"))

    push_night(night.ledger, "run-1", PRICE)
