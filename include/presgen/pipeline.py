"""The way of a lesson, call by call; a DAG's tasks are these calls, and `produce` is all of them in a row.

    load_learners ──► plan_sections ──► make_section, once a shared section
         └──────────────────────────────────► write_script ► render_lesson ► inspect_lesson ► publish_lesson
                                              └──► report

Every call may be repeated, by any process, at any time: what is done is found and kept, what was cut short is
done again. Calls hand each other ids and digests. Where a call fails for good, the lesson ends in the ledger
with the reason before the error goes on; where trying again may help, the lesson stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from presgen.accounting import (
    account_for_delivery,
    account_for_films,
    account_for_plan,
    account_for_script,
    account_for_verdict,
)
from presgen.audit import Seals
from presgen.brands import load_brand
from presgen.errors import (
    BadInput,
    CorruptMedia,
    IllegalTransition,
    LearnerErased,
    QualityRejected,
    TransientError,
)
from presgen.ledger import LessonEntry, SectionOutcome
from presgen.ledger.contents import Content, content_of
from presgen.ledger.figures import NightFigures
from presgen.ledger.transitions import BAD_ENDS, ENDS, has_reached
from presgen.making import (
    Order,
    discard_edition,
    edition_of,
    evidence_of,
    find_sections,
    fixes_of,
    formats_of,
    key_of,
    make_edition,
    music_of,
    note_reused,
    order_of,
    take,
)
from presgen.media.formats import Format, formats
from presgen.model.base import Seconds, digest_of
from presgen.model.edition import Edition, digest_of_editions
from presgen.model.learner import AssessmentRecord
from presgen.model.lesson import LessonPlan, LessonScript, LessonStatus, Section
from presgen.model.publication import Publication
from presgen.model.quality import Finding, FixLog, FixRecord, QualityReport, Remedy, Severity
from presgen.model.references import LearnerRef, LessonRef, NightReport, SectionRef
from presgen.model.rehearsal import Rehearsal
from presgen.monitoring import keep_sums, push_night
from presgen.night import Night, end_lesson, ending, fail_lesson, note_wait, open_night, step
from presgen.orders import addressed, as_ordered, order_behind
from presgen.personas import choose_persona, load_persona
from presgen.settings import Settings
from presgen.stages import Stage, cause_of, log_settings

if TYPE_CHECKING:
    from presgen.publishing import Parcel
    from presgen.sources import LoadedRecords

__all__ = [
    "Night",
    "Progress",
    "draft_lesson",
    "fail_lesson",
    "inspect_lesson",
    "load_learners",
    "make_section",
    "name_of_run",
    "open_night",
    "plan_sections",
    "produce",
    "produce_lesson",
    "publish_lesson",
    "read_source",
    "render_lesson",
    "report",
    "retry_section",
    "write_script",
]

_log = structlog.get_logger("presgen.pipeline")

OVERRUN = 0.15
"""Share of the budget by which a lesson may outlast it: planned times are estimates."""
GRACE = Seconds(10.0)
"""Rest that sections end with to meet the frame grid, half a second each at most."""

NIGHT = "night"
"""The subject of findings on a whole run."""
ROUNDS = 2
"""Times that a lesson is joined again."""
DATA_DOCS = "data-docs"
"""The folder of Great Expectations' documents, among the reports of a run."""
_PUBLISHING = "publishing"
"""What two runs never do with a lesson at once."""
UNFINISHED = "Unfinished"
"""The cause counted for lessons that a run left on their way."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far `produce` has come in one of its two long parts."""

    part: str
    """``sections`` or ``lessons``."""
    done: int
    total: int
    subject: str
    """What was done last: a section's slug or a lesson's id; empty before the first."""


def load_learners(
    night: Night,
    source: str,
    only: Sequence[str] = (),
    persona: str | None = None,
    force: bool = False,
) -> tuple[LearnerRef, ...]:
    """Read the records of ``source``, keep the clean ones in the workspace, and enter their lessons.

    Args:
        night: the run.
        source: ``reader:address``; empty: the deployment's own source.
        only: ids or pseudonyms of the learners wanted; empty: all.
        persona: the teacher of learners without a preference; None: the deployment's.
        force: start lessons anew that are done; sections in the store are used all the same.

    Raises:
        BadInput: the source cannot be read at all.
        UnknownName: there is no such reader, persona, format or publisher.
    """
    fallback = load_persona(persona or night.settings.persona).name
    loaded = read_source(night, source, only, persona)
    learners = []
    for each in loaded.records:
        try:
            with night.workspace.at_work(each.pseudonym, night.run_id, making=each.lesson_id):
                night.ledger.erasures.check_learner(each.pseudonym)
                record = _with_persona(night, each.record, each.lesson_id, fallback)
                digest = digest_of(record)
                night.workspace.save("records", each.lesson_id, record)
                night.ledger.enter_lesson(
                    night.run_id,
                    each.lesson_id,
                    pseudonym=each.pseudonym,
                    certification=record.certification.id,
                    record=digest,
                    anew=force,
                )
        except LearnerErased:
            _log.warning("learner_being_erased", run=night.run_id, learner=each.pseudonym)
            continue
        learners.append(LearnerRef(pseudonym=each.pseudonym, lesson_id=each.lesson_id, record=digest))
    return tuple(learners)


