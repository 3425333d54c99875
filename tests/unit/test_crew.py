from __future__ import annotations

import multiprocessing
import os
import signal
from functools import partial

import pytest

from presgen.crew import DIED, available_processors, run_all
from presgen.errors import BadRecord


def square(number):
    return number * number


def square_or_raise(number):
    if number == 2:
        raise BadRecord("answers.2", "two", "one would have been fine.")
    if number == 3:
        raise KeyError("canary")
    return number * number


def square_or_die(deadly, number):
    if number in deadly:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def whoami(_):
    return os.getpid(), multiprocessing.parent_process() is not None


@pytest.mark.parametrize("workers", [1, 2])
def test_outcomes_come_in_the_order_of_the_items(workers):
    done = []

    outcomes = run_all(square, range(5), workers=workers, on_done=done.append)

    assert [(outcome.item, outcome.made) for outcome in outcomes] == [(n, n * n) for n in range(5)]
    assert sorted(outcome.item for outcome in done) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_that_raises_costs_only_itself(workers):
    outcomes = run_all(square_or_raise, range(5), workers=workers)

    assert [outcome.made for outcome in outcomes] == [0, 1, None, None, 16]
    assert (outcomes[2].cause, outcomes[2].reason) == (
        "BadRecord",
        "answers.2 is two: one would have been fine.",
    )
    assert outcomes[3].cause.startswith("KeyError at test_crew.py:")
    assert "canary" not in outcomes[3].reason  # foreign messages may quote a learner


def test_a_job_that_takes_its_process_along_costs_only_itself():
    done = []

    outcomes = run_all(partial(square_or_die, {1, 4}), range(6), workers=2, on_done=done.append)

    assert [outcome.made for outcome in outcomes] == [0, None, 4, 9, None, 25]
    assert {outcome.item for outcome in outcomes if outcome.cause == DIED} == {1, 4}
    assert sorted(outcome.item for outcome in done) == [0, 1, 2, 3, 4, 5]


def test_one_worker_or_one_item_needs_no_other_process():
    for outcomes in (run_all(whoami, range(3), workers=1), run_all(whoami, [0], workers=4)):
        assert {outcome.made for outcome in outcomes} == {(os.getpid(), False)}


def test_several_workers_are_other_processes():
    pids = {outcome.made[0] for outcome in run_all(whoami, range(4), workers=2)}

    assert os.getpid() not in pids


def test_no_items_are_no_work():
    assert run_all(square, ()) == ()


def test_there_is_at_least_one_processor():
    assert available_processors() >= 1
