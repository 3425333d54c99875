"""From a finished film to a verdict: measure, then ask every check."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from presgen.errors import BadInput, CorruptMedia
from presgen.media.analysis import playable
from presgen.media.captions import read_webvtt
from presgen.media.clip import clip_name
from presgen.media.container import is_webm
from presgen.media.edit_lists import EditList, edit_lists
from presgen.media.formats import Format, formats
from presgen.media.probe import Probe, probe
from presgen.model.base import Seconds
from presgen.model.lesson import LessonScript, Section
from presgen.model.media import Clip, Video
from presgen.model.quality import Expectation, Finding, QualityReport, SectionEvidence
from presgen.quality.checks import captions_can_be_read, checks, film_is_whole
from presgen.quality.evidence import Evidence, InspectedSection
from presgen.quality.expectations import LESSON, NIGHT, RUN, validate, with_usual_lengths
from presgen.quality.measuring import VERSION, measure
from presgen.quality.soundtrack import heard_in_film

EVIDENCE = "evidence.json"

LONGEST = Seconds(1800.0)
"""Half an hour: no learner watches longer, and no budget allows it."""


def measure_section(clip: Clip, folder: Path, key: str, format: Format) -> SectionEvidence:
    """Decode a section's clip in ``folder`` once and return what was measured.

    Raises:
        CorruptMedia: the clip is no media file at all.
    """
    return _measured(probe(folder / clip_name(format)), clip, folder, key)


def is_current(evidence: SectionEvidence) -> bool:
    """Return whether the evidence holds all that would be measured today, measured as today."""
    return evidence.version >= VERSION


def inspect_section(
    section: Section, clip: Clip, folder: Path, key: str, format: Format
) -> tuple[SectionEvidence, QualityReport]:
    """Decode a new section's clip once, keep what was measured beside it, and judge it.

    Args:
        section: what was to be said and shown.
        clip: what the renderer says it made; only its word times and captions are believed.
        folder: where the clip and ``narration.wav`` lie; ``evidence.json`` is written there.
        key: the section's key.
        format: what was ordered.

    Raises:
        CorruptMedia: the clip is no media file at all.
    """
    film = probe(folder / clip_name(format))
    measured = _measured(film, clip, folder, key)
    (folder / EVIDENCE).write_text(measured.model_dump_json(indent=1), encoding="utf-8")
    inspected = InspectedSection(
        title=section.title,
        start=Seconds(0.0),
        measured=measured,
        text=section.text,
        planned=section.planned,
        words=clip.words,
    )
    evidence = Evidence(
        key, film, (inspected,), clip.cues, format, joined=False, edit_lists=_edit_lists(film.path)
    )
    return measured, _report(evidence)


def inspect_lesson(
    video: Video,
    script: LessonScript,
    evidence: Sequence[SectionEvidence],
    format: Format,
    longest: Seconds = LONGEST,
    *,
    mixed: bool = False,
    keep: Path | None = None,
) -> QualityReport:
    """Judge a joined lesson by its sections' evidence, its container, joins and captions, and its metadata.

    Args:
        video: the joined video, as ``join_clips`` describes it.
        script: what was to be said and shown.
        evidence: what was measured on each section, in the order of the script.
        format: what was ordered.
        longest: the longest the lesson may be.
        mixed: whether the join encoded the sound anew, over music for instance; it is then measured anew.
        keep: where to keep what Great Expectations found, as JSON.

    Raises:
        BadInput: there is not one piece of evidence for each section.
        CorruptMedia: the video is no media file at all.
    """
    if not len(evidence) == len(script.sections) == len(video.sections):
        raise BadInput(
            f"{script.lesson_id} has {len(script.sections)} sections, {len(video.sections)} in the video and "
            f"evidence for {len(evidence)}; there must be one for each."
        )
    film = probe(video.path)
    if (mixed or format.audio == "opus") and film.sound is not None:
        starts = [placed.start for placed in video.sections]
        evidence = heard_in_film(film.path, list(zip(starts, evidence, strict=True)))
    inspected = tuple(
        InspectedSection(placed.title, placed.start, measured, section.text, section.planned)
        for section, placed, measured in zip(script.sections, video.sections, evidence, strict=True)
    )
    whole = Evidence(script.lesson_id, film, inspected, read_webvtt(video.captions), format, joined=True)
    metadata = {
        **_metadata(whole),
        "lesson_id": script.lesson_id,
        "pseudonym": script.pseudonym,
        "sha256": video.sha256,
        "longest_allowed": longest,
        "ordered_width": format.width,
        "ordered_height": format.height,
        "ordered_fps": float(format.fps) if format.pictured else 0.0,
        "format": format.name,
        "planned": round(script.planned, 3),
        "duration_ratio": round(film.duration / script.planned, 3),
        "seconds_per_section": round(film.duration / len(inspected), 3),
    }
    findings = (*_ask(whole), *validate(LESSON, [metadata], keep=keep))
    return QualityReport(subject=script.lesson_id, findings=findings, metadata=metadata, checks=_versions())


def inspect_file(path: Path, expect: Expectation | None = None) -> QualityReport:
    """Judge any MP4, M4A or WebM file, ours or not; captions are read from a WebVTT file beside it.

    A file that is cut short or no film at all is rejected as such.

    Args:
        path: the film.
        expect: what is expected of it; None: only what is true of every good film.

    Raises:
        BadInput: there is no such file.
        UnknownName: the expected format is none of ours.
    """
    expected = expect or Expectation()
    ordered = formats[expected.format] if expected.format is not None else None
    if not path.is_file():
        raise BadInput(f"There is no video {path}.")
    try:
        film = probe(path)
    except CorruptMedia as damage:
        finding = film_is_whole.unreadable(damage, playable(path))
        facts = {"bytes": path.stat().st_size}
        return QualityReport(subject=path.name, findings=(finding,), metadata=facts, checks=_versions())
    beside = path.with_suffix(".vtt")
    cues, faults = film.cues, list[Finding]()
    try:
        cues = read_webvtt(beside) if beside.is_file() else film.cues
    except CorruptMedia as damage:
        faults.append(captions_can_be_read.unreadable(damage))
    measured = measure(film, path.name, expected.master, expected.presenter)
    inspected = InspectedSection(path.name, Seconds(0.0), measured, text=expected.script)
    evidence = Evidence(
        path.name,
        film,
        (inspected,),
        cues,
        ordered,
        joined=False,
        expected=expected,
        edit_lists=_edit_lists(path),
    )
    return _report(evidence, faults)


def read_expectation(path: Path) -> Expectation:
    """Return what a JSON file says is expected of a film. The path of a master counts from the file's folder.

    Raises:
        BadInput: the file is absent, no JSON, or says what nobody can expect; the message names each field.
    """
    try:
        expected = Expectation.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadInput(f"The expectation {path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, each['loc'])) or 'the file'}: {each['msg'].removesuffix('.')}"
            for each in error.errors(include_url=False)
        )
        known = ", ".join(Expectation.model_fields)
        raise BadInput(f"{path.name} is no expectation: {faults}. Fields are {known}.") from error
    if expected.master is None:
        return expected
    return expected.model_copy(update={"master": path.parent / expected.master})


def validate_night(
    rows: Sequence[Mapping[str, Any]], outcome: Mapping[str, Any] | None = None, keep: Path | None = None
) -> QualityReport:
    """Hold the table of all editions of all lessons of a run, and what it came to, against expectations.

    Args:
        rows: the ``metadata`` of each edition's report.
        outcome: ``run``, ``needed``, ``published`` and ``success_ratio``; None: nobody asks for it.
        keep: a folder in which to keep the results, as JSON.
    """

    def place(suite: str) -> Path | None:
        return None if keep is None else keep / f"{suite}.json"

    findings: tuple[Finding, ...] = ()
    if rows:
        findings += validate(NIGHT, with_usual_lengths(rows), keep=place(NIGHT))
    if outcome is not None:
        findings += validate(RUN, [outcome], key="run", keep=place(RUN))
    return QualityReport(subject="night", findings=findings, metadata={"lessons": len(rows)})


def _measured(film: Probe, clip: Clip, folder: Path, key: str) -> SectionEvidence:
    return measure(film, key, folder / "narration.wav", clip.presenter or None)


def _report(evidence: Evidence, faults: Sequence[Finding] = ()) -> QualityReport:
    return QualityReport(
        subject=evidence.subject,
        findings=(*faults, *_ask(evidence)),
        metadata=_metadata(evidence),
        checks=_versions(),
    )


def _versions() -> dict[str, int]:
    """Return the version of each check, by its name."""
    return {name: sys.modules[check.__module__].VERSION for name, check in checks}


def _edit_lists(path: Path) -> tuple[EditList, ...]:
    return () if is_webm(path) else edit_lists(path)


def _ask(evidence: Evidence) -> tuple[Finding, ...]:
    """Ask every check, in the order of their names."""
    return tuple(finding for _, check in checks for finding in check(evidence))


def _metadata(evidence: Evidence) -> dict[str, Any]:
    """Return what was measured as one flat row."""
    film = evidence.film
    measured = [section.measured for section in evidence.sections]
    loudness = [each.loudness for each in measured if each.loudness is not None]
    return {
        "duration": round(film.duration, 3),
        "width": film.pictures.width if film.pictures else 0,
        "height": film.pictures.height if film.pictures else 0,
        "fps": round(film.pictures.fps, 3) if film.pictures else 0.0,
        "video_codec": film.pictures.codec if film.pictures else "",
        "audio_codec": film.sound.codec if film.sound else "",
        "sample_rate": film.sound.sample_rate if film.sound else 0,
        "bytes": film.size,
        "sections": len(measured),
        "chapters": len(film.chapters),
        "cues": len(evidence.cues),
        "has_caption_track": film.captions is not None,
        "captioned": _captioned(film, evidence),
        "loudness_min": min(loudness, default=None),
        "loudness_max": max(loudness, default=None),
        "true_peak_max": max((each.true_peak for each in measured), default=None),
        "longest_silence": max((each.longest_silence[1] for each in measured), default=0.0),
        "lip_offset": _farthest([each.lip_offset for each in measured if each.lip_offset is not None]),
    }


def _farthest(offsets: Sequence[Seconds]) -> Seconds | None:
    """Return the offset that is farthest from none."""
    return max(offsets, key=abs, default=None)


def _captioned(film: Probe, evidence: Evidence) -> float:
    """Return the share of the script's letters shown as captions; without a script, whether any are."""
    said = sum(len("".join((section.text or "").split())) for section in evidence.sections)
    shown = sum(len("".join(cue.text.split())) for cue in evidence.cues)
    return (shown / said) if said else float(bool(evidence.cues or film.cues))
