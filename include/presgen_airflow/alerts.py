"""Tell whoever is on duty: what a night's tasks, its end and its deadline have to say, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import structlog

from presgen import alerting
from presgen.alerting import Awaited, Link, Notice, Told
from presgen.alerting.telling import Channel
from presgen.errors import StoreUnavailable, TransientError
from presgen.ledger import Ledger, open_ledger
from presgen.model.references import NightReport
from presgen.night import Night
from presgen.pipeline import name_of_run
from presgen.settings import Settings
from presgen.workspace import Workspace
from presgen_airflow.connections import ConnectionNames, with_secrets
from presgen_airflow.references import PREFIX, VIEW

_log = structlog.get_logger("presgen.alerts")


class AlertNotSent(TransientError):
    """Somebody has to be told, and could not be: the task is tried again, and nothing else is done twice."""


def channels_of(settings: Settings, names: ConnectionNames) -> dict[str, Channel]:
    """Return by which ways this deployment's notices go out."""
    from presgen_airflow.notifiers import MailNotifier, WebhookNotifier

    def mail(notice: Notice) -> None:
        MailNotifier(
            notice, to=settings.alert_to, sender=settings.alert_from, smtp_conn_id=names.smtp_conn_id
        ).notify({})

    def webhook(notice: Notice) -> None:
        WebhookNotifier(notice, http_conn_id=names.alert_webhook).notify({})

    found: dict[str, Channel] = {}
    if settings.alert_to:
        found["mail"] = mail
    if names.alert_webhook:
        found["webhook"] = webhook
    return found


def links_of(run_id: str, dag_id: str = "produce_lessons") -> tuple[Link, ...]:
    """Return where to look at a run; nowhere where Airflow does not know its own address."""
    from airflow.configuration import conf

    root = conf.get("api", "base_url", fallback="").rstrip("/")
    if not root.startswith(("http://", "https://")):
        return ()
    run = quote(run_id, safe="")
    return (
        Link(label="The night's lessons", url=f"{root}/plugin/{VIEW}{PREFIX}/nights/{run}"),
        Link(label="The run in Airflow", url=f"{root}/dags/{dag_id}/runs/{run}"),
    )


def tell_night(night: Night, report: NightReport, *, loaded: bool, awaited: Awaited | None = None) -> None:
    """Tell of a night that has been summed up, if it failed or was late; of a good one, nothing.

    Raises:
        AlertNotSent: the night failed, and nobody could be told yet.
    """
    settings, links = night.settings, links_of(night.run_id)
    failed = alerting.failure_notices(
        night.ledger, report, alerting.limits_of(settings), loaded=loaded, links=links
    )
    if failed:
        told = _tell_all(night.ledger, settings, failed)
        if not all(each.settled for each in told):
            raise AlertNotSent(
                "The night failed, and whoever should know could not be told yet. The night's report is kept."
            )
        return
    if awaited is not None and not night.ledger.orders.of_run(night.run_id):
        # The deadline itself has told, unless nobody was there to keep it.
        late = alerting.late_notice(night.ledger, awaited, datetime.now(UTC), settings.lesson_deadline, links)
        _tell_all(night.ledger, settings, [late] if late else ())


def tell_if_late(awaited: Awaited) -> bool:
    """Tell of a run that is late; return whether there is nothing left to do about that.

    Raises:
        StoreUnavailable: the ledger, or a connection that holds a secret, is away.
    """
    settings = _settings()
    ledger = open_ledger(settings.ledger)
    late = alerting.late_notice(
        ledger, awaited, datetime.now(UTC), settings.lesson_deadline, links_of(awaited.run_id)
    )
    return all(each.settled for each in _tell_all(ledger, settings, [late] if late else ()))


def tell_of_failed_run(context: Any) -> None:
    """Tell of a run that has failed, where its own report has not (the DAG's failure callback).

    Airflow calls this once, in the DAG processor. What the report has told is not told again; what it could
    not tell is.
    """
    run_id = str(context["run_id"])
    why = f"Airflow ended the run: {context.get('reason') or 'it failed'}."
    settings = Settings()
    try:
        settings = _settings()
        ledger = open_ledger(settings.ledger)
        notices = _failures_of(ledger, settings, run_id, why)
        told = _tell_all(ledger, settings, notices)
    except StoreUnavailable as error:
        _log.warning("ledger_away", run=run_id, reason=str(error))
        # Nothing can be reserved; what cannot be noted is told all the same.
        notice = alerting.run_failed_notice(None, run_id, why, links_of(run_id))
        for name, send in channels_of(settings, ConnectionNames()).items():
            _log.info("alert_unreserved", run=run_id, channel=name)
            send(notice)
        return
    _log.info("failed_run_told", run=run_id, outcomes=sorted({each.value for each in told}))


def _failures_of(ledger: Ledger, settings: Settings, run_id: str, why: str) -> Iterable[Notice]:
    if ledger.orders.of_run(run_id):
        return ()
    links = links_of(run_id)
    noted = ledger.run(run_id)
    workspace, name = Workspace(settings.workspace), name_of_run(run_id)
    if noted is None or noted.ended is None or not workspace.has("reports", name):
        return (alerting.run_failed_notice(ledger, run_id, why, links),)
    report = workspace.load("reports", name, NightReport)
    loaded = bool(report.lessons or report.quarantined)
    return alerting.failure_notices(ledger, report, alerting.limits_of(settings), loaded=loaded, links=links)


def _tell_all(ledger: Ledger, settings: Settings, notices: Iterable[Notice]) -> tuple[Told, ...]:
    channels: dict[str, Channel] | None = None
    told: list[Told] = []
    for notice in notices:
        if channels is None:
            channels = channels_of(settings, ConnectionNames())
        if not channels:
            _log.warning("nobody_to_alert", run=notice.run_id, kind=notice.kind.value, title=notice.title)
        told += alerting.tell(ledger, notice, channels).values()
    return tuple(told)


def _settings() -> Settings:
    return with_secrets(Settings(), ConnectionNames())
