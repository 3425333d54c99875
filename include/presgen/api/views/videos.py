"""A video: what was asked for, how far it is, and where its files are."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field

from presgen.api.views.base import View
from presgen.model.base import Percent, Seconds
from presgen.model.lesson import LessonStatus, SectionKind
from presgen.model.quality import Severity

VIDEO_ID = r"^[a-z0-9][a-z0-9-]{0,79}$"
"""What a video's id looks like."""

VideoId = Annotated[str, Field(pattern=VIDEO_ID, examples=["lesson-0123456789abcdef"])]


class VideoState(StrEnum):
    """Where a video stands: an order's way, then that of its lesson."""

    QUEUED = "queued"
    """Ordered; its run has not begun."""
    PENDING = LessonStatus.PENDING.value
    SCRIPT_GENERATED = LessonStatus.SCRIPT_GENERATED.value
    AVATAR_RENDERING = LessonStatus.AVATAR_RENDERING.value
    AVATAR_VIDEOS_GENERATED = LessonStatus.AVATAR_VIDEOS_GENERATED.value
    QA_PASSED = LessonStatus.QA_PASSED.value
    PUBLISHED = LessonStatus.PUBLISHED.value
    QUARANTINED = LessonStatus.QUARANTINED.value
    DELIVERY_BLOCKED = LessonStatus.DELIVERY_BLOCKED.value
    FAILED = LessonStatus.FAILED.value
    NOT_NEEDED = LessonStatus.NOT_NEEDED.value
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more happens unless somebody acts."""
        return self in _OVER


_OVER = frozenset(
    {
        VideoState.PUBLISHED,
        VideoState.QUARANTINED,
        VideoState.DELIVERY_BLOCKED,
        VideoState.FAILED,
        VideoState.NOT_NEEDED,
        VideoState.CANCELLED,
    }
)


class VideoStage(StrEnum):
    """What is being done."""

    WAITING = "waiting"
    WRITING = "writing"
    RENDERING = "rendering"
    INSPECTING = "inspecting"
    PUBLISHING = "publishing"
    DONE = "done"


class SectionState(StrEnum):
    """Where a section of a video stands."""

    WAITING = "waiting"
    RENDERING = "rendering"
    REUSED = "reused"
    RENDERED = "rendered"
    REJECTED = "rejected"
    FAILED = "failed"

    @property
    def there(self) -> bool:
        """Whether its clip is ready to be joined."""
        return self in (SectionState.REUSED, SectionState.RENDERED)


class VideoSection(View):
    """One section of a video, in the main format."""

    number: Annotated[int, Field(ge=0)]
    """Its place, counted from 0."""
    key: str
    """The section's digest in the store: equal keys, equal bytes."""
    slug: str
    kind: SectionKind
    title: str
    shared: bool
    """Whether other learners may get the same section."""
    state: SectionState
    attempts: Annotated[int, Field(ge=0)]
    """How often it was made, in whichever run; 0: it was found in the store."""
    approved: bool | None
    """What somebody decided on it; None: nobody has."""
    starts: Seconds | None
    """In the film; None: there is no film yet."""
    ends: Seconds | None
    problem: str
    """Why it was rejected or failed; empty: it was not."""


class CaptionFile(View):
    """Captions of a video."""

    role: str
    format: str
    """Of the edition they belong to."""
    language: str
    media_type: str
    url: str


class Delivery(View):
    """Where a publisher has put a file."""

    publisher: str
    asset_id: str
    """The destination's own: on Drive the file's id."""
    url: str | None
    """Where people can open it; None: it has no address on the web."""


class Asset(View):
    """A file of a video."""

    role: str
    """``video``, ``captions_vtt``, ``captions_srt``, ``poster``, ``chapters``, ``transcript``,
    ``transcript_text``, ``report`` or ``manifest``; a further edition's with its format, such as
    ``video.portrait``."""
    format: str
    """The edition's it belongs to; empty: it belongs to all."""
    media_type: str
    sha256: str
    bytes: Annotated[int, Field(ge=0)]
    url: str
    """Signed, for the caller only, and good for a short while: ask for the status again to get a new one."""
    deliveries: tuple[Delivery, ...]


class Finding(View):
    """What a check found."""

    subject: str
    """A section's key; empty: the whole film."""
    check: str
    severity: Severity
    message: str
    at: Seconds | None
    """In the film; None: no moment in particular."""
    until: Seconds | None
    remedy: str | None
    """The fix that would help; None: somebody must look at it."""


class Fix(View):
    """What was put right without anybody's help."""

    subject: str
    """A section's key; empty: the whole film."""
    round: Annotated[int, Field(ge=1)]
    fix: str
    checks: tuple[str, ...]
    """The checks that had rejected it."""
    left: tuple[str, ...]
    """The checks that still did afterwards."""
    worked: bool


class VideoProblem(View):
    """Why there is no video."""

    type: str
    """The kind of error, by the name it is counted under."""
    title: str
    detail: str
    remedy: str
    """What to do."""
    retry_helps: bool
    """Whether the same again may succeed."""