def read_source(
    night: Night, source: str, only: Sequence[str] = (), persona: str | None = None
) -> LoadedRecords:
    """Read the records of ``source`` and note those that are set aside. Choices are as for `load_learners`.

    Raises:
        BadInput: the source cannot be read at all, or is an order that somebody has cancelled.
        UnknownName: there is no such reader, persona, format or publisher.
    """
    from presgen.publishing import publishers
    from presgen.sources import load_records

    settings = night.settings
    # What cannot be had fails here, once, and not in every task.
    formats_of(night), load_brand(settings.brand), music_of(night)
    load_persona(persona or settings.persona)
    _ = [publishers[name] for name in settings.publishers]
    source = source or settings.source
    if not source:
        raise BadInput("No source is given: set PRESGEN_SOURCE or name one, such as jsonl:records.jsonl.")
    night.ledger.begin_run(night.run_id, source)
    order = order_behind(night.ledger, source)
    loaded = load_records(
        addressed(night.workspace, source),
        key=night.workspace.pseudonym_key(settings.pseudonym_key.get_secret_value()),
        only=only,
        max_bytes=settings.max_record_bytes,
        keep=_validations(night) / "records.json",
    )
    if order is not None:
        loaded = replace(loaded, records=tuple(as_ordered(each, order) for each in loaded.records))
    night.ledger.set_quarantined(night.run_id, loaded.quarantined)
    for refused in loaded.quarantined:
        _log.warning(
            "record_quarantined",
            run=night.run_id,
            where=refused.where,
            learner=refused.pseudonym,
            field=refused.field,
        )
    return loaded


def plan_sections(night: Night, learners: Sequence[LearnerRef]) -> tuple[SectionRef, ...]:
    """Return the distinct shared sections that the learners' lessons need, each with how many need it.

    A section is there once for each format, those of the main edition first: the others find its speech
    ready. Lessons that nobody needs are settled on the way, and a learner for whom no script can be written
    fails alone.
    """
    scripts: list[LessonScript] = []
    needed: Counter[Section] = Counter()
    one: dict[Section, Section] = {}
    for learner in learners:
        if (script := _planned_script(night, learner)) is not None:
            # Equal sections are one in memory, or a thousand lessons would need a hundred megabytes.
            sections = tuple(one.setdefault(each, each) for each in script.sections)
            needed.update(list(dict.fromkeys(each for each in sections if each.kind.shared)))
            scripts.append(script.model_copy(update={"sections": sections}))
    keys: dict[Section, list[str]] = {section: [] for section in needed}
    found: dict[str, SectionRef] = {}
    for shape in formats_of(night):
        for section, lessons in needed.items():
            key = key_of(night, section, shape)
            keys[section].append(key)
            known = found.get(key)
            if known is None:
                night.workspace.save("planned", key, section)
            found[key] = SectionRef(
                key=key,
                slug=section.slug,
                kind=section.kind.value,
                format=shape.name,
                lessons=known.lessons + lessons if known else lessons,
            )
    night.ledger.contents.note(_planned_content(night, script, keys) for script in scripts)
    return tuple(found.values())


def make_section(night: Night, ref: SectionRef) -> SectionRef:
    """Make sure that a planned section is in the store: take it, or render, inspect and keep it.

    Raises:
        QualityRejected: the new clip failed its checks; it is not kept.
        BadInput: this worker's code would make other bytes than the ones that were planned.
    """
    section = night.workspace.load("planned", ref.key, Section)
    take(night, section, formats[ref.format], ref.key)
    return ref


def retry_section(night: Night, key: str, *, force: bool = False) -> SectionRef:
    """Make one shared section again that was rejected or failed, without the night around it.

    The lessons that wait for it go on in the next run, or in this one when their tasks are cleared.

    Args:
        night: the run that this attempt belongs to.
        key: the section's key, or its first letters.
        force: also where it is in the store already, or somebody has refused it: it is made and asked anew.

    Raises:
        BadInput: no section of that key was planned here, or several begin so; or this deployment's choices
            (renderer, brand, lexicon) would make another section than was planned.
        QualityRejected: it was rejected once more.
    """
    key = night.workspace.only("planned", key)
    section = night.workspace.load("planned", key, Section)
    shape = next((each for _, each in formats if key_of(night, section, each) == key), None)
    if shape is None:
        raise BadInput(
            f"Section {section.slug} was planned as {key:.12}, and no format makes that of it here: code, "
            "renderer, brand or lexicon have changed since. Plan it anew by running the night again."
        )
    if force:
        night.workspace.sections.set_aside(key, "asked to be made again")
        night.ledger.withdraw_approval(night.run_id, key)
    take(night, section, shape, key)
    return SectionRef(key=key, slug=section.slug, kind=section.kind.value, format=shape.name)


