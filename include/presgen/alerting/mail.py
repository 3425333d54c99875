"""A notice as mail, in plain text and HTML, and as JSON for chat and paging services."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from presgen.alerting.notice import Notice, NoticeKind
from presgen.alerting.picture import clock, moment_of

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

URGENT = frozenset({NoticeKind.RUN_FAILED, NoticeKind.MANY_FAILURES, NoticeKind.DELIVERY_BLOCKED})
"""What learners miss their lessons for unless somebody acts."""

LABELS = {
    NoticeKind.DEADLINE_MISSED: "Deadline missed",
    NoticeKind.LESSONS_SLOW: "Slow lessons",
    NoticeKind.MANY_FAILURES: "Many failures",
    NoticeKind.SECTION_FAILS_MANY: "A section fails for many",
    NoticeKind.DELIVERY_BLOCKED: "Delivery blocked",
    NoticeKind.RUN_FAILED: "Run failed",
}

_EMPTY = re.compile(r"\n{3,}")
_CODE = re.compile(r"`([^`]+)`")


def message_of(notice: Notice, to: Sequence[str], sender: str) -> EmailMessage:
    """Return the notice as a mail with a plain and an HTML part.

    What is told of the same night and topic again has the same Message-ID.
    """
    mail = EmailMessage()
    mail["Subject"] = subject_of(notice)
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(moment_of(notice.at))
    mail["Message-ID"] = f"<presgen-{notice.key}@{_domain(sender)}>"
    # What nobody typed should not be answered by machines.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-PresGen-Alert"] = notice.kind.value
    if notice.kind in URGENT:
        mail["Importance"] = "high"
    mail.set_content(text_of(notice))
    mail.add_alternative(html_of(notice), subtype="html")
    return mail


def subject_of(notice: Notice) -> str:
    """Return the subject: what has happened, with its numbers."""
    return " ".join(f"[PresGen] {notice.title}".split())


def text_of(notice: Notice) -> str:
    """Return the notice as plain text."""
    written = _environment().get_template("notice.txt.jinja").render(**_values(notice))
    # Where a part is left out, the empty lines around it are.
    return _EMPTY.sub("\n\n", written).strip() + "\n"


def html_of(notice: Notice) -> str:
    """Return the notice as a page for mail clients: one column, colours beside every text, light and dark."""
    return _environment().get_template("notice.html.jinja").render(**_values(notice))


def payload_of(notice: Notice) -> dict[str, Any]:
    """Return the notice as JSON: ``text`` is what Slack and its like show, the rest is for machines."""
    lines = [f"*{subject_of(notice)}*", notice.summary, f"Likely cause: {notice.likely_cause}"]
    lines += [f"• {group.cause}: {group.count}" for group in notice.groups]
    lines += [f"<{link.url}|{link.label}>" for link in notice.links]
    return {"text": "\n".join(lines), "id": notice.key, "notice": notice.model_dump(mode="json")}


def _values(notice: Notice) -> dict[str, Any]:
    return {
        "notice": notice,
        "label": LABELS[notice.kind],
        "urgent": notice.kind in URGENT,
        "since": clock(moment_of(notice.since)),
        "at": clock(moment_of(notice.at)),
    }


def _domain(sender: str) -> str:
    try:
        return Address(addr_spec=sender.rpartition("<")[2].rstrip("> ")).domain or "localhost"
    except (ValueError, IndexError):
        return "localhost"


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import DictLoader, StrictUndefined, select_autoescape
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup, escape

    def code(text: str) -> Markup:
        """Return text whose parts between backticks are marked as such."""
        style = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:0.92em;white-space:pre-wrap"
        parts = _CODE.split(text)
        return Markup().join(
            Markup('<code style="{}">{}</code>').format(style, part) if number % 2 else escape(part)
            for number, part in enumerate(parts)
        )

    folder = resources.files("presgen.alerting") / "templates"
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(
            {name: (folder / name).read_text("utf-8") for name in ("notice.txt.jinja", "notice.html.jinja")}
        ),
        autoescape=select_autoescape(("html.jinja",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = code
    return environment
