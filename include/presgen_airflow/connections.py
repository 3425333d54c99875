"""Secrets come from Airflow connections, and only from those the deployment names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL

from presgen.errors import BadInput, StoreUnavailable
from presgen.settings import Settings

DRIVERS = {"postgres": "postgresql+psycopg2", "sqlite": "sqlite"}
"""Airflow's type of a connection to the driver the ledger uses."""


class ConnectionNames(BaseSettings):
    """Which connections hold this deployment's secrets; empty: none does."""

    model_config = SettingsConfigDict(env_prefix="PRESGEN_", frozen=True, extra="ignore")

    ledger_conn_id: str = ""
    """The ledger's database, from ``PRESGEN_LEDGER_CONN_ID``."""
    pseudonym_conn_id: str = ""
    """Its password is the secret of the keyed pseudonyms; from ``PRESGEN_PSEUDONYM_CONN_ID``."""
    drive_conn_id: str = "presgen_drive"
    """Google's credentials for the publisher ``drive``, from ``PRESGEN_DRIVE_CONN_ID``; looked for only when
    something goes there, and not where ``PRESGEN_DRIVE_KEY`` names a key."""
    smtp_conn_id: str = "smtp_default"
    """The mail server that takes alerts, from ``PRESGEN_SMTP_CONN_ID``."""
    alert_webhook: str = ""
    """Where alerts are posted as JSON, from ``PRESGEN_ALERT_WEBHOOK``."""


def with_secrets(settings: Settings, names: ConnectionNames) -> Settings:
    """Return ``settings`` with the secrets of the named connections in place.

    Raises:
        StoreUnavailable: a named connection cannot be had. Going on without it would mean another ledger or
            other pseudonyms, and so every lesson twice.
        BadInput: a connection does not hold what it should.
    """
    found: dict[str, object] = {}
    if names.ledger_conn_id:
        found["ledger_url"] = _database(_connection(names.ledger_conn_id))
    if names.pseudonym_conn_id:
        found["pseudonym_key"] = _secret(_connection(names.pseudonym_conn_id))
    return settings.model_copy(update=found)


def drive_opener(settings: Settings, names: ConnectionNames) -> Callable[[Settings], Any] | None:
    """Return what opens Drive with the named connection; None: the settings have credentials of their own."""
    if settings.drive_key is not None or not names.drive_conn_id:
        return None

    def open_drive(settings: Settings) -> Any:
        # Seconds to import, and needed by whoever delivers there only.
        from presgen_airflow.drive import drive_of

        _connection(names.drive_conn_id)
        return drive_of(settings, names.drive_conn_id)

    return open_drive


def _connection(name: str) -> Connection:
    try:
        connection: Connection = Connection.get(name)
    except AirflowNotFoundException as error:
        raise StoreUnavailable(
            f"The connection {name!r} is not defined, or Airflow's API is away: "
            f"`airflow connections get {name}` tells which."
        ) from error
    return connection


def _database(connection: Connection) -> str:
    if connection.conn_type not in DRIVERS:
        raise BadInput(
            f"The connection {connection.conn_id!r} is of type {connection.conn_type!r}; "
            f"the ledger needs one of: {', '.join(DRIVERS)}."
        )
    if connection.conn_type == "sqlite":
        return f"sqlite:///{connection.host}"
    url = URL.create(
        DRIVERS[connection.conn_type],
        username=connection.login,
        password=connection.password,
        host=connection.host,
        port=connection.port,
        database=connection.schema,
    )
    return url.render_as_string(hide_password=False)


def _secret(connection: Connection) -> SecretStr:
    if not connection.password:
        raise BadInput(
            f"The connection {connection.conn_id!r} has no password: it is the pseudonyms' secret."
        )
    return SecretStr(connection.password)