def write_script(night: Night, learner: LearnerRef) -> LessonRef:
    """Write the learner's script and keep it. A lesson nobody needs comes back as ``not_needed``.

    Raises:
        BadScript: the script breaks a limit or lacks a section.
        IllegalTransition: the learner's record has been replaced since this run read it.
    """
    with ending(night, learner.lesson_id) as entry:
        with step(night, Stage.SCRIPT_GENERATE, lesson=learner.lesson_id) as facts:
            script = _settled_script(night, learner, entry)
            if script is None:
                facts["sections"] = 0
                return night.ledger.lesson(learner.lesson_id).ref()
            digest = digest_of(script)
            facts.update(script=digest, sections=len(script.sections), seconds=round(script.planned, 3))
        with night.ledger.together():
            account_for_script(night, script, digest)
            if entry.status is not LessonStatus.PENDING:
                entry = night.ledger.lesson(learner.lesson_id)
            if entry.script != digest or entry.status in BAD_ENDS or entry.status is LessonStatus.NOT_NEEDED:
                if entry.status is not LessonStatus.PENDING:
                    entry = night.ledger.reset(learner.lesson_id, run_id=night.run_id, why="written again")
                entry = night.ledger.advance(
                    learner.lesson_id,
                    LessonStatus.SCRIPT_GENERATED,
                    run_id=night.run_id,
                    having={"record": learner.record},
                    making={"script": digest},
                    seen=entry,
                )
        return entry.ref()


def render_lesson(night: Night, lesson: LessonRef) -> LessonRef:
    """Make the lesson's personal sections, take the shared ones from the store, and join all into a video.

    That is done for each format. Where the lesson was made before, only the editions are made anew whose
    inputs changed.

    Raises:
        SectionFailed: a shared section failed in this run.
        QualityRejected: a section failed its checks.
        IllegalTransition: the lesson has been written anew since this run wrote it.
    """
    if lesson.status is LessonStatus.NOT_NEEDED:
        return lesson
    with ending(night, lesson.lesson_id) as entry:
        _check_current(entry, lesson)
        script = _script(night, lesson)
        orders = [order_of(night, script, shape) for shape in formats_of(night)]
        content = content_of(script, [(each.format.name, each.keys) for each in orders])
        inputs = digest_of([order.inputs for order in orders])
        there: dict[str, Edition] = {}
        why = ""
        if has_reached(entry.status, LessonStatus.AVATAR_VIDEOS_GENERATED):
            there = _still_right(night, lesson.lesson_id, orders)
            editions = list(there.values())
            whole = len(there) == len(orders) and entry.editions == digest_of_editions(editions)
            if whole and not _has_lost_copies(night, entry, editions):
                night.ledger.contents.note([content])
                return entry.ref()
            if whole:
                why = "a signed copy is gone or changed"
            else:
                why = "a video is gone" if entry.inputs == inputs else "its sections or formats changed"
        found = find_sections(night, script, [order for order in orders if order.format.name not in there])
        with night.ledger.together():
            night.ledger.contents.note([content])
            if why:
                night.ledger.reset(lesson.lesson_id, run_id=night.run_id, why=why)
                night.ledger.advance(
                    lesson.lesson_id,
                    LessonStatus.SCRIPT_GENERATED,
                    run_id=night.run_id,
                    making={"script": lesson.script},
                )
            if entry.status is LessonStatus.SCRIPT_GENERATED:
                note_wait(night, lesson.lesson_id, entry.changed)
            entry = night.ledger.advance(
                lesson.lesson_id,
                LessonStatus.AVATAR_RENDERING,
                run_id=night.run_id,
                having={"script": lesson.script},
                seen=entry,
            )
            note_reused(night, found.values())
        editions = [
            there.get(order.format.name) or make_edition(night, script, order, found) for order in orders
        ]
        with night.ledger.together():
            account_for_films(night, script, lesson.script, editions, found)
            entry = night.ledger.advance(
                lesson.lesson_id,
                LessonStatus.AVATAR_VIDEOS_GENERATED,
                run_id=night.run_id,
                having={"script": lesson.script},
                making={
                    "inputs": inputs,
                    "video": editions[0].video.sha256,
                    "editions": digest_of_editions(editions),
                    "duration": editions[0].video.duration,
                },
                seen=entry,
            )
        return entry.ref()


