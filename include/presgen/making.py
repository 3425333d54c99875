"""What a night makes or takes: sections, from the store or the renderer, and editions joined of them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from structlog.contextvars import bound_contextvars

from presgen.brands import load_brand
from presgen.errors import BadInput, QualityRejected, SectionFailed, TransientError
from presgen.ledger import SectionOutcome
from presgen.media.formats import Format, formats
from presgen.model.base import digest_of
from presgen.model.edition import Edition
from presgen.model.lesson import LessonScript, Section
from presgen.model.media import StoredSection
from presgen.model.quality import FIX_LOG, FixLog, FixRecord, QualityReport, SectionEvidence
from presgen.night import Night, step
from presgen.personas import load_persona
from presgen.stages import SHORT_KEY, Stage, cause_of, reason_of
from presgen.workspace import SectionDraft, sha256_of, write_whole

if TYPE_CHECKING:
    from presgen.repairs import Job

SHIPPED_MUSIC = "pad"
"""What `media.bed` calls our own."""

_EVIDENCE = "evidence.json"
_POSTER = "poster.png"
_NARRATIONS = "narrations"
"""The folder of the workspace in which a section's speech waits for its other formats."""
_FORGOTTEN = 3600.0
"""Seconds after which a draft of a video counts as abandoned; writing one takes seconds."""


@dataclass(frozen=True, slots=True)
class Order:
    """An edition as it is ordered: of which sections it is made, and what else is in its film."""

    format: Format
    keys: tuple[str, ...]
    """A section's clip each, in the order of the script."""
    music: Path | None
    cover: tuple[Format, str] | None
    """Whose poster stands for a lesson without pictures: its first section's, in a format that has some."""
    inputs: str
    """Digest of everything the edition's film is joined from."""


class Found(NamedTuple):
    """A section, and where it lies in the store."""

    section: Section
    stored: StoredSection
    noted: bool = False
    """Whether the ledger knows that this run has it."""


def formats_of(night: Night) -> tuple[Format, ...]:
    """Return the formats of this night, the main edition's first.

    Raises:
        UnknownName: there is no such format.
    """
    return tuple(formats[name] for name in night.settings.formats)


def order_of(night: Night, script: LessonScript, format: Format) -> Order:
    """Return what the lesson is made of in that format.

    Raises:
        BadInput: the music is not there.
    """
    first, *_ = script.sections
    keys = tuple(key_of(night, section, format) for section in script.sections)
    music, sound = music_of(night)
    shown = None if format.pictured else next((each for each in formats_of(night) if each.pictured), None)
    cover = None if shown is None else (shown, key_of(night, first, shown))
    chapters = [[key, s.slug, s.title] for key, s in zip(keys, script.sections, strict=True)]
    inputs = [format.name, script.title, chapters, sound, "" if cover is None else cover[1]]
    return Order(format, keys, music, cover, digest_of(inputs))


def music_of(night: Night) -> tuple[Path | None, str]:
    """Return the music under this night's lessons, as `join_clips` takes it, and what tells it from others.

    Raises:
        BadInput: there is no such file.
    """
    named = night.settings.music
    if named in ("", SHIPPED_MUSIC):
        return (Path(named) if named else None), named
    path = Path(named)
    try:
        return path, sha256_of(path)
    except OSError as error:
        raise BadInput(
            f"PRESGEN_MUSIC names {named!r}, which cannot be read ({error.strerror}). A sound file's path, "
            f"{SHIPPED_MUSIC} or nothing would be fine."
        ) from None


def key_of(night: Night, section: Section, format: Format) -> str:
    """Return the section's key in that format, by this night's renderer and in its brand."""
    from presgen.rendering import section_key

    settings = night.settings
    persona = load_persona(section.persona)
    brand = load_brand(settings.brand)
    return section_key(section, persona, format, settings.renderer, settings.lexicon, brand=brand)


def take_for_lesson(night: Night, section: Section, format: Format, key: str) -> StoredSection:
    """Take a section for a lesson; do not try again at what this run has failed at for everybody."""
    noted = night.ledger.section(night.run_id, key) if section.kind.shared else None
    if noted is not None and noted.outcome is SectionOutcome.REJECTED:
        found = night.ledger.findings(night.run_id, key)
        raise QualityRejected(key, QualityReport(subject=key, findings=found, metadata={}).rejections)
    if noted is not None and noted.outcome is SectionOutcome.FAILED:
        raise SectionFailed(key, section.slug, noted.reason)
    return take(night, section, format, key)


