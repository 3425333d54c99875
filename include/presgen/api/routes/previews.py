"""A section heard or seen before anything is ordered."""

from __future__ import annotations

import asyncio
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import FileResponse

from presgen.api.bodies import body_of, taking
from presgen.api.desk import Caller, Desk, TheDesk
from presgen.api.films import MEDIA_TYPES
from presgen.api.guards import RateLimit
from presgen.api.parameters import root_of
from presgen.api.principal import Principal, Right
from presgen.api.problems import answers, not_found
from presgen.api.routes.media import FILE, HEADERS, Expires, Signature
from presgen.api.routes.scripts import script_of
from presgen.api.views.previews import PreviewRequest, PreviewView
from presgen.errors import BadInput
from presgen.media.formats import formats
from presgen.model.lesson import Section
from presgen.previewing import (
    Preview,
    PreviewKind,
    PreviewUnavailable,
    Wanted,
    find_preview,
    make_preview,
    size_of,
)

router = APIRouter(tags=["scripts"])

MOST_WAITING = 4
"""Previews are made one at a time; whoever comes when so many wait is asked to come again."""

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
_waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, int] = WeakKeyDictionary()
_ANSWERS = answers(400, 409, 413, 415)
Wish = Annotated[PreviewRequest, Depends(body_of(PreviewRequest))]


@router.post(
    "/previews/sound",
    summary="Hear one section",
    responses=_ANSWERS,
    openapi_extra=taking(PreviewRequest),
)
async def preview_sound(request: Request, desk: TheDesk, caller: Caller, wanted: Wish) -> PreviewView:
    """Have a section spoken, its first minute at most, as its persona will speak it; this takes some seconds.

    Nothing personal is ever spoken: of a record's script, opening and closing are refused.
    """
    return await _previewed(request, desk, caller, wanted, PreviewKind.SOUND)


@router.post(
    "/previews/film",
    summary="See one section",
    responses=_ANSWERS,
    openapi_extra=taking(PreviewRequest),
)
async def preview_film(request: Request, desk: TheDesk, caller: Caller, wanted: Wish) -> PreviewView:
    """Have a small film made of a section, its first 20 seconds at most, with the deployment's renderer.

    Nothing personal is ever shown: of a record's script, opening and closing are refused.
    """
    return await _previewed(request, desk, caller, wanted, PreviewKind.FILM)


@router.get(
    "/previews/{preview_id}/media",
    summary="Get a preview's file",
    response_class=FileResponse,
    responses=FILE,
)
def get_preview_media(
    desk: TheDesk,
    caller: Caller,
    preview_id: Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="As in the preview.")],
    expires: Expires,
    signature: Signature,
) -> FileResponse:
    """Send a preview by its signed address; the header `Range` asks for a part of it."""
    caller.must(Right.ORDER)
    desk.signer.check(caller.id, expires, signature, "preview", preview_id)
    found = find_preview(desk.workspace, preview_id)
    if found is None:
        raise not_found("preview")
    _, path = found
    return FileResponse(path, media_type=MEDIA_TYPES[path.suffix], headers=HEADERS)


async def _previewed(
    request: Request, desk: Desk, caller: Principal, wanted: PreviewRequest, kind: PreviewKind
) -> PreviewView:
    caller.must(Right.ORDER)
    limit: RateLimit = request.app.state.previews
    limit.check(request, caller.id)
    script = await script_of(desk, wanted)
    section = _section_of(script.sections, wanted)
    settings = desk.settings
    width, height = size_of(kind, formats[wanted.format or settings.formats[0]])
    job = Wanted(
        kind=kind,
        section=section,
        width=width,
        height=height,
        renderer=settings.renderer,
        brand=settings.brand,
        lexicon=settings.lexicon,
    )
    made = await _in_turn(desk, job)
    query = desk.signer.query(caller.id, "preview", made.key)
    return PreviewView(
        preview_id=made.key,
        kind=kind,
        section=section.slug,
        media_type=MEDIA_TYPES[f".{made.file.rpartition('.')[2]}"],
        url=f"{root_of(request)}/previews/{made.key}/media?{query}",
        seconds=made.seconds,
        whole=made.whole,
        bytes=made.bytes,
    )


async def _in_turn(desk: Desk, job: Wanted) -> Preview:
    """Make a preview when it is its turn; who waits holds no thread."""
    loop = asyncio.get_running_loop()
    turns = _turns.setdefault(loop, asyncio.Semaphore(1))
    if _waiting.get(loop, 0) >= MOST_WAITING:
        raise PreviewUnavailable(f"{MOST_WAITING} previews are waiting to be made.")
    _waiting[loop] = _waiting.get(loop, 0) + 1
    try:
        async with turns:
            return await asyncio.to_thread(make_preview, desk.workspace, job)
    finally:
        _waiting[loop] -= 1


def _section_of(sections: tuple[Section, ...], wanted: PreviewRequest) -> Section:
    """Return the section that is meant.

    Raises:
        BadInput: there is none, or it is about a learner.
    """
    # Without a record, nobody in particular is spoken to, not even at the end.
    free = [each for each in sections if each.kind.shared or wanted.record is None]
    for section in free:
        if section.slug == wanted.section:
            return section
    known = ", ".join(each.slug for each in free) or "none"
    raise BadInput(f"There is no such section that could be shown to anybody. There are: {known}.")
