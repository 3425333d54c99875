"""What people do with videos and sections: stop, make again, answer, approve, retire."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from presgen.api.bodies import body_of, taking
from presgen.api.desk import Caller, Desk, TheDesk
from presgen.api.parameters import TheSection, TheVideo
from presgen.api.principal import Principal, Right
from presgen.api.problems import Refusal, answers, conflict, not_found
from presgen.api.runs import Question
from presgen.api.starting import moved, start
from presgen.api.views.base import View
from presgen.api.views.videos import VideoState
from presgen.errors import BadInput, IllegalTransition
from presgen.ledger import LessonEntry, OrderEntry, OrderState
from presgen.ledger.overview import StoredRow
from presgen.ledger.transitions import BAD_ENDS, CANCELLED, ENDS
from presgen.model.lesson import LessonStatus
from presgen.orders import kept_choices

router = APIRouter(tags=["actions"])

ACTED = answers(404, 409)


class Acted(View):
    """Something was done with a video."""

    video_id: str
    status: VideoState
    """Where it stands now; ask for its status to see it go on."""


class Decision(View):
    """What somebody says to what a run asks."""

    approved: bool
    subject: str | None = None
    """Which question, by its subject; None: all that this video's run asks."""


class Answered(View):
    """What was answered."""

    video_id: str
    questions: tuple[Question, ...]


class Decided(View):
    """What was decided on a section."""

    key: str
    slug: str
    approved: bool


@dataclass(frozen=True, slots=True)
class _Video:
    """A video somebody may act on, and the run that makes it."""

    video_id: str
    run_id: str
    order: OrderEntry | None
    lesson: LessonEntry | None

    @property
    def learner(self) -> str | None:
        """Whose steps of the run it is; None: all of them."""
        return None if self.order is not None or self.lesson is None else self.lesson.pseudonym


@router.post("/videos/{video_id}/cancel", summary="Cancel a video", responses=ACTED)
async def cancel_video(request: Request, desk: TheDesk, caller: Caller, video_id: TheVideo) -> Acted:
    """Stop the video being made. What is finished of it is kept, and `retry` goes on from there."""
    video = await asyncio.to_thread(_own, desk, caller, video_id)
    if video.lesson is not None and video.lesson.status in ENDS:
        raise conflict(f"The video is {video.lesson.status}: there is nothing to stop.")
    if video.order is not None:
        await _cancel_order(request, desk, video, video.order)
    elif not await desk.runs.stop(request, video.run_id, video.learner):
        raise conflict("The run has ended meanwhile: there is nothing to stop.")
    # A step under way learns of it with its next heartbeat; by then its lesson has ended.
    if video.lesson is not None:
        await asyncio.to_thread(_end, desk, video)
    return Acted(video_id=video_id, status=VideoState.CANCELLED)


@router.post("/videos/{video_id}/retry", summary="Make a video again", responses=ACTED)
async def retry_video(request: Request, desk: TheDesk, caller: Caller, video_id: TheVideo) -> Acted:
    """Take the video's steps again. What is done is recognised, and nothing is published twice."""
    video = await asyncio.to_thread(_own, desk, caller, video_id)
    await _repeat(request, desk, video, ())
    return Acted(video_id=video_id, status=VideoState.QUEUED)


@router.post(
    "/videos/{video_id}/sections/{key}/retry", summary="Make one section of a video again", responses=ACTED
)
async def retry_section(
    request: Request, desk: TheDesk, caller: Caller, video_id: TheVideo, key: TheSection
) -> Acted:
    """Take a section out of the store and make it anew, and the video with it.

    What was decided on the section is asked again. Other films that have it stay as they are.
    """
    video = await asyncio.to_thread(_own, desk, caller, video_id)
    await asyncio.to_thread(_require_part, desk, video, key)
    await _require_over(request, desk, video)
    await asyncio.to_thread(_make_anew, desk, video, key)
    await _repeat(request, desk, video, (key,))
    return Acted(video_id=video_id, status=VideoState.QUEUED)


