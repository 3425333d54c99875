"""The two questions that the trail answers: why a second exists, and what came of an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from presgen.errors import BadInput
from presgen.ledger import Ledger, LessonEntry
from presgen.ledger.trail import Node
from presgen.model.base import Model, Seconds
from presgen.model.lesson import LessonStatus

_BOUNDS = ("plan", "gap")
"""A plan comes of all gaps and a gap of all its answers: a second has only some of them for its reason."""

NEWEST = 20
"""Lessons told at once where nobody is asked about in particular."""


class Why(Model):
    """Why a second of a film is there, and what is known about it."""

    lesson: str
    learner: str
    """The pseudonym."""
    film: str
    """SHA-256."""
    format: str
    moment: Seconds
    starts: Seconds
    ends: Seconds
    section: dict[str, Any]
    """Kind, slug, title, sources, digests of text and of the whole section."""
    answers: tuple[dict[str, Any], ...]
    """The wrong answers because of which it is in the lesson."""
    gaps: tuple[dict[str, Any], ...]
    plan: dict[str, Any]
    narration: dict[str, Any]
    """Its sound's digest, and the voice and pace it was spoken with."""
    clip: dict[str, Any]
    verdicts: tuple[dict[str, Any], ...]
    """What inspection found, the last word last."""
    assets: tuple[dict[str, Any], ...]
    """Where the film was put."""


class Outcome(Model):
    """What came of one answer in one lesson."""

    question: str
    learner: str
    lesson: str
    answer: dict[str, Any]
    gaps: tuple[str, ...]
    """Ids of the skills whose gap it shows."""
    spans: tuple[dict[str, Any], ...]
    """Seconds of the lesson's films, the most particular first: the remedy, then what explains it."""
    assets: tuple[dict[str, Any], ...]
    reason: str = ""
    """Why no second teaches it: opening and closing only speak of it. Empty where one does."""


_TEACHING = ("remedy", "exhibit", "deep_dive")
_CLOSENESS = (*_TEACHING, "opening", "closing")


def why(ledger: Ledger, video: str, moment: float) -> Why:
    """Return why that second of a film is there.

    ``video`` is the SHA-256 of a film, or a lesson's id: then its main film is meant.

    Raises:
        BadInput: the trail knows no such film, or it has no such second.
    """
    trail = ledger.trail
    film = film_of(ledger, video)
    span = trail.at("span", film.name, moment)
    if span is None:
        raise BadInput(
            f"Film {film.name:.12} has no second {moment:g}: it lasts {film.body['duration']:g} seconds."
        )
    behind = trail.origins([span.node], stop=_BOUNDS)
    ahead = trail.outcomes([film.node])
    return Why(
        lesson=film.lesson,
        learner=film.owner,
        film=film.name,
        format=film.body["format"],
        moment=Seconds(moment),
        starts=Seconds(span.starts or 0.0),
        ends=Seconds(span.ends or 0.0),
        section=_one(behind, "section"),
        answers=_told(behind, "answer"),
        gaps=_told(behind, "gap"),
        plan=_one(behind, "plan"),
        narration=_one(behind, "narration"),
        clip=_one(behind, "clip"),
        verdicts=_told(ahead, "verdict"),
        assets=_told(ahead, "asset"),
    )


def trace(ledger: Ledger, question: str, learner: str | None = None) -> tuple[tuple[Outcome, ...], int]:
    """Return what came of an answer to that question, the newest first, and of how many answers in all.

    Without a learner's pseudonym, the newest `NEWEST` answers are told.

    Raises:
        BadInput: the trail knows no wrong answer to it.
    """
    trail = ledger.trail
    answers = trail.named("answer", [question], learner)
    if not answers:
        of = f" of {learner}" if learner else ""
        raise BadInput(f"The trail knows no wrong answer{of} to a question {question!r}.")
    given: dict[str, list[Node]] = {}
    for node in answers:
        given.setdefault(node.lesson, []).append(node)
    newest = sorted(given, key=lambda lesson: given[lesson][-1].event, reverse=True)
    lessons = newest[: None if learner else NEWEST]
    entries = _entries(ledger, lessons)
    films = _films(ledger, lessons, entries)
    plans = _plans(ledger, lessons, entries)
    told = [_current(ledger, given[lesson], films[lesson]) for lesson in lessons]
    # One walk for all: what came of an answer is in its lesson, and nothing else is.
    ahead: dict[str, list[Node]] = {lesson: [] for lesson in lessons}
    for node in trail.outcomes([node.node for node in told], stop=_BOUNDS):
        ahead[node.lesson].append(node)
    outcomes = tuple(
        _outcome(node, ahead[node.lesson], plans.get(node.lesson), films[node.lesson]) for node in told
    )
    return outcomes, len(given)


def film_of(ledger: Ledger, video: str) -> Node:
    """Return the film of that digest, or the main film of a lesson of that id.

    Raises:
        BadInput: there is none.
    """
    trail = ledger.trail
    named = [video, *(copy.body["film"] for copy in trail.named("copy", [video]))]
    films = trail.named("film", named)
    # The same film may have been the main one at one time, and not at another.
    found = (
        max(films, key=lambda film: film.event)
        if films
        else next(iter(films_of(ledger, [video])[video]), None)
    )
    if found is None:
        raise BadInput(f"The trail knows no film {video:.24}: neither a lesson's id nor a film's SHA-256.")
    return found


