"""What Drive, or somebody on the way there, may answer, and whether asking again helps."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import httplib2
import pytest
from google.auth.exceptions import RefreshError, TransportError

from presgen.errors import DeliveryBlocked, StoreUnavailable
from presgen.publishing.drive.line import LONGEST_PAUSE, LONGEST_WISH, TRIES, Line, Refusal

PORTAL = b"<html>Welcome! Log in to use this network.</html>"


def answered(*answers: Any, pauses: list[float] | None = None) -> Any:
    """Ask once over a line whose other end says these things, one after the other, the last one for ever."""
    left = list(answers)

    def request(*_: Any, **__: Any) -> Any:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        status, content, *headers = answer
        return httplib2.Response({"status": status, **dict(*headers)}), content

    http = SimpleNamespace(request=request, close=lambda: None)
    asked = SimpleNamespace(http=http, uri="https://drive/", method="GET", body=None, headers={})
    return Line(SimpleNamespace(), (pauses if pauses is not None else []).append).call(asked)


@pytest.mark.parametrize(
    "trouble",
    [
        (200, PORTAL),
        (302, b""),
        (503, PORTAL),
        TransportError(httplib2.ServerNotFoundError("Unable to find the server at oauth2.googleapis.com")),
        RefreshError("internal_failure", retryable=True),
        httplib2.ServerNotFoundError("Unable to find the server at www.googleapis.com"),
        ConnectionResetError(),
    ],
    ids=str,
)
def test_who_stands_in_the_way_for_a_while_is_waited_for(trouble):
    assert answered(trouble, trouble, (200, b'{"id": "1"}')) == {"id": "1"}
    with pytest.raises(StoreUnavailable, match=f"{TRIES} times in a row"):
        answered(trouble)


def test_waiting_takes_about_a_minute_in_pauses_that_grow_up_to_a_limit(monkeypatch):
    monkeypatch.setattr("random.uniform", lambda _, longest: longest / 2)
    pauses: list[float] = []

    with pytest.raises(StoreUnavailable):
        answered((503, b""), pauses=pauses)

    assert pauses == [0.5, 1, 2, 4, 8, 16, 16]
    assert max(pauses) == LONGEST_PAUSE / 2


AS_WE_LIKE = 0.25
AT_NINE = format_datetime(datetime(2026, 11, 1, 9, tzinfo=UTC), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "17"}, 17),
        ({"retry-after": "1000"}, LONGEST_WISH),
        ({"retry-after": "Sun, 01 Nov 2026 09:00:17 GMT", "date": AT_NINE}, 17),
        ({"retry-after": "Sun, 01 Nov 2026 09:00:17 -0000", "date": AT_NINE}, 17),
        ({"retry-after": "Sun, 01 Nov 2026 10:00:00 GMT", "date": AT_NINE}, LONGEST_WISH),
        ({"retry-after": "Tue, 01 Nov 2099 09:00:00 GMT"}, LONGEST_WISH),
        ({"retry-after": "Sun, 01 Nov 2026 08:59:00 GMT", "date": AT_NINE}, AS_WE_LIKE),
        ({"retry-after": "soon", "date": AT_NINE}, AS_WE_LIKE),
        ({"retry-after": "Sun, 99 Nov 2026 09:00:00 GMT"}, AS_WE_LIKE),
        ({}, AS_WE_LIKE),
    ],
    ids=str,
)
def test_drive_is_waited_for_as_long_as_it_asks_up_to_a_limit(monkeypatch, headers, wait):
    monkeypatch.setattr("random.uniform", lambda *_: AS_WE_LIKE)
    pauses: list[float] = []

    answered((429, b"", headers), (200, b"{}"), pauses=pauses)

    assert pauses == [wait]


def test_a_date_to_wait_for_is_held_against_our_clock_where_drive_tells_no_time():
    pauses: list[float] = []
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)

    answered((503, b"", {"retry-after": soon}), (200, b"{}"), pauses=pauses)

    assert 30 < pauses[0] <= 60


@pytest.mark.parametrize("refused", [RefreshError("invalid_grant"), (401, b"")], ids=str)
def test_who_is_not_let_in_is_told_at_once(refused):
    pauses: list[float] = []

    with pytest.raises(DeliveryBlocked, match="Renew the key"):
        answered(refused, pauses=pauses)

    assert pauses == []


def test_a_refusal_has_the_reason_and_nothing_of_the_message():
    error = {"errors": [{"reason": "notFound"}], "message": "ada@example.org has no account"}

    with pytest.raises(Refusal) as refused:
        answered((404, json.dumps({"error": error}).encode()))

    assert str(refused.value) == "404 notFound"
