from __future__ import annotations

import json
from html.parser import HTMLParser

from presgen.alerting import Group, Link, Notice, NoticeKind
from presgen.alerting.mail import html_of, message_of, payload_of, subject_of, text_of


def make_notice(**fields) -> Notice:
    defaults = {
        "kind": NoticeKind.MANY_FAILURES,
        "run_id": "scheduled__2026-11-23T02:00:00+00:00",
        "title": "3 of 10 lessons failed",
        "summary": "That is 30% of the night.",
        "since": "2026-11-23T02:10:00Z",
        "at": "2026-11-23T03:00:00Z",
        "affected": 3,
        "of": 10,
        "facts": (("Delivered", "7 of 10 lessons"),),
        "likely_cause": "CorruptMedia, 3 times.",
        "groups": (Group(cause="CorruptMedia", count=3, example="No frame.", todo="Type `presgen x`."),),
        "todo": ("Look at the log.",),
        "links": (Link(label="The run", url="https://airflow.example.org/runs/1"),),
    }
    return Notice(**defaults | fields)


class Words(HTMLParser):
    """Collects what a reader sees."""

    def __init__(self):
        super().__init__()
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("style", "title")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("style", "title")

    def handle_data(self, data):
        if not self.hidden:
            self.words += data.split()


def seen(page: str) -> str:
    words = Words()
    words.feed(page)
    return " ".join(words.words)


def test_both_parts_say_the_same():
    notice = make_notice()

    for text in (text_of(notice), seen(html_of(notice))):
        flat = " ".join(text.replace("`", "").split())
        for told in (notice.title, notice.summary, "CorruptMedia, 3 times.", "7 of 10 lessons", "No frame."):
            assert told in flat
        assert "Type presgen x" in flat
        assert "23 Nov, 02:10 UTC" in flat
        assert "docs/operations.md" in flat


def test_a_message_has_two_parts_an_id_of_its_topic_and_no_wish_for_answers():
    mail = message_of(make_notice(), ["a@example.org", "b@example.org"], "PresGen <alerts@example.org>")

    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Message-ID"] == f"<presgen-{make_notice().key}@example.org>"
    assert mail["To"] == "a@example.org, b@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Mon, 23 Nov 2026 03:00:00 +0000"


def test_what_is_told_again_has_the_same_id_and_another_topic_another():
    def id_of(**fields):
        return message_of(make_notice(**fields), ["a@example.org"], "alerts@example.org")["Message-ID"]

    assert id_of() == id_of(at="2026-11-23T09:00:00Z", kind=NoticeKind.SECTION_FAILS_MANY)
    assert len({id_of(), id_of(kind=NoticeKind.DELIVERY_BLOCKED), id_of(run_id="another")}) == 3


def test_a_title_of_several_lines_makes_no_header_of_its_own():
    notice = make_notice(title="Late\r\nBcc: everybody@example.org")

    assert subject_of(notice) == "[PresGen] Late Bcc: everybody@example.org"
    assert message_of(notice, ["a@example.org"], "alerts@example.org")["Bcc"] is None


def test_what_an_error_says_is_text_and_never_markup_or_template():
    hostile = "<img src=x onerror=alert(1)> {{ 7*7 }} `<b>`"
    notice = make_notice(likely_cause=hostile, groups=(Group(cause=hostile, count=1, example=hostile),))

    page = html_of(notice)

    assert "<img" not in page
    assert "<b>" not in page
    assert "{{ 7*7 }}" in seen(page)


def test_a_notice_of_nothing_but_a_title_still_reads_well():
    bare = make_notice(facts=(), groups=(), todo=(), links=())

    assert "What to do" not in text_of(bare)
    assert "Causes" not in seen(html_of(bare))
    assert "\n\n\n" not in text_of(bare)
    assert "\n\n\n" not in text_of(make_notice())


def test_chat_gets_a_text_and_machines_the_whole():
    payload = payload_of(make_notice())

    assert payload["text"].startswith("*[PresGen] 3 of 10 lessons failed*")
    assert "• CorruptMedia: 3" in payload["text"]
    assert Notice.model_validate(json.loads(json.dumps(payload))["notice"]) == make_notice()
