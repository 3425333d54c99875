"""A video by its id, for somebody who may see it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from presgen.api.desk import Desk
from presgen.api.principal import Principal, Right
from presgen.api.problems import not_found
from presgen.errors import BadInput
from presgen.ledger import LessonEntry, OrderEntry, OrderState, RunEntry
from presgen.ledger.contents import Content
from presgen.ledger.transitions import CANCELLED, ENDS
from presgen.workspace import Workspace

Revision = tuple[object, ...]
"""Changes when there may be news of a video; asking for it is cheap."""


LOOK = 0.5
"""Seconds between two looks for news, on behalf of whoever waits."""
_drafted: WeakKeyDictionary[Workspace, tuple[float, frozenset[str]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Video:
    """An ordered video, or a lesson of a night: what decides who may see it, and where to look."""

    video_id: str
    order: OrderEntry | None
    lesson: LessonEntry | None
    """None: its record has not been read."""
    runs: tuple[RunEntry, ...]
    """That it was part of, the newest first."""
    content: Content | None
    """None: its script is not written."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all its sections, in all editions."""
        parts = self.content.parts if self.content else ()
        return tuple(dict.fromkeys(part.key for part in parts if part.key))


def find_video(desk: Desk, caller: Principal, video_id: str) -> Video:
    """Return a video that the caller may see.

    Raises:
        Refusal: 404, there is none, or it is somebody else's.
    """
    ledger = desk.ledger
    order = ledger.orders.order(video_id)
    everything = caller.may(Right.OPERATE)
    lesson_id = video_id if order is None else order.lesson_id
    if order is not None and not everything and order.by != caller.id:
        raise not_found("video")
    try:
        lesson = ledger.lesson(lesson_id)
    except BadInput:
        lesson = None
    if order is None and (
        lesson is None or (not everything and not ledger.overview.is_seen_by(lesson_id, caller.id))
    ):
        raise not_found("video")
    runs = () if lesson is None else ledger.overview.runs_of(lesson_id, None if everything else caller.id)
    if order is not None and all(run.run_id != order.run_id for run in runs):
        # The learner may have had the same lesson in a night; the order's own run has not come to it.
        lesson, runs = None, tuple(run for run in (ledger.run(order.run_id),) if run is not None)
    return Video(video_id, order, lesson, runs, None if lesson is None else ledger.contents.of(lesson_id))


def revision_of(desk: Desk, video: Video) -> Revision:
    """Return what changes when there is news of the video."""
    order = None if video.order is None else desk.ledger.orders.order(video.video_id)
    run = desk.ledger.run(video.order.run_id) if video.order is not None and video.lesson is None else None
    subjects = [video.order.lesson_id if video.order else video.video_id, *video.keys]
    overview = desk.ledger.overview
    # That a section has failed is noted after its last event.
    noted = overview.state_of(video.runs[0].run_id, video.keys) if video.runs else {}
    return (
        overview.newest_event(subjects),
        tuple(sorted((key, entry.outcome) for key, entry in noted.items())),
        video.lesson and video.lesson.revision,
        video.runs[:1],
        drafted_in(desk.workspace).intersection(video.keys),
        order and (order.state, order.changed),
        run,
        desk.signer.expiry(),
    )


def drafted_in(workspace: Workspace) -> frozenset[str]:
    """Return the keys of sections that are being made, as they were found less than `LOOK` ago."""
    good_until, found = _drafted.get(workspace, (0.0, frozenset[str]()))
    if time.monotonic() > good_until:
        found = workspace.sections.drafted()
        _drafted[workspace] = (time.monotonic() + LOOK, found)
    return found


def was_cancelled(video: Video) -> bool:
    """Return whether somebody has stopped it."""
    if video.lesson is not None and video.lesson.status in ENDS:
        return video.lesson.cause == CANCELLED
    # Its run may have entered the lesson while it was being stopped: nobody goes on with that.
    return video.order is not None and video.order.state is OrderState.CANCELLED
