"""What goes out by which channel, through Airflow's connections, to servers on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from presgen.alerting import Awaited, Notice, NoticeKind, run_failed_notice
from presgen.errors import BadInput
from presgen.model.base import Seconds
from presgen.model.lesson import LessonStatus
from presgen.model.references import NightReport
from presgen.pipeline import Night, name_of_run
from presgen_airflow.alerts import AlertNotSent, links_of, tell_if_late, tell_night, tell_of_failed_run
from presgen_airflow.notifiers import AlertNotTaken, MailNotifier, WebhookNotifier, address_of
from tests.mailbox import Mailbox, html, plain
from tests.nights import make_night

NOTICE = run_failed_notice(None, "run-1", "It failed.")
GOOD = NightReport(
    run_id="run-1",
    lessons={"published": 1},
    quarantined=0,
    sections_rendered=1,
    sections_reused=0,
    film=Seconds(60),
    failures={},
    passed=True,
)
BAD = GOOD.model_copy(update={"passed": False, "failures": {"CorruptMedia": 1}})


@pytest.fixture
def mailbox(monkeypatch) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    mailbox.open()
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", mailbox.connection)
    yield mailbox
    mailbox.close()


@pytest.fixture
def night(tmp_path, monkeypatch) -> Night:
    """A night with one lesson that is being rendered; whoever is on duty has an address."""
    for name, value in {"WORKSPACE": tmp_path / "workspace", "ALERT_TO": "night@example.org"}.items():
        monkeypatch.setenv(f"PRESGEN_{name}", str(value))
    night = make_night(tmp_path, alert_to=("night@example.org",))
    night.ledger.enter_lesson(
        "run-1", "lesson-1", pseudonym="learner-1", certification="networking", record="r" * 64
    )
    for step in (LessonStatus.SCRIPT_GENERATED, LessonStatus.AVATAR_RENDERING):
        night.ledger.advance("lesson-1", step, run_id="run-1")
    return night


def fail(night: Night) -> None:
    night.ledger.end("lesson-1", LessonStatus.FAILED, run_id="run-1", cause="CorruptMedia", reason="?")


def finish(night: Night) -> None:
    for step in (LessonStatus.AVATAR_VIDEOS_GENERATED, LessonStatus.QA_PASSED, LessonStatus.PUBLISHED):
        night.ledger.advance("lesson-1", step, run_id="run-1")
    night.ledger.end_run("run-1", passed=True)


class Hook:
    """A chat service that notes what is posted to it."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, str], Any]] = []
        self.status = 200

    def serve(self) -> HTTPServer:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hook.posts.append((self.path, dict(self.headers), body))
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        return HTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def hook(monkeypatch) -> Iterator[Hook]:
    hook = Hook()
    server = hook.serve()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = {
        "conn_type": "http",
        "host": "http://127.0.0.1",
        "port": server.server_port,
        "password": "/T0/s3cret",
    }
    monkeypatch.setenv("AIRFLOW_CONN_CHAT", json.dumps(address))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield hook
    server.shutdown()
    server.server_close()


def test_a_mail_has_both_parts_and_the_connection_s_sender(mailbox):
    MailNotifier(NOTICE, to=["a@example.org", "b@example.org"]).notify({})

    [mail] = mailbox.mails
    assert mail["From"] == "PresGen <alerts@example.org>"
    assert mail["To"] == "a@example.org, b@example.org"
    assert "The night failed" in plain(mail)
    assert "<h1" in html(mail)


def test_a_mail_server_that_is_away_is_told_from_a_mistake_of_the_deployment(mailbox, monkeypatch):
    mailbox.close()
    with pytest.raises(AlertNotTaken, match="'smtp_default' did not take it: ConnectionRefusedError"):
        MailNotifier(NOTICE, to=["a@example.org"]).notify({})

    mailbox.open()
    nobody = json.loads(mailbox.connection)
    del nobody["extra"]["from_email"]
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(nobody))
    with pytest.raises(BadInput, match="PRESGEN_ALERT_FROM"):
        MailNotifier(NOTICE, to=["a@example.org"]).notify({})


def test_a_webhook_gets_the_text_that_chat_shows_at_its_secret_address(hook):
    WebhookNotifier(NOTICE, http_conn_id="chat").notify({})

    [(path, headers, body)] = hook.posts
    assert path == "/T0/s3cret"
    assert headers["Idempotency-Key"] == NOTICE.key
    assert body["text"].startswith("*[PresGen] The night failed*")
    assert Notice.model_validate(body["notice"]) == NOTICE


def test_a_webhook_that_refuses_is_told_without_its_address(hook):
    hook.status = 410

    with pytest.raises(AlertNotTaken, match="'chat' did not take it: HTTPStatusError 410") as refused:
        WebhookNotifier(NOTICE, http_conn_id="chat").notify({})

    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"host": "https://hooks.example.org/services"}, "https://hooks.example.org/services"),
        ({"host": "hooks.example.org", "password": "T0/B0"}, "https://hooks.example.org/T0/B0"),
        ({"host": "10.0.0.5", "schema": "http", "port": 8080}, "http://10.0.0.5:8080"),
    ],
)
def test_a_webhook_s_address_is_what_its_connection_says(fields, address):
    from airflow.sdk import Connection

    assert address_of(Connection(conn_id="chat", conn_type="http", **fields)) == address


