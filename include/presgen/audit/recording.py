"""What each step of a lesson leaves in the audit trail.

    answer ──► gap ──► plan ─┐
       └────────┴──────────► part ──► span ──► film ──► lock, copy, verdict
    section ──► narration ──► clip ────┘         └──────┴► asset

Shared sections, their narrations and clips belong to nobody and come of nothing personal: so a walk from one
learner's answer never strays into another's lesson. A *part* is a section's place in one learner's lesson.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from presgen.ledger.trail import Fact, Parent, Trail
from presgen.model.base import digest_of
from presgen.model.edition import Edition
from presgen.model.learner import AssessmentRecord
from presgen.model.lesson import LessonPlan, LessonScript, Section
from presgen.model.publication import Publication
from presgen.model.quality import Finding, FixLog
from presgen.model.references import LessonRef

LONGEST_NAME = 300
"""Letters of a fact's name, as the database has room for; all of it is in the body."""

_Edge = tuple[Fact, Parent]


@dataclass(frozen=True, slots=True)
class MadeClip:
    """What a section's clip was made with."""

    clip: str
    """SHA-256 of the clip's file."""
    narration: str
    """SHA-256 of ``narration.wav``."""
    backend: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """What the section's key is a digest of: voice and model, templates, lexicon, brand, versions."""


@dataclass(frozen=True, slots=True)
class Seals:
    """With what films passed inspection."""

    locks: Mapping[str, str] = field(default_factory=dict)
    """Digests of locks, each with the digest of its film."""
    copies: Mapping[str, str] = field(default_factory=dict)
    """Digests of signed copies, each with the digest of its film."""


def record_script(
    trail: Trail,
    run_id: str,
    record: AssessmentRecord,
    plan: LessonPlan,
    script: LessonScript,
    digest: str,
) -> bool:
    """Tell why the lesson is as it is: answers, gaps, the plan, and what every section is there for.

    ``digest`` is the script's.
    """
    told = _planned(record, plan)
    facts, edges = list(told.facts), list(told.edges)
    for section, cause, part in zip(script.sections, script.causes, _parts(script, digest), strict=True):
        spoken = _section(section, script.lesson_id)
        facts += [spoken, part]
        edges += [(part, told.plan), (part, spoken)]
        edges += [(part, told.gaps[name]) for name in cause.skill_ids if name in told.gaps]
        edges += [(part, told.answers[name]) for name in cause.question_ids if name in told.answers]
    return trail.record(run_id, "scripted", facts, edges, pseudonym=script.pseudonym)


def record_plan(trail: Trail, run_id: str, record: AssessmentRecord, plan: LessonPlan) -> bool:
    """Tell why there is no lesson: the answers, their gaps, and a plan that teaches none of them."""
    told = _planned(record, plan)
    return trail.record(run_id, "planned", told.facts, told.edges, pseudonym=plan.pseudonym)


def record_films(
    trail: Trail,
    run_id: str,
    script: LessonScript,
    digest: str,
    editions: Sequence[Edition],
    made: Callable[[Section, str, str], MadeClip],
    lies: Callable[[str, str], str],
) -> bool:
    """Tell of which narrations and clips the films are, second by second.

    ``digest`` is the script's. ``made`` tells of a section, its key and a format what its clip was made with;
    it is asked only about clips that the trail does not know. ``lies`` tells the SHA-256 of the clip that
    lies under a key in a format: one that was mended or made again has its key from the one before, and not
    always its bytes.
    """
    facts: list[Fact] = []
    edges: list[_Edge] = []
    placed = {
        place.key: (section, edition.video.format)
        for edition in editions
        for section, place in zip(script.sections, edition.video.sections, strict=True)
    }
    known = {
        node.name: node.node
        for node in trail.named("clip", list(placed))
        if node.lesson in ("", script.lesson_id)
        and node.body["clip"] == lies(node.name, placed[node.name][1])
    }
    clips: dict[str, Parent] = dict(known)
    for key, (section, shape) in placed.items():
        if key not in known:
            clip, narration = _clip(section, key, shape, made(section, key, shape), script.lesson_id)
            told = _section(section, script.lesson_id)
            facts += [clip, narration, told]
            edges += [(narration, told), (clip, narration)]
            clips[key] = clip
    parts = tuple(_parts(script, digest))
    for number, edition in enumerate(editions):
        film, spans = _film(script.lesson_id, edition, main=number == 0), list(_spans(script, edition))
        facts += [film, *spans]
        for place, span, part in zip(edition.video.sections, spans, parts, strict=True):
            edges += [(span, part), (span, clips[place.key]), (film, span)]
    return trail.record(run_id, "rendered", facts, edges, pseudonym=script.pseudonym)


