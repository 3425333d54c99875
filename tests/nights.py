"""Whole nights in seconds: small learners, the card renderer, and pictures the size of a stamp."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from presgen import pipeline
from presgen.media.captions import subrip, webvtt
from presgen.media.formats import Format, formats
from presgen.model.base import Seconds
from presgen.model.edition import Edition
from presgen.model.learner import AssessmentRecord, Certification
from presgen.model.lesson import Cause, Gap, LessonPlan, LessonScript, Section, SectionKind
from presgen.model.media import Cue, PlacedSection, Video
from presgen.model.quality import QualityReport
from presgen.publishing import LessonReport, Parcel, lesson_report, pack
from presgen.settings import Settings
from tests.factories import make_learner, make_record, make_section

STAMP = "stamp"
TALL = "tall-stamp"
EAR = "ear"
FREE = "free-stamp"

for _small in (
    Format(name=STAMP, width=128, height=72, preset="ultrafast", crf=40),
    Format(name=TALL, width=72, height=128, preset="ultrafast", crf=40),
    Format(name=EAR, width=0, height=0, video="", container="m4a", burned=False),
    Format(
        name=FREE, width=128, height=72, video="vp9", audio="opus", container="webm", crf=50, burned=False
    ),
):
    if _small.name not in formats.names():
        formats.add(_small.name, _small)


def make_settings(folder: Path, **fields: Any) -> Settings:
    """Make the settings of a small deployment under ``folder``."""
    defaults: dict[str, Any] = {
        "workspace": folder / "workspace",
        "output": folder / "output",
        "renderer": "card",
        "formats": (STAMP,),
        "workers": 1,
        "pseudonym_key": "k" * 32,
        "budget": 90.0,
        "credentials": "",
    }
    return Settings(**defaults | fields)


def make_night(folder: Path, run_id: str = "run-1", **fields: Any) -> pipeline.Night:
    """Open a night of that deployment."""
    return pipeline.open_night(make_settings(folder, **fields), run_id)


def make_learner_record(number: int = 1, **fields: Any) -> AssessmentRecord:
    """Make the record of the learner with that number; all learners have the same gap."""
    learner = make_learner(id=f"L-{number}", name=f"Ada{number} Example", email=f"ada{number}@example.org")
    return make_record(learner=learner, **fields)


def write_records(folder: Path, records: Iterable[AssessmentRecord]) -> str:
    """Write the records as a source and return its address."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "records.jsonl"
    path.write_text("".join(record.model_dump_json() + "\n" for record in records), encoding="utf-8")
    return f"jsonl:{path}"


def make_script(*sections: Section, **fields: Any) -> LessonScript:
    """Make a lesson script: an opening, a deep dive and a closing, unless other sections are given."""
    told = sections or tuple(
        make_section(kind, title=title)
        for kind, title in (
            (SectionKind.OPENING, "Where you stand"),
            (SectionKind.DEEP_DIVE, "Well-known ports"),
            (SectionKind.CLOSING, "What to do next"),
        )
    )
    defaults: dict[str, Any] = {
        "lesson_id": "lesson-0123456789abcdef",
        "pseudonym": "learner-abcdefghijkl",
        "title": "Networking Essentials: Well-known ports",
        "persona": "mentor",
        "locale": "en-US",
        "sections": told,
        "causes": tuple(Cause(skill_ids=("ports",), question_ids=("q1",)) for _ in told),
    }
    return LessonScript(**defaults | fields)


def make_video(folder: Path, script: LessonScript, content: bytes = b"a film", **fields: Any) -> Video:
    """Make a joined video of the script's sections, ten seconds each; its film is no film, only bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    film = folder / fields.pop("file", "lesson.mp4")
    film.write_bytes(content)
    cues = (Cue(start=Seconds(1), end=Seconds(3), lines=("A port number says", "which program gets it.")),)
    film.with_suffix(".vtt").write_text(webvtt(cues), encoding="utf-8")
    film.with_suffix(".srt").write_text(subrip(cues), encoding="utf-8")
    film.with_suffix(".png").write_bytes(b"a picture")
    defaults: dict[str, Any] = {
        "path": film,
        "captions": film.with_suffix(".vtt"),
        "subtitles": film.with_suffix(".srt"),
        "sha256": hashlib.sha256(content).hexdigest(),
        "duration": Seconds(10.0 * len(script.sections)),
        "format": "landscape",
        "sections": tuple(
            PlacedSection(
                key=f"{number:064x}",
                slug=section.slug,
                title=section.title,
                start=Seconds(10.0 * number),
                duration=Seconds(10.0),
            )
            for number, section in enumerate(script.sections)
        ),
        "cues": cues,
    }
    return Video(**defaults | fields)


def make_report(script: LessonScript, video: Video, **fields: Any) -> LessonReport:
    """Make the account of that lesson, checked without a finding."""
    record = fields.pop("record", None) or make_record()
    gap = Gap(
        skill_id="ports", skill_name="Ports", domain="TCP", weight=5.0, score=50.0, question_ids=("q1",)
    )
    plan = LessonPlan(
        lesson_id=script.lesson_id,
        pseudonym=script.pseudonym,
        persona=script.persona,
        locale=script.locale,
        certification=record.certification.name,
        gaps=(gap,),
        remedies=(),
        left_out=(),
        budget=Seconds(90),
    )
    quality = QualityReport(subject=script.lesson_id, findings=fields.pop("findings", ()), metadata={})
    return lesson_report(
        record, plan, script, [(video, quality)], record_sha256="r" * 64, script_sha256="s" * 64
    )


def make_edition(folder: Path, script: LessonScript, content: bytes = b"a film", **fields: Any) -> Edition:
    """Make an edition of the script with a film and a poster that are only bytes.

    Its format is the script's video's: name and suffix of the film.
    """
    name, suffix = fields.get("format", "landscape"), fields.pop("suffix", ".mp4")
    video = make_video(folder, script, content, file=f"{name}{suffix}", **fields)
    poster = video.path.with_suffix(".png")
    return Edition(inputs="i" * 64, video=video, poster=poster if suffix != ".m4a" else None)


def make_parcel(
    folder: Path, content: bytes = b"a film", certification: str = "networking-essentials", **fields: Any
) -> Parcel:
    """Make a packed lesson of one edition; ``fields`` are its script's."""
    script = make_script(**fields)
    edition = make_edition(folder, script, content)
    record = make_record(certification=Certification(id=certification, name="Networking Essentials"))
    return pack([edition], script, make_report(script, edition.video, record=record))
