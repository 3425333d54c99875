"""The ways a lesson's status may move."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from presgen.errors import IllegalTransition
from presgen.model.lesson import LessonStatus

_S = LessonStatus

ALLOWED: Mapping[LessonStatus, tuple[LessonStatus, ...]] = MappingProxyType(
    {
        _S.PENDING: (_S.SCRIPT_GENERATED, _S.NOT_NEEDED, _S.FAILED),
        _S.SCRIPT_GENERATED: (_S.AVATAR_RENDERING, _S.FAILED, _S.PENDING),
        _S.AVATAR_RENDERING: (_S.AVATAR_VIDEOS_GENERATED, _S.QUARANTINED, _S.FAILED, _S.PENDING),
        _S.AVATAR_VIDEOS_GENERATED: (_S.QA_PASSED, _S.QUARANTINED, _S.FAILED, _S.PENDING),
        # Quarantined: somebody was asked for approval, and refused.
        _S.QA_PASSED: (_S.PUBLISHED, _S.DELIVERY_BLOCKED, _S.QUARANTINED, _S.FAILED, _S.PENDING),
        # A published lesson starts anew only from the beginning: its record changed, or somebody forced it.
        # Blocked: where it was delivered before, or somewhere else, is closed to us by now.
        _S.PUBLISHED: (_S.PENDING, _S.DELIVERY_BLOCKED),
        # Clearing one task repeats that step; the steps before it stay done.
        _S.QUARANTINED: (_S.AVATAR_RENDERING, _S.AVATAR_VIDEOS_GENERATED, _S.PENDING),
        _S.DELIVERY_BLOCKED: (_S.PUBLISHED, _S.FAILED, _S.PENDING),
        _S.FAILED: (_S.AVATAR_RENDERING, _S.AVATAR_VIDEOS_GENERATED, _S.PENDING),
        _S.NOT_NEEDED: (_S.PENDING,),
    }
)
"""From a status to those that may follow it. Back to ``pending`` is always a decision of its own: a reset."""

_WAY = (
    _S.PENDING,
    _S.SCRIPT_GENERATED,
    _S.AVATAR_RENDERING,
    _S.AVATAR_VIDEOS_GENERATED,
    _S.QA_PASSED,
    _S.DELIVERY_BLOCKED,
    _S.PUBLISHED,
)

ENDS = frozenset({_S.PUBLISHED, _S.QUARANTINED, _S.DELIVERY_BLOCKED, _S.FAILED, _S.NOT_NEEDED})
"""Where a lesson may rest when its run is over."""

BAD_ENDS = frozenset({_S.QUARANTINED, _S.DELIVERY_BLOCKED, _S.FAILED})
"""Ends at which a learner who needs a lesson has none."""

CANCELLED = "Cancelled"
"""The cause of a lesson that somebody has cancelled."""


def has_reached(status: LessonStatus, step: LessonStatus) -> bool:
    """Return whether a lesson of that status has taken ``step`` already: taking it is a repetition.

    A bad end is no step on the way: what went on from there may come to it again.
    """
    if status is step or step in BAD_ENDS:
        return status is step
    return status in _WAY and step in _WAY and _WAY.index(step) < _WAY.index(status)


def check_transition(lesson_id: str, status: LessonStatus, to: LessonStatus) -> None:
    """Let pass what is allowed.

    Raises:
        IllegalTransition: a lesson of that status cannot become ``to``.
    """
    if to not in ALLOWED[status]:
        allowed = ", ".join(ALLOWED[status])
        raise IllegalTransition(
            f"Lesson {lesson_id} is {status} and cannot become {to}. From {status} it can become: {allowed}."
        )
