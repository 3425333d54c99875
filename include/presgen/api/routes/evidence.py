"""Why every second of a film is there, and what came of every wrong answer, out of the audit trail."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from typing import Annotated, Any
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Query

from presgen.api.desk import Caller, Desk, TheDesk
from presgen.api.films import editions_of
from presgen.api.finding import Video, find_video
from presgen.api.parameters import TheVideo
from presgen.api.problems import Refusal, answers, not_found
from presgen.api.telling import delivery_of
from presgen.api.views.evidence import (
    AnswerSpan,
    Chain,
    ChainState,
    Evidence,
    EvidenceAnswer,
    EvidenceAsset,
    EvidenceSection,
    SectionGap,
    SpokenCue,
)
from presgen.audit.asking import film_of, trace
from presgen.errors import BadInput
from presgen.ledger import Ledger
from presgen.ledger.trail import Node
from presgen.ledger.transactions import now
from presgen.model.base import Seconds
from presgen.model.learner import AssessmentRecord
from presgen.model.lesson import LessonScript, SectionKind, Source
from presgen.model.media import Video as Film

router = APIRouter(tags=["evidence"])

VERIFIED = 60.0
"""Seconds for which a verification is good, at least: it goes through all of it."""
WITHHELD = "…"
"""What stands for a learner's name."""

_REST = 50
"""Times as long as a verification took, it is good."""
_BOUNDS = ("plan", "gap")
_CLOSENESS = ("remedy", "exhibit", "deep_dive", "opening", "closing")
_chains: WeakKeyDictionary[Ledger, tuple[float, Chain]] = WeakKeyDictionary()
_verifying = threading.Lock()


@router.get("/videos/{video_id}/evidence", summary="Tell what is behind a film", responses=answers(404))
def get_evidence(
    desk: TheDesk,
    caller: Caller,
    video_id: TheVideo,
    at: Annotated[
        float | None,
        Query(ge=0, le=1e6, allow_inf_nan=False, description="A second of the film: only what is behind it."),
    ] = None,
    answer: Annotated[
        str | None,
        Query(min_length=1, max_length=200, description="A question's id: only what came of its answer."),
    ] = None,
) -> Evidence:
    """Tell which wrong answers and gaps each section is there for, and what came of each wrong answer.

    Learners appear by pseudonym; what they were asked and what they chose is told.
    """
    if at is not None and answer is not None:
        raise Refusal(422, "invalid", "Ask about a second or about an answer, not about both at once.")
    video = find_video(desk, caller, video_id)
    if video.lesson is None or video.content is None or not video.lesson.editions:
        raise not_found("film")
    told = _evidence(desk, video, video.lesson.lesson_id)
    if at is not None:
        return _at(told, at)
    return told if answer is None else _because(told, answer)


def _evidence(desk: Desk, video: Video, lesson_id: str) -> Evidence:
    trail, workspace = desk.ledger.trail, desk.workspace
    try:
        film = film_of(desk.ledger, lesson_id)
    except BadInput as error:
        raise not_found("film") from error
    spans = [node for node in trail.of_lesson(lesson_id, "span") if node.name == film.name]
    spans = list({int(node.body["number"]): node for node in spans}.values())
    spans.sort(key=lambda node: node.body["number"])
    record = workspace.load("records", lesson_id, AssessmentRecord)
    script = workspace.load("scripts", lesson_id, LessonScript)
    made = next((each.video for each in editions_of(workspace, video.content)), None)
    approved = desk.ledger.overview.approvals_of([span.body["key"] for span in spans])
    names = _names(record.learner.name)
    sections = tuple(
        _section(span, trail.origins([span.node], stop=_BOUNDS), script, made, names, approved)
        for span in spans
    )
    assets = [
        EvidenceAsset(
            role=each.role,
            sha256=each.sha256,
            bytes=each.bytes,
            delivery=delivery_of(publisher, each.asset_id, each.url),
        )
        for publisher, each in desk.ledger.overview.deliveries_of(lesson_id)
    ]
    return Evidence(
        video_id=video.video_id,
        learner=film.owner,
        film=film.name,
        format=film.body["format"],
        duration=Seconds(film.body["duration"]),
        sections=sections,
        answers=tuple(_answers(desk, lesson_id, film.owner, record, sections)),
        assets=tuple(assets),
        chain=_chain(desk),
    )


