"""Whether a failed task is tried again: the first branch of the tree in ``presgen.errors`` decides."""

from __future__ import annotations

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

from presgen.errors import PermanentError

RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception=PermanentError,
            action=RetryAction.FAIL,
            reason="Trying again with the same input fails again: the input has to change first.",
        ),
    ],
)
"""Everything else, known to be transient or simply unknown, is retried as ``DEFAULT_ARGS`` says."""
