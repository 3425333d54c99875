"""What a night makes or takes: sections, from the store or the renderer, and videos joined of them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from structlog.contextvars import bound_contextvars

from presgen.errors import BadInput, QualityRejected, SectionFailed, TransientError
from presgen.ledger import SectionOutcome
from presgen.media.formats import formats
from presgen.model.lesson import LessonScript, Section
from presgen.model.media import StoredSection, Video
from presgen.model.quality import QualityReport, SectionEvidence
from presgen.night import Night, step
from presgen.personas import load_persona
from presgen.stages import Stage, cause_of, reason_of
from presgen.workspace import write_whole

_EVIDENCE = "evidence.json"
_POSTER = "poster.png"
_FORGOTTEN = 3600.0
"""Seconds after which a draft of a video counts as abandoned; writing one takes seconds."""


def key_of(night: Night, section: Section) -> str:
    """Return the section's key in this night's format, by this night's renderer."""
    from presgen.rendering import section_key

    settings = night.settings
    persona = load_persona(section.persona)
    return section_key(section, persona, formats[settings.format], settings.renderer, settings.lexicon)


def take_for_lesson(night: Night, section: Section, key: str) -> StoredSection:
    """Take a section for a lesson; do not try again at what this run has failed at for everybody."""
    noted = night.ledger.section(night.run_id, key) if section.kind.shared else None
    if noted is not None and noted.outcome is SectionOutcome.REJECTED:
        found = night.ledger.findings(night.run_id, key)
        raise QualityRejected(key, QualityReport(subject=key, findings=found, metadata={}).rejections)
    if noted is not None and noted.outcome is SectionOutcome.FAILED:
        raise SectionFailed(key, section.slug, noted.reason)
    return take(night, section, key)


def take(night: Night, section: Section, key: str) -> StoredSection:
    """Return the section from the store, rendered now if it is not there or no longer whole."""
    stored = night.workspace.sections.get(key)
    outcome = SectionOutcome.REUSED
    if stored is None:
        try:
            stored = _render(night, section, key)
        except TransientError:
            raise
        except Exception as error:
            outcome = SectionOutcome.REJECTED if isinstance(error, QualityRejected) else SectionOutcome.FAILED
            _note(night, section, key, outcome, cause=cause_of(error), reason=reason_of(error))
            raise
        outcome = SectionOutcome.RENDERED
    _note(night, section, key, outcome, seconds=stored.clip.duration, bytes=_size(stored))
    if outcome is SectionOutcome.REUSED:
        with step(night, Stage.SECTION_REUSE, section=key) as facts:
            facts["slug"] = section.slug
    return stored


def evidence_of(night: Night, section: Section, key: str) -> SectionEvidence:
    """Return what was measured on the section when it was new."""
    stored = night.workspace.sections.get(key) or take_for_lesson(night, section, key)
    return SectionEvidence.model_validate_json((stored.folder / _EVIDENCE).read_bytes())


def join(night: Night, script: LessonScript, stored: Sequence[StoredSection]) -> Video:
    """Join the sections into the lesson's video, with captions and poster beside it, and keep all of it."""
    from presgen.media.join import join_clips

    with step(night, Stage.LESSON_JOIN, lesson=script.lesson_id) as facts:
        film = _film(night, script.lesson_id)
        _sweep(film.parent)
        video = join_clips(stored, script.sections, film, formats[night.settings.format], script.title)
        write_whole(poster_of(video), (stored[0].folder / _POSTER).read_bytes())
        night.workspace.save("videos", script.lesson_id, video)
        facts.update(video=video.sha256, seconds=round(video.duration, 3), sections=len(stored))
        return video


def video_of(night: Night, lesson_id: str, sha256: str) -> Video | None:
    """Return the lesson's video if it lies in the workspace, whole, and with that digest."""
    if not sha256 or not night.workspace.has("videos", lesson_id):
        return None
    video = night.workspace.load("videos", lesson_id, Video)
    # The paths in it are those of the process that made it, which may have mounted the workspace elsewhere.
    film = _film(night, lesson_id)
    video = video.model_copy(update={"path": film, "captions": film.with_suffix(".vtt")})
    if video.sha256 != sha256 or not all(file.is_file() for file in (film, video.captions, poster_of(video))):
        return None
    with film.open("rb") as content:
        return video if hashlib.file_digest(content, "sha256").hexdigest() == sha256 else None


def poster_of(video: Video) -> Path:
    """Return where the video's still picture lies."""
    return video.path.with_name(_POSTER)


def _sweep(folder: Path) -> None:
    """Remove the drafts of processes that were killed while they wrote here."""
    for draft in folder.glob(".*"):
        with suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > _FORGOTTEN:
                draft.unlink()


def _film(night: Night, lesson_id: str) -> Path:
    return night.workspace.folder("lessons", lesson_id) / "lesson.mp4"


def _render(night: Night, section: Section, key: str) -> StoredSection:
    from presgen import quality, rendering

    settings = night.settings
    persona = load_persona(section.persona)
    ordered = formats[settings.format]
    if key_of(night, section) != key:
        raise BadInput(
            f"Section {section.slug} was planned as {key:.12}, but this worker would make other bytes: its "
            "code, fonts, voice or lexicon differ. Bring all workers to one version and run the night again."
        )
    with (
        bound_contextvars(section=key),
        night.workspace.sections.draft(key) as draft,
        step(night, Stage.AVATAR_RENDER, section=key) as facts,
    ):
        facts.update(slug=section.slug, kind=section.kind.value, renderer=settings.renderer)
        clip = rendering.render_section(
            section, persona, ordered, settings.renderer, draft.folder, settings.lexicon
        )
        facts.update(seconds=round(clip.duration, 3), frames=clip.frames)
        with step(night, Stage.QA_INSPECT, section=key) as seen:
            _, found = quality.inspect_section(section, clip, draft.folder, key, ordered)
            night.ledger.set_findings(night.run_id, key, found.findings)
            seen.update(passed=found.passed, findings=sorted({finding.check for finding in found.findings}))
            if not found.passed:
                raise QualityRejected(key, found.rejections)
        return draft.commit(clip)


def _note(night: Night, section: Section, key: str, outcome: SectionOutcome, **facts: Any) -> None:
    night.ledger.note_section(night.run_id, key, outcome, slug=section.slug, kind=section.kind.value, **facts)


def _size(stored: StoredSection) -> int:
    return sum((stored.folder / name).stat().st_size for name in stored.files)
