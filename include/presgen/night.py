"""One run, and what every step of it does: log, keep the ledger, and end a lesson that cannot go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars

from presgen.errors import (
    BadInput,
    DeliveryBlocked,
    IllegalTransition,
    QualityRejected,
    TransientError,
    TurnTaken,
)
from presgen.ledger import Ledger, LessonEntry, open_ledger
from presgen.ledger.transitions import BAD_ENDS
from presgen.model.lesson import LessonStatus
from presgen.settings import Settings
from presgen.stages import Stage, cause_of, kept_by, reason_of, stage, waited
from presgen.workspace import Workspace

_log = structlog.get_logger("presgen.night")

_MEETING = (IllegalTransition.__name__, TurnTaken.__name__)
"""Causes that say no more than that another run is at the lesson, or was."""


@dataclass(frozen=True, slots=True)
class Night:
    """One run and everything it works with."""

    run_id: str
    settings: Settings
    workspace: Workspace
    ledger: Ledger
    open_drive: Callable[[Settings], Any] | None = None
    """Returns Google's client for Drive, with the credentials of whoever opened the night; None: those that
    the settings name."""
    attempt: int = 1
    """Which try of whoever opened the night this is, counted from 1."""


def open_night(
    settings: Settings,
    run_id: str,
    open_drive: Callable[[Settings], Any] | None = None,
    attempt: int = 1,
) -> Night:
    """Open the workspace and the ledger for a run; the same id again goes on with the same run.

    Raises:
        BadInput: the ledger's URL cannot be read.
        StoreUnavailable: the ledger is away.
    """
    ledger = open_ledger(settings.ledger)

    def note_damage(key: str, damage: str) -> None:
        ledger.note_event(run_id, "section_corrupt", key, {"damage": damage})

    workspace = Workspace(settings.workspace, note_damage)
    night = Night(run_id, settings, workspace, ledger, open_drive, attempt)
    night.ledger.begin_run(run_id)
    return night


@contextmanager
def step(night: Night, name: Stage, **ids: str) -> Iterator[dict[str, Any]]:
    """Log a stage and append it to the ledger's events, however it ends, and so the stages inside it."""
    with kept(night, ids.get("lesson") or ids["section"]), stage(name, run=night.run_id, **ids) as facts:
        facts["attempt"] = night.attempt
        yield facts


@contextmanager
def kept(night: Night, subject: str) -> Iterator[None]:
    """Append the stages of the block to the ledger's events of that lesson or section."""

    def keep(name: str, facts: Mapping[str, Any]) -> None:
        night.ledger.note_event(night.run_id, name, subject, {"attempt": night.attempt, **facts})

    with kept_by(keep):
        yield


def note_wait(night: Night, lesson_id: str, since: str) -> None:
    """Log and note how long a lesson has waited for a worker in this run, since that moment."""
    run = night.ledger.run(night.run_id)
    began = since if run is None else max(since, run.started)
    seconds = (datetime.now(UTC) - datetime.fromisoformat(began)).total_seconds()
    with kept(night, lesson_id):
        waited(Stage.RENDER_WAIT, seconds, run=night.run_id, lesson=lesson_id)


@contextmanager
def ending(night: Night, lesson_id: str) -> Iterator[LessonEntry]:
    """End the lesson if the block fails for good. A run that another has overtaken ends nothing.

    Yields the lesson as it stands.

    Raises:
        LearnerErased: the lesson's learner is being erased, or was: the block has not begun.
    """
    record = ""
    try:
        with (
            bound_contextvars(run=night.run_id, lesson=lesson_id),
            night.workspace.at_work(lesson_id, night.run_id),
            night.ledger.deferring_events(),
        ):
            entry = night.ledger.erasures.check(lesson_id)
            record = entry.record
            yield entry
    except (TransientError, IllegalTransition):
        raise
    except Exception as error:
        fail_lesson(night, lesson_id, error, record)
        raise


def fail_lesson(night: Night, lesson_id: str, error: BaseException, record: str = "") -> None:
    """End a lesson because of ``error``: for whoever gives up after the last try.

    ``record`` is the digest of the learner's record that it was made of, if that is known.

    A lesson that has ended well since this run began, in whichever run, stays as it is. One that was
    delivered before that is blocked: this run could not see to it that it is where it should be.
    """
    if isinstance(error, QualityRejected):
        to = LessonStatus.QUARANTINED
    elif isinstance(error, DeliveryBlocked):
        to = LessonStatus.DELIVERY_BLOCKED
    else:
        to = LessonStatus.FAILED
    end_lesson(night, lesson_id, to, cause_of(error), reason_of(error), record)


def end_lesson(
    night: Night, lesson_id: str, to: LessonStatus, cause: str, reason: str, record: str = ""
) -> None:
    """End a lesson that way, unless it has ended well since the run began, or was erased.

    One that another run is at is left to it: because it is made of another record than ``record`` by now, or
    because this run has failed at nothing but meeting the other.
    """
    having = {"record": record} if record else {}
    try:
        if cause in _MEETING and _is_elsewhere(night, lesson_id):
            night.ledger.note_event(
                night.run_id, "lesson_overtaken", lesson_id, {"cause": cause, "reason": reason}
            )
            _log.warning("lesson_overtaken", run=night.run_id, lesson=lesson_id, cause=cause)
            return
        if _is_of_before(night, lesson_id):
            to = LessonStatus.DELIVERY_BLOCKED
        entry = night.ledger.lesson(lesson_id)
        if cause in _MEETING and entry.status is to:
            return  # what it has ended of before says more
        if entry.status in BAD_ENDS and (entry.cause, entry.reason) == (cause, reason):
            return  # told by the step itself, when the lesson may have been a delivered one
        night.ledger.end(lesson_id, to, run_id=night.run_id, cause=cause, reason=reason, having=having)
    except IllegalTransition:
        _log.warning("lesson_stays", run=night.run_id, lesson=lesson_id, asked=to.value, cause=cause)
    except BadInput:
        _log.warning("lesson_gone", run=night.run_id, lesson=lesson_id, asked=to.value, cause=cause)


def _is_elsewhere(night: Night, lesson_id: str) -> bool:
    """Return whether another run has the lesson: one that began later, or is at it now, and has not ended."""
    others = {night.ledger.latest_run(lesson_id), *night.workspace.at_work_on(lesson_id)}
    runs = (night.ledger.run(each) for each in others if each is not None and each != night.run_id)
    return any(run is not None and run.ended is None for run in runs)


def _is_of_before(night: Night, lesson_id: str) -> bool:
    """Return whether the lesson was delivered before this run began, and has not been touched since."""
    entry, run = night.ledger.lesson(lesson_id), night.ledger.run(night.run_id)
    return entry.status is LessonStatus.PUBLISHED and run is not None and entry.changed < run.started