def _section(
    span: Node,
    behind: Sequence[Node],
    script: LessonScript,
    film: Film | None,
    names: re.Pattern[str],
    approved: dict[str, bool],
) -> EvidenceSection:
    number = int(span.body["number"])
    starts, ends = Seconds(span.starts or 0.0), Seconds(span.ends or 0.0)
    kind = SectionKind(span.body["kind"])

    def plain(text: str) -> str:
        return text if kind.shared else names.sub(WITHHELD, text)

    first: dict[str, Node] = {}
    for node in behind:
        first.setdefault(node.kind, node)
    voice = _body(first, "narration").get("voice")
    here = script.sections[number] if number < len(script.sections) else None
    return EvidenceSection(
        number=number,
        key=span.body["key"],
        slug=span.body["slug"],
        kind=kind,
        title=plain(span.body["title"]),
        starts=starts,
        ends=ends,
        text=plain(here.text) if here is not None and here.slug == span.body["slug"] else "",
        cues=tuple(
            SpokenCue(start=cue.start, end=cue.end, text=plain(cue.text))
            for cue in (film.cues if film is not None and film.sha256 == span.name else ())
            if starts <= cue.start < ends
        ),
        answers=tuple(dict.fromkeys(node.name for node in behind if node.kind == "answer")),
        gaps=tuple(
            SectionGap(
                skill_id=node.name,
                skill=node.body["skill_name"],
                domain=node.body["domain"],
                score=node.body["score"],
                weight=node.body["weight"],
            )
            for node in behind
            if node.kind == "gap"
        ),
        sources=tuple(Source.model_validate(each) for each in _body(first, "section").get("sources", ())),
        clip_sha256=_body(first, "clip").get("clip", ""),
        narration_sha256=first["narration"].name if "narration" in first else "",
        voice=_voice(voice, here.persona if here is not None else ""),
        approved=approved.get(span.body["key"]),
    )


def _body(nodes: dict[str, Node], kind: str) -> dict[str, Any]:
    return nodes[kind].body if kind in nodes else {}


def _voice(told: Any, persona: str) -> str:
    from presgen.personas import load_persona, persona_names

    if isinstance(told, str):
        return told
    if persona in persona_names():
        voice = load_persona(persona).voice
        return f"{voice.engine}:{voice.name}"
    return ""


def _answers(
    desk: Desk,
    lesson_id: str,
    learner: str,
    record: AssessmentRecord,
    sections: Sequence[EvidenceSection],
) -> list[EvidenceAnswer]:
    found: list[EvidenceAnswer] = []
    gaps = {
        node.name: node.body.get("question_ids", ()) for node in desk.ledger.trail.of_lesson(lesson_id, "gap")
    }
    for answer in record.wrong_answers:
        name = answer.question_id
        spans = sorted(
            (section for section in sections if name in section.answers),
            key=lambda section: (_CLOSENESS.index(section.kind), section.starts),
        )
        found.append(
            EvidenceAnswer(
                question_id=name,
                question=answer.question_text,
                options=answer.options,
                chosen=answer.user_answer,
                correct=answer.correct_answer,
                explanation=answer.explanation,
                domain=answer.domain,
                gaps=tuple(skill for skill, questions in gaps.items() if name in questions),
                spans=tuple(
                    AnswerSpan(
                        section=section.number,
                        kind=section.kind,
                        title=section.title,
                        starts=section.starts,
                        ends=section.ends,
                    )
                    for section in spans
                ),
                reason="" if spans else _reason(desk, lesson_id, learner, name),
            )
        )
    return found


def _reason(desk: Desk, lesson_id: str, learner: str, question: str) -> str:
    try:
        outcomes, _ = trace(desk.ledger, question, learner)
    except BadInput:
        return "The trail does not know this answer."
    return next((each.reason for each in outcomes if each.lesson == lesson_id), "")


def _at(told: Evidence, moment: float) -> Evidence:
    found = tuple(each for each in told.sections if each.starts <= moment < each.ends)
    if not found:
        raise Refusal(
            404,
            "not-found",
            f"The film has no second {moment:g}: it lasts {told.duration:g} seconds.",
            remedy="Ask about a second within the film.",
        )
    wanted = {name for section in found for name in section.answers}
    answered = tuple(each for each in told.answers if each.question_id in wanted)
    return told.model_copy(update={"sections": found, "answers": answered})


def _because(told: Evidence, question: str) -> Evidence:
    answered = tuple(each for each in told.answers if each.question_id == question)
    if not answered:
        raise not_found("wrong answer in this lesson")
    numbers = {span.section for each in answered for span in each.spans}
    found = tuple(each for each in told.sections if each.number in numbers)
    return told.model_copy(update={"sections": found, "answers": answered})


def _names(name: str) -> re.Pattern[str]:
    """Return what finds a name, or a part of it that stands for itself."""
    parts = sorted({name, *name.split()}, key=len, reverse=True)
    told = "|".join(re.escape(part) for part in parts if part)
    # What stands for it ends a sentence as well.
    return re.compile(rf"(?<!\w)(?:{told})(?!\w)\.?", re.IGNORECASE)


def _chain(desk: Desk) -> Chain:
    """Return what the trail was found to be; gone through anew once a minute at most.

    While somebody goes through it, others are told what was found before.
    """
    ledger = desk.ledger
    good_until, known = _chains.get(ledger, (0.0, None))
    if known is not None and (time.monotonic() < good_until or _verifying.locked()):
        return known
    with _verifying:
        good_until, known = _chains.get(ledger, (0.0, None))
        begun = time.monotonic()
        if known is not None and begun < good_until:
            return known
        verdict = ledger.trail.verify()
        chain = Chain(
            state=ChainState.INTACT if verdict.intact else ChainState.BROKEN,
            events=verdict.events,
            head=verdict.head,
            breaks=tuple(each.what for each in verdict.breaks[:20]),
            verified=now(),
        )
        ended = time.monotonic()
        # A trail of many nights takes its time; most of the processor's is for other things.
        _chains[ledger] = (ended + max(VERIFIED, _REST * (ended - begun)), chain)
        return chain