def films_of(ledger: Ledger, lessons: Collection[str]) -> dict[str, tuple[Node, ...]]:
    """Return the films that each of the lessons consists of, the main one first.

    These are not always the newest: formats come and go, and a lesson may become again what it was.
    """
    return _films(ledger, lessons, _entries(ledger, lessons))


def _current(ledger: Ledger, given: Sequence[Node], films: Collection[Node]) -> Node:
    """Return the answer that the lesson's films are because of, or else the newest.

    Somebody may have answered one question differently at different times, and again as at first.
    """
    names = {film.name for film in films}
    if len(given) > 1:
        for answer in reversed(given):
            if any(node.name in names for node in ledger.trail.outcomes([answer.node], stop=_BOUNDS)):
                return answer
    return given[-1]


def _entries(ledger: Ledger, lessons: Collection[str]) -> dict[str, LessonEntry]:
    entries: dict[str, LessonEntry] = {}
    with ledger.looking():
        for lesson in lessons:
            with suppress(BadInput):
                entries[lesson] = ledger.lesson(lesson)
    return entries


def _films(
    ledger: Ledger, lessons: Collection[str], entries: Mapping[str, LessonEntry]
) -> dict[str, tuple[Node, ...]]:
    trail = ledger.trail
    verdicts = [
        verdict.node
        for verdict in trail.named("verdict", [entry.editions for entry in entries.values()])
        if verdict.lesson in entries and verdict.name == entries[verdict.lesson].editions != ""
    ]
    found: dict[str, dict[str, Node]] = {lesson: {} for lesson in lessons}
    for film in trail.origins(verdicts, stop=("film",)):
        found[film.lesson][film.name] = film
    for lesson, films in found.items():
        needed = lesson not in entries or entries[lesson].status is not LessonStatus.NOT_NEEDED
        if needed and not films:
            # Not inspected yet: the newest of every format.
            films |= {film.body["format"]: film for film in trail.of_lesson(lesson, "film")}
    return {
        lesson: tuple(sorted(films.values(), key=lambda film: _is_beside(film, entries.get(lesson))))
        for lesson, films in found.items()
    }


def _plans(ledger: Ledger, lessons: Collection[str], entries: Mapping[str, LessonEntry]) -> dict[str, Node]:
    """Return the lessons' plans: of the records that they are of, or else the newest."""
    plans = ledger.trail.named("plan", list(lessons))
    own = (
        plan
        for plan in plans
        if plan.lesson in entries and plan.body["record"] == entries[plan.lesson].record
    )
    return {plan.lesson: plan for plan in (*plans, *own)}


def _is_beside(film: Node, entry: LessonEntry | None) -> bool:
    """Return whether the film is none of the main edition."""
    return film.name != entry.video if entry is not None and entry.video else not film.body["main"]


def _outcome(answer: Node, ahead: Sequence[Node], plan: Node | None, films: Sequence[Node]) -> Outcome:
    made = {node.name for node in ahead if node.kind == "film"}
    order = {film.name: number for number, film in enumerate(films) if film.name in made}
    spans = [node for node in ahead if node.kind == "span" and node.name in order]
    spans.sort(key=lambda node: (_CLOSENESS.index(node.body["kind"]), order[node.name], node.starts or 0.0))
    gaps = [node for node in ahead if node.kind == "gap"]
    reason = ""
    if plan is not None and not plan.body["gaps"]:
        reason = (
            "There is no lesson: the course has nothing to teach about it, and the answer no explanation."
        )
    elif made and not order:
        reason = "The lesson has been made anew since, from a record without this answer."
    elif not any(_teaches(span) for span in spans):
        reason = _reason(answer.name, gaps, plan, ahead)
    return Outcome(
        question=answer.name,
        learner=answer.owner,
        lesson=answer.lesson,
        answer=answer.body,
        gaps=tuple(dict.fromkeys(node.name for node in gaps)),
        spans=tuple(
            {"film": node.name, "starts": node.starts, "ends": node.ends, **node.body} for node in spans
        ),
        assets=_told(ahead, "asset"),
        reason=reason,
    )


def _teaches(node: Node) -> bool:
    return node.body["kind"] in _TEACHING


def _reason(question: str, gaps: Sequence[Node], plan: Node | None, ahead: Iterable[Node]) -> str:
    if any(node.kind == "part" and _teaches(node) for node in ahead):
        return "It is in the script; no film has been made of it yet."
    if gaps and not any(node.body["taught"] for node in gaps):
        return "Its gap was left out: the lesson's number of gaps or its time was used up."
    if plan is not None and question in plan.body["unreviewed"]:
        return "It was left out: the lesson's time was used up, or there is nothing to teach about it."
    return "No gap of the lesson is because of it."


def _told(nodes: Iterable[Node], kind: str) -> tuple[dict[str, Any], ...]:
    return tuple({"name": node.name, **node.body} for node in nodes if node.kind == kind)


def _one(nodes: Iterable[Node], kind: str) -> dict[str, Any]:
    # The nearest: a clip that another lesson was the first to need knows its section with that one's sources.
    found = _told(nodes, kind)
    return found[0] if found else {}