def record_verdict(
    trail: Trail,
    run_id: str,
    lesson: LessonRef,
    editions: Sequence[Edition],
    findings: Sequence[Finding],
    fixes: Sequence[FixLog],
    seals: Seals,
) -> bool:
    """Tell what inspection found on the films, what was fixed on them or their sections, and their seals."""
    rejected = any(finding.rejects for finding in findings)
    body = {
        "passed": not rejected,
        "findings": [finding.model_dump(mode="json", exclude_none=True) for finding in findings],
        "fixes": [log.model_dump(mode="json", exclude_none=True) for log in fixes],
    }
    verdict = Fact("verdict", lesson.editions, body, lesson=lesson.lesson_id)
    films = {
        edition.video.sha256: _film(lesson.lesson_id, edition, main=number == 0)
        for number, edition in enumerate(editions)
    }
    edges: list[_Edge] = [(verdict, film) for film in films.values()]
    for kind, sealed in (("lock", seals.locks), ("copy", seals.copies)):
        edges += [(_seal(kind, name, film, lesson.lesson_id), films[film]) for name, film in sealed.items()]
    facts = [*(fact for fact, _ in edges), *films.values()]
    return trail.record(run_id, "inspected", facts, edges, pseudonym=lesson.pseudonym)


def record_seals(trail: Trail, run_id: str, script: LessonScript, seals: Seals) -> bool:
    """Tell of locks and signed copies of films outside an inspection."""
    films = {film.name: film.node for film in trail.of_lesson(script.lesson_id, "film")}
    facts: list[Fact] = []
    edges: list[_Edge] = []
    for kind, sealed in (("lock", seals.locks), ("copy", seals.copies)):
        for name, film in sealed.items():
            facts.append(_seal(kind, name, film, script.lesson_id))
            if film in films:
                edges.append((facts[-1], films[film]))
    return trail.record(run_id, "sealed", facts, edges, pseudonym=script.pseudonym)


def record_delivery(trail: Trail, run_id: str, lesson: LessonRef, publication: Publication) -> bool:
    """Tell where the films, or their signed copies, and what belongs to them were put."""
    origins = {node.name: node.node for node in trail.of_lesson(lesson.lesson_id, "film", "copy")}
    main = origins.get(lesson.video)
    facts: list[Fact] = []
    edges: list[_Edge] = []
    for asset in publication.assets:
        told = Fact(
            "asset",
            asset.asset_id[:LONGEST_NAME],
            {"publisher": publication.publisher, **asset.model_dump(mode="json", exclude={"url"})},
            lesson=lesson.lesson_id,
        )
        facts.append(told)
        if origin := origins.get(asset.sha256, main):
            edges.append((told, origin))
    return trail.record(run_id, "published", facts, edges, pseudonym=lesson.pseudonym)


@dataclass(frozen=True, slots=True)
class _Planned:
    """What a plan is because of."""

    answers: Mapping[str, Fact]
    """The wrong ones, by question."""
    gaps: Mapping[str, Fact]
    """Taught or left out, by skill."""
    plan: Fact
    edges: Sequence[_Edge]

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (*self.answers.values(), *self.gaps.values(), self.plan)


