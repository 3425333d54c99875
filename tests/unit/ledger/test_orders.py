from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import product

from presgen.ledger import Ledger, NoticeState, OrderEntry, OrderState, orders
from presgen.ledger.orders import WAYS


def reserve(ledger: Ledger, video_id: str, **fields: str | None) -> OrderEntry:
    defaults: dict[str, str | None] = {
        "by": "ada",
        "key": "key-1",
        "body": "b" * 64,
        "pseudonym": "learner-abcdefghijkl",
        "lesson_id": "lesson-1",
        "run_id": f"order__{video_id}",
    }
    return ledger.orders.reserve(video_id, **defaults | fields)


def test_an_order_is_found_by_its_video_its_run_its_lesson_and_its_learner(ledger):
    made = reserve(ledger, "video-1", webhook="https://hooks.example.org/?token=secret")

    orders = ledger.orders
    assert made.state is OrderState.RESERVED
    assert orders.order("video-1") == made
    for found in (
        orders.of_run("order__video-1"),
        orders.of_lesson("lesson-1"),
        orders.of_learner("learner-abcdefghijkl"),
        orders.all(),
    ):
        assert found == (made,)
    assert orders.order("video-2") is None
    assert "secret" not in repr(made)


def test_a_key_means_the_order_it_was_first_used_for(ledger):
    first = reserve(ledger, "video-1")

    assert reserve(ledger, "video-2", body="c" * 64) == first
    assert ledger.orders.all() == (first,)


def test_a_key_is_one_person_s_own(ledger):
    reserve(ledger, "video-1")

    assert reserve(ledger, "video-2", by="bo").video_id == "video-2"


def test_without_a_key_every_order_is_a_new_one(ledger):
    made = [reserve(ledger, f"video-{number}", key=None).video_id for number in range(3)]

    assert made == ["video-0", "video-1", "video-2"]


def test_of_many_who_ask_at_once_one_makes_the_order(ledger):
    with ThreadPoolExecutor(20) as pool:
        found = set(pool.map(lambda number: reserve(ledger, f"video-{number}").video_id, range(20)))

    assert len(found) == 1
    assert len(ledger.orders.all()) == 1


def test_an_order_moves_on(ledger):
    reserve(ledger, "video-1")

    assert ledger.orders.move("video-1", OrderState.STARTED)

    assert ledger.orders.order("video-1").state is OrderState.STARTED


def test_an_order_goes_only_where_it_may_and_stays_where_it_is(ledger):
    for before, to in product(OrderState, OrderState):
        video = f"{before.value}-{to.value}"
        reserve(ledger, video, key=None)
        assert ledger.orders.move(video, before)
        stood = ledger.orders.order(video)

        moved = ledger.orders.move(video, to)

        found = ledger.orders.order(video)
        assert moved is (to is before or to in WAYS[before]), video
        assert found.state is (to if moved else before), video
        assert (found == stood) is (not moved or to is before), video


def test_what_was_cancelled_is_not_started_by_whoever_comes_late(ledger):
    reserve(ledger, "video-1")

    assert ledger.orders.move("video-1", OrderState.CANCELLED)
    assert not ledger.orders.move("video-1", OrderState.STARTED)

    assert ledger.orders.order("video-1").state is OrderState.CANCELLED


def test_of_two_who_move_an_order_apart_one_is_told_that_it_was_too_late(ledger):
    """Cancelled and found lost at once: neither may follow the other."""
    for number in range(20):
        reserve(ledger, f"video-{number}", key=None)
    with ThreadPoolExecutor(2) as pool:
        for number in range(20):
            ends = (OrderState.CANCELLED, OrderState.LOST)
            told = list(pool.map(partial(ledger.orders.move, f"video-{number}"), ends))
            [end] = [end for end, moved in zip(ends, told, strict=True) if moved]
            assert ledger.orders.order(f"video-{number}").state is end


def test_an_order_that_is_not_there_goes_nowhere(ledger):
    assert not ledger.orders.move("video-1", OrderState.STARTED)


