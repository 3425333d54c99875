"""A mail server on loopback that keeps what it gets."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """Takes mail while it is open. It keeps its port, so that it can be away for a while and come back."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._lock = threading.Lock()
        self._mails: list[EmailMessage] = []
        self._controller: Controller | None = None
        self.on_mail: Callable[[], None] = lambda: None
        """Called before a mail is answered for."""

    @property
    def mails(self) -> list[EmailMessage]:
        """Everything that has arrived."""
        with self._lock:
            return list(self._mails)

    @property
    def connection(self) -> str:
        """The server as Airflow's connection, in JSON."""
        extra = {"disable_tls": True, "disable_ssl": True, "from_email": "PresGen <alerts@example.org>"}
        return json.dumps({"conn_type": "smtp", "host": "127.0.0.1", "port": self.port, "extra": extra})

    def open(self) -> None:
        """Take mail from now on."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        """Be away."""
        if self._controller is not None:
            with suppress(RuntimeError):
                self._controller.stop()
            self._controller = None

    def of(self, run_id: str) -> list[EmailMessage]:
        """Return what has arrived about a run."""
        return [mail for mail in self.mails if run_id in plain(mail)]

    def wait_for(self, run_id: str, patience: float = 300.0) -> EmailMessage:
        """Return the first mail about a run when it has come."""
        until = time.monotonic() + patience
        while not (found := self.of(run_id)):
            assert time.monotonic() < until, f"no mail about {run_id}: {[m['Subject'] for m in self.mails]}"
            time.sleep(0.5)
        return found[0]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        """Keep a mail: aiosmtpd calls this."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        with self._lock:
            self._mails.append(mail)
        self.on_mail()
        return "250 Taken"


def plain(mail: EmailMessage) -> str:
    """Return a mail's plain part."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html(mail: EmailMessage) -> str:
    """Return a mail's HTML part."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())