def take(night: Night, section: Section, format: Format, key: str) -> StoredSection:
    """Return the section from the store, rendered now if it is not there or no longer whole."""
    stored = night.workspace.sections.get(key)
    outcome = SectionOutcome.REUSED
    if stored is None:
        try:
            stored = _render(night, section, format, key)
        except TransientError:
            raise
        except Exception as error:
            outcome = SectionOutcome.REJECTED if isinstance(error, QualityRejected) else SectionOutcome.FAILED
            _note(night, section, key, outcome, cause=cause_of(error), reason=reason_of(error))
            raise
        outcome = SectionOutcome.RENDERED
    if outcome is SectionOutcome.REUSED:
        note_reused(night, [Found(section, stored)])
    else:
        _note(night, section, key, outcome, seconds=stored.clip.duration, bytes=_size(stored))
    return stored


def find_sections(night: Night, script: LessonScript, orders: Sequence[Order]) -> dict[str, Found]:
    """Return those sections of the orders that lie in the store, by key, but for what this run failed at."""
    wanted: dict[str, Section] = {}
    for order in orders:
        wanted |= zip(order.keys, script.sections, strict=True)
        if order.cover is not None:
            wanted[order.cover[1]] = script.sections[0]
    noted = {entry.key: entry.outcome for entry in night.ledger.sections(night.run_id, list(wanted))}
    return {
        key: Found(section, stored, noted=key in noted)
        for key, section in wanted.items()
        if noted.get(key) not in (SectionOutcome.REJECTED, SectionOutcome.FAILED)
        and (stored := night.workspace.sections.get(key)) is not None
    }


def note_reused(night: Night, found: Iterable[Found]) -> None:
    """Note that sections were taken from the store."""
    # In one order, whoever notes them: two who note the same at once do not wait for each other for ever.
    ordered = sorted(found, key=lambda each: each.stored.key)
    sizes = {each.stored.key: _size(each.stored) for each in ordered if not each.noted}
    with night.ledger.together():
        for section, stored, noted in ordered:
            if not noted:
                told = {"seconds": stored.clip.duration, "bytes": sizes[stored.key]}
                _note(night, section, stored.key, SectionOutcome.REUSED, **told)
            with step(night, Stage.SECTION_REUSE, section=stored.key) as facts:
                facts["slug"] = section.slug


def evidence_of(night: Night, section: Section, format: Format, key: str) -> SectionEvidence:
    """Return what was measured on the section: when it was new, or again where less was measured then."""
    from presgen import quality

    stored = night.workspace.sections.get(key) or take_for_lesson(night, section, format, key)
    evidence = SectionEvidence.model_validate_json((stored.folder / _EVIDENCE).read_bytes())
    if quality.is_current(evidence):
        return evidence
    if night.workspace.has("evidence", key):
        later = night.workspace.load("evidence", key, SectionEvidence)
        if quality.is_current(later):
            return later
    measured = quality.measure_section(stored.clip, stored.folder, key, format)
    night.workspace.save("evidence", key, measured)
    return measured


def make_edition(night: Night, script: LessonScript, order: Order, found: Mapping[str, Found]) -> Edition:
    """Take or render those sections of an edition that were not found, and join all of them."""

    def taken(section: Section, format: Format, key: str) -> StoredSection:
        return found[key].stored if key in found else take_for_lesson(night, section, format, key)

    stored = [
        taken(section, order.format, key) for section, key in zip(script.sections, order.keys, strict=True)
    ]
    cover = None
    if order.cover is not None:
        cover = taken(script.sections[0], *order.cover).folder / _POSTER
    return _join(night, script, order, stored, cover)


def _join(
    night: Night, script: LessonScript, order: Order, stored: Sequence[StoredSection], cover: Path | None
) -> Edition:
    """Join the sections into an edition's film, with captions and poster beside it, and keep all of it."""
    from presgen.media.join import join_clips

    with step(night, Stage.LESSON_JOIN, lesson=script.lesson_id) as facts:
        film = _film(night, script.lesson_id, order.format)
        _sweep(film.parent)
        video = join_clips(
            stored, script.sections, film, order.format, script.title, music=order.music, cover=cover
        )
        poster = _poster(film) if order.format.pictured else None
        if poster is not None:
            write_whole(poster, (stored[0].folder / _POSTER).read_bytes())
        edition = Edition(inputs=order.inputs, video=video, poster=poster)
        night.workspace.save("videos", _name(script.lesson_id, order.format), edition)
        facts.update(
            format=order.format.name,
            video=video.sha256,
            seconds=round(video.duration, 3),
            sections=len(stored),
            keys=[key[:SHORT_KEY] for key in order.keys],
        )
        return edition


