"""What is proven of a finished night: each wrong answer has its seconds, and each second its reason.

Each file is on Drive once. Every proof returns what contradicts it: nothing returned is the proof.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from presgen.audit import trace, why
from presgen.ledger import LessonEntry
from presgen.ledger.trail import Node
from presgen.making import edition_of, formats_of
from presgen.media.captions import read_webvtt
from presgen.model.base import Seconds, digest_of
from presgen.model.learner import Answer, AssessmentRecord
from presgen.model.lesson import LessonScript, LessonStatus
from presgen.model.media import Cue, Video
from presgen.night import Night
from presgen.personas import load_persona
from presgen.publishing import Parcel
from presgen.publishing.drive.folders import folder_place
from presgen.publishing.drive.shelf import PLACE
from presgen.writing.remedy import remedy
from presgen_airflow.local.drive_emulator import Storage
from presgen_airflow.local.drive_emulator.storage import Stored

FILES = {"video": "path", "captions_vtt": "captions", "captions_srt": "subtitles"}
"""Roles of files that lie in the workspace as they are delivered, and what a video calls them."""


@dataclass
class Reckoning:
    """What the audit trail says of a night's wrong answers and seconds."""

    lessons: int = 0
    answers: int = 0
    taught: int = 0
    left_out: int = 0
    spans: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def reckon(night: Night, step: float = 1.0) -> Reckoning:
    """Hold the trail against records, scripts and captions, from answers to seconds and back.

    The trail is asked about a film's every second ``step``, and about the first moment of every section.
    """
    found = Reckoning()
    for entry in night.ledger.lessons(night.run_id):
        if entry.status is LessonStatus.PUBLISHED:
            found.lessons += 1
            found.faults += [f"{entry.lesson_id}: {fault}" for fault in _faults(night, entry, step, found)]
    return found


def faults_on_drive(night: Night, storage: Storage, roles: int) -> Iterator[str]:
    """Tell what is on Drive beside ``roles`` files a lesson, each once and to the byte what was delivered."""
    files = {stored.id: stored for stored in storage.files()}
    expected: dict[str, str] = {}
    for entry in night.ledger.lessons(night.run_id):
        assets = night.ledger.assets(entry.lesson_id, "drive")
        if len(assets) != (roles if entry.status is LessonStatus.PUBLISHED else 0):
            yield f"{entry.lesson_id}: {len(assets)} files, and it is {entry.status}"
        expected |= {asset.asset_id: asset.sha256 for asset in assets}
        local = _local(night, entry) if assets else {}
        for asset in assets:
            if local.get(asset.role, asset.sha256) != asset.sha256:
                yield f"{entry.lesson_id}: {asset.role} is another file than the one that was made"
            stored = files.get(asset.asset_id)
            if stored is not None and not _is_theirs(night, entry, storage, stored):
                yield f"{entry.lesson_id}: {asset.role} lies in somebody else's folder"
    for file_id in sorted(expected.keys() ^ files.keys()):
        yield f"{file_id} is {'not there' if file_id in expected else 'there, and nobody delivered it'}"
    for file_id in expected.keys() & files.keys():
        if hashlib.sha256(storage.content(file_id)).hexdigest() != expected[file_id]:
            yield f"{file_id} has other bytes than were delivered"
        if (count := len(files[file_id].revisions)) != 1:
            yield f"{file_id} was written {count} times"
    # By the folder's id, and not by its name: people may share that.
    places = Counter((*stored.file["parents"], stored.file["name"]) for stored in files.values())
    for (*_, name), count in places.items():
        if count > 1:
            yield f"{name} is there {count} times"


def _is_theirs(night: Night, entry: LessonEntry, storage: Storage, stored: Stored) -> bool:
    """Return whether a file lies in the folder that was made for the lesson's learner."""
    [presentations] = stored.file["parents"]
    [learner] = storage.items[presentations].file["parents"]
    names = Parcel(entry.lesson_id, entry.pseudonym, entry.certification, Seconds(0.0), items=()).folder
    place = digest_of([night.settings.drive_folder, folder_place(names[:-1])])[:40]
    return bool(storage.items[learner].file["appProperties"][PLACE] == place)


def _local(night: Night, entry: LessonEntry) -> dict[str, str]:
    """Return the digests of the main edition's files in the workspace, by role; unsigned films only."""
    edition = edition_of(night, entry.lesson_id, formats_of(night)[0])
    if edition is None or night.settings.credentials:
        return {}
    return {
        role: hashlib.sha256(getattr(edition.video, name).read_bytes()).hexdigest()
        for role, name in FILES.items()
    }