def _planned(record: AssessmentRecord, plan: LessonPlan) -> _Planned:
    answers = {
        answer.question_id: Fact(
            "answer",
            answer.question_id,
            {"chosen": answer.user_answer, "right": answer.correct_answer, "domain": answer.domain},
            lesson=plan.lesson_id,
        )
        for answer in record.wrong_answers
    }
    taught = {gap.skill_id for gap in plan.gaps}
    gaps = {
        gap.skill_id: Fact(
            "gap",
            gap.skill_id,
            {**gap.model_dump(mode="json"), "taught": gap.skill_id in taught},
            lesson=plan.lesson_id,
        )
        for gap in (*plan.gaps, *plan.left_out)
    }
    planned = Fact(
        "plan",
        plan.lesson_id,
        {
            "record": digest_of(record),
            **plan.model_dump(mode="json", include={"persona", "locale", "certification", "budget"}),
            **plan.model_dump(mode="json", include={"remedies", "exhibits", "unreviewed"}),
            "gaps": [gap.skill_id for gap in plan.gaps],
            "left_out": [gap.skill_id for gap in plan.left_out],
        },
        lesson=plan.lesson_id,
    )
    edges: list[_Edge] = []
    for gap in (*plan.gaps, *plan.left_out):
        edges += [(gaps[gap.skill_id], answers[name]) for name in gap.question_ids if name in answers]
        edges.append((planned, gaps[gap.skill_id]))
    return _Planned(answers, gaps, planned, edges)


def _parts(script: LessonScript, digest: str) -> Iterator[Fact]:
    for number, section in enumerate(script.sections):
        body = {"slug": section.slug, "kind": section.kind.value, "script": digest}
        yield Fact("part", str(number), body, lesson=script.lesson_id)


def _section(section: Section, lesson_id: str) -> Fact:
    body = {
        "kind": section.kind.value,
        "slug": section.slug,
        "title": section.title,
        "text": digest_of(section.text),
        "persona": section.persona,
        "locale": section.locale,
        "sources": [source.model_dump(mode="json") for source in section.sources],
    }
    return Fact("section", digest_of(section), body, **_whose(section, lesson_id))


def _clip(section: Section, key: str, format: str, made: MadeClip, lesson_id: str) -> tuple[Fact, Fact]:
    """Return a clip and the narration that it was made of."""
    inputs = dict(made.inputs)
    # The words themselves are in the script; of personal ones, nothing but a digest goes further.
    spoken: dict[str, Any] = {}
    for name in ("words", "sentences"):
        if name in inputs:
            spoken[name] = digest_of(inputs.pop(name))
    for name in ("voice", "pace"):
        if name in inputs:
            spoken[name] = inputs.pop(name)
    whose = _whose(section, lesson_id)
    narration = Fact("narration", made.narration, {"backend": made.backend, **spoken}, **whose)
    body = {"clip": made.clip, "format": format, "backend": made.backend, "inputs": digest_of(inputs)}
    parts = {name: digest_of(value) for name, value in inputs.items()}
    return Fact("clip", key, {**body, "parts": parts}, **whose), narration


def _whose(section: Section, lesson_id: str) -> dict[str, Any]:
    shared = section.kind.shared
    return {"personal": not shared, "lesson": "" if shared else lesson_id}


def _seal(kind: str, name: str, film: str, lesson_id: str) -> Fact:
    return Fact(kind, name, {"film": film}, lesson=lesson_id)


def _film(lesson_id: str, edition: Edition, *, main: bool) -> Fact:
    video = edition.video
    body = {
        "format": video.format,
        "duration": video.duration,
        "inputs": edition.inputs,
        "main": main,
        "sections": [[place.key, place.slug] for place in video.sections],
    }
    return Fact("film", video.sha256, body, lesson=lesson_id)


def _spans(script: LessonScript, edition: Edition) -> Iterator[Fact]:
    places = edition.video.sections
    # Each ends where the next begins, to the last digit: no moment between them is nobody's.
    ends = (*(place.start for place in places[1:]), edition.video.duration)
    for number, place in enumerate(places):
        kind = script.sections[number].kind.value
        body = {"number": number, "kind": kind, "slug": place.slug, "title": place.title, "key": place.key}
        yield Fact(
            "span",
            edition.video.sha256,
            {**body, "format": edition.video.format},
            lesson=script.lesson_id,
            starts=place.start,
            ends=ends[number],
        )
