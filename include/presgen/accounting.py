"""What a night does is told to the audit trail, step by step, before the step counts as done.

A step that was told and then cut short tells the same again, which adds nothing; one that counts as done has
been told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from presgen import audit
from presgen.brands import load_brand
from presgen.errors import CorruptMedia
from presgen.making import Found
from presgen.media.formats import formats
from presgen.model.edition import Edition
from presgen.model.learner import AssessmentRecord
from presgen.model.lesson import LessonPlan, LessonScript, Section
from presgen.model.media import StoredSection
from presgen.model.publication import Publication
from presgen.model.quality import Finding, FixLog
from presgen.model.references import LessonRef
from presgen.night import Night
from presgen.personas import load_persona

_NARRATION = "narration.wav"


def account_for_script(night: Night, script: LessonScript, digest: str) -> None:
    """Tell because of which answers the script, of that digest, is what it is."""
    record = night.workspace.load("records", script.lesson_id, AssessmentRecord)
    plan = night.workspace.load("plans", script.lesson_id, LessonPlan)
    audit.record_script(night.ledger.trail, night.run_id, record, plan, script, digest)


def account_for_plan(night: Night, record: AssessmentRecord, plan: LessonPlan) -> None:
    """Tell why there is no lesson."""
    audit.record_plan(night.ledger.trail, night.run_id, record, plan)


def account_for_films(
    night: Night, script: LessonScript, digest: str, editions: Sequence[Edition], found: Mapping[str, Found]
) -> None:
    """Tell of which sections, narrations and clips the lesson's films are.

    ``digest`` is the script's. ``found`` are sections by key as they were found in the store; others are
    looked up there.
    """
    from presgen.media.clip import clip_name

    def stored(key: str) -> StoredSection:
        return found[key].stored if key in found else _stored(night, key)

    def made(section: Section, key: str, shape: str) -> audit.MadeClip:
        return _made(night, section, stored(key), shape)

    def lies(key: str, shape: str) -> str:
        return stored(key).files[clip_name(formats[shape])]

    audit.record_films(night.ledger.trail, night.run_id, script, digest, editions, made, lies)


def account_for_verdict(
    night: Night,
    lesson: LessonRef,
    editions: Sequence[Edition],
    findings: Sequence[Finding],
    fixes: Sequence[FixLog],
    seals: audit.Seals,
) -> None:
    """Tell what was found on the lesson's films, what was put right, and with what they were sealed."""
    audit.record_verdict(night.ledger.trail, night.run_id, lesson, editions, findings, fixes, seals)


def account_for_delivery(night: Night, lesson: LessonRef, publication: Publication) -> None:
    """Tell where the lesson's files were put."""
    audit.record_delivery(night.ledger.trail, night.run_id, lesson, publication)


def _made(night: Night, section: Section, stored: StoredSection, shape: str) -> audit.MadeClip:
    from presgen.media.clip import clip_name
    from presgen.rendering.backends import renderers

    settings = night.settings
    inputs = renderers[settings.renderer].fingerprint(
        section,
        load_persona(section.persona),
        formats[shape],
        settings.lexicon,
        brand=load_brand(settings.brand),
    )
    return audit.MadeClip(
        clip=stored.files[clip_name(formats[shape])],
        narration=stored.files[_NARRATION],
        backend=stored.clip.backend,
        inputs=inputs,
    )


def _stored(night: Night, key: str) -> StoredSection:
    stored = night.workspace.sections.told(key)
    if stored is None:
        raise CorruptMedia(f"Section {key:.12} is gone from the store since the lesson was joined of it.")
    return stored