def inspect_lesson(night: Night, lesson: LessonRef) -> LessonRef:
    """Judge every edition of the lesson and keep what was found.

    Sections were mended when they were new; what is wrong with an edition that it could be joined without
    is put right by joining it again from them, at most twice.

    Raises:
        QualityRejected: an edition failed; findings are kept and the lesson is quarantined.
        IllegalTransition: the lesson has been made anew since this run made it.
    """
    if lesson.status is LessonStatus.NOT_NEEDED:
        return lesson
    log: list[FixRecord] = []
    with ending(night, lesson.lesson_id) as entry:
        _check_current(entry, lesson)
        if has_reached(entry.status, LessonStatus.QA_PASSED) and entry.editions == lesson.editions:
            return entry.ref()
        for number in range(1, ROUNDS + 2):
            if entry.status is not LessonStatus.AVATAR_VIDEOS_GENERATED or entry.editions != lesson.editions:
                entry = night.ledger.advance(
                    lesson.lesson_id,
                    LessonStatus.AVATAR_VIDEOS_GENERATED,
                    run_id=night.run_id,
                    having={"script": lesson.script, "editions": lesson.editions},
                )
            with step(night, Stage.QA_INSPECT, lesson=lesson.lesson_id, video=lesson.video) as facts:
                verdict, faulty, editions, seals = _judge_editions(night, lesson, entry.record)
                facts.update(
                    editions=len(night.settings.formats),
                    passed=verdict.passed,
                    findings=sorted({finding.check for finding in verdict.findings}),
                )
                if not verdict.passed and (number > ROUNDS or not faulty):
                    _note_verdict(night, lesson, entry, editions, verdict, log, seals)
                    raise QualityRejected(lesson.lesson_id, verdict.rejections)
            entry = _note_verdict(night, lesson, entry, editions, verdict, log, seals)
            if verdict.passed:
                break
            joined = _join_again(night, lesson, faulty, verdict, number)
            log.append(
                FixRecord(
                    round=number,
                    fix=Remedy.JOIN_AGAIN,
                    findings=tuple(each for each in verdict.findings if each.rejects),
                    before={"editions": lesson.editions},
                    after={"editions": joined.editions},
                )
            )
            lesson = joined
        return entry.ref()


def publish_lesson(night: Night, lesson: LessonRef) -> LessonRef:
    """Deliver all editions of a lesson that passed its checks, by every publisher of this night.

    What is delivered already is left as it is, and a publisher that fails keeps none of the others from
    delivering: when the step is taken again, it does what is missing.

    Raises:
        DeliveryBlocked: a destination refuses until somebody acts.
        StoreUnavailable: a destination is away or full.
        IllegalTransition: the lesson has not passed its checks, or has been made anew since.
    """
    if lesson.status is LessonStatus.NOT_NEEDED:
        return lesson
    with (
        # A run that delivers what the lesson was before has its turn first, or learns that it is too late.
        night.workspace.in_turn(lesson.lesson_id, _PUBLISHING, night.run_id),
        ending(night, lesson.lesson_id) as entry,
    ):
        _check_current(entry, lesson)
        fit = (LessonStatus.QA_PASSED, LessonStatus.PUBLISHED, LessonStatus.DELIVERY_BLOCKED)
        if entry.status not in fit or entry.editions != lesson.editions:
            raise IllegalTransition(
                f"Lesson {lesson.lesson_id} is {entry.status} with editions {entry.editions[:12] or 'none'} "
                f"and cannot be published with editions {lesson.editions[:12] or 'none'}: only a video that "
                f"is {LessonStatus.QA_PASSED} leaves the house. Run its checks first."
            )
        record = night.workspace.load("records", lesson.lesson_id, AssessmentRecord)
        parcel = _parcel(night, lesson, entry, record)
        failed: list[Exception] = []
        for name in night.settings.publishers:
            try:
                publication = _deliver(night, lesson, parcel, record, name)
                with night.ledger.together():
                    night.ledger.note_delivery(publication, run_id=night.run_id, editions=lesson.editions)
                    account_for_delivery(night, lesson, publication)
                    if name == night.settings.publishers[-1] and not failed:
                        entry = night.ledger.advance(
                            lesson.lesson_id,
                            LessonStatus.PUBLISHED,
                            run_id=night.run_id,
                            having={"editions": lesson.editions},
                            seen=entry,
                        )
            except Exception as error:  # noqa: BLE001 - told by its step, and raised when all have had their turn
                failed.append(error)
        if failed:
            # Where trying again helps one of them, all are tried again.
            raise next((error for error in failed if isinstance(error, TransientError)), failed[0])
        return entry.ref()


