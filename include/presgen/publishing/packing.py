"""Make a lesson's files ready: what is delivered beside the films is written here, and digested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from presgen.errors import CorruptMedia
from presgen.media.captions import webvtt
from presgen.model.base import Seconds
from presgen.model.edition import Edition
from presgen.model.lesson import LessonScript
from presgen.model.media import Cue, Video
from presgen.publishing.manifest import DeliveredFile, Manifest
from presgen.publishing.parcel import Item, Parcel
from presgen.publishing.report import LessonReport
from presgen.publishing.transcript import transcript_html, transcript_text
from presgen.workspace import sha256_of, write_whole

MANIFEST = "manifest"
"""The role of the list of all other files; always a parcel's last item."""

_MEDIA_TYPES = {".mp4": "video/mp4", ".m4a": "audio/mp4", ".webm": "video/webm"}


def pack(editions: Sequence[Edition], script: LessonScript, report: LessonReport) -> Parcel:
    """Write captions, transcripts, chapters, report and manifest beside the films; return all as a parcel.

    The first edition of a container has the lesson's plain name (``.mp4``, ``.m4a``), a further one its
    format's in addition (``.portrait.mp4``). What two editions have in common is there once.

    Args:
        editions: the lesson's, the main one first.
        script: what is said and shown in all of them.
        report: the account of the lesson.

    Raises:
        CorruptMedia: a film is not the one that was checked.
        StoreUnavailable: the disk is away or full.
    """
    main = editions[0].video
    parcel = Parcel(
        lesson_id=script.lesson_id,
        pseudonym=script.pseudonym,
        certification=report.certification_id,
        duration=main.duration,
        items=(),
    )
    items: list[Item] = []
    for edition in editions:
        _add_edition(items, edition, script.lesson_id)
    texts = {
        ("chapters", "-chapters.vtt", "text/vtt"): chapters(main),
        ("transcript", "-transcript.html", "text/html"): transcript_html(
            script, main, f"{parcel.name}{items[0].ending}"
        ),
        ("transcript_text", "-transcript.txt", "text/plain"): transcript_text(script, main),
        ("report", "-report.json", "application/json"): report.model_dump_json(indent=2) + "\n",
    }
    folder = main.path.parent
    for (role, ending, media_type), text in texts.items():
        items.append(_written(role, ending, media_type, folder, text))
    manifest = Manifest(
        lesson_id=script.lesson_id,
        duration=main.duration,
        files=tuple(_listed(parcel, each) for each in items),
    )
    text = manifest.model_dump_json(indent=2) + "\n"
    items.append(_written(MANIFEST, "-manifest.json", "application/json", folder, text))
    return replace(parcel, items=tuple(items))


def chapters(video: Video) -> str:
    """Return where each section starts, as a WebVTT file of the kind ``chapters``."""
    return webvtt(
        [
            Cue(start=placed.start, end=Seconds(placed.start + placed.duration), lines=(placed.title,))
            for placed in video.sections
        ]
    )


def _add_edition(items: list[Item], edition: Edition, lesson_id: str) -> None:
    """Add an edition's film, and what lies beside it and is not there yet."""
    video = edition.video
    suffix = video.path.suffix
    taken = any(item.ending == suffix for item in items)
    stem = f".{video.format}" if taken else ""
    film = _item("video", f"{stem}{suffix}", _MEDIA_TYPES[suffix], video.path)
    if film.sha256 != video.sha256:
        raise CorruptMedia(
            f"The {video.format} film of {lesson_id} has changed since it was checked: make it again."
        )
    beside = [
        film,
        _item("captions_vtt", f"{stem}.vtt", "text/vtt", video.captions),
        _item("captions_srt", f"{stem}.srt", "application/x-subrip", video.subtitles),
    ]
    if edition.poster is not None:
        beside.append(_item("poster", f"{stem}.png", "image/png", edition.poster))
    for item in beside:
        there = next((other for other in items if other.ending == item.ending), None)
        if there is not None and there.sha256 == item.sha256:
            continue
        ending = item.ending if there is None else f".{video.format}{item.ending}"
        first = all(other.role != item.role for other in items)
        role = item.role if first else f"{item.role}.{video.format}"
        items.append(replace(item, role=role, ending=ending))


def _listed(parcel: Parcel, item: Item) -> DeliveredFile:
    return DeliveredFile(
        name=f"{parcel.name}{item.ending}",
        role=item.role,
        media_type=item.media_type,
        sha256=item.sha256,
        bytes=item.bytes,
    )


def _written(role: str, ending: str, media_type: str, folder: Path, text: str) -> Item:
    path = folder / f"lesson{ending}"
    write_whole(path, text.encode())
    return _item(role, ending, media_type, path)


def _item(role: str, ending: str, media_type: str, path: Path) -> Item:
    try:
        digest = sha256_of(path)
    except FileNotFoundError:
        raise CorruptMedia(
            f"The lesson's {path.name} is gone from the workspace: make the lesson again."
        ) from None
    return Item(role, ending, media_type, path, digest, path.stat().st_size)
