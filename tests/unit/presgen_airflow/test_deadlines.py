"""By when a run should have ended, and what Airflow's callback does about one that has not."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from presgen.settings import Settings
from presgen_airflow import alerts, deadlines
from presgen_airflow.deadlines import NightDeadline, awaited_of, night_deadline, tell_lateness

TWO = datetime(2026, 11, 23, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
SCHEDULED = {"run_type": "scheduled", "logical_date": TWO, "queued_at": TWO + HOUR, "conf": {}}
BY_HAND = {"run_type": "manual", "logical_date": None, "queued_at": TWO + HOUR, "conf": {}}


@pytest.mark.parametrize(
    ("run", "start", "since"),
    [
        (SCHEDULED, "logical_date", TWO),
        (SCHEDULED, "queued_at", TWO + HOUR),
        (BY_HAND, "logical_date", TWO + HOUR),
        # A past night that is caught up on would be late before it began.
        ({**SCHEDULED, "run_type": "backfill"}, "logical_date", TWO + HOUR),
        ({**BY_HAND, "logical_date": TWO}, "logical_date", TWO + HOUR),
        # A task knows not when its run was queued.
        ({"run_type": "manual", "start_date": TWO, "run_after": TWO - HOUR}, "queued_at", TWO),
        # In the triggerer, moments are text.
        ({"run_type": "scheduled", "logical_date": "2026-11-23T02:00:00Z"}, "logical_date", TWO),
    ],
)
def test_a_deadline_counts_from_the_schedule_or_from_the_queue(run, start, since):
    found = awaited_of("run-1", run, start, 4 * HOUR)

    assert (found.since, found.due) == (since, since + 4 * HOUR)


def test_without_a_deadline_a_run_may_last_as_long_as_it_likes():
    assert awaited_of("run-1", SCHEDULED, "logical_date", None).due is None
    assert awaited_of("run-1", SCHEDULED, "logical_date", timedelta(0)).due is None


@pytest.mark.parametrize("minutes", [90, 90.0])
def test_a_run_s_own_choice_counts_before_the_deployment_s(minutes):
    run = {**BY_HAND, "conf": {"deadline": minutes}}

    assert awaited_of("run-1", run, "queued_at", 4 * HOUR).due == TWO + HOUR + timedelta(minutes=90)
    assert awaited_of("run-1", run, "queued_at", None).due == TWO + HOUR + timedelta(minutes=90)


@pytest.mark.parametrize("nonsense", [None, 0, -5, True, "soon", [], {}])
def test_a_choice_that_is_none_leaves_the_deployment_s(nonsense):
    run = {**BY_HAND, "conf": {"deadline": nonsense}}

    assert awaited_of("run-1", run, "queued_at", 4 * HOUR).due == TWO + 5 * HOUR


def test_a_choice_of_ages_is_a_week():
    run = {**BY_HAND, "conf": {"deadline": 1e300}}

    assert awaited_of("run-1", run, "queued_at", None).due == TWO + HOUR + timedelta(days=7)


def test_airflow_brings_the_deadline_back_as_it_was():
    from airflow.serialization.decoders import decode_deadline_alert
    from airflow.serialization.encoders import encode_deadline_alert

    settings = Settings(deadline="90m", deadline_from="queued_at")

    encoded = encode_deadline_alert(night_deadline(settings))
    back = decode_deadline_alert(encoded)

    assert back.interval == timedelta(minutes=90)
    assert back.reference.inner_ref == NightDeadline("queued_at", 5400.0)
    assert isinstance(back.reference.inner_ref, NightDeadline)
    assert back.callback.path == "presgen_airflow.deadlines.tell_lateness"


class Session:
    """A database of one run."""

    def __init__(self, **run: Any) -> None:
        from collections import namedtuple

        values = {"logical_date": None, "queued_at": TWO, "run_after": TWO, "run_type": "manual", "conf": {}}
        values |= run
        row = namedtuple("row", values)(**values)  # noqa: PYI024 - as SQLAlchemy's rows are

        class Row(type(row)):  # type: ignore[misc]
            _mapping = values

        self.row = Row(*row)

    def execute(self, statement: Any) -> Session:
        return self

    def one_or_none(self) -> Any:
        return self.row


def evaluated(reference: NightDeadline, interval: timedelta, **run: Any) -> datetime | None:
    """Return the moment Airflow notes for a run."""
    from airflow.serialization.definitions.deadline import SerializedReferenceModels

    wrapped = SerializedReferenceModels.SerializedCustomReference(reference)
    moment: datetime | None = wrapped.evaluate_with(
        session=Session(**run), interval=interval, dag_id="produce_lessons", run_id="run-1"
    )
    return moment


def test_airflow_notes_the_moment_that_the_run_chose():
    reference = NightDeadline("queued_at", 4 * 3600.0)

    assert evaluated(reference, 4 * HOUR) == TWO + 4 * HOUR
    assert evaluated(reference, 4 * HOUR, conf={"deadline": 30}) == TWO + HOUR / 2


def test_without_a_deadline_airflow_notes_one_only_for_runs_that_chose_one():
    reference = NightDeadline("queued_at", 0.0)

    assert evaluated(reference, timedelta(0)) is None
    assert evaluated(reference, timedelta(0), conf={"deadline": 30}) == TWO + HOUR / 2


def test_the_callback_tries_until_somebody_is_told(monkeypatch):
    asked, waited = [], []

    def tell(awaited):
        asked.append(awaited)
        if len(asked) == 1:
            raise ConnectionRefusedError
        return len(asked) == 3

    async def sleep(seconds):
        waited.append(seconds)

    monkeypatch.setattr(alerts, "tell_if_late", tell)
    monkeypatch.setattr(deadlines.asyncio, "sleep", sleep)
    run = {"dag_run_id": "run-1", **BY_HAND, "conf": {"deadline": 30}}

    asyncio.run(tell_lateness({"dag_run": run, "deadline": {}}))

    assert {each.due for each in asked} == {TWO + HOUR + HOUR / 2}
    assert waited == list(deadlines.PAUSES[:2])


def test_a_callback_that_can_tell_nobody_fails_in_the_end_and_says_so(monkeypatch):
    async def sleep(seconds):
        pass

    monkeypatch.setattr(alerts, "tell_if_late", lambda awaited: False)
    monkeypatch.setattr(deadlines.asyncio, "sleep", sleep)

    with pytest.raises(TimeoutError, match="run-1 is late"):
        asyncio.run(tell_lateness({"dag_run": {"dag_run_id": "run-1", **BY_HAND}, "deadline": {}}))