def report(night: Night) -> NightReport:
    """Sum up the run, hold its table of videos against expectations, and keep the result.

    The run has passed when every learner who needs a lesson has one: nothing failed, nothing is on its way,
    and the table as a whole is plausible. Records that were set aside are counted and told, and fail the run
    only where no other was left: then it is the source that is wrong, and not a learner's data.

    Raises:
        BadInput: the run has not begun.
    """
    from presgen import quality

    entries, figures = night.ledger.lessons(night.run_id), _figures(night)
    rehearsal = _rehearsal(night)
    failures = dict(figures.failures)
    if unfinished := figures.total - figures.over:
        failures[UNFINISHED] = unfinished
    published = [entry for entry in entries if entry.status is LessonStatus.PUBLISHED]
    table = quality.validate_night(
        [row for entry in published for row in _rows(night, entry)],
        _outcome(night, entries, len(published)),
        keep=_validations(night),
    )
    night.ledger.set_findings(night.run_id, NIGHT, table.findings)
    documents = quality.build_documents(
        _validations(night), _reports(night) / DATA_DOCS, name_of_run(night.run_id)
    )
    result = NightReport(
        run_id=night.run_id,
        formats=night.settings.formats,
        lessons=figures.lessons,
        quarantined=figures.set_aside,
        sections_rendered=figures.rendered,
        sections_reused=figures.found,
        film=figures.film,
        failures=dict(sorted(failures.items())),
        passed=(
            not failures and table.passed and bool(entries or not figures.set_aside)
            if rehearsal is None
            else rehearsal.passed
        ),
        rejections=table.rejections,
        warnings=tuple(each.message for each in table.findings if each.severity is Severity.WARN),
        audit_head=night.ledger.trail.head(),
        data_docs="" if documents is None else documents.relative_to(night.workspace.root).as_posix(),
        rehearsal=rehearsal,
    )
    night.ledger.end_run(night.run_id, passed=result.passed)
    keep_sums(night.ledger)
    push_night(night.ledger, night.run_id, night.settings.cpu_hour_price)
    night.workspace.save("reports", name_of_run(night.run_id), result)
    _log.info("night_report", **result.model_dump(mode="json"))
    return result


def produce(
    night: Night,
    source: str,
    only: Sequence[str] = (),
    on_progress: Callable[[Progress], None] = lambda _: None,
    *,
    persona: str | None = None,
    force: bool = False,
) -> NightReport:
    """Do the whole night without Airflow: sections, then lessons, in parallel processes.

    A section or lesson that fails costs nobody else anything; its reason is in the ledger.

    Raises:
        BadInput: the source cannot be read at all.
    """
    learners = load_learners(night, source, only, persona, force)
    sections = plan_sections(night, learners)
    kept = set(night.workspace.sections.keys())
    # Starting processes takes longer than finding everything there.
    workers = 1 if all(section.key in kept for section in sections) else night.settings.workers
    _each(night, "sections", _section_job, sections, workers, _note_lost_section, on_progress)
    _each(night, "lessons", _lesson_job, learners, night.settings.workers, _note_lost_lesson, on_progress)
    return report(night)


def produce_lesson(night: Night, learner: LearnerRef) -> LessonRef:
    """Take one learner from the record to the delivered lesson."""
    lesson = write_script(night, learner)
    lesson = render_lesson(night, lesson)
    lesson = inspect_lesson(night, lesson)
    return publish_lesson(night, lesson)


def draft_lesson(
    settings: Settings, record: AssessmentRecord, pseudonym: str, lesson_id: str, persona: str | None = None
) -> tuple[LessonPlan, LessonScript | None]:
    """Plan and write a lesson, and keep nothing. The script is None where there is nothing to teach.

    ``persona`` is who teaches it; None: whoever suits the learner's wish and language.

    Raises:
        BadScript: the script breaks a limit or lacks a section.
        UnknownName: there is no such persona.
    """
    from presgen import writing

    learner = record.learner
    teacher = (
        load_persona(persona)
        if persona
        else choose_persona(learner.persona, learner.locale, settings.persona).persona
    )
    plan = writing.plan_lesson(
        record,
        pseudonym=pseudonym,
        lesson_id=lesson_id,
        persona=teacher,
        top_gaps=settings.top_gaps,
        budget=settings.budget,
        opening=settings.opening,
    )
    return plan, writing.write_script(plan, record, teacher) if plan.gaps else None