@router.post(
    "/videos/{video_id}/approval",
    summary="Answer what a video's run asks",
    responses={**ACTED, **answers(400, 413, 415)},
    openapi_extra=taking(Decision),
)
async def answer_approval(
    request: Request,
    desk: TheDesk,
    caller: Caller,
    video_id: TheVideo,
    decision: Annotated[Decision, Depends(body_of(Decision))],
) -> Answered:
    """Approve or refuse what waits for a person before it goes out."""
    video = await asyncio.to_thread(_own, desk, caller, video_id)
    asked = await desk.runs.questions(request, video.run_id)
    wanted = tuple(each for each in asked if _is_meant(each, video, decision))
    if not wanted:
        raise conflict("Nothing of this video waits for an answer like that.")
    for question in wanted:
        await desk.runs.answer(request, video.run_id, question, approved=decision.approved)
    return Answered(video_id=video_id, questions=wanted)


@router.post("/sections/{key}/approve", summary="Approve a section", responses=ACTED)
def approve_section(desk: TheDesk, caller: Caller, key: TheSection) -> Decided:
    """Approve a section, for everybody and for good."""
    section = _section(desk, caller, key)
    if desk.workspace.sections.get(key) is None:
        raise conflict(
            "The section is not in the store: there is nothing to approve.", "Make it again first."
        )
    desk.ledger.set_approval(_DESK, key, approved=True, by=caller.name)
    return Decided(key=key, slug=section.slug, approved=True)


@router.post("/sections/{key}/retire", summary="Retire a section", responses=ACTED)
def retire_section(desk: TheDesk, caller: Caller, key: TheSection) -> Decided:
    """Take a section out of the store: no new lesson uses it until its content changes.

    Films that have it keep it.
    """
    section = _section(desk, caller, key)
    desk.ledger.set_approval(_DESK, key, approved=False, by=caller.name)
    desk.workspace.sections.set_aside(key, "retired")
    return Decided(key=key, slug=section.slug, approved=False)


_DESK = "by-hand"
"""What stands for a run where somebody decides outside of every run."""


def _own(desk: Desk, caller: Principal, video_id: str) -> _Video:
    """Return a video that the caller may act on.

    Raises:
        Refusal: 404, there is none or it is somebody else's; 403, they may only look.
    """
    order = desk.ledger.orders.order(video_id)
    if order is None:
        caller.must(Right.VIEW)
        lesson = _lesson(desk, video_id)
        if lesson is None:
            raise not_found("video")
        caller.must(Right.OPERATE)
        run_id = desk.ledger.latest_run(video_id)
        if run_id is None:
            raise conflict("No run has ever worked on this video.")
        return _Video(video_id, run_id, None, lesson)
    if not caller.may(Right.OPERATE) and order.by != caller.id:
        raise not_found("video")
    caller.must(Right.ORDER)
    entered = any(each.lesson_id == order.lesson_id for each in desk.ledger.lessons(order.run_id))
    return _Video(video_id, order.run_id, order, desk.ledger.lesson(order.lesson_id) if entered else None)


def _lesson(desk: Desk, lesson_id: str) -> LessonEntry | None:
    try:
        return desk.ledger.lesson(lesson_id)
    except BadInput:
        return None


def _end(desk: Desk, video: _Video) -> None:
    """End the lesson as cancelled; one that has ended meanwhile is no longer to be stopped."""
    assert video.lesson is not None  # noqa: S101 - the caller has looked
    try:
        desk.ledger.end(
            video.lesson.lesson_id,
            LessonStatus.FAILED,
            run_id=video.run_id,
            cause=CANCELLED,
            reason="Somebody cancelled it.",
        )
    except IllegalTransition as error:
        raise conflict("The video has ended meanwhile: there is nothing to stop.") from error


async def _cancel_order(request: Request, desk: Desk, video: _Video, order: OrderEntry) -> None:
    """Note that an order is cancelled, and stop its run if there is one.

    Raises:
        Refusal: 409, there is nothing to stop.
    """
    wanted = order.state in (OrderState.RESERVED, OrderState.STARTED)
    run = await desk.runs.state(request, order.run_id)
    over = wanted and video.lesson is None and run in ("success", "failed")
    # First noted, then stopped: whoever starts the run in between finds the note.
    if over or not await moved(desk, order.video_id, OrderState.CANCELLED):
        raise conflict("Nobody makes this video any more: there is nothing to stop.")
    try:
        await desk.runs.stop(request, order.run_id)
    except Refusal:
        if wanted and await moved(desk, order.video_id, OrderState.RESERVED) and run is not None:
            await moved(desk, order.video_id, OrderState.STARTED)
        raise


