"""What goes through: findings are told where an operator looks, and people are asked where that is wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from airflow.sdk import get_current_context

from presgen import approvals, pipeline
from presgen.errors import QualityRejected
from presgen.model.lesson import Section
from presgen.model.quality import Finding
from presgen.model.references import LessonRef, SectionRef
from presgen.night import Night
from presgen_airflow.asking import ask
from presgen_airflow.form import Approval
from presgen_airflow.references import PREFIX

FINDINGS = "findings"
"""The XCom with a summary of what was found on a lesson; there is none where nothing was."""


def make_section(night: Night, section: SectionRef, approval: Approval) -> SectionRef:
    """Make a shared section or find it in the store; where it is new, wait for a person if that is wanted.

    Raises:
        QualityRejected: it failed its checks, or was refused; it is refused for everybody then.
    """
    try:
        made = pipeline.make_section(night, section)
    except QualityRejected:
        tell(night.ledger.findings(night.run_id, section.key))
        raise
    if approval is Approval.NEW_SECTIONS and approvals.is_new(night, made):
        answer = ask(f"New section: {made.slug}, {made.format}", _told_of_section(night, made))
        approvals.decide_section(night, made, approved=answer.approved, by=answer.by)
    return made


def inspect_lesson(night: Night, lesson: LessonRef, approval: Approval) -> LessonRef:
    """Judge a lesson and tell what was found; where there are warnings, wait for a person if that is wanted.

    Raises:
        QualityRejected: it failed its checks, or was refused.
    """
    try:
        judged = pipeline.inspect_lesson(night, lesson)
    except QualityRejected:
        tell(night.ledger.findings(night.run_id, lesson.lesson_id))
        raise
    tell(night.ledger.findings(night.run_id, lesson.lesson_id))
    warnings = approvals.warnings_of(night, judged)
    if approval is Approval.WARNINGS and warnings:
        before = approvals.decided(night, judged)
        if before is None:
            answer = ask(f"Warnings on the lesson of {judged.pseudonym}", _listed(warnings))
            approvals.decide_lesson(night, judged, approved=answer.approved, by=answer.by)
        elif not before.approved:
            approvals.decide_lesson(night, judged, approved=False, by=before.by)
    return judged


def tell(findings: Sequence[Finding]) -> None:
    """Write a table of the findings into the task's log, and a summary into an XCom; of none, nothing."""
    if not findings:
        return
    print(table_of(findings), flush=True)  # noqa: T201 - Airflow makes log lines of it
    get_current_context()["ti"].xcom_push(FINDINGS, summary_of(findings))


def summary_of(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return how many findings there are of each severity, and which checks found them."""
    return {
        "counts": dict(sorted(Counter(each.severity.value for each in findings).items())),
        "checks": sorted({each.check for each in findings}),
    }


def table_of(findings: Sequence[Finding]) -> str:
    """Return the findings as a table in plain text, the worst first."""
    from io import StringIO

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("Severity", "Check", "At", "Found", "Remedy", box=box.ASCII, show_lines=False)
    for each in sorted(findings, key=lambda found: not found.rejects):
        at = "" if each.at is None else f"{each.at:.2f} s"
        cells = (each.severity.value, each.check, at, each.message, each.remedy or "")
        table.add_row(*(Text(cell) for cell in cells))
    text = StringIO()
    Console(file=text, width=160, color_system=None, force_terminal=False).print(table)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def _told_of_section(night: Night, made: SectionRef) -> str:
    section = night.workspace.load("planned", made.key, Section)
    stored = night.workspace.sections.get(made.key)
    names = [] if stored is None else [name for name in sorted(stored.files) if name.startswith("clip.")]
    links = " · ".join(f"[Watch it]({PREFIX}/sections/{made.key}/{name})" for name in names)
    found = night.ledger.findings(night.run_id, made.key)
    sources = "; ".join(f"{each.title} {each.page}".strip() for each in section.sources)
    return "\n\n".join(
        part
        for part in (
            f"**{section.title}**, for {made.lessons} of tonight's lessons. {links}",
            "\n".join(f"> {line}" for line in section.text.splitlines()),
            f"Sources: {sources}" if sources else "",
            _listed(found),
            "Whoever approves it approves it for everybody; refused, no lesson uses it.",
        )
        if part
    )


def _listed(findings: Sequence[Finding]) -> str:
    return "\n".join(f"- {each.severity.value}, `{each.check}`: {each.message}" for each in findings)
