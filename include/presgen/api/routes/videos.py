"""Videos: which there are, and how far each is, at once or as it changes."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Annotated, Any
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from presgen.api.desk import Caller, Desk, TheDesk
from presgen.api.finding import LOOK, Revision, find_video, revision_of
from presgen.api.parameters import Cursor, Limit, Searched, TheVideo, cursor_of, root_of, steps_of
from presgen.api.principal import Principal, Right
from presgen.api.problems import Refusal, answers
from presgen.api.starting import settle_orders
from presgen.api.telling import status_of, summary_of
from presgen.api.views.videos import VideoList, VideoState, VideoStatus, VideoSummary
from presgen.errors import PresGenError
from presgen.ledger import OrderState
from presgen.ledger.overview import Filter, WaitingOrder
from presgen.model.base import Percent

router = APIRouter(tags=["videos"], dependencies=[Depends(settle_orders)])

FRESH = 0.25
"""Seconds for which an answer is good for whoever asks the same again: fifty pages may watch one video."""
AT_ONCE = 3
"""Statuses that are looked up at the same time."""
BEAT = 15.0
"""Seconds after which a silent stream says that it is still there."""
LONGEST_STREAM = 600.0
"""Seconds after which a stream ends; browsers open another by themselves."""

_MOST_KEPT = 1_000
_ETAG = {"ETag": {"description": "Changes with any news.", "schema": {"type": "string"}}}
_NO_STORE = {"Cache-Control": "no-cache, private"}


@router.get("/videos", summary="List videos")
def list_videos(
    request: Request,
    desk: TheDesk,
    caller: Caller,
    run_id: Annotated[str | None, Query(max_length=300, description="Only those of this run.")] = None,
    status: Annotated[list[VideoState] | None, Query(description="Only those that stand there.")] = None,
    course: Annotated[str | None, Query(max_length=200, description="Only those of this course.")] = None,
    format: Annotated[str | None, Query(max_length=100, description="Only those made in it.")] = None,
    q: Searched = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> VideoList:
    """List the videos that you may see, those that changed last first."""
    seen_by = None if caller.may(Right.OPERATE) else caller.id
    wanted = Filter(
        run_id=run_id,
        statuses=_statuses(status or []),
        cancelled=_cancelled(status or []),
        course=course,
        format=format,
        text=q.strip(),
        seen_by=seen_by,
    )
    after = None if cursor is None else steps_of(cursor, 2)
    page = desk.ledger.overview.lessons(
        wanted, limit=limit, after=None if after is None else (after[0], after[1])
    )
    root = root_of(request)
    items = [summary_of(desk, caller, listed, root) for listed in page.lessons]
    waiting: list[VideoSummary] = []
    if cursor is None and not (run_id or course or format or q):
        waiting = [_waiting(each) for each in desk.ledger.overview.waiting_orders(seen_by, limit)]
        waiting = [each for each in waiting if not status or each.status in status]
    last = page.lessons[-1].entry if len(page.lessons) == limit else None
    return VideoList(
        items=(*waiting, *items),
        total=page.total + len(waiting),
        next=None if last is None else cursor_of(last.changed, last.lesson_id),
    )


@router.get(
    "/videos/{video_id}",
    summary="Tell all about a video",
    responses=answers(404),
)
def get_video(request: Request, desk: TheDesk, caller: Caller, video_id: TheVideo) -> VideoStatus:
    """Tell all that is known of a video now."""
    return status_of(desk, caller, find_video(desk, caller, video_id), root_of(request))


@router.get(
    "/videos/{video_id}/status",
    summary="Tell how far a video is",
    response_model=VideoStatus,
    responses={
        **answers(404),
        200: {"headers": _ETAG},
        304: {"description": "Nothing has changed since the status of that ETag.", "headers": _ETAG},
    },
)
async def get_status(
    request: Request,
    desk: TheDesk,
    caller: Caller,
    video_id: TheVideo,
    wait: Annotated[
        float, Query(ge=0, le=60, description="Seconds to wait for news of what If-None-Match names.")
    ] = 0,
    if_none_match: Annotated[
        str | None, Header(max_length=200, description="The ETag of the status that you have.")
    ] = None,
) -> Response:
    """Tell how far a video is. With `If-None-Match` and `wait`, the answer comes when there is news."""
    until = time.monotonic() + wait
    known = _tags(if_none_match)
    told = await _told(request, desk, caller, video_id)
    while told.etag in known and not told.over and (left := until - time.monotonic()) > 0:
        if await _wait(request, desk, video_id, told.revision, left):
            told = await _told(request, desk, await _still(request, desk), video_id)
        elif await request.is_disconnected():
            break
    headers = {"ETag": told.etag, **_NO_STORE}
    if told.etag in known:
        return Response(status_code=304, headers=headers)
    return Response(told.body, media_type="application/json", headers=headers)


@router.get(
    "/videos/{video_id}/events",
    summary="Follow a video",
    response_class=StreamingResponse,
    responses={
        **answers(404),
        200: {
            "description": "Server-sent events: `status`, each with the whole status; the last one is over.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
    },
)
async def follow_video(
    request: Request,
    desk: TheDesk,
    caller: Caller,
    video_id: TheVideo,
    last_event_id: Annotated[
        str | None, Header(max_length=200, description="The id of the last event that you have.")
    ] = None,
) -> StreamingResponse:
    """Send the status now, and again whenever it changes, until the video is over."""
    first = await _told(request, desk, caller, video_id)
    stream = _events(request, desk, video_id, first, last_event_id)
    headers = {**_NO_STORE, "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


@dataclass(frozen=True, slots=True)
class _Told:
    etag: str
    body: bytes
    over: bool
    revision: Revision
    good_until: float


_kept: OrderedDict[Any, _Told] = OrderedDict()
_looking: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def _told(request: Request, desk: Desk, caller: Principal, video_id: str) -> _Told:
    """Return the status as it is sent; one that was told to the same person a moment ago is told again."""
    root = root_of(request)
    who = (id(desk), root, caller.id, caller.rights, video_id)
    known = _kept.get(who)
    if known is not None and known.good_until > time.monotonic():
        return known
    async with _turns():
        told = await asyncio.to_thread(_tell, desk, caller, video_id, root, known)
    _kept[who] = told
    _kept.move_to_end(who)
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    return told


def _turns() -> asyncio.Semaphore:
    """Return what lets a few look at once: many threads would only take the processor from one another."""
    loop = asyncio.get_running_loop()
    return _looking.setdefault(loop, asyncio.Semaphore(AT_ONCE))


def _tell(desk: Desk, caller: Principal, video_id: str, root: str, known: _Told | None) -> _Told:
    with desk.ledger.looking():
        video = find_video(desk, caller, video_id)
        # First the revision: what changes in the workspace while the rest is read is news to whoever waits.
        revision = revision_of(desk, video)
        if known is not None and known.revision == revision:
            return replace(known, good_until=time.monotonic() + FRESH)
        status = status_of(desk, caller, video, root)
    body = status.model_dump_json().encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return _Told(etag, body, status.over, revision, time.monotonic() + FRESH)


async def _still(request: Request, desk: Desk) -> Principal:
    """Return who waits, with the rights they have by now.

    Raises:
        Refusal: 401, their token holds no longer; 403, they may not look any more.
    """
    # Without what was found out about them when the request came in: that is what may have changed.
    caller = await desk.who(Request({**request.scope, "state": {}}))
    caller.must(Right.VIEW)
    return caller


async def _wait(request: Request, desk: Desk, video_id: str, known: Revision, most: float) -> bool:
    """Wait until there may be news, holding no thread meanwhile; return whether there may be.

    It ends, too, when whoever waits has gone.

    Raises:
        Refusal: they have lost the right to see the video while they waited.
    """
    until = time.monotonic() + most
    while (left := until - time.monotonic()) > 0 and not await request.is_disconnected():
        await asyncio.sleep(min(LOOK, left))
        # What the desk remembers of them is good for seconds: each look costs a signature, and no more.
        caller = await _still(request, desk)
        async with _turns():
            if await asyncio.to_thread(_revision, desk, caller, video_id) != known:
                return True
    return False


def _revision(desk: Desk, caller: Principal, video_id: str) -> Revision:
    with desk.ledger.looking():
        return revision_of(desk, find_video(desk, caller, video_id))


async def _events(
    request: Request, desk: Desk, video_id: str, told: _Told, last: str | None
) -> AsyncIterator[bytes]:
    until = time.monotonic() + LONGEST_STREAM
    yield b"retry: 2000\n\n"
    while True:
        tag = told.etag.strip('"')
        if tag != last:
            last = tag
            yield b"event: status\nid: " + tag.encode() + b"\ndata: " + told.body + b"\n\n"
        if told.over or time.monotonic() > until or await request.is_disconnected():
            return
        try:
            news = await _wait(request, desk, video_id, told.revision, BEAT)
            told = await _told(request, desk, await _still(request, desk), video_id)
        except (Refusal, PresGenError):
            # Erased meanwhile, theirs no more, or the ledger is away: who comes again, as browsers do, is
            # told which.
            return
        if not news:
            yield b": still here\n\n"


def _tags(given: str | None) -> frozenset[str]:
    return frozenset(tag.strip().removeprefix("W/") for tag in (given or "").split(","))


def _statuses(wanted: list[VideoState]) -> tuple[str, ...]:
    """Return the lessons' own statuses among those; one that no lesson has where there is none."""
    if not wanted:
        return ()
    ours = (VideoState.QUEUED, VideoState.CANCELLED)
    return tuple(each.value for each in wanted if each not in ours) or ("none",)


def _cancelled(wanted: list[VideoState]) -> bool:
    return VideoState.CANCELLED in wanted


def _waiting(waiting: WaitingOrder) -> VideoSummary:
    order, state = waiting.order, VideoState.QUEUED
    if order.state is OrderState.CANCELLED:
        state = VideoState.CANCELLED
    elif waiting.over or order.state is OrderState.LOST:
        state = VideoState.FAILED
    return VideoSummary(
        video_id=order.video_id,
        lesson_id=None,
        run_id=order.run_id,
        ordered=True,
        learner=order.pseudonym,
        course=None,
        title=None,
        persona=None,
        status=state,
        percent=Percent(0.0),
        over=state.over,
        duration=None,
        poster=None,
        warnings=0,
        cause="",
        changed=order.changed,
    )
