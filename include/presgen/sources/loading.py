"""From a source to believed records and quarantined ones."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from presgen.errors import BadInput, BadRecord, SourceUnavailable
from presgen.model.learner import AssessmentRecord, Quarantined
from presgen.sources.cleaning import clean_record, learner_id
from presgen.sources.cleaning.text import clean_id
from presgen.sources.expectations import ONCE, flat_row, problem_of, unmet_rules
from presgen.sources.faults import describe, dotted, refuse_faults
from presgen.sources.identity import PSEUDONYM, lesson_id_of, pseudonym_of
from presgen.sources.readers import readers
from presgen.sources.row import Row

_PERMANENT = {
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EACCES,
    errno.EPERM,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.EINVAL,
}
"""Errors that stay until somebody changes the address or the permissions."""


@dataclass(frozen=True, slots=True)
class LoadedRecord:
    """One learner's clean record, and what the learner and the lesson are called outside of it."""

    pseudonym: str
    lesson_id: str
    record: AssessmentRecord = field(repr=False)
    """Left out of the repr, so that logging this value logs no name."""


@dataclass(frozen=True, slots=True)
class LoadedRecords:
    """What a source held, in its order."""

    records: tuple[LoadedRecord, ...]
    quarantined: tuple[Quarantined, ...]


def load_records(
    source: str,
    *,
    key: bytes,
    only: Sequence[str] = (),
    max_bytes: int = 1_000_000,
    keep: Path | None = None,
) -> LoadedRecords:
    """Read all records of ``source``, such as ``jsonl:records.jsonl``; one bad record stops no other.

    ``only`` names the wanted learners by id or pseudonym; empty: all. One that the source does not hold is
    reported as quarantined. The same record twice counts once; a learner with two different records of one
    course gets neither. What Great Expectations found is kept as JSON in the file ``keep``.

    Raises:
        BadInput: the source is not ``reader:address``, or there is nothing at the address.
        UnknownName: no reader has that name.
        SourceUnavailable: the address cannot be reached now.
    """
    wanted = {_pseudonym_asked_for(name, key): None for name in only}
    candidates: list[_Candidate] = []
    for number, row in enumerate(_rows(source, max_bytes)):
        found = learner_id(row.value)
        pseudonym = None if found is None else pseudonym_of(found, key)
        if not wanted or pseudonym is None or pseudonym in wanted:
            candidates.append(_Candidate(number, row.where, pseudonym, *_cleaned(row)))
    candidates = _without_repetitions(candidates)
    _validate_table([candidate for candidate in candidates if not candidate.problems], keep)
    records = [
        LoadedRecord(
            candidate.pseudonym,
            lesson_id_of(candidate.pseudonym, record.certification.id, record.gap_analysis.workflow_id),
            record,
        )
        for candidate in candidates
        if (record := candidate.parsed()) is not None and candidate.pseudonym is not None
    ]
    quarantined = [candidate.quarantined() for candidate in candidates if candidate.problems]
    held = {candidate.pseudonym for candidate in candidates}
    return LoadedRecords(
        tuple(records),
        (*quarantined, *(_absent(pseudonym, source) for pseudonym in wanted if pseudonym not in held)),
    )


def believed_record(value: Any) -> AssessmentRecord:
    """Return one record that is at hand as a value, cleaned as those of a source are.

    Expectations on the table of a source are not held against it: a run does that.

    Raises:
        BadRecord: it is no clean record.
    """
    candidate = _Candidate(0, "record", None, *_cleaned(Row("record", value)))
    record = candidate.parsed()
    if record is None:
        raise candidate.problems[0]
    return record


@dataclass(slots=True)
class _Candidate:
    """A record on its way from the source to belief or quarantine."""

    number: int
    where: str
    pseudonym: str | None
    fields: dict[str, Any]
    problems: list[BadRecord]

    def parsed(self) -> AssessmentRecord | None:
        """Parse the fields strictly; what the model refuses becomes problems."""
        if self.problems:
            return None
        try:
            return AssessmentRecord.model_validate_json(json.dumps(self.fields), strict=True)
        except ValidationError as error:
            self.problems = list(_problems(error))
            return None

    def quarantined(self) -> Quarantined:
        """Name the first problem, and how many more there are."""
        first, *others = self.problems
        more = f" And {len(others)} more." if others else ""
        return Quarantined(
            pseudonym=self.pseudonym,
            where=self.where,
            field=first.field,
            value=first.value,
            reason=first.reason + more,
        )


def _rows(source: str, max_bytes: int) -> Iterator[Row]:
    name, colon, address = source.partition(":")
    if not colon or not address or "\0" in address:
        raise BadInput(f"The source {source!r} is not reader:address. Fine is e.g. jsonl:records.jsonl.")
    read = readers[name]
    try:
        yield from read(str(Path(address).expanduser()), max_bytes=max_bytes)
    except OSError as error:
        message = f"The source {source!r} cannot be read: {error.strerror or type(error).__name__}."
        raise (BadInput if error.errno in _PERMANENT else SourceUnavailable)(message) from error


def _cleaned(row: Row) -> tuple[dict[str, Any], list[BadRecord]]:
    if row.problem is not None:
        return {}, [row.problem]
    try:
        refuse_faults(row.value)
        return clean_record(row.value), []
    except BadRecord as problem:
        return {}, [problem]


def _without_repetitions(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Drop records that repeat an earlier one; the time at which an export was made is no difference."""
    kept: list[_Candidate] = []
    seen: dict[str, list[Mapping[str, Any]]] = {}
    for candidate in candidates:
        if candidate.pseudonym is not None and not candidate.problems:
            content = dict(candidate.fields)
            if isinstance(analysis := content.get("gap_analysis"), Mapping):
                content["gap_analysis"] = {k: v for k, v in analysis.items() if k != "generated_at"}
            if content in (earlier := seen.setdefault(candidate.pseudonym, [])):
                continue
            earlier.append(content)
        kept.append(candidate)
    return kept


def _validate_table(candidates: Sequence[_Candidate], keep: Path | None) -> None:
    """Let Great Expectations look at all of them at once, and note what it finds with each."""
    rows = [flat_row(candidate.pseudonym, candidate.fields) for candidate in candidates]
    unmet = unmet_rules(rows, keep)
    twice: dict[tuple[Any, Any], list[str]] = {}
    for number, rules in unmet.items():
        if ONCE in rules:
            of = (rows[number]["learner"], rows[number]["certification"])
            twice.setdefault(of, []).append(candidates[number].where)
    for number, rules in unmet.items():
        addresses = twice.get((rows[number]["learner"], rows[number]["certification"]), [])
        others = " and ".join(addresses) + " are"
        candidates[number].problems.extend(problem_of(rule, rows[number], others=others) for rule in rules)


def _problems(error: ValidationError) -> Iterator[BadRecord]:
    """Translate what pydantic says; its own messages of errors repeat the input, these do not."""
    for found in error.errors(include_url=False, include_context=False):
        value = "absent" if found["type"] == "missing" else describe(found["input"], found["loc"])
        yield BadRecord(dotted(found["loc"]), value, f"{found['msg']}.")


def _pseudonym_asked_for(name: str, key: bytes) -> str:
    return name if PSEUDONYM.fullmatch(name) else pseudonym_of(clean_id(name), key)


def _absent(pseudonym: str, source: str) -> Quarantined:
    return Quarantined(
        pseudonym=pseudonym,
        where=source.partition(":")[0],
        field="learner.id",
        value="absent",
        reason="this learner was asked for, and no record of the source is theirs.",
    )
