"""What Great Expectations holds the metadata of videos to: suites in code, run by our own call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presgen.model.quality import Finding, Severity
from presgen.validation import keep_result, new_context

if TYPE_CHECKING:
    import pandas as pd

NAME = "expectations"

LESSON = "lesson"
"""The suite for the one row of metadata of a lesson's edition."""

NIGHT = "night"
"""The suite for the table of all the lessons of a run, a row for each edition."""

RUN = "run"
"""The suite for the one row of what a run came to."""

FEWEST_DONE = 0.9
"""Share of the lessons needed that are published: below, it is the night that failed, and not a learner's
lesson."""

LEAST_OF_PLAN, MOST_OF_PLAN = 0.55, 1.6
"""Share of the planned time: beyond, words must be missing or doubled (`film_lasts_as_planned`)."""

LEAST_ON_AVERAGE, MOST_ON_AVERAGE = 0.8, 1.25
"""The same for all lessons together, whose errors should cancel out: beyond, the writer's pace is off."""

FEWEST_TO_COMPARE = 8
"""Lessons from which one can be called unusual."""

FENCE = 3.0
"""Quartile distances beyond the quartiles: what Tukey calls far out."""

SPREAD = 0.5
"""Of the median: closer, nothing is far out, however alike the others are."""

Row = Mapping[str, Any]


def validate(
    suite: str, rows: Sequence[Row], key: str = "lesson_id", keep: Path | None = None
) -> tuple[Finding, ...]:
    """Return a finding for each expectation of the suite that the table does not meet.

    It rejects, or warns where the expectation is but a warning.

    Args:
        suite: ``LESSON``, ``NIGHT`` or ``RUN``.
        rows: flat rows. A column that is missing is taken for empty.
        key: the column that names a row in messages. It must hold ids, never names.
        keep: where to keep the result, as JSON.
    """
    import pandas as pd

    table = pd.DataFrame(list(rows))
    for column in _columns(suite):
        if column not in table:
            table[column] = None
    # Which rows and values are at fault costs as much again to tell: it is asked only when something is, or
    # once a night.
    detailed = suite != LESSON
    result = None if detailed else _run(suite, table, {"result_format": "BOOLEAN_ONLY"})
    if result is None or not result.success:
        told = {"result_format": "COMPLETE", "unexpected_index_column_names": [key]}
        result = _run(suite, table, told)
    if keep is not None:
        keep_result(result, keep)
    return tuple(_finding(each) for each in result.results if not each.success)


