"""Airflow's own web application in this process, with our plugin and a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import tests.airflow_home

assert tests.airflow_home.HOME  # first: it chooses AIRFLOW_HOME

from fastapi import FastAPI  # noqa: E402
from fastapi.testclient import TestClient  # noqa: E402

from presgen.ledger import Ledger, open_ledger  # noqa: E402


@pytest.fixture(scope="session")
def application() -> FastAPI:
    """Airflow's API server as it runs, our plugin mounted."""
    from airflow.api_fastapi.app import create_app
    from airflow.utils.db import initdb

    initdb()
    return create_app(apps="core")


@pytest.fixture
def stranger(application: FastAPI) -> Iterator[TestClient]:
    """Somebody who has not logged in."""
    with TestClient(application, base_url="http://127.0.0.1:8080") as client:
        yield client


@pytest.fixture
def operator(stranger: TestClient) -> TestClient:
    """Somebody who has logged in."""
    from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager

    login = {"username": "admin", "password": SimpleAuthManager.get_passwords()["admin"]}
    token = stranger.post("/auth/token", json=login).json()["access_token"]
    stranger.headers["Authorization"] = f"Bearer {token}"
    return stranger


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """The ledger the pages read."""
    monkeypatch.setenv("PRESGEN_WORKSPACE", str(tmp_path))
    return open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
