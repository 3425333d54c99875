"""The part of Airflow's REST API that a local run needs."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from presgen.errors import PresGenError


class Refused(PresGenError):
    """Airflow's API answered, but not what was asked for."""


class Client:
    """A logged-in user of one Airflow."""

    def __init__(self, url: str, user: str, password: str) -> None:
        # trust_env: a proxy of the user's knows nothing of our loopback.
        self._http = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self._login = {"username": user, "password": password}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._http.close()

    def health(self) -> dict[str, bool]:
        """Return for each component whether it is healthy; empty while the API does not answer."""
        try:
            answer = self._http.get("/api/v2/monitor/health")
            answer.raise_for_status()
        except httpx.HTTPError:
            return {}
        return {name: (state or {}).get("status") == "healthy" for name, state in answer.json().items()}

    def log_in(self) -> None:
        """Get a token; later calls carry it."""
        token = self._call("POST", "/auth/token", json=self._login)["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def dag(self, dag_id: str) -> dict[str, Any] | None:
        """Return what Airflow knows of a DAG; None while it has not found it."""
        found: dict[str, Any] | None = self._call("GET", f"/api/v2/dags/{dag_id}", missing_is_fine=True)
        return found

    def unpause(self, dag_id: str) -> None:
        """Let a DAG's runs start."""
        self._call("PATCH", f"/api/v2/dags/{dag_id}", json={"is_paused": False})

    def import_errors(self) -> tuple[str, ...]:
        """Return the tracebacks of DAG files that cannot be read."""
        errors = self._call("GET", "/api/v2/importErrors")["import_errors"]
        return tuple(f"{error['filename']}:\n{error['stack_trace']}" for error in errors)

    def ensure_pool(self, name: str, slots: int, description: str) -> None:
        """Make a pool; one that exists keeps the number of slots somebody gave it."""
        if self._call("GET", f"/api/v2/pools/{name}", missing_is_fine=True) is None:
            self._call(
                "POST", "/api/v2/pools", json={"name": name, "slots": slots, "description": description}
            )

    def trigger(self, dag_id: str, conf: Mapping[str, Any]) -> str:
        """Start a run and return its id."""
        run = self._call(
            "POST", f"/api/v2/dags/{dag_id}/dagRuns", json={"logical_date": None, "conf": dict(conf)}
        )
        return str(run["dag_run_id"])

    def clear(self, dag_id: str, run_id: str) -> None:
        """Let all tasks of a run start again."""
        wanted = {"dry_run": False, "dag_run_id": run_id, "only_failed": False, "reset_dag_runs": True}
        self._call("POST", f"/api/v2/dags/{dag_id}/clearTaskInstances", json=wanted)

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        """Return what Airflow knows of a run."""
        run: dict[str, Any] = self._call("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")
        return run

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Return all task instances of a run."""
        found: list[dict[str, Any]] = []
        while True:
            page = self._call(
                "GET",
                f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances",
                params={"limit": 100, "offset": len(found), "order_by": "id"},
            )
            found += page["task_instances"]
            if not page["task_instances"] or len(found) >= page["total_entries"]:
                return found

    def log(self, task: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the log lines of a task instance's latest try."""
        answer = self._call(
            "GET",
            f"/api/v2/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
            f"/logs/{max(task['try_number'], 1)}",
            params={"map_index": task["map_index"], "full_content": True},
            headers={"Accept": "application/json"},
        )
        return [line if isinstance(line, dict) else {"event": str(line)} for line in answer["content"]]

    def _call(self, method: str, path: str, *, missing_is_fine: bool = False, **request: Any) -> Any:
        answer = self._http.request(method, path, **request)
        if answer.status_code == httpx.codes.NOT_FOUND and missing_is_fine:
            return None
        if answer.is_error:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()