def _faults(night: Night, entry: LessonEntry, step: float, found: Reckoning) -> Iterator[str]:
    record = night.workspace.load("records", entry.lesson_id, AssessmentRecord)
    script = night.workspace.load("scripts", entry.lesson_id, LessonScript)
    answers = {answer.question_id: answer for answer in record.wrong_answers}
    everything = night.ledger.trail.of_lesson(entry.lesson_id, "span")
    for shape in formats_of(night):
        edition = edition_of(night, entry.lesson_id, shape)
        if edition is None:
            yield f"has no {shape.name} in the workspace"
            continue
        spans = sorted(
            (each for each in everything if each.name == edition.video.sha256),
            key=lambda each: each.starts or 0.0,
        )
        found.spans += len(spans)
        found.seconds += edition.video.duration
        said = [_said(read_webvtt(edition.video.captions), span) for span in spans]
        yield from _orphans(edition.video, spans, script)
        yield from _strays(read_webvtt(edition.video.captions), spans)
        yield from _untrue(night, edition.video, spans, said, answers, script, step)
    yield from _unresolved(night, entry, answers, script, found)


def _unresolved(
    night: Night, entry: LessonEntry, answers: dict[str, Answer], script: LessonScript, found: Reckoning
) -> Iterator[str]:
    """From each wrong answer to its remedy's seconds in every film, or to the reason why there are none."""
    films = {
        edition.video.sha256: read_webvtt(edition.video.captions)
        for shape in formats_of(night)
        if (edition := edition_of(night, entry.lesson_id, shape)) is not None
    }
    for question, answer in answers.items():
        found.answers += 1
        outcomes, _ = trace(night.ledger, question, entry.pseudonym)
        told = [outcome for outcome in outcomes if outcome.lesson == entry.lesson_id]
        if len(told) != 1:
            yield f"{question}: the trail tells of {len(told)} outcomes"
            continue
        remedies = [span for span in told[0].spans if span["kind"] == "remedy"]
        if not remedies:
            found.left_out += 1
            if not told[0].reason:
                yield f"{question}: is not reviewed, and the trail does not say why"
            continue
        found.taught += 1
        if Counter(span["film"] for span in remedies) != Counter(films.keys()):
            yield f"{question}: {len(remedies)} remedies in {len(films)} films"
            continue
        for span in remedies:
            cues = [cue for cue in films[span["film"]] if span["starts"] <= cue.start < span["ends"]]
            if _letters(" ".join(cue.text for cue in cues)) != _remedy_text(answer, script.persona):
                yield f"{question}: other captions than its remedy from {span['starts']} s"


def _orphans(video: Video, spans: Sequence[Node], script: LessonScript) -> Iterator[str]:
    """Each moment from nought to the film's end belongs to one section."""
    edges = [0.0, *(span.ends or 0.0 for span in spans)]
    starts = [span.starts or 0.0 for span in spans]
    if len(spans) != len(script.sections):
        yield f"{len(spans)} spans of {len(script.sections)} sections"
    for before, after in zip(edges, [*starts, video.duration], strict=True):
        if before != after:
            yield f"from {before} to {after} s nobody or two sections have the film"


def _strays(cues: Sequence[Cue], spans: Sequence[Node]) -> Iterator[str]:
    """Each caption is shown within one section."""
    for cue in cues:
        homes = [s for s in spans if (s.starts or 0.0) <= cue.start and cue.end <= (s.ends or 0.0)]
        if len(homes) != 1:
            yield f"the caption at {cue.start} s is in {len(homes)} sections"


def _untrue(
    night: Night,
    video: Video,
    spans: Sequence[Node],
    said: Sequence[str],
    answers: dict[str, Answer],
    script: LessonScript,
    step: float,
) -> Iterator[str]:
    """From each second to the answer behind it."""
    asked = 0
    for number, (span, text) in enumerate(zip(spans, said, strict=True)):
        if text != _letters(script.sections[number].text):
            yield f"section {number} has other captions than words"
        starts, ends = span.starts or 0.0, span.ends or 0.0
        moments = [starts]
        while asked * step < ends:
            moments.append(max(asked * step, starts))
            asked += 1
        for moment in dict.fromkeys(moments):
            told = why(night.ledger, video.sha256, moment)
            if (told.starts, told.ends, told.section["slug"]) != (starts, ends, span.body["slug"]):
                yield f"second {moment} is of {told.section['slug']}, and lies in {span.body['slug']}"
            if told.section["kind"] != "remedy":
                continue
            names = [answer["name"] for answer in told.answers]
            if len(names) != 1 or text != _remedy_text(answers[names[0]], script.persona):
                yield f"second {moment} is there for {names}, of which it is not the remedy"


def _said(cues: Sequence[Cue], span: Node) -> str:
    return _letters(
        " ".join(cue.text for cue in cues if (span.starts or 0.0) <= cue.start < (span.ends or 0.0))
    )


def _letters(text: str) -> str:
    """Return the text without spaces: a long word may go on in the next line."""
    return "".join(text.split())


@cache
def _remedy_text(answer: Answer, persona: str) -> str:
    """Return what is to be said about the answer, written anew."""
    return _letters(remedy(answer, load_persona(persona)).text)
