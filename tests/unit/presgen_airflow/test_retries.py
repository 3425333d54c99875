"""The retry policy reads the first branch of the tree of errors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from airflow.sdk import RetryAction

from presgen import errors
from presgen_airflow.notices import NightFailed
from presgen_airflow.retries import RETRY_POLICY


def _tree(root: type[errors.PresGenError]) -> Iterator[type[errors.PresGenError]]:
    yield root
    for kind in root.__subclasses__():
        if kind.__module__ == errors.__name__:
            yield from _tree(kind)


def _instance(kind: type[errors.PresGenError]) -> errors.PresGenError:
    """Make an error without its own arguments: only the class decides."""
    return kind.__new__(kind)


@pytest.mark.parametrize("kind", [*_tree(errors.PermanentError), NightFailed])
def test_a_permanent_error_fails_at_once(kind: type[errors.PresGenError]):
    decision = RETRY_POLICY.evaluate(_instance(kind), try_number=1, max_tries=3)

    assert decision.action is RetryAction.FAIL
    assert decision.reason


@pytest.mark.parametrize("error", [*map(_instance, _tree(errors.TransientError)), OSError(), TimeoutError()])
def test_every_other_error_is_left_to_the_retries_of_the_task(error: Exception):
    assert RETRY_POLICY.evaluate(error, try_number=1, max_tries=3).action is RetryAction.DEFAULT


def test_the_tree_has_both_branches():
    assert len(list(_tree(errors.PermanentError))) > 5
    assert len(list(_tree(errors.TransientError))) > 1
