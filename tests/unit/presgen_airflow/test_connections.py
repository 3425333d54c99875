"""Secrets come from the connections a deployment names, or the task says which is missing."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from presgen.errors import BadInput, StoreUnavailable
from presgen.settings import Settings
from presgen_airflow.connections import ConnectionNames, with_secrets


@pytest.fixture
def settings() -> Settings:
    return Settings(ledger_url="sqlite:///mine.sqlite")


def test_without_named_connections_the_settings_stay_as_they_are(settings: Settings):
    assert with_secrets(settings, ConnectionNames()) == settings


def test_the_ledger_is_the_database_of_its_connection(settings: Settings, monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_BOOK", "postgres://presgen:p%40ss%2Fword@ledger:5432/presgen")

    url = make_url(with_secrets(settings, ConnectionNames(ledger_conn_id="book")).ledger)

    assert (url.drivername, url.password, url.host, url.port, url.database) == (
        "postgresql+psycopg2",
        "p@ss/word",
        "ledger",
        5432,
        "presgen",
    )


def test_a_ledger_may_be_a_file(settings: Settings, monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_BOOK", '{"conn_type": "sqlite", "host": "/srv/ledger.sqlite"}')

    url = make_url(with_secrets(settings, ConnectionNames(ledger_conn_id="book")).ledger)

    assert (url.drivername, url.database) == ("sqlite", "/srv/ledger.sqlite")


def test_the_pseudonyms_secret_is_the_password_of_its_connection(settings: Settings, monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_PSEUDONYMS", "generic://:s3cret@")

    found = with_secrets(settings, ConnectionNames(pseudonym_conn_id="pseudonyms"))

    assert found.pseudonym_key.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(found)


def test_a_named_connection_that_is_missing_is_not_passed_over(settings: Settings):
    with pytest.raises(StoreUnavailable, match="'nowhere' is not defined"):
        with_secrets(settings, ConnectionNames(ledger_conn_id="nowhere"))


def test_a_ledger_in_something_else_is_refused_by_its_type(settings: Settings, monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_BOOK", "http://ledger")

    with pytest.raises(BadInput, match="of type 'http'; the ledger needs one of: postgres, sqlite"):
        with_secrets(settings, ConnectionNames(ledger_conn_id="book"))


def test_a_connection_without_a_password_holds_no_secret(settings: Settings, monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_PSEUDONYMS", "generic://nobody@")

    with pytest.raises(BadInput, match="'pseudonyms' has no password"):
        with_secrets(settings, ConnectionNames(pseudonym_conn_id="pseudonyms"))
