from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from presgen.alerting import NoticeKind, Told, run_failed_notice, tell
from tests.unit.alerting.conftest import NIGHT

NOTICE = run_failed_notice(None, NIGHT, "It failed.")


def test_a_notice_goes_out_once_by_each_channel(book):
    sent = []
    channels = {"mail": sent.append, "webhook": sent.append}

    first = tell(book.ledger, NOTICE, channels)
    again = tell(book.ledger, NOTICE, channels)

    assert sent == [NOTICE, NOTICE]
    assert set(first.values()) == {Told.SENT}
    assert set(again.values()) == {Told.BEFORE}


def test_a_channel_that_is_away_is_tried_again_and_keeps_no_other_back(book):
    sent = []

    def away(notice):
        raise ConnectionRefusedError

    told = tell(book.ledger, NOTICE, {"mail": away, "webhook": sent.append})

    assert told == {"mail": Told.FAILED, "webhook": Told.SENT}
    assert tell(book.ledger, NOTICE, {"mail": sent.append}) == {"mail": Told.SENT}
    assert len(sent) == 2


def test_another_kind_of_the_same_topic_is_not_told_again(book):
    sent = []
    first = NOTICE.model_copy(update={"kind": NoticeKind.MANY_FAILURES})
    second = NOTICE.model_copy(update={"kind": NoticeKind.SECTION_FAILS_MANY})

    tell(book.ledger, first, {"mail": sent.append})
    told = tell(book.ledger, second, {"mail": sent.append})

    assert sent == [first]
    assert told == {"mail": Told.BEFORE}


def test_who_dies_while_sending_is_followed_by_one_who_sends_the_same_message(book):
    class Killed(BaseException):
        pass

    sent = []

    def die(notice):
        sent.append(notice.key)
        raise Killed

    with suppress(Killed):
        tell(book.ledger, NOTICE, {"mail": die})

    assert tell(book.ledger, NOTICE, {"mail": die}) == {"mail": Told.BUSY}
    late = tell(book.ledger, NOTICE, {"mail": lambda each: sent.append(each.key)}, stale=timedelta(0))
    assert late == {"mail": Told.SENT}
    assert sent == [NOTICE.key, NOTICE.key]
