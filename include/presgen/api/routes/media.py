"""A video's files, and those of sections that lessons share: in part or as a whole."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse, Response

from presgen.api.desk import Caller, Desk, TheDesk
from presgen.api.films import MEDIA_TYPES, LessonFile, editions_of, files_of
from presgen.api.finding import Video, find_video
from presgen.api.parameters import TheSection, TheVideo
from presgen.api.problems import answers, not_found
from presgen.locking import Lock
from presgen.media.clip import clip_name
from presgen.media.formats import formats

router = APIRouter(tags=["media"])

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=600",
    # A transcript is a page: it may show itself, and nothing in it may run or ask.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox",
    "Referrer-Policy": "no-referrer",
}

Role = Annotated[
    str,
    Path(pattern=r"^[a-z_]{1,40}(\.[a-z0-9-]{1,60})?$", description="As in the status.", examples=["video"]),
]
Expires = Annotated[int, Query(ge=0, le=10**11, description="From the signed address.")]
Signature = Annotated[str, Query(max_length=64, description="From the signed address.")]
FILE: dict[int | str, dict[str, Any]] = {
    **answers(404),
    200: {"description": "The file.", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
    206: {
        "description": "The part that the header Range asks for.",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    },
    400: {"description": "The header Range is none."},
    416: {"description": "The file has no such part."},
}


@router.get(
    "/videos/{video_id}/media/{role}",
    summary="Get a file of a video",
    response_class=FileResponse,
    responses=FILE,
)
def get_media(
    desk: TheDesk, caller: Caller, video_id: TheVideo, role: Role, expires: Expires, signature: Signature
) -> FileResponse:
    """Send a file by its signed address, as the status gives it; the header `Range` asks for a part of it."""
    desk.signer.check(caller.id, expires, signature, "video", video_id, role)
    file = _file(desk, find_video(desk, caller, video_id), role)
    # By its digest an interrupted download goes on, wherever the file lies by then.
    headers = {**HEADERS, "ETag": f'"{file.sha256}"'}
    return FileResponse(file.path, media_type=file.media_type, headers=headers)


@router.get(
    "/sections/{key}/media/{role}",
    summary="Get a file of a shared section",
    response_class=FileResponse,
    responses=FILE,
)
def get_section_media(
    desk: TheDesk, caller: Caller, key: TheSection, role: Role, expires: Expires, signature: Signature
) -> FileResponse:
    """Send the clip or the poster of a section by its signed address."""
    desk.signer.check(caller.id, expires, signature, "section", key, role)
    known = desk.ledger.overview.section(key)
    path = None if known is None else section_file(desk, key, known.format, role)
    if path is None:
        raise not_found("file")
    return FileResponse(path, media_type=MEDIA_TYPES[path.suffix], headers=HEADERS)


@router.get(
    "/videos/{video_id}/captions",
    summary="Get a video's captions",
    response_class=Response,
    responses={
        **answers(404),
        200: {"description": "WebVTT or SubRip.", "content": {"text/vtt": {}, "application/x-subrip": {}}},
    },
)
def get_captions(
    desk: TheDesk,
    caller: Caller,
    video_id: TheVideo,
    kind: Annotated[str, Query(pattern="^(vtt|srt)$", description="`vtt` or `srt`.")] = "vtt",
) -> FileResponse:
    """Send the captions of the main edition."""
    file = _file(desk, find_video(desk, caller, video_id), f"captions_{kind}")
    return FileResponse(file.path, media_type=file.media_type, headers=HEADERS)


@router.get(
    "/videos/{video_id}/transcript",
    summary="Get a video's transcript",
    response_class=Response,
    responses={
        **answers(404),
        200: {"description": "All that is said.", "content": {"text/html": {}, "text/plain": {}}},
    },
)
def get_transcript(
    desk: TheDesk,
    caller: Caller,
    video_id: TheVideo,
    kind: Annotated[str, Query(pattern="^(text|html)$", description="`text` or `html`.")] = "text",
) -> FileResponse:
    """Send all that is said in the film; it is there once the video is published."""
    role = "transcript" if kind == "html" else "transcript_text"
    file = _file(desk, find_video(desk, caller, video_id), role)
    return FileResponse(file.path, media_type=file.media_type, headers=HEADERS)


@router.get("/videos/{video_id}/lock", summary="Get a video's lock file", responses=answers(404))
def get_lock(desk: TheDesk, caller: Caller, video_id: TheVideo) -> Lock:
    """Tell all that the main edition was made from: with it the same bytes can be made again."""
    video = find_video(desk, caller, video_id)
    for edition in editions_of(desk.workspace, video.content)[:1]:
        film = edition.video
        name = f"{video.content.lesson_id if video.content else ''}.{film.format}.{film.sha256[:16]}"
        if desk.workspace.has("locks", name):
            return desk.workspace.load("locks", name, Lock)
    raise not_found("lock file")


def section_file(desk: Desk, key: str, format: str, role: str) -> FilePath | None:
    """Return the clip or the poster of a section in the store; None: it is not there."""
    names = {"poster": "poster.png", "clip": clip_name(formats[format]) if format in formats.names() else ""}
    if not (name := names.get(role)):
        return None
    found = desk.workspace.sections.root / key / name
    return found if found.is_file() else None


def _file(desk: Desk, video: Video, role: str) -> LessonFile:
    """Return a file of a lesson that somebody may see.

    Raises:
        Refusal: 404, there is none in that role.
    """
    if video.lesson is not None and video.lesson.editions:
        editions = editions_of(desk.workspace, video.content)
        for file in files_of(desk.workspace, video.lesson.lesson_id, editions):
            if file.role == role:
                return file
    raise not_found("file")
