"""Runs through Airflow's public REST API, with the token of whoever asks.

So Airflow's own authorisation holds, and its audit log names the person. Our API is mounted in the same web
application as Airflow's: calls go to it directly, as requests that never leave the process. They need no
address of the server's own, which behind a proxy nobody in here knows, and no free worker to answer them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import Request

from presgen.api.problems import Refusal, conflict, not_found
from presgen.api.runs import Question, RunsUnavailable
from presgen_airflow.asking import APPROVE, REFUSE

HOST = "presgen.host"
"""Where a request's scope keeps Airflow's own application."""
DAG = "/api/v2/dags/produce_lessons"
STEPS = ("lesson.script", "lesson.render", "lesson.qa", "lesson.upload")
"""The steps of a lesson, in order."""

_OVER = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})
_TRIES = 5
_PAGE = 100


class AirflowRuns:
    """Runs of ``produce_lessons`` in the Airflow that hosts us."""

    async def start(self, request: Request, run_id: str, conf: Mapping[str, Any]) -> None:
        """Start a run; a run of that id that is there already is the one that was meant."""
        wanted = {"dag_run_id": run_id, "logical_date": None, "conf": dict(conf)}
        await _call(request, "POST", f"{DAG}/dagRuns", json=wanted, fine=(409,))

    async def state(self, request: Request, run_id: str) -> str | None:
        """Return the run's state; None: there is no such run."""
        run = await _call(request, "GET", f"{_run(run_id)}", fine=(404,))
        return None if run is None else str(run["state"])

    async def stop(self, request: Request, run_id: str, learner: str | None = None) -> bool:
        """Stop a run, or one learner's lesson in it: its step fails, and those after it never begin."""
        if learner is None:
            if await self.state(request, run_id) in (None, "success", "failed"):
                return False
            await _call(request, "PATCH", f"{_run(run_id)}", json={"state": "failed"})
            return True
        index = await _index(request, run_id, "load_learners", "pseudonym", learner)
        for step in STEPS:
            place = f"{_run(run_id)}/taskInstances/{step}/{index}"
            task = await _call(request, "GET", place, fine=(404,))
            if task is None:
                raise conflict(
                    "The night has not come to this lesson yet.", "Try again when its sections are planned."
                )
            if task["state"] not in _OVER:
                await _call(request, "PATCH", place, json={"new_state": "failed"})
                return True
        return False

    async def repeat(
        self, request: Request, run_id: str, learner: str | None = None, sections: Sequence[str] = ()
    ) -> None:
        """Clear all tasks of a run, or those of one learner's lesson, of these sections and of the report."""
        wanted: dict[str, Any] = {"dry_run": False, "dag_run_id": run_id, "only_failed": False}
        if learner is not None:
            index = await _index(request, run_id, "load_learners", "pseudonym", learner)
            tasks: list[Any] = [[step, index] for step in STEPS]
            for key in sections:
                # A personal section is made by the lesson's own step.
                with suppress(Refusal):
                    place = await _index(request, run_id, "plan_sections", "key", key)
                    tasks.append(["render_section", place])
            wanted["task_ids"] = [*tasks, "report"]
        await _call(request, "POST", f"{DAG}/clearTaskInstances", json=wanted)

    async def questions(self, request: Request, run_id: str) -> tuple[Question, ...]:
        """Return what is listed for this run under Airflow's *Required Actions*."""
        asked: list[dict[str, Any]] = []
        while True:
            query = {"response_received": False, "limit": _PAGE, "offset": len(asked)}
            page = await _call(request, "GET", f"{_run(run_id)}/hitlDetails", params=query)
            asked += page["hitl_details"]
            if not page["hitl_details"] or len(asked) >= page["total_entries"]:
                break
        return tuple(
            Question(
                task=each["task_instance"]["task_id"],
                index=each["task_instance"]["map_index"],
                subject=each["subject"],
                body=each["body"] or "",
                asked=each["created_at"],
            )
            for each in asked
            if each["task_instance"]["state"] == "awaiting_input"
        )

    async def answer(self, request: Request, run_id: str, question: Question, *, approved: bool) -> None:
        """Answer as the caller."""
        place = f"{_run(run_id)}/taskInstances/{question.task}/{question.index}/hitlDetails"
        choice = {"chosen_options": [APPROVE if approved else REFUSE], "params_input": {}}
        await _call(request, "PATCH", place, json=choice)


def _run(run_id: str) -> str:
    return f"{DAG}/dagRuns/{quote(run_id, safe='')}"


async def _index(request: Request, run_id: str, task: str, field: str, value: str) -> int:
    """Return where in what a task has returned ``field`` is ``value``: the map index of what follows.

    Raises:
        Refusal: 404, there is none.
    """
    place = f"{_run(run_id)}/taskInstances/{task}/xcomEntries/return_value"
    entry = await _call(request, "GET", place, params={"deserialize": False}, fine=(404,))
    rows = [] if entry is None else entry["value"]
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        # A model in an XCom is its fields with its class's name around them.
        if isinstance(row, dict) and row.get("__data__", row).get(field) == value:
            return number
    raise not_found("lesson in this run")


async def _call(request: Request, method: str, path: str, *, fine: Sequence[int] = (), **more: Any) -> Any:
    """Return what Airflow's API answers to this caller; None where it answers one of the ``fine`` errors.

    Its own troubles, such as a locked database, are waited out for a few seconds: every call of ours may be
    repeated.
    """
    transport = httpx.ASGITransport(request.scope[HOST], raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {_token(request)}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
        for attempt in range(_TRIES):
            answer = await client.request(method, path, **more)
            if answer.status_code < 500:
                break
            await asyncio.sleep(0.2 * 2**attempt)
    if answer.is_success:
        return answer.json() if answer.content else None
    if answer.status_code in fine:
        return None
    raise _refusal(answer)


def _token(request: Request) -> str:
    from airflow.api_fastapi.auth.managers.base_auth_manager import COOKIE_NAME_JWT_TOKEN

    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else request.cookies.get(COOKIE_NAME_JWT_TOKEN, "")


def _refusal(answer: httpx.Response) -> Exception:
    match answer.status_code:
        case 401:
            return Refusal(
                401, "unauthorized", "Airflow does not take this token any more.", remedy="Log in."
            )
        case 403:
            return Refusal(
                403,
                "not-allowed",
                "Airflow does not allow you this on produce_lessons.",
                remedy="Ask whoever runs Airflow for that role.",
            )
        case 404:
            return not_found("run")
        case 409:
            return conflict("Airflow has another answer to this by now.", "Look at the video's status.")
        case status if status < 500:
            return conflict(
                "Airflow does not take this: is the DAG produce_lessons broken, or of another version?",
                "Its import errors are on Airflow's first page.",
                "scheduler-refused",
            )
        case status:
            return RunsUnavailable(f"Airflow's API answered {status} {_TRIES} times.")
