"""A new section is inspected, and mended where it is rejected: in two rounds at most, each fully inspected.

Fixes work on copies. What passed is kept with an account of what was fixed; what does not pass is not kept.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from presgen import quality
from presgen.errors import CorruptMedia, PermanentError, QualityRejected
from presgen.media.formats import Format
from presgen.model.lesson import Section
from presgen.model.media import Clip, Narration
from presgen.model.quality import FIX_LOG, Finding, FixLog, FixRecord, QualityReport, Remedy, SectionEvidence
from presgen.night import Night, step
from presgen.quality.checks.film_is_whole import unreadable
from presgen.quality.fixes import Workpiece, choose_fixes, fixes
from presgen.stages import Stage, reason_of
from presgen.workspace import SectionDraft

ROUNDS = 2
"""What two rounds have not mended, a third would not."""


@dataclass(frozen=True, slots=True)
class Job:
    """A section in the making, and who makes it."""

    section: Section
    format: Format
    key: str
    render: Callable[[Path], Clip]
    """Into an empty folder."""
    narrate: Callable[[Path], Narration | None]
    render_afresh: Callable[[Path], Clip]
    """As ``render``, with nothing taken from what was kept of other formats."""


def inspect_and_mend(
    night: Night, job: Job, clip: Clip, draft: SectionDraft, bench: Callable[[], SectionDraft]
) -> tuple[Clip, SectionDraft]:
    """Return the clip and its draft once they pass: as they are, or mended, on a bench then.

    Args:
        night: the run.
        job: what is made.
        clip: what the renderer says it made.
        draft: where it lies.
        bench: opens another empty draft.

    Raises:
        QualityRejected: it has not passed after two rounds, or nothing would help.
    """
    log: list[FixRecord] = []
    tried: set[str] = set()
    before: QualityReport | None = None
    for number in range(1, ROUNDS + 2):
        with step(night, Stage.QA_INSPECT, section=job.key) as seen:
            measured, report = _judge(job, clip, draft.folder)
            night.ledger.set_findings(night.run_id, job.key, report.findings)
            seen.update(passed=report.passed, findings=sorted({each.check for each in report.findings}))
            if before is not None:
                log = _settled(log, number - 1, before, report)
                night.ledger.set_fixes(night.run_id, job.key, log)
            if report.passed:
                break
            chosen = choose_fixes(report.findings, tried) if number <= ROUNDS else ()
            if not chosen:
                raise QualityRejected(job.key, report.rejections)
        place = bench()
        shutil.copytree(draft.folder, place.folder, dirs_exist_ok=True)
        work = Workpiece(
            job.section, clip, place.folder, job.format, measured, job.narrate, job.render_afresh
        )
        clip, records = _mended(night, job.key, work, chosen, report, number)
        log += records
        tried |= {record.fix for record in records}
        before, draft = report, place
    if log:
        account = FixLog(subject=job.key, fixes=tuple(log)).model_dump_json(indent=1)
        (draft.folder / FIX_LOG).write_text(account, encoding="utf-8")
    return clip, draft


def _judge(job: Job, clip: Clip, folder: Path) -> tuple[SectionEvidence | None, QualityReport]:
    try:
        return quality.inspect_section(job.section, clip, folder, job.key, job.format)
    except CorruptMedia as damage:
        finding = unreadable(damage, None)
        return None, QualityReport(subject=job.key, findings=(finding,), metadata={})


def _mended(
    night: Night,
    key: str,
    work: Workpiece,
    chosen: Sequence[str],
    report: QualityReport,
    number: int,
) -> tuple[Clip, list[FixRecord]]:
    """Apply the fixes of a round. Where one cannot be applied, the section is made anew instead."""
    rejected = tuple(each for each in report.findings if each.rejects)
    records: list[FixRecord] = []
    waiting = list(chosen)
    while waiting:
        name = waiting.pop(0)
        failed = ""
        with step(night, Stage.QA_FIX, section=key) as facts:
            facts.update(round=number, fix=name, findings=sorted({each.check for each in rejected}))
            try:
                work = dataclasses.replace(work, clip=fixes[name](work))
            except (PermanentError, ValueError) as error:
                if name == Remedy.RENDER_AGAIN:
                    raise QualityRejected(key, report.rejections) from error
                failed = facts["failed"] = reason_of(error)
                waiting = [Remedy.RENDER_AGAIN]
        records.append(FixRecord(round=number, fix=name, findings=_answered(name, rejected), failed=failed))
    return work.clip, records


def _answered(name: str, rejected: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings because of which the fix was applied."""
    answers = fixes[name].answers
    return tuple(each for each in rejected if each.remedy in answers)


def _settled(
    log: Sequence[FixRecord], number: int, before: QualityReport, after: QualityReport
) -> list[FixRecord]:
    """Return the log with what the fixes of that round have changed, as the inspection after them found."""
    left = tuple(sorted({each.check for each in after.findings if each.rejects}))
    then, now = _changes(before.metadata, after.metadata)
    return [
        each.model_copy(update={"before": then, "after": now, "left": left}) if each.round == number else each
        for each in log
    ]


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: before[name] for name in names if name in before},
        {name: after[name] for name in names if name in after},
    )
