"""A lesson's files in the workspace, by the roles that people ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from presgen.errors import StoreUnavailable
from presgen.ledger.contents import Content
from presgen.media.formats import formats
from presgen.model.edition import Edition
from presgen.workspace import Workspace, sha256_of

MEDIA_TYPES = {
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
    ".webm": "video/webm",
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".png": "image/png",
    ".wav": "audio/wav",
    ".html": "text/html",
    ".txt": "text/plain",
    ".json": "application/json",
}

_TEXTS = {
    "chapters": "lesson-chapters.vtt",
    "transcript": "lesson-transcript.html",
    "transcript_text": "lesson-transcript.txt",
    "report": "lesson-report.json",
    "manifest": "lesson-manifest.json",
}
"""Written when the lesson is published."""


@dataclass(frozen=True, slots=True)
class LessonFile:
    """One file of a lesson."""

    role: str
    format: str
    """Empty: it belongs to all editions."""
    path: Path

    @property
    def media_type(self) -> str:
        """What it is."""
        return MEDIA_TYPES[self.path.suffix]

    @property
    def bytes(self) -> int:
        """How large it is."""
        return self.path.stat().st_size

    @property
    def sha256(self) -> str:
        """Its digest; counted once for as long as the file stays as it is."""
        found = self.path.stat()
        return _digest(self.path, found.st_mtime_ns, found.st_size)


def editions_of(workspace: Workspace, content: Content | None) -> tuple[Edition, ...]:
    """Return the lesson's editions that lie in the workspace, the main one first. Nothing is verified."""
    if content is None:
        return ()
    names = [f"{content.lesson_id}.{shape}" for shape in dict.fromkeys(part.format for part in content.parts)]
    return tuple(workspace.load("videos", name, Edition) for name in names if workspace.has("videos", name))


def is_burned(workspace: Workspace, edition: Edition) -> bool:
    """Return whether captions are part of the edition's pictures: a card shows none, whatever the format."""
    video = edition.video
    shape = formats[video.format]
    if not (shape.pictured and shape.burned and video.sections):
        return False
    try:
        return _backend(workspace.root, video.sections[0].key) != "card"
    except StoreUnavailable:
        return True


def files_of(workspace: Workspace, lesson_id: str, editions: tuple[Edition, ...]) -> Iterator[LessonFile]:
    """Yield the lesson's files, those of the main edition first."""
    folder = workspace.root / "lessons" / lesson_id
    for number, edition in enumerate(editions):
        name = edition.video.format
        film = folder / f"{name}.{formats[name].container}"
        if not film.is_file():
            continue
        signed = film.with_name(f"{film.stem}.signed-{edition.video.sha256[:16]}{film.suffix}")
        found = {
            "video": signed if signed.is_file() else film,
            "captions_vtt": film.with_suffix(".vtt"),
            "captions_srt": film.with_suffix(".srt"),
            "poster": film.with_suffix(".png"),
        }
        for role, path in found.items():
            if path.is_file():
                yield LessonFile(f"{role}.{name}" if number else role, name, path)
    for role, ending in _TEXTS.items():
        if (path := folder / ending).is_file():
            yield LessonFile(role, "", path)


@lru_cache(maxsize=20_000)
def _backend(root: Path, key: str) -> str:
    """Return what rendered a section; its key tells one renderer's from another's, so this stays true."""
    told = Workspace(root).sections.told(key)
    if told is None:
        raise StoreUnavailable(f"Section {key} is not in the store any more.")
    return told.clip.backend


@lru_cache(maxsize=20_000)
def _digest(path: Path, _changed: int, _bytes: int) -> str:
    return sha256_of(path)