def name_of_run(run_id: str) -> str:
    """Return what a run's files are called: the id, fit for a file's name."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in run_id.lower())
    plain = plain.strip("-")[:100]
    return plain if plain == run_id else f"{plain}-{digest_of(run_id)[:8]}".lstrip("-")


# Records and scripts


def _with_persona(night: Night, record: AssessmentRecord, lesson_id: str, fallback: str) -> AssessmentRecord:
    """Return the record with the persona that will teach, so that its digest covers the choice."""
    choice = choose_persona(record.learner.persona, record.learner.locale, fallback)
    chosen = choice.persona.name
    if choice.reason:
        # A wish that cannot be granted is no reason to go without the lesson, but nobody should be surprised.
        facts = {"taken": chosen, "why": choice.reason}
        night.ledger.note_event(night.run_id, "persona_replaced", lesson_id, facts)
        _log.warning("persona_replaced", run=night.run_id, lesson=lesson_id, **facts)
    return record.model_copy(update={"learner": record.learner.model_copy(update={"persona": chosen})})


def _settled_script(night: Night, learner: LearnerRef, entry: LessonEntry) -> LessonScript | None:
    """Write plan and script and keep both; None: no lesson is needed, and the ledger says so."""
    record = night.workspace.load("records", learner.lesson_id, AssessmentRecord)
    if entry.record != learner.record or digest_of(record) != learner.record:
        raise IllegalTransition(
            f"The record behind lesson {learner.lesson_id} has been replaced since this run read it "
            f"({learner.record:.12}). The run that read the new one makes the lesson."
        )
    plan, script = draft_lesson(
        night.settings, record, learner.pseudonym, learner.lesson_id, record.learner.persona
    )
    night.workspace.save("plans", learner.lesson_id, plan)
    if script is None:
        with night.ledger.together():
            account_for_plan(night, record, plan)
            if entry.status not in (LessonStatus.PENDING, LessonStatus.NOT_NEEDED):
                night.ledger.reset(learner.lesson_id, run_id=night.run_id, why="no longer needed")
            night.ledger.advance(learner.lesson_id, LessonStatus.NOT_NEEDED, run_id=night.run_id)
        return None
    night.workspace.save("scripts", learner.lesson_id, script)
    return script


def _planned_script(night: Night, learner: LearnerRef) -> LessonScript | None:
    """Return the script of the learner's lesson; None: it is not needed or cannot be."""
    try:
        with ending(night, learner.lesson_id) as entry:
            script = _settled_script(night, learner, entry)
    except TransientError:
        raise
    except Exception as error:  # noqa: BLE001 - one learner's bad data stops no other learner's lesson
        _log.warning("lesson_unplanned", run=night.run_id, lesson=learner.lesson_id, cause=cause_of(error))
        return None
    return script


def _planned_content(night: Night, script: LessonScript, keys: Mapping[Section, Sequence[str]]) -> Content:
    """Return what a lesson will be made of. The learner's own sections have no key before they are made."""
    planned = [keys.get(section) for section in script.sections]
    return content_of(
        script,
        [
            (shape.name, [found[number] if found else "" for found in planned])
            for number, shape in enumerate(formats_of(night))
        ],
    )


def _script(night: Night, lesson: LessonRef) -> LessonScript:
    script = night.workspace.load("scripts", lesson.lesson_id, LessonScript)
    if digest_of(script) != lesson.script:
        raise _superseded(lesson)
    return script


def _check_current(entry: LessonEntry, lesson: LessonRef) -> None:
    if entry.script != lesson.script:
        raise _superseded(lesson)


def _superseded(lesson: LessonRef) -> IllegalTransition:
    return IllegalTransition(
        f"Lesson {lesson.lesson_id} has been written anew since this run wrote it ({lesson.script:.12}). "
        "The run that wrote it last delivers it; to make it again, run it from its first step."
    )


# Editions


def _still_right(night: Night, lesson_id: str, orders: Sequence[Order]) -> dict[str, Edition]:
    """Return the editions that lie in the workspace and are what is ordered, by format, in that order."""
    found = ((order, edition_of(night, lesson_id, order.format)) for order in orders)
    return {
        order.format.name: edition
        for order, edition in found
        if edition is not None and edition.inputs == order.inputs
    }


def _has_lost_copies(night: Night, entry: LessonEntry, editions: Sequence[Edition]) -> bool:
    """Return whether a film that passed its checks lies there no more as it was signed."""
    from presgen.marking import are_signed

    return has_reached(entry.status, LessonStatus.QA_PASSED) and not are_signed(night, editions)


def _inspect_edition(night: Night, script: LessonScript, edition: Edition) -> QualityReport:
    from presgen import quality

    video = edition.video
    shape = formats[video.format]
    evidence = [
        evidence_of(night, section, shape, placed.key)
        for section, placed in zip(script.sections, video.sections, strict=True)
    ]
    longest = Seconds(night.settings.budget * (1 + OVERRUN) + GRACE)
    mixed = bool(night.settings.music)
    name = _quality_name(script.lesson_id, video.format)
    keep = _validations(night) / "lessons" / f"{name}.json"
    found = quality.inspect_lesson(video, script, evidence, shape, longest=longest, mixed=mixed, keep=keep)
    night.workspace.save("quality", name, found)
    return found