def edition_of(night: Night, lesson_id: str, format: Format) -> Edition | None:
    """Return the lesson's edition in that format if it lies in the workspace, whole and unchanged."""
    name = _name(lesson_id, format)
    if not night.workspace.has("videos", name):
        return None
    edition = night.workspace.load("videos", name, Edition)
    # The paths in it are those of the process that made it, which may have mounted the workspace elsewhere.
    film = _film(night, lesson_id, format)
    captions, subtitles = film.with_suffix(".vtt"), film.with_suffix(".srt")
    poster = None if edition.poster is None else _poster(film)
    if not all(file.is_file() for file in (film, captions, subtitles, poster) if file is not None):
        return None
    if sha256_of(film) != edition.video.sha256:
        return None
    video = edition.video.model_copy(update={"path": film, "captions": captions, "subtitles": subtitles})
    return edition.model_copy(update={"video": video, "poster": poster})


def _sweep(folder: Path) -> None:
    """Remove the drafts of processes that were killed while they wrote here."""
    for draft in folder.glob(".*"):
        with suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > _FORGOTTEN:
                draft.unlink()


def _film(night: Night, lesson_id: str, format: Format) -> Path:
    return night.workspace.folder("lessons", lesson_id) / f"{format.name}.{format.container}"


def _poster(film: Path) -> Path:
    return film.with_suffix(".png")


def _name(lesson_id: str, format: Format) -> str:
    """Return what the workspace calls the lesson's edition in that format."""
    return f"{lesson_id}.{format.name}"


def _render(night: Night, section: Section, format: Format, key: str) -> StoredSection:
    from presgen.repairs import inspect_and_mend

    if key_of(night, section, format) != key:
        raise BadInput(
            f"Section {section.slug} was planned as {key:.12}, but this worker would make other bytes: its "
            "code, fonts, voice, brand or lexicon differ. Bring all workers to one version and run the night "
            "again."
        )
    _refuse_what_people_refused(night, key)
    with ExitStack() as stack:
        stack.enter_context(bound_contextvars(section=key))

        def new_draft() -> SectionDraft:
            return stack.enter_context(night.workspace.sections.draft(key))

        draft = new_draft()
        facts = stack.enter_context(step(night, Stage.AVATAR_RENDER, section=key))
        facts.update(
            slug=section.slug, kind=section.kind.value, format=format.name, renderer=night.settings.renderer
        )
        job = _job(night, section, format, key)
        clip = job.render(draft.folder)
        facts.update(seconds=round(clip.duration, 3), frames=clip.frames)
        clip, draft = inspect_and_mend(night, job, clip, draft, new_draft)
        return draft.commit(clip)


def _job(night: Night, section: Section, format: Format, key: str) -> Job:
    """Return the section as a job for this night's renderer."""
    from presgen import rendering
    from presgen.repairs import Job

    settings = night.settings
    persona = load_persona(section.persona)
    ordered = (section, persona, format, settings.renderer)
    render = partial(
        rendering.render_section, *ordered, lexicon=settings.lexicon, brand=load_brand(settings.brand)
    )
    return Job(
        section=section,
        format=format,
        key=key,
        render=lambda folder: render(folder=folder, narrations=night.workspace.root / _NARRATIONS),
        render_afresh=lambda folder: render(folder=folder),
        narrate=lambda folder: rendering.narrate_section(
            section, persona, settings.renderer, folder, settings.lexicon
        ),
    )


def _refuse_what_people_refused(night: Night, key: str) -> None:
    """Raise where somebody has looked at the section and does not want it: it would come out the same.

    Raises:
        QualityRejected: it was refused.
    """
    decided = night.ledger.approval(key)
    if decided is not None and not decided.approved:
        raise QualityRejected(key, (f"refused by somebody at {decided.at}; change its content.",))


def fixes_of(night: Night, key: str) -> tuple[FixRecord, ...]:
    """Return what was fixed on a section in the store; mostly nothing."""
    account = night.workspace.sections.root / key / FIX_LOG
    if not account.is_file():
        return ()
    return FixLog.model_validate_json(account.read_bytes()).fixes


def discard_edition(night: Night, lesson_id: str, format: Format) -> None:
    """Forget the lesson's edition in that format, so that it is joined again from its sections."""
    _film(night, lesson_id, format).unlink(missing_ok=True)


def _note(night: Night, section: Section, key: str, outcome: SectionOutcome, **facts: Any) -> None:
    night.ledger.note_section(night.run_id, key, outcome, slug=section.slug, kind=section.kind.value, **facts)


def _size(stored: StoredSection) -> int:
    return sum((stored.folder / name).stat().st_size for name in stored.files)
