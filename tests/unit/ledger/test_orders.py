from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from presgen.ledger import Ledger, NoticeState, OrderEntry, OrderState


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

    ledger.orders.move("video-1", OrderState.STARTED)

    assert ledger.orders.order("video-1").state is OrderState.STARTED


def test_a_notice_is_taken_on_once_for_each_state_and_again_only_when_it_surely_did_not_arrive(ledger):
    reserve(ledger, "video-1")
    orders = ledger.orders

    assert orders.claim_notice("video-1", "failed")
    assert not orders.claim_notice("video-1", "failed")
    assert orders.claim_notice("video-1", "published")
    orders.note_notice("video-1", "failed", NoticeState.REFUSED)
    assert orders.claim_notice("video-1", "failed")
    orders.note_notice("video-1", "failed", NoticeState.DELIVERED)
    assert not orders.claim_notice("video-1", "failed")
    assert orders.notices("video-1") == {
        "failed": NoticeState.DELIVERED,
        "published": NoticeState.CLAIMED,
    }


def test_what_was_ordered_for_a_learner_goes_with_the_learner(ledger):
    reserve(ledger, "video-1")
    reserve(ledger, "video-2", key=None, pseudonym="learner-bbbbbbbbbbbb")
    ledger.orders.claim_notice("video-1", "published")

    gone = ledger.erasures.remove("learner-abcdefghijkl", [])

    assert gone == 2
    assert [each.video_id for each in ledger.orders.all()] == ["video-2"]
    assert ledger.orders.notices("video-1") == {}