def test_orders_wait_until_their_run_has_come_to_something(ledger):
    for number in range(4):
        reserve(ledger, f"video-{number}", key=None, lesson_id=f"lesson-{number}")
    entered = {"pseudonym": "learner-abcdefghijkl", "certification": "c", "record": "r"}
    ledger.begin_run("order__video-0")
    ledger.enter_lesson("order__video-0", "lesson-0", **entered)
    ledger.begin_run("order__video-1")
    ledger.end_run("order__video-1", passed=False)
    ledger.orders.move("video-2", OrderState.STARTED)
    reserve(ledger, "video-4", key=None)
    ledger.orders.move("video-4", OrderState.CANCELLED)

    found = ledger.orders.waiting(timedelta(0))

    assert [each.video_id for each in found] == ["video-3", "video-2"]
    assert [each.video_id for each in ledger.orders.waiting(timedelta(0), "video-2")] == ["video-2"]
    assert ledger.orders.waiting(timedelta(0), "video-0") == ()
    assert ledger.orders.waiting(timedelta(minutes=1)) == ()


def test_a_notice_is_taken_on_once_for_each_state_until_it_has_arrived(ledger):
    reserve(ledger, "video-1")
    orders = ledger.orders

    assert orders.claim_notice("video-1", "failed")
    assert not orders.claim_notice("video-1", "failed")
    assert orders.claim_notice("video-1", "published")
    orders.note_notice("video-1", "failed", NoticeState.WAITING)
    assert orders.claim_notice("video-1", "failed")
    orders.note_notice("video-1", "failed", NoticeState.DELIVERED)
    assert not orders.claim_notice("video-1", "failed")
    assert orders.notices("video-1") == {
        "failed": NoticeState.DELIVERED,
        "published": NoticeState.CLAIMED,
    }


def test_a_notice_that_somebody_died_over_is_taken_over_once(ledger, monkeypatch):
    reserve(ledger, "video-1")
    assert ledger.orders.claim_notice("video-1", "failed")
    monkeypatch.setattr(orders, "STALE", timedelta(0))
    claims = ledger.orders.claim_notice("video-1", "failed")
    monkeypatch.undo()

    assert claims
    assert not ledger.orders.claim_notice("video-1", "failed")


def test_a_notice_rests_between_two_tries(ledger):
    reserve(ledger, "video-1")
    ledger.orders.claim_notice("video-1", "failed")
    ledger.orders.note_notice("video-1", "failed", NoticeState.WAITING)

    assert not ledger.orders.claim_notice("video-1", "failed", rested=timedelta(minutes=1))
    assert ledger.orders.claim_notice("video-1", "failed")


def test_of_many_who_would_tell_at_once_one_does(ledger):
    reserve(ledger, "video-1")
    with ThreadPoolExecutor(10) as pool:
        first = list(pool.map(lambda _: ledger.orders.claim_notice("video-1", "failed"), range(10)))
    ledger.orders.note_notice("video-1", "failed", NoticeState.WAITING)
    with ThreadPoolExecutor(10) as pool:
        again = list(pool.map(lambda _: ledger.orders.claim_notice("video-1", "failed"), range(10)))

    assert (sum(first), sum(again)) == (1, 1)


def test_whoever_is_to_be_told_of_runs_that_have_ended_is_known_until_it_has_arrived(ledger):
    for number in range(4):
        webhook = "" if number == 3 else "https://hooks.example.org"
        reserve(ledger, f"video-{number}", key=None, webhook=webhook)
        ledger.begin_run(f"order__video-{number}")
    for number in (0, 1, 3):
        ledger.end_run(f"order__video-{number}", passed=True)
    for number, outcome in ((0, NoticeState.WAITING), (1, NoticeState.DELIVERED)):
        ledger.orders.claim_notice(f"video-{number}", "published")
        ledger.orders.note_notice(f"video-{number}", "published", outcome)

    assert [each.video_id for each in ledger.orders.untold(timedelta(days=1))] == ["video-0"]
    assert ledger.orders.untold(timedelta(0)) == ()
    ledger.end_run("order__video-1", passed=False)
    assert [each.video_id for each in ledger.orders.untold(timedelta(days=1))] == ["video-0", "video-1"]


def test_what_was_ordered_for_a_learner_goes_with_the_learner(ledger):
    reserve(ledger, "video-1")
    reserve(ledger, "video-2", key=None, pseudonym="learner-bbbbbbbbbbbb")
    ledger.orders.claim_notice("video-1", "published")

    gone = ledger.erasures.remove("learner-abcdefghijkl", [])

    assert gone == 2
    assert [each.video_id for each in ledger.orders.all()] == ["video-2"]
    assert ledger.orders.notices("video-1") == {}
