"""What is asked for: a script to read, or a video to be made."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from presgen.api.views.base import View
from presgen.api.views.videos import VideoState
from presgen.model.base import Seconds
from presgen.model.learner import Answer, AssessmentRecord, Certification, GapAnalysis, Learner, SkillOutline
from presgen.model.lesson import SectionKind, Source

Name = Annotated[str, Field(min_length=1, max_length=100)]
"""Of a persona, format, publisher or brand."""

Objective = Annotated[str, Field(min_length=1, max_length=400)]


class ScriptRequest(View):
    """What a script is to be about: objectives, or one learner's record."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "objectives": [
                        {
                            "skill_id": "ports",
                            "skill_name": "Well-known ports",
                            "exam_domain": "TCP, UDP and ports",
                            "content_items": [
                                {
                                    "topic": "What a port is for",
                                    "source": "RFC 6335",
                                    "page_ref": "Section 6",
                                    "summary": "A port number says which program gets the data.",
                                }
                            ],
                        }
                    ],
                    "persona": "mentor",
                    "seconds": 120,
                }
            ]
        }
    )

    objectives: Annotated[tuple[Objective | SkillOutline, ...], Field(max_length=20)] = ()
    """What to teach, in this order: an outline, or the id or name of one that the course has."""
    record: AssessmentRecord | None = None
    """One learner's results, instead of objectives."""
    persona: Name | None = None
    """None: whoever suits the learner's wish and language, else the deployment's."""
    locale: Annotated[str, Field(max_length=35)] | None = None
    """The language wanted, as ``en-US``; None: the persona's."""
    seconds: Annotated[Seconds, Field(ge=30, le=1800)] | None = None
    """The longest it may be; None: the deployment's choice."""


class WrittenSection(View):
    """A section of a script."""

    kind: SectionKind
    slug: str
    title: str
    text: str
    words: Annotated[int, Field(ge=0)]
    seconds: Seconds
    """Spoken, as planned."""
    sources: tuple[Source, ...]
    skills: tuple[str, ...]
    """Ids of the skills that it is about."""
    questions: tuple[str, ...]
    """Ids of the wrong answers that it is about."""


class WrittenScript(View):
    """A script. The same request gives the same script."""

    script_id: str
    title: str
    persona: str
    locale: str
    sections: tuple[WrittenSection, ...]
    words: Annotated[int, Field(ge=0)]
    seconds: Seconds
    sources: tuple[Source, ...]
    """Of all sections, each once."""


class LessonMaterial(View):
    """What a lesson is made of beside the learner."""

    gap_analysis: GapAnalysis
    answers: tuple[Answer, ...] = ()
    content_outline: tuple[SkillOutline, ...] = ()
    certification: Certification


class VideoRequest(View):
    """A video to be made: a profile and content, or a whole record."""

    user_profile: Learner | None = None
    content: LessonMaterial | None = None
    record: AssessmentRecord | None = None
    """Instead of profile and content."""
    persona: Name | None = None
    formats: Annotated[tuple[Name, ...], Field(max_length=10)] = ()
    """The main one first; empty: the deployment's."""
    publishers: Annotated[tuple[Name, ...], Field(max_length=10)] = ()
    """Empty: the deployment's."""
    seconds: Annotated[Seconds, Field(ge=30, le=1800)] | None = None
    """The longest it may be; None: the deployment's choice."""
    webhook: Annotated[str, Field(max_length=2000)] | None = None
    """Told when the video is over; its host must be on the deployment's list."""


class Accepted(View):
    """An order that was taken."""

    video_id: str
    status: VideoState
    status_url: str
    events_url: str
