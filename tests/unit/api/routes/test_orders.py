from __future__ import annotations

import asyncio
import json

import pytest

from presgen.api.views import VideoList, VideoRequest
from presgen.client import Conflict, NotAllowed, Unavailable
from presgen.ledger import OrderState
from presgen.orders import VIDEO_ID
from tests.desks import client_of, make_desk, send
from tests.nights import make_learner_record

RECORD = make_learner_record()


@pytest.fixture
def desk(tmp_path):
    return make_desk(tmp_path)


def order(desk, record=RECORD, key=None, who="owner", times=1, **fields):
    async def ask():
        async with client_of(desk, who) as client:
            wanted = VideoRequest(record=record, **fields)
            return await asyncio.gather(*(client.create_video(wanted, key=key) for _ in range(times)))

    return asyncio.run(ask())


def test_an_order_is_noted_kept_and_started(desk):
    [taken] = order(desk, formats=("stamp",), persona="coach", seconds=90)

    [noted] = desk.ledger.orders.all()
    assert VIDEO_ID.fullmatch(taken.video_id)
    assert (noted.video_id, noted.by, noted.state) == (taken.video_id, "u-owner", OrderState.STARTED)
    assert taken.status_url == f"/api/v1/avatar/videos/{taken.video_id}/status"
    assert desk.runs.confs == {
        noted.run_id: {
            "source": f"order:{taken.video_id}",
            "formats": ["stamp"],
            "publishers": [],
            "persona": "coach",
            "budget": 90.0,
        }
    }


def test_the_answer_says_where_to_look(desk):
    body = json.loads(VideoRequest(record=RECORD).model_dump_json(exclude_none=True))

    answer = send(desk, "POST", "/create-video", json=body)

    assert answer.status_code == 202
    assert answer.headers["location"] == answer.json()["status_url"]


def test_the_scheduler_hears_nothing_of_the_learner(desk):
    [taken] = order(desk)

    assert RECORD.learner.name not in json.dumps(desk.runs.confs)
    assert RECORD.learner.id not in json.dumps(desk.runs.confs)
    kept = desk.workspace.root / "orders" / taken.video_id / "record.json"
    assert RECORD.learner.name in kept.read_text()


def test_twenty_orders_at_once_with_one_key_make_one_run(desk):
    taken = order(desk, key="order-17", times=20)

    assert len(set(taken)) == 1
    assert len(desk.runs.confs) == 1
    assert len(desk.ledger.orders.all()) == 1


def test_a_key_stands_for_one_body(desk):
    order(desk, key="order-17")

    with pytest.raises(Conflict, match="stands for another request"):
        order(desk, make_learner_record(2), key="order-17")
    assert len(desk.runs.confs) == 1


def test_another_person_s_key_is_another_key(desk):
    [one], [other] = order(desk, key="order-17"), order(desk, key="order-17", who="other")

    assert one.video_id != other.video_id


def test_an_order_whose_run_was_not_started_is_started_when_it_is_sent_again(desk):
    desk.runs.away = True
    with pytest.raises(Unavailable) as refused:
        order(desk, key="order-17")
    desk.runs.away = False

    [taken] = order(desk, key="order-17")

    assert refused.value.retry_after
    assert "secret" not in str(refused.value)
    assert list(desk.runs.confs) == [f"order__{taken.video_id}"]


def test_whoever_may_not_start_runs_leaves_no_record_behind(desk):
    desk.runs.forbids = True

    with pytest.raises(NotAllowed):
        order(desk)

    assert not list((desk.workspace.root / "orders").iterdir())


def test_a_profile_and_content_are_as_good_as_a_record(desk):
    record = json.loads(RECORD.model_dump_json())
    body = {"user_profile": record.pop("learner"), "content": record}

    answer = send(desk, "POST", "/create-video", json=body)

    assert answer.status_code == 202
    [kept] = (desk.workspace.root / "orders").rglob("record.json")
    assert json.loads(kept.read_text())["learner"]["id"] == RECORD.learner.id


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"record": None}, "needs a record"),
        ({"user_profile": {"id": "L-2", "name": "Bo"}}, "one or the other"),
        ({"persona": "nobody"}, "No persona is called"),
        ({"formats": ["cinema"]}, "No format is called"),
        ({"publishers": ["pigeon"]}, "No publisher is called"),
        ({"webhook": "https://hooks.example.org"}, "sends no webhooks"),
        ({"seconds": 5}, "does not fit"),
        ({"colour": "red"}, "does not fit"),
    ],
)
def test_what_the_run_would_refuse_is_refused_at_once(desk, change, told):
    body = {"record": json.loads(RECORD.model_dump_json())} | change

    answer = send(desk, "POST", "/create-video", json=body)

    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert desk.ledger.orders.all() == ()


def test_a_record_that_contradicts_itself_is_refused_with_the_place(desk):
    record = json.loads(RECORD.model_dump_json())
    record["answers"][0]["user_answer"] = record["answers"][0]["correct_answer"]

    answer = send(desk, "POST", "/create-video", json={"record": record})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/record/answers/0/is_correct"


def test_a_viewer_orders_nothing(desk):
    with pytest.raises(NotAllowed):
        order(desk, who="viewer")
    assert desk.ledger.orders.all() == ()


def test_an_order_that_was_cancelled_before_its_run_began_counts_again_when_it_is_wanted_after_all(desk):
    desk.runs.away = True
    with pytest.raises(Unavailable):
        order(desk, key="order-17")
    desk.runs.away = False
    [noted] = desk.ledger.orders.all()

    cancelled = send(desk, "POST", f"/videos/{noted.video_id}/cancel")
    order(desk, key="order-17")
    assert (cancelled.status_code, desk.runs.confs) == (200, {})
    refused = send(desk, "POST", f"/videos/{noted.video_id}/retry")
    order(desk, key="order-17")

    assert refused.status_code == 409
    assert "idempotency key" in refused.json()["remedy"]
    assert list(desk.runs.confs) == [noted.run_id]
    assert desk.ledger.orders.order(noted.video_id).state is OrderState.STARTED


def test_an_order_that_came_to_no_lesson_is_listed_as_what_it_is(desk):
    taken = [order(desk, make_learner_record(number))[0].video_id for number in (1, 2, 3)]
    refused, cancelled, waiting = taken
    desk.ledger.begin_run(f"order__{refused}")
    desk.ledger.end_run(f"order__{refused}", passed=False)
    send(desk, "POST", f"/videos/{cancelled}/cancel")

    def listed(query: str = "") -> dict[str, str]:
        answer = VideoList.model_validate_json(send(desk, "GET", f"/videos{query}").content)
        assert answer.total == len(answer.items)
        return {each.video_id: each.status.value for each in answer.items}

    assert listed() == {refused: "failed", cancelled: "cancelled", waiting: "queued"}
    assert listed("?status=queued") == {waiting: "queued"}
    assert listed("?status=cancelled&status=failed") == {refused: "failed", cancelled: "cancelled"}
