"""Make a lesson's files ready: what is delivered beside the video is written here, and digested."""

from __future__ import annotations

import hashlib
from pathlib import Path

from presgen.errors import CorruptMedia
from presgen.media.captions import subrip
from presgen.model.lesson import LessonScript
from presgen.model.media import Video
from presgen.publishing.parcel import Item, Parcel
from presgen.publishing.report import LessonReport
from presgen.publishing.transcript import transcript_html, transcript_text
from presgen.workspace import write_whole


def pack(video: Video, script: LessonScript, report: LessonReport, poster: Path) -> Parcel:
    """Write captions, transcripts and report beside the video; return all of it as a parcel.

    Raises:
        CorruptMedia: the video is not the one that was checked.
        StoreUnavailable: the disk is away or full.
    """
    parcel = Parcel(
        lesson_id=script.lesson_id,
        pseudonym=script.pseudonym,
        certification=report.certification_id,
        duration=video.duration,
        items=(),
    )
    film = _item("video", ".mp4", "video/mp4", video.path)
    if film.sha256 != video.sha256:
        raise CorruptMedia(
            f"The video of {script.lesson_id} has changed since it was checked: make it again."
        )
    folder = video.path.parent
    texts = {
        ("captions_srt", ".srt", "application/x-subrip"): subrip(video.cues),
        ("transcript", "-transcript.html", "text/html"): transcript_html(script, video, f"{parcel.name}.mp4"),
        ("transcript_text", "-transcript.txt", "text/plain"): transcript_text(script, video),
        ("report", "-report.json", "application/json"): report.model_dump_json(indent=2) + "\n",
    }
    items = [
        film,
        _item("captions_vtt", ".vtt", "text/vtt", video.captions),
        _item("poster", ".png", "image/png", poster),
    ]
    for (role, ending, media_type), text in texts.items():
        path = folder / f"lesson{ending}"
        write_whole(path, text.encode())
        items.append(_item(role, ending, media_type, path))
    return Parcel(
        lesson_id=parcel.lesson_id,
        pseudonym=parcel.pseudonym,
        certification=parcel.certification,
        duration=parcel.duration,
        items=tuple(items),
    )


def _item(role: str, ending: str, media_type: str, path: Path) -> Item:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise CorruptMedia(
            f"The lesson's {path.name} is gone from the workspace: make the lesson again."
        ) from None
    return Item(role, ending, media_type, path, digest, path.stat().st_size)
