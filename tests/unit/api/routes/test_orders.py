from __future__ import annotations

import asyncio
import json

import pytest

from presgen import pipeline
from presgen.api.views import VideoList, VideoRequest
from presgen.client import Conflict, NotAllowed, Unavailable
from presgen.errors import BadInput
from presgen.ledger import OrderState
from presgen.night import Night
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
    [listed] = send(desk, "GET", "/videos").json()["items"]
    assert (listed["status"], listed["over"]) == ("failed", True)


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
    [again] = order(desk, key="order-17")
    assert (cancelled.status_code, again.status, desk.runs.confs) == (200, "cancelled", {})
    retried = send(desk, "POST", f"/videos/{noted.video_id}/retry")
    [after] = order(desk, key="order-17")

    assert (retried.status_code, after.status) == (200, "queued")
    assert list(desk.runs.confs) == [noted.run_id]
    assert desk.runs.calls.count(("start", noted.run_id)) == 2
    assert desk.ledger.orders.order(noted.video_id).state is OrderState.STARTED


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_order_that_is_cancelled_while_it_is_being_started_is_not_made(desk, monkeypatch, moment):
    """Cancelled before the scheduler has the run, or after, and before the ledger knows that it has."""
    start = desk.runs.start

    async def cancel() -> None:
        [noted] = desk.ledger.orders.all()
        async with client_of(desk) as somebody:
            await somebody.cancel(noted.video_id)

    async def slowly(request, run_id, conf):
        if moment == "before":
            await cancel()
        await start(request, run_id, conf)
        if moment == "after":
            await cancel()

    monkeypatch.setattr(desk.runs, "start", slowly)

    [taken] = order(desk)

    run = f"order__{taken.video_id}"
    assert taken.status == "cancelled"
    assert desk.ledger.orders.order(taken.video_id).state is OrderState.CANCELLED
    assert desk.runs.states[run] == "failed"
    told = send(desk, "GET", f"/videos/{taken.video_id}/status").json()
    assert (told["status"], told["error"]["type"]) == ("cancelled", "Cancelled")


def test_two_orders_for_the_same_learner_and_course_are_two_lessons(desk):
    taken = [order(desk, who=who)[0].video_id for who in ("owner", "other", "owner")]

    lessons = {desk.ledger.orders.order(video_id).lesson_id for video_id in taken}
    assert len(lessons) == 3


@pytest.mark.slow
def test_a_film_stays_what_its_owner_ordered_whatever_others_order_for_the_same_learner(desk):
    def make(who: str, **choices: object) -> str:
        [taken] = order(desk, who=who, **choices)
        run_id = f"order__{taken.video_id}"
        pipeline.produce(Night(run_id, desk.settings, desk.workspace, desk.ledger), f"order:{taken.video_id}")
        desk.runs.states[run_id] = "success"
        return taken.video_id

    def told(video_id: str) -> dict:
        found = send(desk, "GET", f"/videos/{video_id}").json()
        return {name: value for name, value in found.items() if name not in ("assets", "captions")}

    first = make("owner", persona="mentor")
    before, film = told(first), [each["sha256"] for each in told(first)["editions"]]
    second = make("other", persona="coach")
    after = told(first)
    theirs = send(desk, "GET", f"/videos/{second}", "other").json()

    assert (before["status"], before["persona"]) == ("published", "mentor")
    assert after == before
    assert (theirs["status"], theirs["persona"]) == ("published", "coach")
    assert [each["sha256"] for each in theirs["editions"]] != film
    assert send(desk, "GET", f"/videos/{second}").status_code == 404
    delivered = {desk.ledger.orders.order(each).lesson_id for each in (first, second)}
    assert {entry.lesson_id for entry in desk.ledger.lessons()} == delivered
    assert all(desk.ledger.assets(lesson, "folder") for lesson in delivered)


def test_a_run_of_an_order_that_was_cancelled_makes_nothing(desk):
    [taken] = order(desk)
    desk.ledger.orders.move(taken.video_id, OrderState.CANCELLED)
    night = Night(f"order__{taken.video_id}", desk.settings, desk.workspace, desk.ledger)

    with pytest.raises(BadInput, match="cancelled"):
        pipeline.load_learners(night, f"order:{taken.video_id}")

    assert desk.ledger.lessons() == ()


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