def _judge_editions(
    night: Night, lesson: LessonRef, record: str
) -> tuple[QualityReport, tuple[Format, ...], tuple[Edition, ...], Seals]:
    """Return the verdict on all editions, which may be better when joined again, all of them, and seals."""
    from presgen.marking import sign_editions

    script = _script(night, lesson)
    editions = _editions(night, lesson)
    findings: list[Finding] = []
    faulty: list[Format] = []
    for edition in editions:
        found = _inspect_edition(night, script, edition)
        told = f"{edition.video.format}: " if len(editions) > 1 else ""
        findings += [each.model_copy(update={"message": f"{told}{each.message}"}) for each in found.findings]
        if any(each.rejects and each.remedy is not None for each in found.findings):
            faulty.append(formats[edition.video.format])
    wrong, seals = sign_editions(night, script, editions, record)
    findings += wrong
    verdict = QualityReport(subject=lesson.lesson_id, findings=tuple(findings), metadata={})
    return verdict, tuple(faulty), editions, seals


def _note_verdict(
    night: Night,
    lesson: LessonRef,
    entry: LessonEntry,
    editions: Sequence[Edition],
    verdict: QualityReport,
    log: list[FixRecord],
    seals: Seals,
) -> LessonEntry:
    """Note what was found, what the fixes before have changed, and that the lesson has passed, if it has."""
    if log:
        left = tuple(sorted({each.check for each in verdict.findings if each.rejects}))
        log[-1] = log[-1].model_copy(update={"left": left})
        night.workspace.save("fixes", lesson.lesson_id, FixLog(subject=lesson.lesson_id, fixes=tuple(log)))
    fixes = _fixes(night, lesson.lesson_id, editions)
    with night.ledger.together():
        night.ledger.set_findings(night.run_id, lesson.lesson_id, verdict.findings)
        if log:
            night.ledger.set_fixes(night.run_id, lesson.lesson_id, log)
        account_for_verdict(night, lesson, editions, verdict.findings, fixes, seals)
        if not verdict.passed:
            return night.ledger.lesson(lesson.lesson_id)
        return night.ledger.advance(
            lesson.lesson_id,
            LessonStatus.QA_PASSED,
            run_id=night.run_id,
            having={"editions": lesson.editions},
            seen=entry,
        )


def _join_again(
    night: Night, lesson: LessonRef, faulty: Sequence[Format], verdict: QualityReport, number: int
) -> LessonRef:
    """Join the faulty editions again from their sections.

    Raises:
        QualityRejected: they came out the same, to the byte.
    """
    with step(night, Stage.QA_FIX, lesson=lesson.lesson_id, video=lesson.video) as facts:
        names = [shape.name for shape in faulty]
        facts.update(round=number, fix=Remedy.JOIN_AGAIN.value, formats=names)
        for shape in faulty:
            discard_edition(night, lesson.lesson_id, shape)
        joined = render_lesson(night, lesson)
        facts["editions"] = joined.editions
        if joined.editions == lesson.editions:
            raise QualityRejected(lesson.lesson_id, verdict.rejections)
        return joined


def _fixes(night: Night, lesson_id: str, editions: Sequence[Edition]) -> tuple[FixLog, ...]:
    """Return what was fixed on the lesson's sections, and on the lesson itself."""
    keys = dict.fromkeys(placed.key for edition in editions for placed in edition.video.sections)
    logs = [FixLog(subject=key, fixes=found) for key in keys if (found := fixes_of(night, key))]
    if night.workspace.has("fixes", lesson_id):
        own = night.workspace.load("fixes", lesson_id, FixLog)
        if own.fixes[-1].after.get("editions") == digest_of_editions(editions):
            logs.append(own)
    return tuple(logs)


def _quality_name(lesson_id: str, format: str) -> str:
    """Return what the workspace calls the verdict on the lesson's edition in that format."""
    return f"{lesson_id}.{format}"


def _editions(night: Night, lesson: LessonRef) -> tuple[Edition, ...]:
    """Return the editions that the reference means, whole and unchanged."""
    found = [edition_of(night, lesson.lesson_id, shape) for shape in formats_of(night)]
    editions = tuple(edition for edition in found if edition is not None)
    if len(editions) < len(found) or digest_of_editions(editions) != lesson.editions:
        raise CorruptMedia(
            f"An edition of lesson {lesson.lesson_id} ({', '.join(night.settings.formats)}) is gone from the "
            "workspace, or has changed. Run its rendering again: its sections are still there."
        )
    return editions


def _deliver(
    night: Night,
    lesson: LessonRef,
    parcel: Parcel,
    record: AssessmentRecord,
    publisher: str,
) -> Publication:
    """Deliver by one publisher, and return where everything is."""
    from presgen.publishing import Desk, Recipient, publishers

    desk = Desk(
        settings=night.settings,
        ledger=night.ledger,
        recipient=Recipient(email=record.learner.email or "", name=record.learner.name),
        open_drive=night.open_drive,
    )
    with step(night, Stage.VIDEO_PUBLISH, lesson=lesson.lesson_id, video=lesson.video) as facts:
        facts["publisher"] = publisher
        publication = publishers[publisher](parcel, desk)
        facts.update(
            unchanged=publication.unchanged,
            assets={asset.role: asset.sha256 for asset in publication.assets},
            bytes=sum(asset.bytes for asset in publication.assets),
        )
    return publication


