"""Notices of how orders ended, to a server on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from presgen.api import webhooks
from presgen.api.webhooks import deliver, require_allowed, tell_ends
from presgen.errors import BadInput
from presgen.ledger import NoticeState, OrderState, orders
from presgen.model.lesson import LessonStatus
from tests.nights import make_night

SECRET = "a secret that signs webhooks"
HERE = ("127.0.0.0/8",)


class Receiver:
    """Somebody who is told, and answers what a test wants."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.talks: threading.Event | None = None
        """Until when an answer goes on; None: it ends at once."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                status = receiver.answers.pop(0) if receiver.answers else 204
                if status == 0:
                    self.connection.close()
                    return
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"http://127.0.0.1:{receiver.port}/elsewhere")
                self.end_headers()
                if receiver.talks:
                    self.wfile.flush()
                    receiver.talks.wait(10)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"


@pytest.fixture
def listening() -> Iterator[Any]:
    started: list[Receiver] = []

    def listen(*answers: int) -> Receiver:
        receiver = Receiver(*answers)
        threading.Thread(target=receiver.server.serve_forever, daemon=True).start()
        started.append(receiver)
        return receiver

    yield listen
    for receiver in started:
        receiver.server.shutdown()
        receiver.server.server_close()


def send(receiver: Receiver, hosts: tuple[str, ...] = HERE) -> tuple[NoticeState, list[float]]:
    pauses: list[float] = []
    url = httpx.URL(receiver.url)
    outcome = deliver(url, "video-1.published", b"{}", SECRET, hosts, sleep=pauses.append)
    return outcome, pauses


def test_a_notice_is_signed_with_its_id_and_its_moment(listening):
    receiver = listening()

    outcome, _ = send(receiver)

    assert outcome is NoticeState.DELIVERED
    [(headers, body)] = receiver.heard
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.digest(SECRET.encode(), signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{right}"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"


def test_a_notice_that_is_not_taken_is_sent_again_with_growing_pauses(listening):
    receiver = listening(503, 429, 200)

    outcome, pauses = send(receiver)

    assert outcome is NoticeState.DELIVERED
    assert len(receiver.heard) == 3
    assert pauses == sorted(pauses)
    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 1


def test_a_notice_that_nobody_takes_is_given_up(listening):
    receiver = listening(500, 500, 500, 500, 500)

    assert send(receiver)[0] is NoticeState.WAITING
    assert len(receiver.heard) == 4


def test_a_notice_that_nobody_is_there_for_waits(listening):
    receiver = listening()
    receiver.server.shutdown()
    receiver.server.server_close()

    outcome, pauses = send(receiver)

    assert (outcome, len(pauses)) == (NoticeState.WAITING, 3)


@pytest.mark.parametrize("status", [302, 400, 404, 410])
def test_no_redirect_is_followed_and_no_refusal_argued_with(listening, status):
    receiver = listening(status)

    assert send(receiver) == (NoticeState.REFUSED, [])
    assert len(receiver.heard) == 1


def test_a_notice_that_may_have_arrived_is_sent_again_so_that_its_receiver_can_tell(listening, monkeypatch):
    moments = iter((1_800_000_000, 1_800_000_007))
    monkeypatch.setattr(webhooks, "time", SimpleNamespace(time=lambda: next(moments)))
    receiver = listening(0, 204)

    assert send(receiver)[0] is NoticeState.DELIVERED

    first, second = (headers for headers, _ in receiver.heard)
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    assert first["webhook-signature"] != second["webhook-signature"]
    assert len({body for _, body in receiver.heard}) == 1


def test_what_a_receiver_says_beside_its_status_is_not_waited_for(listening, monkeypatch):
    monkeypatch.setattr(webhooks, "_TIMEOUT", 1.0)
    receiver = listening(200)
    receiver.talks = threading.Event()

    outcome, pauses = send(receiver)
    receiver.talks.set()

    assert (outcome, pauses) == (NoticeState.DELIVERED, [])


def test_a_listed_name_that_leads_to_a_private_address_is_refused(listening, monkeypatch):
    receiver = listening()
    url = httpx.URL(f"https://localhost:{receiver.port}/")

    assert require_allowed(str(url), ("localhost",), SECRET) == url
    with pytest.raises(BadInput, match="private address"):
        deliver(url, "video-1.published", b"{}", SECRET, ("localhost",))
    assert receiver.heard == []


@pytest.mark.parametrize(
    "address", ["::ffff:10.0.0.1", "fe80::1", "169.254.169.254", "0.0.0.0", "100.64.0.1"]
)
def test_private_addresses_are_told_in_all_their_clothes(address):
    assert not webhooks._is_public(webhooks.ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://hooks.example.org", ()),
        ("https://evil.example.org", ("hooks.example.org",)),
        ("https://hooks.example.org.evil.example", ("hooks.example.org",)),
        ("http://hooks.example.org", ("hooks.example.org",)),
        ("https://user:pass@hooks.example.org", ("hooks.example.org",)),
        ("https://hooks.example.org/#part", ("hooks.example.org",)),
        ("ftp://hooks.example.org", ("hooks.example.org",)),
        ("https://10.2.0.1", ("10.1.0.0/16",)),
        ("https://", ("hooks.example.org",)),
        ("https://[", ("hooks.example.org",)),
    ],
)
def test_addresses_that_are_not_on_the_list_are_refused(url, hosts):
    with pytest.raises(BadInput):
        require_allowed(url, hosts, SECRET)


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://Hooks.example.org/presgen?token=1", ("hooks.example.org",)),
        ("http://10.1.2.3:8080/", ("10.1.0.0/16",)),
    ],
)
def test_addresses_on_the_list_are_fine(url, hosts):
    assert require_allowed(url, hosts, SECRET).host


def test_a_short_secret_signs_nothing():
    with pytest.raises(BadInput, match="24 characters"):
        require_allowed("https://hooks.example.org", ("hooks.example.org",), "short")


def ordered(folder, receiver, **fields):
    night = make_night(folder, "order__video-1", webhook_hosts=HERE, webhook_secret=SECRET, **fields)
    night.ledger.begin_run(night.run_id)
    night.ledger.orders.reserve(
        "video-1",
        by="u-1",
        key=None,
        body="b",
        pseudonym="learner-a",
        lesson_id="lesson-1",
        run_id=night.run_id,
        webhook=receiver.url,
    )
    return night


def test_whoever_ordered_is_told_once_for_each_way_it_ended(tmp_path, listening):
    receiver = listening()
    night = ordered(tmp_path, receiver)
    entered = {"pseudonym": "learner-a", "certification": "c", "record": "r"}
    night.ledger.enter_lesson(night.run_id, "lesson-1", **entered)
    night.ledger.end("lesson-1", LessonStatus.FAILED, run_id=night.run_id, cause="BadScript", reason="Ada!")

    tell_ends(night)
    tell_ends(night)

    [(headers, body)] = receiver.heard
    message = json.loads(body)
    assert message["type"] == "video.failed"
    assert message["data"] == {"video_id": "video-1", "status": "failed", "cause": "BadScript"}
    assert headers["webhook-id"] == "video-1.failed"
    assert night.ledger.orders.notices("video-1") == {"failed": NoticeState.DELIVERED}


def test_a_record_that_was_set_aside_is_told_as_quarantined(tmp_path, listening):
    from presgen.model.learner import Quarantined

    receiver = listening()
    night = ordered(tmp_path, receiver)
    refused = Quarantined(pseudonym="learner-a", where="video-1", field="f", value="v", reason="r")
    night.ledger.set_quarantined(night.run_id, [refused])

    tell_ends(night)

    assert json.loads(receiver.heard[0][1])["data"]["status"] == "quarantined"


def fail(night):
    entered = {"pseudonym": "learner-a", "certification": "c", "record": "r"}
    night.ledger.enter_lesson(night.run_id, "lesson-1", **entered)
    night.ledger.end("lesson-1", LessonStatus.FAILED, run_id=night.run_id, cause="BadScript", reason="")
    night.ledger.end_run(night.run_id, passed=False)


def later(night, run_id="night-1"):
    """A run that ends later than that one."""
    return type(night)(run_id, night.settings, night.workspace, night.ledger)


@pytest.fixture
def hasty(monkeypatch):
    """Nobody waits between tries."""
    monkeypatch.setattr(webhooks, "_PAUSES", (0.0,))
    monkeypatch.setattr(webhooks, "REST", timedelta(0))


@pytest.mark.usefixtures("hasty")
def test_whoever_was_away_is_told_by_the_next_run_under_the_same_id(tmp_path, listening):
    receiver = listening(503, 503)
    night = ordered(tmp_path, receiver)
    fail(night)

    own = tell_ends(night)
    waited = night.ledger.orders.notices("video-1")
    other = tell_ends(later(night))
    tell_ends(later(night, "night-2"))

    assert (own, other) == ({NoticeState.WAITING}, frozenset())
    assert waited == {"failed": NoticeState.WAITING}
    assert night.ledger.orders.notices("video-1") == {"failed": NoticeState.DELIVERED}
    assert len(receiver.heard) == 3
    assert {headers["webhook-id"] for headers, _ in receiver.heard} == {"video-1.failed"}
    assert len({body for _, body in receiver.heard}) == 1


@pytest.mark.usefixtures("hasty")
def test_a_notice_that_was_cut_short_is_sent_by_somebody_else(tmp_path, listening, monkeypatch):
    receiver = listening()
    night = ordered(tmp_path, receiver)
    fail(night)

    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    monkeypatch.setattr(webhooks, "deliver", die)
    with pytest.raises(Killed):
        tell_ends(night)
    monkeypatch.undo()
    busy = tell_ends(night)
    assert (busy, receiver.heard) == ({NoticeState.CLAIMED}, [])
    monkeypatch.setattr(orders, "STALE", timedelta(0))

    assert tell_ends(night) == {NoticeState.DELIVERED}
    assert len(receiver.heard) == 1


@pytest.mark.usefixtures("hasty")
def test_whoever_refuses_is_not_asked_by_other_runs(tmp_path, listening):
    receiver = listening(410)
    night = ordered(tmp_path, receiver)
    fail(night)

    assert tell_ends(night) == {NoticeState.REFUSED}
    tell_ends(later(night))

    assert len(receiver.heard) == 1


def test_other_runs_leave_a_notice_alone_that_was_just_tried(tmp_path, listening, monkeypatch):
    monkeypatch.setattr(webhooks, "_PAUSES", ())
    receiver = listening(503)
    night = ordered(tmp_path, receiver)
    fail(night)
    tell_ends(night)

    tell_ends(later(night))

    assert len(receiver.heard) == 1


@pytest.mark.usefixtures("hasty")
def test_a_video_that_is_being_made_again_is_not_told_of_by_other_runs(tmp_path, listening):
    receiver = listening()
    night = ordered(tmp_path, receiver)
    fail(night)
    night.ledger.reset("lesson-1", run_id=night.run_id, why="asked for again")

    tell_ends(later(night))

    assert receiver.heard == []


@pytest.mark.usefixtures("hasty")
def test_a_run_tells_a_few_of_the_others_and_leaves_the_rest_to_the_next(tmp_path, listening, monkeypatch):
    monkeypatch.setattr(webhooks, "AT_ONCE", 2)
    receiver = listening()
    night = ordered(tmp_path, receiver)
    for number in (2, 3, 4):
        chosen = {"by": "u-1", "key": None, "body": "b", "pseudonym": "learner-a"}
        run_id, lesson_id = f"order__video-{number}", f"lesson-{number}"
        night.ledger.orders.reserve(
            f"video-{number}", **chosen, lesson_id=lesson_id, run_id=run_id, webhook=receiver.url
        )
        night.ledger.begin_run(run_id)
        night.ledger.end_run(run_id, passed=False)

    heard = []
    for run in range(3):
        tell_ends(later(night, f"night-{run}"))
        heard.append(len(receiver.heard))

    assert heard == [2, 3, 3]


def test_whoever_cancels_is_not_told(tmp_path, listening):
    receiver = listening()
    night = ordered(tmp_path, receiver)
    night.ledger.orders.move("video-1", OrderState.CANCELLED)
    night.ledger.end_run(night.run_id, passed=False)

    assert tell_ends(night) == frozenset()
    tell_ends(later(night))

    assert receiver.heard == []


def test_a_deployment_that_tells_nobody_any_more_goes_on_without(tmp_path, listening):
    receiver = listening()
    night = ordered(tmp_path, receiver)
    settings = night.settings.model_copy(update={"webhook_hosts": ()})

    tell_ends(type(night)(night.run_id, settings, night.workspace, night.ledger))

    assert receiver.heard == []
