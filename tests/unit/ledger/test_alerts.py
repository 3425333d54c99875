from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from presgen.ledger import Ledger
from presgen.ledger.alerts import Claim

NOW = timedelta(0)


def reserve(ledger: Ledger, run_id: str = "run-1", topic: str = "lateness", **fields) -> Claim:
    return ledger.alerts.reserve(run_id, topic, "mail", "deadline_missed", **fields)


def test_an_alert_that_was_sent_is_nobody_s_turn_again(ledger):
    assert reserve(ledger) is Claim.OURS
    ledger.alerts.note_sent("run-1", "lateness", "mail")

    assert reserve(ledger) is Claim.SENT
    assert reserve(ledger, stale=NOW) is Claim.SENT
    [entry] = ledger.alerts.of_run("run-1")
    assert (entry.kind, entry.tries, bool(entry.sent)) == ("deadline_missed", 1, True)


def test_while_somebody_sends_others_wait(ledger):
    reserve(ledger)

    assert reserve(ledger) is Claim.BUSY


def test_what_a_dead_process_reserved_is_taken_over_once(ledger):
    reserve(ledger)

    assert reserve(ledger, stale=NOW) is Claim.OURS
    assert reserve(ledger) is Claim.BUSY
    [entry] = ledger.alerts.of_run("run-1")
    assert entry.tries == 2


def test_what_certainly_did_not_arrive_may_be_sent_at_once(ledger):
    reserve(ledger)
    ledger.alerts.release("run-1", "lateness", "mail")

    assert reserve(ledger) is Claim.OURS


def test_what_was_sent_is_not_released(ledger):
    reserve(ledger)
    ledger.alerts.note_sent("run-1", "lateness", "mail")
    ledger.alerts.release("run-1", "lateness", "mail")

    assert reserve(ledger) is Claim.SENT


def test_each_night_topic_and_channel_has_an_alert_of_its_own(ledger):
    assert reserve(ledger) is Claim.OURS
    assert reserve(ledger, run_id="run-2") is Claim.OURS
    assert reserve(ledger, topic="lessons") is Claim.OURS
    assert ledger.alerts.reserve("run-1", "lateness", "webhook", "deadline_missed") is Claim.OURS


def test_of_many_who_see_the_same_at_once_one_sends(ledger):
    with ThreadPoolExecutor(12) as pool:
        claims = list(pool.map(lambda _: reserve(ledger), range(12)))

    assert sorted(claims) == [Claim.BUSY] * 11 + [Claim.OURS]
