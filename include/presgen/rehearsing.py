"""The dry run: read, plan and write as a night does, count what it would make, and make nothing.

No lesson is entered or changed, nothing is rendered and nothing published. What stays is the run itself, with
the records it would set aside, and its account among the workspace's `rehearsals`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from presgen import pipeline
from presgen.errors import LearnerErased, TransientError
from presgen.ledger import EventEntry, Ledger, LessonEntry
from presgen.making import formats_of, key_of, order_of
from presgen.model.base import Seconds, digest_of
from presgen.model.lesson import LessonScript, LessonStatus
from presgen.model.rehearsal import Rehearsal
from presgen.night import Night
from presgen.stages import Stage, cause_of

if TYPE_CHECKING:
    from presgen.sources import LoadedRecord

REMEMBERED = 5
"""Nights before this one that tell what rendering costs."""

_log = structlog.get_logger("presgen.rehearsing")


def rehearse(
    night: Night, source: str, only: Sequence[str] = (), persona: str | None = None, *, force: bool = False
) -> Rehearsal:
    """Return what `pipeline.produce` would make of the same source and choices now, and keep that account.

    Raises:
        BadInput: the source cannot be read at all.
        UnknownName: there is no such reader, persona, format or publisher.
    """
    loaded = pipeline.read_source(night, source, only, persona)
    draft_settings = night.settings.model_copy(update={"persona": persona or night.settings.persona})
    known = {entry.lesson_id: entry for entry in night.ledger.lessons()}
    wanted: list[LessonScript] = []
    unchanged = not_needed = 0
    failures: Counter[str] = Counter()
    for each in loaded.records:
        try:
            night.ledger.erasures.check_learner(each.pseudonym)
            _, script = pipeline.draft_lesson(draft_settings, each.record, each.pseudonym, each.lesson_id)
        except LearnerErased:
            continue
        except TransientError:
            raise
        except Exception as error:  # noqa: BLE001 - one learner's bad data stops no other learner's lesson
            failures[cause_of(error)] += 1
            _tell(night, each, "cannot be written", cause=cause_of(error))
            continue
        if script is None:
            not_needed += 1
            _tell(night, each, "not needed")
        elif not force and _is_out(night, known.get(each.lesson_id), script):
            unchanged += 1
            _tell(night, each, "stays as it is")
        else:
            wanted.append(script)
            _tell(night, each, "to be made", sections=len(script.sections), seconds=round(script.planned, 1))
    result = _counted(
        night,
        wanted,
        unchanged=unchanged,
        not_needed=not_needed,
        failures=dict(sorted(failures.items())),
        quarantined=len(loaded.quarantined),
    )
    night.workspace.save("rehearsals", pipeline.name_of_run(night.run_id), result)
    return result


def told(rehearsal: Rehearsal) -> tuple[str, ...]:
    """Return the account in sentences, the most telling first."""
    from presgen.publishing.transcript import clock

    film, rendering = clock(rehearsal.film), clock(rehearsal.rendering)
    made = f"{rehearsal.lessons} lessons would be made, {film} min of film as planned"
    rendered = f"{rehearsal.to_render} sections would be rendered, {rendering} min of film"
    lines = [
        f"{made}, in {', '.join(rehearsal.formats)}.",
        f"{rehearsal.unchanged} are published as they would come out, {rehearsal.not_needed} are not needed.",
        f"{rendered}; {rehearsal.to_reuse} would be taken from the store.",
    ]
    if rehearsal.cpu is None:
        lines.append("What that costs is not known: no night here has rendered these formats.")
    else:
        price = "" if rehearsal.cost is None else f", at a price of {rehearsal.cost:.2f}"
        lines.append(f"That takes about {rehearsal.cpu:.0f} CPU seconds{price}, as nights before have shown.")
    if rehearsal.quarantined:
        lines.append(f"{rehearsal.quarantined} records would be set aside.")
    lines += [
        f"No script can be written: {cause}, {count} times." for cause, count in rehearsal.failures.items()
    ]
    return (*lines, "This was a dry run: nothing was rendered and nothing was published.")


def _counted(
    night: Night,
    scripts: Iterable[LessonScript],
    *,
    unchanged: int,
    not_needed: int,
    quarantined: int,
    failures: dict[str, int],
) -> Rehearsal:
    kept = set(night.workspace.sections.keys())
    planned: dict[str, tuple[str, Seconds]] = {}
    lessons: list[Seconds] = []
    for script in scripts:
        lessons.append(script.planned)
        for shape in formats_of(night):
            for section in script.sections:
                planned[key_of(night, section, shape)] = (shape.name, section.planned)
    missing = [part for key, part in planned.items() if key not in kept]
    rates = rates_of(night.ledger)
    cpu = rates.cost(missing, night.settings.renderer, lessons, night.settings.formats)
    price = night.settings.cpu_hour_price
    return Rehearsal(
        formats=night.settings.formats,
        lessons=len(lessons),
        unchanged=unchanged,
        not_needed=not_needed,
        quarantined=quarantined,
        failures=failures,
        to_render=len(missing),
        to_reuse=len(planned) - len(missing),
        film=Seconds(round(sum(lessons), 3)),
        rendering=Seconds(round(sum(seconds for _, seconds in missing), 3)),
        cpu=cpu,
        cost=round(cpu / 3600 * price, 6) if cpu is not None and price else None,
    )


def _is_out(night: Night, entry: LessonEntry | None, script: LessonScript) -> bool:
    """Return whether the lesson is published, by every publisher, as this script would come out."""
    if entry is None or entry.status is not LessonStatus.PUBLISHED or entry.script != digest_of(script):
        return False
    inputs = digest_of([order_of(night, script, shape).inputs for shape in formats_of(night)])
    return entry.inputs == inputs and all(
        night.ledger.assets(entry.lesson_id, publisher) for publisher in night.settings.publishers
    )


def _tell(night: Night, each: LoadedRecord, what: str, **facts: object) -> None:
    _log.info(
        "rehearsed", run=night.run_id, lesson=each.lesson_id, learner=each.pseudonym, outcome=what, **facts
    )


@dataclass(frozen=True, slots=True)
class Rates:
    """What things have cost in the nights before."""

    sections: Mapping[tuple[str, str], float]
    """(renderer, format) to CPU seconds a second of section."""
    joins: Mapping[str, float]
    """Format to CPU seconds of joining a lesson."""
    lesson: float
    """CPU seconds of everything else that a lesson takes: writing, checks, delivery."""

    def cost(
        self,
        sections: Iterable[tuple[str, Seconds]],
        renderer: str,
        lessons: Sequence[Seconds],
        formats: Sequence[str],
    ) -> Seconds | None:
        """Return the CPU seconds of such a night; None where no night has made something like it."""
        total = len(lessons) * self.lesson
        for name, seconds in sections:
            if (rate := self.sections.get((renderer, name))) is None:
                return None
            total += seconds * rate
        if lessons:
            if not all(name in self.joins for name in formats):
                return None
            total += len(lessons) * sum(self.joins[name] for name in formats)
        return Seconds(round(total, 1))


def rates_of(ledger: Ledger) -> Rates:
    """Return what the newest nights that have ended tell about costs."""
    done = [run.run_id for run in ledger.runs() if run.ended is not None][:REMEMBERED]
    events = [event for run_id in done for event in ledger.events(run_id) if "cpu" in event.facts]
    by_subject: defaultdict[tuple[str, str], list[EventEntry]] = defaultdict(list)
    joined: defaultdict[str, list[float]] = defaultdict(list)
    rest: defaultdict[str, float] = defaultdict(float)
    for event in events:
        if event.facts.get("outcome") != "ok":
            continue
        match event.name:
            case Stage.AVATAR_RENDER | Stage.TTS_SYNTHESIZE:
                by_subject[event.run_id, event.subject].append(event)
            case Stage.LESSON_JOIN:
                joined[str(event.facts["format"])].append(float(event.facts["cpu"]))
            case Stage.SCRIPT_GENERATE | Stage.QA_INSPECT | Stage.VIDEO_PUBLISH:
                rest[event.subject] += float(event.facts["cpu"])
    spent: defaultdict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for some in by_subject.values():
        film = next((each.facts for each in some if each.name == Stage.AVATAR_RENDER), None)
        if film is not None:
            total = spent[str(film["renderer"]), str(film["format"])]
            total[0] += sum(float(each.facts["cpu"]) for each in some)
            total[1] += float(film["seconds"])
    return Rates(
        sections={name: cpu / seconds for name, (cpu, seconds) in spent.items() if seconds},
        joins={name: sum(some) / len(some) for name, some in joined.items()},
        lesson=sum(rest.values()) / len(rest) if rest else 0.0,
    )
