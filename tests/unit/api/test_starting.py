"""Orders whose run was never started, or is gone: found out by whoever asks next."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from presgen.api import starting
from presgen.api.views import VideoRequest
from presgen.client import Unavailable
from presgen.ledger import OrderState
from presgen.orders import new_video_id, run_of
from tests.desks import TestDesk, client_of, make_desk, send
from tests.nights import make_learner_record


@pytest.fixture
def desk(tmp_path, monkeypatch) -> TestDesk:
    monkeypatch.setattr(starting, "PATIENCE", timedelta(0))
    monkeypatch.setattr(starting, "AGAIN", 0.0)
    return make_desk(tmp_path)


def reserve(desk: TestDesk) -> str:
    """Leave an order as a process does that is killed before anything else."""
    video_id = new_video_id()
    desk.ledger.orders.reserve(
        video_id,
        by="u-owner",
        key=None,
        body="b" * 64,
        pseudonym="learner-abcdefghijkl",
        lesson_id=f"lesson-{video_id[-16:]}",
        run_id=run_of(video_id),
    )
    return video_id


def cut_short(desk: TestDesk, **fields: Any) -> str:
    """Order without a key while the scheduler is away, so that all is kept and nothing is started."""

    async def ask() -> None:
        async with client_of(desk) as client:
            await client.create_video(VideoRequest(record=make_learner_record(), **fields))

    desk.runs.away = True
    with pytest.raises(Unavailable):
        asyncio.run(ask())
    desk.runs.away = False
    [noted] = desk.ledger.orders.all()
    return noted.video_id


def status(desk: TestDesk, video_id: str) -> dict[str, Any]:
    return send(desk, "GET", f"/videos/{video_id}").json()


def state(desk: TestDesk, video_id: str) -> OrderState:
    return desk.ledger.orders.order(video_id).state


def test_an_order_that_nobody_started_does_not_wait_for_ever(desk):
    video_id = cut_short(desk)

    told = status(desk, video_id)

    assert (told["status"], told["over"], told["percent"]) == ("failed", True, 0)
    assert (told["error"]["type"], told["error"]["retry_helps"]) == ("NotStarted", True)
    assert told["error"]["title"] == "Nobody makes this video."
    assert told["may"] == {"cancel": False, "retry": True, "approve": False}
    assert send(desk, "POST", f"/videos/{video_id}/cancel").status_code == 409


def test_an_order_that_nobody_started_is_started_by_a_retry_with_its_own_choices(desk):
    video_id = cut_short(desk, persona="coach", formats=("stamp",), seconds=90)
    assert status(desk, video_id)["status"] == "failed"

    retried = send(desk, "POST", f"/videos/{video_id}/retry")

    assert (retried.status_code, retried.json()["status"]) == (200, "queued")
    conf = desk.runs.confs[run_of(video_id)]
    assert (conf["source"], conf["persona"], conf["budget"]) == (f"order:{video_id}", "coach", 90.0)
    assert (state(desk, video_id), status(desk, video_id)["status"]) == (OrderState.STARTED, "queued")


def test_an_order_whose_record_was_never_kept_can_only_be_sent_once_more(desk):
    video_id = reserve(desk)

    told, retried = status(desk, video_id), send(desk, "POST", f"/videos/{video_id}/retry")

    assert told["status"] == "failed"
    assert (retried.status_code, retried.json()["remedy"]) == (409, "Order the video once more.")
    assert desk.runs.confs == {}


def test_an_order_whose_run_was_started_after_all_goes_on(desk):
    video_id = reserve(desk)
    desk.runs.states[run_of(video_id)] = "queued"

    assert status(desk, video_id)["status"] == "queued"
    assert state(desk, video_id) is OrderState.STARTED


@pytest.mark.parametrize("run", ["failed", "success", None])
def test_an_order_whose_run_is_gone_without_a_trace_is_lost(desk, run):
    video_id = reserve(desk)
    desk.ledger.orders.move(video_id, OrderState.STARTED)
    if run:
        desk.runs.states[run_of(video_id)] = run

    assert status(desk, video_id)["status"] == "failed"
    assert state(desk, video_id) is OrderState.LOST


def test_a_list_finds_lost_orders_too_a_few_at_a_time(desk, monkeypatch):
    videos = [reserve(desk) for _ in range(starting.AT_ONCE + 2)]

    def waiting() -> int:
        return len(send(desk, "GET", "/videos?status=queued").json()["items"])

    assert [waiting(), waiting()] == [2, 0]
    asked = [call[1] for call in desk.runs.calls]
    assert sorted(asked) == sorted(run_of(each) for each in videos)


def test_an_order_that_is_being_started_is_left_alone(desk, monkeypatch):
    monkeypatch.setattr(starting, "PATIENCE", timedelta(minutes=1))
    video_id = reserve(desk)

    assert status(desk, video_id)["status"] == "queued"
    assert desk.runs.calls == []


def test_the_scheduler_is_not_asked_about_the_same_order_all_the_time(desk, monkeypatch):
    monkeypatch.setattr(starting, "AGAIN", 60.0)
    video_id = reserve(desk)
    desk.runs.states[run_of(video_id)] = "queued"

    for _ in range(5):
        status(desk, video_id)

    assert len(desk.runs.calls) == 1


def test_while_the_scheduler_is_away_nobody_knows_and_nothing_is_lost(desk):
    video_id = reserve(desk)
    desk.runs.away = True

    assert status(desk, video_id)["status"] == "queued"
    assert state(desk, video_id) is OrderState.RESERVED


def test_whoever_asks_for_a_list_waits_for_a_scheduler_that_is_away_only_once(desk):
    for _ in range(3):
        reserve(desk)
    desk.runs.away = True

    assert len(send(desk, "GET", "/videos?status=queued").json()["items"]) == 3
    assert len(desk.runs.calls) == 1


def test_whoever_was_only_slow_starts_an_order_that_was_given_up(desk, monkeypatch):
    start = desk.runs.start

    async def slowly(request, run_id, conf):
        [noted] = desk.ledger.orders.all()
        desk.ledger.orders.move(noted.video_id, OrderState.LOST)
        await start(request, run_id, conf)

    monkeypatch.setattr(desk.runs, "start", slowly)

    async def ask() -> Any:
        async with client_of(desk) as client:
            return await client.create_video(VideoRequest(record=make_learner_record()))

    taken = asyncio.run(ask())

    assert taken.status == "queued"
    assert state(desk, taken.video_id) is OrderState.STARTED
