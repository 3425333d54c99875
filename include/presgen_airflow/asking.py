"""A task that may stop and wait for a person, and goes on when the person has answered.

Airflow's own human-in-the-loop operators always ask, and would cost every lesson one more task. This one is
an ordinary Python task: where its function calls `ask`, the task is parked without a worker, a pool slot or a
triggerer, and listed under *Required Actions*. After the answer its function runs again from the start, which
costs nothing, since every step of ours recognises what is done; this time, `ask` returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import Context, get_current_context
from airflow.sdk.bases.decorator import DecoratedOperator, TaskDecorator, task_decorator_factory

from presgen_airflow.links import MadeLink

APPROVE, REFUSE = "Approve", "Refuse"

PATIENCE = timedelta(hours=18)
"""After which the task fails for want of an answer: so the night ends before the next one begins."""

_event: ContextVar[Mapping[str, Any] | None] = ContextVar("presgen_answer", default=None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said."""

    approved: bool
    by: str


class AskingOperator(DecoratedOperator, PythonOperator):
    """Runs a function that may `ask`."""

    template_fields: Sequence[str] = ("templates_dict", "op_args", "op_kwargs")
    template_fields_renderers: ClassVar[dict[str, str]] = {
        "templates_dict": "json",
        "op_args": "py",
        "op_kwargs": "py",
    }
    custom_operator_name = "@asking"
    operator_extra_links = (MadeLink(),)

    def __init__(
        self, *, python_callable: Callable[..., Any], op_args: Any, op_kwargs: Any, **more: Any
    ) -> None:
        given = {"python_callable": python_callable, "op_args": op_args, "op_kwargs": op_kwargs}
        super().__init__(kwargs_to_upstream=given, **given, **more)

    def execute_complete(self, context: Context, event: Mapping[str, Any]) -> Any:
        """Run the function again, now that there is an answer: Airflow calls this when there is."""
        token = _event.set(event)
        try:
            return self.execute(context)
        finally:
            _event.reset(token)


def asking(**options: Any) -> TaskDecorator:
    """Make a function a task that may `ask`; ``options`` are those of ``@task``."""
    return task_decorator_factory(decorated_operator_class=AskingOperator, **options)


def ask(subject: str, body: str) -> Answer:
    """Return what a person says to ``subject``; the task waits for it. ``body`` is Markdown."""
    if (event := _event.get()) is None:
        _park(subject, body)
    assert event is not None  # noqa: S101 - a parked task does not come here
    user = event.get("responded_by_user") or {}
    return Answer(list(event.get("chosen_options") or ()) == [APPROVE], str(user.get("name") or "somebody"))


def _park(subject: str, body: str) -> None:
    from airflow.sdk.exceptions import TaskAwaitingInput
    from airflow.sdk.execution_time.hitl import upsert_hitl_detail

    task = get_current_context()["ti"]
    upsert_hitl_detail(ti_id=task.id, options=[APPROVE, REFUSE], subject=subject, body=body, params={})
    raise TaskAwaitingInput(method_name="execute_complete", timeout=PATIENCE)
