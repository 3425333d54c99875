"""What Great Expectations holds the metadata of videos to: suites in code, run by our own call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from presgen.model.quality import Finding, Severity
from presgen.validation import new_context

NAME = "expectations"

LESSON = "lesson"
"""The suite for the one row of metadata of a lesson's edition."""

NIGHT = "night"
"""The suite for the table of all the lessons of a run, a row for each edition."""


def validate(suite: str, rows: Sequence[Mapping[str, Any]], key: str = "lesson_id") -> tuple[Finding, ...]:
    """Return a rejecting finding for each expectation of the suite that the table does not meet.

    Args:
        suite: ``LESSON`` or ``NIGHT``.
        rows: flat rows; every column the suite speaks of must be there.
        key: the column that names a row in messages. It must hold ids, never names.
    """
    import pandas as pd

    table = pd.DataFrame(list(rows))
    # Which rows and values are at fault costs as much again to tell: it is asked only when something is.
    if (
        _definition(suite)
        .run(batch_parameters={"dataframe": table}, result_format={"result_format": "BOOLEAN_ONLY"})
        .success
    ):
        return ()
    result = _definition(suite).run(
        batch_parameters={"dataframe": table},
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [key]},
    )
    return tuple(_finding(each) for each in result.results if not each.success)


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
        severity=Severity.REJECT,
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
    ]
    expectations = every_row if suite == LESSON else [*every_row, *whole_table]

    batch = (
        context.data_sources.add_pandas(suite)
        .add_dataframe_asset("metadata")
        .add_batch_definition_whole_dataframe("all")
    )
    built = context.suites.add(gx.ExpectationSuite(name=suite, expectations=expectations))
    return context.validation_definitions.add(gx.ValidationDefinition(name=suite, data=batch, suite=built))