def _parcel(night: Night, lesson: LessonRef, entry: LessonEntry, record: AssessmentRecord) -> Parcel:
    """Return what is delivered: films as they were inspected, and signed."""
    from presgen.marking import signed
    from presgen.publishing import lesson_report, pack

    script = _script(night, lesson)
    editions = _editions(night, lesson)
    told = lesson_report(
        record,
        night.workspace.load("plans", lesson.lesson_id, LessonPlan),
        script,
        [
            (
                edition.video,
                night.workspace.load(
                    "quality", _quality_name(lesson.lesson_id, edition.video.format), QualityReport
                ),
            )
            for edition in editions
        ],
        record_sha256=entry.record,
        script_sha256=entry.script,
        fixes=_fixes(night, lesson.lesson_id, editions),
    )
    return pack([signed(night, edition) for edition in editions], script, told)


def _outcome(night: Night, entries: Sequence[LessonEntry], published: int) -> dict[str, Any] | None:
    """Return the one row of what the run came to; None: nobody needs a lesson."""
    needed = sum(entry.status is not LessonStatus.NOT_NEEDED for entry in entries)
    if not needed:
        return None
    ratio = round(published / needed, 4)
    return {"run": night.run_id, "needed": needed, "published": published, "success_ratio": ratio}


def _rehearsal(night: Night) -> Rehearsal | None:
    """Return the account of a dry run; None: the run is a real one."""
    name = name_of_run(night.run_id)
    if not night.workspace.has("rehearsals", name):
        return None
    return night.workspace.load("rehearsals", name, Rehearsal)


def _figures(night: Night) -> NightFigures:
    figures = night.ledger.figures.night(night.run_id, anew=True)
    if figures is None:
        raise BadInput(f"Run {night.run_id!r} has not begun, so it cannot end.")
    return figures


def _reports(night: Night) -> Path:
    """Return the folder of what was found on this run as a whole."""
    return night.workspace.root / "reports" / name_of_run(night.run_id)


def _validations(night: Night) -> Path:
    """Return the folder of what Great Expectations found in this run, as JSON."""
    return _reports(night) / "validations"


def _rows(night: Night, entry: LessonEntry) -> list[dict[str, Any]]:
    """Return what was measured on the lesson's editions; nothing where the workspace was cleared since."""
    names = [_quality_name(entry.lesson_id, name) for name in night.settings.formats]
    return [
        night.workspace.load("quality", name, QualityReport).metadata
        for name in names
        if night.workspace.has("quality", name)
    ]


# Several processes


def _each(
    night: Night,
    part: str,
    job: Callable[[Settings, str, Any], str],
    items: Sequence[Any],
    workers: int,
    on_lost: Callable[[Night, Any, str, str], None],
    on_progress: Callable[[Progress], None],
) -> None:
    from presgen.crew import Outcome, run_all

    done = 0
    on_progress(Progress(part, done, len(items), ""))

    def count(outcome: Outcome[Any, str]) -> None:
        nonlocal done
        done += 1
        on_progress(Progress(part, done, len(items), outcome.made or ""))
        if outcome.made is None:
            on_lost(night, outcome.item, outcome.cause, outcome.reason)

    run_all(
        partial(job, night.settings, night.run_id),
        items,
        workers=workers,
        prepare=log_settings(),
        on_done=count,
    )


def _section_job(settings: Settings, run_id: str, ref: SectionRef) -> str:
    make_section(open_night(settings, run_id), ref)
    return ref.slug


def _lesson_job(settings: Settings, run_id: str, learner: LearnerRef) -> str:
    produce_lesson(open_night(settings, run_id), learner)
    return learner.lesson_id


def _note_lost_section(night: Night, ref: SectionRef, cause: str, reason: str) -> None:
    """Note a section's failure where its own process could not: it died, or the failure was transient."""
    if night.ledger.section(night.run_id, ref.key) is None:
        night.ledger.note_section(
            night.run_id,
            ref.key,
            SectionOutcome.FAILED,
            slug=ref.slug,
            kind=ref.kind,
            cause=cause,
            reason=reason,
        )


def _note_lost_lesson(night: Night, learner: LearnerRef, cause: str, reason: str) -> None:
    try:
        status = night.ledger.lesson(learner.lesson_id).status
    except BadInput:
        return  # erased while it was made
    if status not in ENDS or status is LessonStatus.PUBLISHED:
        end_lesson(night, learner.lesson_id, LessonStatus.FAILED, cause, reason, learner.record)