async def _require_over(request: Request, desk: Desk, video: _Video) -> None:
    """Let pass a video that nobody works on."""
    if video.order is not None:
        busy = await desk.runs.state(request, video.run_id) in ("queued", "running")
    else:
        busy = video.lesson is not None and video.lesson.status not in ENDS
        busy = busy and await desk.runs.state(request, video.run_id) in ("queued", "running")
    if busy:
        raise conflict("The video is being made.", "Wait for it to end, or cancel it first.")


async def _repeat(request: Request, desk: Desk, video: _Video, sections: tuple[str, ...]) -> None:
    await _require_over(request, desk, video)
    if video.order is not None and await _start_again(request, desk, video.order):
        return
    # Whoever asks from now on is told that it is being made, and not how it ended before.
    await asyncio.to_thread(_begin_again, desk, video)
    try:
        await desk.runs.repeat(request, video.run_id, video.learner, sections)
    except Refusal:
        await asyncio.to_thread(_end_as_before, desk, video)
        if video.order is not None:
            await moved(desk, video.video_id, video.order.state)
        raise
    if video.order is not None and not await moved(desk, video.video_id, OrderState.STARTED):
        await desk.runs.stop(request, video.run_id)
        raise _cancelled()


async def _start_again(request: Request, desk: Desk, order: OrderEntry) -> bool:
    """Have an order count again; start its run, if there is none, and return whether that was so.

    Raises:
        Refusal: 409, nothing is kept to start it from, or somebody has cancelled it meanwhile.
    """
    there = await desk.runs.state(request, order.run_id) is not None
    choices = None if there else await asyncio.to_thread(kept_choices, desk.workspace, order.video_id)
    if not there and choices is None:
        raise conflict(
            "The order's run was never started, and its record is not kept.", "Order the video once more."
        )
    # A run of a cancelled order makes nothing: so first this.
    if not (there and order.state is OrderState.STARTED):
        await moved(desk, order.video_id, OrderState.RESERVED)
    if choices is None:
        return False
    if await start(request, desk, order.video_id, choices) is OrderState.CANCELLED:
        raise _cancelled()
    return True


def _cancelled() -> Refusal:
    return conflict("Somebody has cancelled the video meanwhile.", "Retry it when it is wanted after all.")


def _begin_again(desk: Desk, video: _Video) -> None:
    if video.lesson is not None and video.lesson.status in BAD_ENDS:
        desk.ledger.reset(video.lesson.lesson_id, run_id=video.run_id, why="asked for again")


def _end_as_before(desk: Desk, video: _Video) -> None:
    """End a lesson again that nobody will make. It has nothing by now, so all it can be is failed."""
    if video.lesson is not None and video.lesson.status in BAD_ENDS:
        desk.ledger.end(
            video.lesson.lesson_id,
            LessonStatus.FAILED,
            run_id=video.run_id,
            cause=video.lesson.cause,
            reason=video.lesson.reason,
        )


def _require_part(desk: Desk, video: _Video, key: str) -> None:
    content = None if video.lesson is None else desk.ledger.contents.of(video.lesson.lesson_id)
    if content is None or key not in {part.key for part in content.parts}:
        raise not_found("section in this video")


def _make_anew(desk: Desk, video: _Video, key: str) -> None:
    assert video.lesson is not None  # noqa: S101 - it has sections
    desk.workspace.sections.set_aside(key, "asked to be made again")
    desk.ledger.withdraw_approval(video.run_id, key)
    desk.ledger.reset(video.lesson.lesson_id, run_id=video.run_id, why="a section is made again")


def _is_meant(question: Question, video: _Video, decision: Decision) -> bool:
    if decision.subject is not None and question.subject != decision.subject:
        return False
    return video.learner is None or video.learner in question.subject


def _section(desk: Desk, caller: Principal, key: str) -> StoredRow:
    """Return a section that the caller may decide on.

    Raises:
        Refusal: 403, they may only look; 404, there is none that lessons share.
    """
    caller.must(Right.ORDER)
    found = desk.ledger.overview.section(key)
    if found is None:
        raise not_found("shared section")
    return found