def test_a_good_night_tells_nobody(night, mailbox):
    finish(night)

    tell_night(night, GOOD, loaded=True)

    assert mailbox.mails == []


def test_a_bad_night_is_told_once_however_often_its_report_is_cleared(night, mailbox, monkeypatch, hook):
    monkeypatch.setenv("PRESGEN_ALERT_WEBHOOK", "chat")
    fail(night)

    for _ in range(3):
        tell_night(night, BAD, loaded=True)

    [mail] = mailbox.mails
    assert mail["X-PresGen-Alert"] == NoticeKind.MANY_FAILURES.value
    assert len(hook.posts) == 1


def test_a_bad_night_that_could_not_be_told_is_tried_again(night, mailbox):
    fail(night)
    mailbox.close()
    with pytest.raises(AlertNotSent):
        tell_night(night, BAD, loaded=True)
    mailbox.open()

    tell_night(night, BAD, loaded=True)

    assert len(mailbox.mails) == 1


def test_a_night_whose_deadline_nobody_kept_is_told_late_by_its_report(night, mailbox):
    finish(night)
    now = datetime.now(UTC)
    awaited = Awaited(run_id="run-1", since=now - timedelta(hours=5), due=now - timedelta(hours=1))

    tell_night(night, GOOD, loaded=True, awaited=awaited)
    tell_night(night, GOOD, loaded=True, awaited=awaited)

    [mail] = mailbox.mails
    assert mail["Subject"] == "[PresGen] The night ended 1 h after its deadline"


def test_a_deadline_that_passes_twice_is_told_once(night, mailbox):
    now = datetime.now(UTC)
    awaited = Awaited(run_id="run-1", since=now - timedelta(hours=4), due=now)

    assert tell_if_late(awaited)
    assert tell_if_late(awaited)

    [mail] = mailbox.mails
    assert mail["Subject"] == "[PresGen] The night is late: 1 of 1 lesson not done"


def test_a_run_that_fails_without_its_report_is_told_by_airflow(night, mailbox):
    for _ in range(2):
        tell_of_failed_run({"run_id": "run-1", "reason": "all_tasks_deadlocked"})

    [mail] = mailbox.mails
    assert mail["X-PresGen-Alert"] == NoticeKind.RUN_FAILED.value
    assert "all_tasks_deadlocked" in plain(mail)


def test_a_run_whose_report_has_told_is_not_told_again_by_airflow(night, mailbox):
    fail(night)
    night.ledger.end_run("run-1", passed=False)
    night.workspace.save("reports", name_of_run("run-1"), BAD)
    tell_night(night, BAD, loaded=True)

    tell_of_failed_run({"run_id": "run-1", "reason": "task_failure"})

    assert len(mailbox.mails) == 1


def test_what_the_report_could_not_tell_is_told_when_the_run_has_failed(night, mailbox):
    fail(night)
    night.ledger.end_run("run-1", passed=False)
    night.workspace.save("reports", name_of_run("run-1"), BAD)

    tell_of_failed_run({"run_id": "run-1", "reason": "task_failure"})

    [mail] = mailbox.mails
    assert mail["X-PresGen-Alert"] == NoticeKind.MANY_FAILURES.value


def test_a_ledger_that_is_away_is_no_reason_to_keep_quiet(night, mailbox, monkeypatch):
    monkeypatch.setenv("PRESGEN_LEDGER_URL", "postgresql+psycopg2://u:p@127.0.0.1:1/none?connect_timeout=2")

    tell_of_failed_run({"run_id": "run-1", "reason": "task_failure"})

    [mail] = mailbox.mails
    assert mail["X-PresGen-Alert"] == NoticeKind.RUN_FAILED.value


def test_where_nobody_is_on_duty_the_log_says_so(night, mailbox, monkeypatch):
    from structlog.testing import capture_logs

    monkeypatch.setenv("PRESGEN_ALERT_TO", "")
    fail(night)
    quiet = make_night(night.settings.output.parent, alert_to=())

    with capture_logs() as logs:
        tell_night(quiet, BAD, loaded=True)

    assert [line["kind"] for line in logs if line["event"] == "nobody_to_alert"] == ["many_failures"]
    assert mailbox.mails == []


def test_links_lead_to_the_run_wherever_airflow_is(monkeypatch):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.example.org/below/")

    lessons, run = links_of("scheduled__2026-11-23T02:00:00+00:00")

    assert lessons.url == (
        "https://airflow.example.org/below/plugin/presgen/presgen/nights/"
        "scheduled__2026-11-23T02%3A00%3A00%2B00%3A00"
    )
    assert run.url.startswith("https://airflow.example.org/below/dags/produce_lessons/runs/scheduled__")
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "/")
    assert links_of("run-1") == ()