class VideoEdition(View):
    """The video in one format."""

    format: str
    width: int
    height: int
    """0: there is nothing to see."""
    duration: Seconds
    sha256: str
    burned: bool
    """Whether captions are part of the pictures; a player need not show them then."""


class Rights(View):
    """What the caller may do with a video."""

    cancel: bool
    retry: bool
    approve: bool


class VideoStatus(View):
    """All that is known of a video now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "video_id": "lesson-0123456789abcdef",
                    "lesson_id": "lesson-0123456789abcdef",
                    "run_id": "scheduled__2026-11-22T02:00:00+00:00",
                    "ordered": False,
                    "learner": "learner-abcdefghijkl",
                    "course": "networking-essentials",
                    "title": "Networking Essentials: Well-known ports",
                    "persona": "mentor",
                    "locale": "en-US",
                    "status": "avatar_rendering",
                    "stage": "rendering",
                    "percent": 48.0,
                    "over": False,
                    "sections": [
                        {
                            "number": 0,
                            "key": "4f" * 32,
                            "slug": "opening",
                            "kind": "opening",
                            "title": "Where you stand",
                            "shared": False,
                            "state": "rendered",
                            "attempts": 1,
                            "approved": None,
                            "starts": None,
                            "ends": None,
                            "problem": "",
                        }
                    ],
                    "planned": 181.2,
                    "duration": None,
                    "editions": [],
                    "assets": [],
                    "captions": [],
                    "findings": [],
                    "fixes": [],
                    "error": None,
                    "may": {"cancel": True, "retry": False, "approve": False},
                    "revision": 3,
                    "created": "2026-11-22T02:00:04.000000Z",
                    "changed": "2026-11-22T02:03:11.000000Z",
                }
            ]
        }
    )

    video_id: str
    lesson_id: str | None
    """None: it was ordered, and its record has not been read yet."""
    run_id: str | None
    """The run that made it last; None: it was ordered, and no run has begun."""
    ordered: bool
    """Whether somebody ordered it; else a night made it."""
    learner: str | None
    """The pseudonym."""
    course: str | None
    """The certification's id."""
    title: str | None
    """None: the script is not written."""
    persona: str | None
    locale: str | None
    status: VideoState
    stage: VideoStage
    """Where it is, or where it ended."""
    percent: Annotated[Percent, Field(ge=0, le=100)]
    """From sections done, and the steps after them. Never falls while one run makes it."""
    over: bool
    """Whether nothing more happens unless somebody acts."""
    sections: tuple[VideoSection, ...]
    planned: Seconds | None
    """How long the script is expected to take; None: it is not written."""
    duration: Seconds | None
    """Of the main edition; None: there is none yet."""
    editions: tuple[VideoEdition, ...]
    """The main one first."""
    assets: tuple[Asset, ...]
    captions: tuple[CaptionFile, ...]
    findings: tuple[Finding, ...]
    fixes: tuple[Fix, ...]
    error: VideoProblem | None
    may: Rights
    revision: Annotated[int, Field(ge=0)]
    """Grows with every change of the video's own status."""
    created: str
    """UTC, ISO 8601."""
    changed: str


class VideoSummary(View):
    """A video in a list."""

    video_id: str
    lesson_id: str | None
    run_id: str | None
    ordered: bool
    learner: str | None
    course: str | None
    title: str | None
    persona: str | None
    status: VideoState
    percent: Annotated[Percent, Field(ge=0, le=100)]
    over: bool
    duration: Seconds | None
    poster: str | None
    """Signed address of a picture; None: there is none yet."""
    warnings: Annotated[int, Field(ge=0)]
    """Findings that warn."""
    cause: str
    """The kind of error that ended it; empty: none did."""
    changed: str


class VideoList(View):
    """A page of videos."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "video_id": "lesson-0123456789abcdef",
                            "lesson_id": "lesson-0123456789abcdef",
                            "run_id": "scheduled__2026-11-22T02:00:00+00:00",
                            "ordered": False,
                            "learner": "learner-abcdefghijkl",
                            "course": "networking-essentials",
                            "title": "Networking Essentials: Well-known ports",
                            "persona": "mentor",
                            "status": "published",
                            "percent": 100.0,
                            "over": True,
                            "duration": 183.5,
                            "poster": "/api/v1/avatar/videos/lesson-0123456789abcdef/media/poster"
                            "?user=u-5f0c&expires=1795314600&signature=9b1d",
                            "warnings": 0,
                            "cause": "",
                            "changed": "2026-11-22T02:03:11.000000Z",
                        }
                    ],
                    "total": 1,
                    "next": None,
                }
            ]
        }
    )

    items: tuple[VideoSummary, ...]
    total: Annotated[int, Field(ge=0)]
    """That match, on all pages."""
    next: str | None
    """Give it as ``cursor`` for the next page; None: this is the last."""