def with_usual_lengths(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rows with what is usual for the seconds of a section among them (Tukey's fences).

    Where there are too few to compare, nothing is.
    """
    import numpy as np

    lengths = [row["seconds_per_section"] for row in rows if row.get("seconds_per_section") is not None]
    if len(lengths) < FEWEST_TO_COMPARE:
        return [{**row, "shortest_usual": None, "longest_usual": None} for row in rows]
    low, middle, high = np.quantile(lengths, (0.25, 0.5, 0.75))
    reach = max(FENCE * (high - low), SPREAD * middle)
    usual = {
        "shortest_usual": round(float(low - reach), 3),
        "longest_usual": round(float(high + reach), 3),
    }
    return [{**row, **usual} for row in rows]


def _run(suite: str, table: pd.DataFrame, told: Mapping[str, Any]) -> Any:
    return _definition(suite).run(batch_parameters={"dataframe": table}, result_format=dict(told))


@cache
def _columns(suite: str) -> tuple[str, ...]:
    """Return the columns that the suite speaks of."""
    names = dict.fromkeys(
        column
        for each in _definition(suite).suite.expectations
        for argument in ("column", "column_A", "column_B", "column_list")
        for column in _listed(getattr(each, argument, None))
    )
    return (*names, "width") if suite != RUN else tuple(names)


def _listed(named: Any) -> list[str]:
    return [] if named is None else [named] if isinstance(named, str) else list(named)


def _finding(result: Any) -> Finding:
    """Turn a failed expectation into a sentence: the column, the rows and values at fault, the limit."""
    configuration = result.expectation_config
    limits = {
        name: value
        for name, value in configuration.kwargs.items()
        if name not in ("batch_id", "column", "column_A", "column_B") and value is not None
    }
    column = configuration.kwargs.get("column") or " and ".join(
        str(configuration.kwargs[name]) for name in ("column_A", "column_B") if name in configuration.kwargs
    )
    if message := (result.exception_info or {}).get("exception_message"):
        fault = f"cannot be checked: {message}"
    elif rows := result.result.get("unexpected_index_list"):
        fault = "is wrong in " + "; ".join(
            ", ".join(f"{name} {value}" for name, value in row.items()) for row in rows[:5]
        )
        fault += f" and {len(rows) - 5} more" if len(rows) > 5 else ""
    else:
        fault = f"is {result.result.get('observed_value')}"
    wanted = ", ".join(f"{name} {value}" for name, value in limits.items()) or "it"
    return Finding(
        check=NAME,
        severity=Severity.WARN if configuration.severity == "warning" else Severity.REJECT,
        message=f"{column or 'The table'} {fault}; {configuration.type} expects {wanted}.",
    )


@cache
def _definition(suite: str) -> Any:
    """Build the suite once a process: importing Great Expectations costs seconds, a validation little."""
    context = new_context()  # first: it chooses how Great Expectations is imported
    import great_expectations as gx
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    measured = (
        "lesson_id",
        "sha256",
        "duration",
        "loudness_min",
        "loudness_max",
        "true_peak_max",
        "captioned",
    )
    every_row = [
        *(gxe.ExpectColumnValuesToNotBeNull(column=column) for column in measured),
        gxe.ExpectColumnValuesToMatchRegex(column="lesson_id", regex=r"^lesson-[0-9a-f]{16}$"),
        gxe.ExpectColumnValuesToMatchRegex(column="sha256", regex=r"^[0-9a-f]{64}$"),
        gxe.ExpectColumnValuesToBeBetween(column="duration", min_value=5, max_value=3600),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="longest_allowed", column_B="duration", or_equal=True
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="duration_ratio", min_value=LEAST_OF_PLAN, max_value=MOST_OF_PLAN
        ),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="fps", column_B="ordered_fps"),
        gxe.ExpectColumnValuesToBeBetween(column="sections", min_value=3, max_value=200),
        gxe.ExpectColumnValuesToBeBetween(column="cues", min_value=1),
        # A lesson to listen to has its captions beside it only.
        gxe.ExpectColumnValuesToBeInSet(
            column="has_caption_track", value_set=[True], row_condition=Column("width") > 0
        ),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="width", column_B="ordered_width"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="height", column_B="ordered_height"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="chapters", column_B="sections"),
        gxe.ExpectColumnValuesToBeBetween(column="loudness_min", min_value=-17, max_value=-15),
        gxe.ExpectColumnValuesToBeBetween(column="loudness_max", min_value=-17, max_value=-15),
        gxe.ExpectColumnValuesToBeBetween(column="true_peak_max", max_value=-1.0),
        gxe.ExpectColumnValuesToBeBetween(column="captioned", min_value=0.999, max_value=1.0),
    ]
    whole_table = [
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["lesson_id", "format"]),
        gxe.ExpectTableRowCountToBeBetween(min_value=1),
        # Two learners of one name with the same gaps and score have the same film; two more are a mistake.
        gxe.ExpectColumnValuesToBeUnique(column="sha256", severity="warning"),
        gxe.ExpectColumnMeanToBeBetween(
            column="duration_ratio",
            min_value=LEAST_ON_AVERAGE,
            max_value=MOST_ON_AVERAGE,
            severity="warning",
        ),
        *(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=longer,
                column_B=shorter,
                or_equal=True,
                ignore_row_if="either_value_is_missing",
                severity="warning",
            )
            for longer, shorter in (
                ("longest_usual", "seconds_per_section"),
                ("seconds_per_section", "shortest_usual"),
            )
        ),
    ]
    whole_run = [
        gxe.ExpectColumnValuesToBeBetween(column="success_ratio", min_value=FEWEST_DONE, max_value=1.0),
    ]
    expectations = {LESSON: every_row, NIGHT: [*every_row, *whole_table], RUN: whole_run}[suite]

    batch = (
        context.data_sources.add_pandas(suite)
        .add_dataframe_asset("metadata")
        .add_batch_definition_whole_dataframe("all")
    )
    built = context.suites.add(gx.ExpectationSuite(name=suite, expectations=expectations))
    return context.validation_definitions.add(gx.ValidationDefinition(name=suite, data=batch, suite=built))
