"""A notice's ways out, as Airflow's notifiers: mail by the SMTP provider, and JSON for Slack and its like."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from typing import Any, cast

from airflow.sdk import BaseNotifier, Connection

from presgen.alerting import Notice
from presgen.alerting.mail import message_of, payload_of
from presgen.errors import BadInput, TransientError

TIMEOUT = 15.0
"""Seconds for a webhook to answer."""


class AlertNotTaken(TransientError):
    """Whoever carries alerts did not take one."""


class MailNotifier(BaseNotifier):
    """Sends a notice as mail through an SMTP connection of Airflow's."""

    def __init__(
        self, notice: Notice, *, to: Sequence[str], sender: str = "", smtp_conn_id: str = "smtp_default"
    ) -> None:
        super().__init__()
        self.notice = notice
        self.to = tuple(to)
        self.sender = sender
        self.smtp_conn_id = smtp_conn_id

    def notify(self, context: Any) -> None:  # noqa: ARG002 - a notice says all there is to say
        """Send it.

        Raises:
            BadInput: neither the deployment nor the connection says who the sender is.
            AlertNotTaken: the server refuses it, or is away; it is known not to have it, or perhaps has it.
        """
        from airflow.providers.smtp.hooks.smtp import SmtpHook

        try:
            with SmtpHook(smtp_conn_id=self.smtp_conn_id) as hook:
                sender = self.sender or hook.from_email
                if not sender:
                    raise BadInput(
                        "The mail has no sender: set PRESGEN_ALERT_FROM, or from_email in the connection "
                        f"{self.smtp_conn_id}."
                    )
                # The hook's own way of sending has no plain text beside HTML.
                client = cast(smtplib.SMTP, hook._smtp_client)
                client.send_message(message_of(self.notice, self.to, sender), to_addrs=list(self.to))
        except (smtplib.SMTPException, OSError) as error:
            # The answer of a server may quote addresses.
            told = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
            raise AlertNotTaken(
                f"The mail server of {self.smtp_conn_id!r} did not take it: {told}"
            ) from error


class WebhookNotifier(BaseNotifier):
    """Posts a notice as JSON to the address in an HTTP connection of Airflow's.

    The connection's host is the address; where a part of it is secret, as with Slack's incoming webhooks,
    that part is its password.
    """

    def __init__(self, notice: Notice, *, http_conn_id: str) -> None:
        super().__init__()
        self.notice = notice
        self.http_conn_id = http_conn_id

    def notify(self, context: Any) -> None:  # noqa: ARG002
        """Send it.

        Raises:
            AlertNotTaken: whoever listens there refuses it, or is away.
        """
        import httpx

        try:
            answer = httpx.post(
                address_of(Connection.get(self.http_conn_id)),
                json=payload_of(self.notice),
                headers={"User-Agent": "PresGen", "Idempotency-Key": self.notice.key},
                timeout=TIMEOUT,
                follow_redirects=False,
            )
            answer.raise_for_status()
        except httpx.HTTPError as error:
            status = error.response.status_code if isinstance(error, httpx.HTTPStatusError) else ""
            told = f"{type(error).__name__} {status}".strip()
            # The error's own text has the address, which may be secret.
            raise AlertNotTaken(f"The webhook of {self.http_conn_id!r} did not take it: {told}") from None


def address_of(connection: Connection) -> str:
    """Return the address that a connection names, its secret part last.

    Raises:
        BadInput: it names no host.
    """
    host = (connection.host or "").rstrip("/")
    if not host:
        raise BadInput(f"The connection {connection.conn_id!r} has no host: it is the webhook's address.")
    if "://" not in host:
        host = f"{connection.schema or 'https'}://{host}"
    if connection.port:
        host = f"{host}:{connection.port}"
    return f"{host}/{connection.password.lstrip('/')}" if connection.password else host
