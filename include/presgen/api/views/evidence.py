"""Why every second of a film is there, and what came of every wrong answer."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field

from presgen.api.views.base import View
from presgen.api.views.videos import Delivery
from presgen.model.base import Percent, Seconds
from presgen.model.lesson import SectionKind, Source


class ChainState(StrEnum):
    """Whether the audit trail is what was written."""

    INTACT = "intact"
    BROKEN = "broken"
    UNVERIFIED = "unverified"
    """Nobody has looked yet."""


class Chain(View):
    """The audit trail as it was found when it was last verified."""

    state: ChainState
    events: Annotated[int, Field(ge=0)]
    head: str
    """Digest of the last event."""
    breaks: tuple[str, ...]
    """Where it is not what was written."""
    verified: str | None
    """UTC, ISO 8601; None: never."""


class SpokenCue(View):
    """A caption: what is said in some seconds of the film."""

    start: Seconds
    end: Seconds
    text: str


class SectionGap(View):
    """A gap that a section helps to close."""

    skill_id: str
    skill: str
    domain: str
    score: Percent | None
    weight: float


class EvidenceSection(View):
    """A section of the film, and what is behind it."""

    number: Annotated[int, Field(ge=0)]
    key: str
    slug: str
    kind: SectionKind
    title: str
    starts: Seconds
    ends: Seconds
    """Where the next one starts, to the last digit."""
    text: str
    """What is said; the learner's name is left out."""
    cues: tuple[SpokenCue, ...]
    answers: tuple[str, ...]
    """Ids of the questions whose wrong answers are the reason for it."""
    gaps: tuple[SectionGap, ...]
    sources: tuple[Source, ...]
    clip_sha256: str
    narration_sha256: str
    voice: str
    """Who speaks, as ``engine:name``."""
    approved: bool | None


class AnswerSpan(View):
    """Seconds of the film that are there because of an answer."""

    section: Annotated[int, Field(ge=0)]
    """The section's number."""
    kind: SectionKind
    title: str
    starts: Seconds
    ends: Seconds


class EvidenceAnswer(View):
    """A wrong answer, and what came of it."""

    question_id: str
    question: str
    options: tuple[str, ...]
    chosen: str
    correct: str
    explanation: str
    domain: str
    gaps: tuple[str, ...]
    """Ids of the skills whose gap it shows."""
    spans: tuple[AnswerSpan, ...]
    """The most particular first: click the answer, and jump to the first."""
    reason: str
    """Why no second is there because of it; empty where there is one."""


class EvidenceAsset(View):
    """A file that left the house."""

    role: str
    sha256: str
    bytes: Annotated[int, Field(ge=0)]
    delivery: Delivery


class Evidence(View):
    """What is behind a film, in both directions."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "video_id": "lesson-0123456789abcdef",
                    "learner": "learner-abcdefghijkl",
                    "film": "9c" * 32,
                    "format": "landscape",
                    "duration": 183.5,
                    "sections": [
                        {
                            "number": 2,
                            "key": "4f" * 32,
                            "slug": "remedy-q1-c",
                            "kind": "remedy",
                            "title": "Port 443, not port 80",
                            "starts": 61.9,
                            "ends": 92.3,
                            "text": "Which port does HTTPS use? You chose port 80.",
                            "cues": [{"start": 62.1, "end": 65.0, "text": "Which port does HTTPS use?"}],
                            "answers": ["q1"],
                            "gaps": [
                                {
                                    "skill_id": "ports",
                                    "skill": "Well-known ports",
                                    "domain": "TCP, UDP and ports",
                                    "score": 50.0,
                                    "weight": 6.0,
                                }
                            ],
                            "sources": [{"title": "RFC 6335", "page": "Section 6"}],
                            "clip_sha256": "1a" * 32,
                            "narration_sha256": "2b" * 32,
                            "voice": "hibari:heart",
                            "approved": None,
                        }
                    ],
                    "answers": [
                        {
                            "question_id": "q1",
                            "question": "Which port does HTTPS use by default?",
                            "options": ["Port 22", "Port 53", "Port 80", "Port 443"],
                            "chosen": "Port 80",
                            "correct": "Port 443",
                            "explanation": "HTTPS waits on port 443, and plain HTTP on port 80.",
                            "domain": "TCP, UDP and ports",
                            "gaps": ["ports"],
                            "spans": [
                                {
                                    "section": 2,
                                    "kind": "remedy",
                                    "title": "Port 443, not port 80",
                                    "starts": 61.9,
                                    "ends": 92.3,
                                }
                            ],
                            "reason": "",
                        }
                    ],
                    "assets": [],
                    "chain": {
                        "state": "intact",
                        "events": 6120,
                        "head": "7d" * 32,
                        "breaks": [],
                        "verified": "2026-11-22T07:00:00.000000Z",
                    },
                }
            ]
        }
    )

    video_id: str
    learner: str
    """The pseudonym."""
    film: str
    """SHA-256 of the main edition."""
    format: str
    duration: Seconds
    sections: tuple[EvidenceSection, ...]
    """All of them; where a second was asked about, the one it lies in; where an answer was, those because of
    it."""
    answers: tuple[EvidenceAnswer, ...]
    """All wrong answers; where a second or an answer was asked about, those that belong to it."""
    assets: tuple[EvidenceAsset, ...]
    chain: Chain
