"""# Lessons as soon as records arrive

Beside the schedule: whenever new records lie in `PRESGEN_INBOX` and nobody has written there for
`PRESGEN_INBOX_SETTLE` seconds, `produce_lessons` is started over that folder. Several files in one go are one
run, and the same records twice do nothing. Files are neither moved nor removed.

## When you are woken up

This only starts runs, so nothing is lost: clear the red task. Tasks are pink where these records had a run
already. When nothing starts at all, look whether the triggerer runs and whether it can read the folder.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, AssetWatcher, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from presgen.ledger import open_ledger
from presgen.settings import Settings
from presgen_airflow.defaults import DEFAULT_ARGS
from presgen_airflow.inbox import InboxTrigger, newest

settings = Settings()


@task(execution_timeout=timedelta(minutes=5))
def delivered(triggering_asset_events: Any = None) -> str:
    """Return what the run over these records is called; skipped where the ledger has that run."""
    run_id = newest(triggering_asset_events).run_id
    if open_ledger(Settings().ledger).run(run_id) is not None:
        raise AirflowSkipException(f"These records have their run already: {run_id}.")
    return run_id


if settings.inbox is not None:
    records = Asset(
        "presgen_inbox",
        watchers=[
            AssetWatcher(
                name="presgen_inbox",
                trigger=InboxTrigger(str(settings.inbox), settings.inbox_settle, settings.inbox_settle / 3),
            )
        ],
    )

    @dag(
        schedule=[records],
        catchup=False,
        max_active_runs=1,
        default_args=DEFAULT_ARGS,
        doc_md=__doc__,
        tags=["presgen", "lessons"],
    )
    def inbox() -> None:
        """Start a run over the records that have arrived."""
        TriggerDagRunOperator(
            task_id="start",
            trigger_dag_id="produce_lessons",
            trigger_run_id=delivered(),
            conf={"source": f"folder:{settings.inbox}"},
            skip_when_already_exists=True,
            execution_timeout=timedelta(minutes=5),
        )

    inbox()
