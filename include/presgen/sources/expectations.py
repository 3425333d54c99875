"""What a table of records has to look like, by Great Expectations; pydantic looks at each row afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presgen.errors import BadInput, BadRecord
from presgen.sources.faults import describe
from presgen.validation import keep_result, new_context

if TYPE_CHECKING:
    import pandas as pd

Cell = str | float | None
"""None where the record holds no such text or number; the model refuses that in its own words."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An expectation of the suite, and how to put it to people."""

    field: str
    """The record's field at fault when the expectation is not met."""
    column: str
    """The column whose value is shown then."""
    reason: str
    """What would have been fine, with the columns of the row in braces."""
    expectation: str
    """Its class in ``great_expectations.expectations``."""
    arguments: Mapping[str, Any]


def _present(field: str, column: str) -> Rule:
    return Rule(field, column, "every record needs one.", "ExpectColumnValuesToNotBeNull", {"column": column})


def _between(field: str, column: str, least: float, most: float | None) -> Rule:
    reason = (
        f"it has to lie between {least} and {most}."
        if most is not None
        else f"it has to be at least {least}."
    )
    limits = {"column": column, "min_value": least, "max_value": most}
    return Rule(field, column, reason, "ExpectColumnValuesToBeBetween", limits)


def _at_most(field: str, column: str, limit: str, reason: str) -> Rule:
    pair = {
        "column_A": limit,
        "column_B": column,
        "or_equal": True,
        "ignore_row_if": "either_value_is_missing",
    }
    return Rule(field, column, reason, "ExpectColumnPairValuesAToBeGreaterThanB", pair)


ONCE = Rule(
    "learner.id",
    "learner",
    "{others} of the same learner and course, and the records differ; keep one.",
    "ExpectCompoundColumnsToBeUnique",
    {"column_list": ["learner", "certification"], "ignore_row_if": "any_value_is_missing"},
)

SUITE = (
    _present("learner.id", "learner"),
    _present("certification.id", "certification"),
    _present("gap_analysis.workflow_id", "assessment"),
    ONCE,
    _between("gap_analysis.overall_score", "overall_score", 0, 100),
    _between("gap_analysis.total_questions", "total_questions", 0, None),
    _between("gap_analysis.correct_answers", "correct_answers", 0, None),
    _between("gap_analysis.incorrect_answers", "incorrect_answers", 0, None),
    Rule(
        "gap_analysis.total_questions",
        "total_questions",
        "{correct_answers:g} right and {incorrect_answers:g} wrong answers do not add up to it.",
        "ExpectColumnPairValuesToBeEqual",
        {
            "column_A": "total_questions",
            "column_B": "marked_answers",
            "ignore_row_if": "either_value_is_missing",
        },
    ),
    _at_most("answers", "answers", "total_questions", "there are only {total_questions:g} questions."),
    _at_most(
        "answers", "wrong_answers", "incorrect_answers", "only {incorrect_answers:g} are reported wrong."
    ),
    _between("gap_analysis.skill_gaps.severity", "least_severity", 0, 10),
    _between("gap_analysis.skill_gaps.severity", "greatest_severity", 0, 10),
    _between("gap_analysis.performance_by_domain", "least_score", 0, 100),
    _between("gap_analysis.performance_by_domain", "greatest_score", 0, 100),
)
"""What nothing can be taught or said without, or would be said wrong."""

TEXTS = ("learner", "certification", "assessment")


def flat_row(pseudonym: str | None, record: Mapping[str, Any]) -> dict[str, Cell]:
    """Return the record as one row of the table: no names, and numbers where numbers belong."""
    analysis = _mapping(record.get("gap_analysis"))
    answers = [answer for answer in _list(record.get("answers")) if isinstance(answer, dict)]
    gaps = [gap for gap in _list(analysis.get("skill_gaps")) if isinstance(gap, dict)]
    severities = _numbers(gap.get("severity") for gap in gaps)
    scores = _numbers(_mapping(analysis.get("performance_by_domain")).values())
    correct, incorrect = _number(analysis.get("correct_answers")), _number(analysis.get("incorrect_answers"))
    return {
        "learner": pseudonym,
        "certification": _text(_mapping(record.get("certification")).get("id")),
        "assessment": _text(analysis.get("workflow_id")),
        "overall_score": _number(analysis.get("overall_score")),
        "total_questions": _number(analysis.get("total_questions")),
        "correct_answers": correct,
        "incorrect_answers": incorrect,
        "marked_answers": None if correct is None or incorrect is None else correct + incorrect,
        "answers": float(len(answers)),
        "wrong_answers": float(sum(answer.get("is_correct") is False for answer in answers)),
        "least_severity": min(severities, default=None),
        "greatest_severity": max(severities, default=None),
        "least_score": min(scores, default=None),
        "greatest_score": max(scores, default=None),
    }


def unmet_rules(rows: Sequence[Mapping[str, Cell]], keep: Path | None = None) -> dict[int, list[Rule]]:
    """Validate the table and return the rules that rows break, by the row's number, in the suite's order.

    What Great Expectations found is kept as JSON in the file ``keep``.

    Raises:
        BadInput: an expectation could not be evaluated at all.
    """
    if not rows:
        return {}
    result = _validate(_table(rows))
    if keep is not None:
        keep_result(result, keep)
    unmet: dict[int, set[int]] = {}
    for outcome in result.results:
        rule = outcome.expectation_config.meta["rule"]
        if outcome.success:
            continue
        if not (broken := outcome.result.get("unexpected_index_list")):
            raise BadInput(f"Great Expectations could not evaluate {SUITE[rule].expectation} on the records.")
        for number in broken:
            unmet.setdefault(int(number), set()).add(rule)
    return {number: [SUITE[rule] for rule in sorted(rules)] for number, rules in unmet.items()}


def problem_of(rule: Rule, row: Mapping[str, Cell], **more: str) -> BadRecord:
    """Put a broken rule to people: field, value and reason, without learner data."""
    value = row[rule.column]
    shown = value if isinstance(value, str) else describe(value, ("total_questions",))
    return BadRecord(rule.field, "absent" if value is None else shown, rule.reason.format(**row, **more))


def _table(rows: Sequence[Mapping[str, Cell]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            column: pd.Series([row[column] for row in rows], dtype="object" if column in TEXTS else "float64")
            for column in rows[0]
        }
    )


def _validate(table: pd.DataFrame) -> Any:
    context = new_context()  # first: it chooses how Great Expectations is imported
    import great_expectations as gx
    from great_expectations import expectations

    suite = gx.ExpectationSuite(
        name="records",
        expectations=[
            getattr(expectations, rule.expectation)(**rule.arguments, meta={"rule": number})
            for number, rule in enumerate(SUITE)
        ],
    )
    asset = context.data_sources.add_pandas("sources").add_dataframe_asset("records")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": table})
    return batch.validate(suite, result_format={"result_format": "COMPLETE"})


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _numbers(values: Iterable[Any]) -> list[float]:
    return [number for value in values if (number := _number(value)) is not None]
