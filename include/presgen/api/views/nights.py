"""A night, as people want to see it in the morning."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from presgen.api.views.base import View
from presgen.model.base import Seconds

Share = Annotated[float, Field(ge=0, le=1)]


_EXAMPLE: dict[str, Any] = {
    "run_id": "scheduled__2026-11-22T02:00:00+00:00",
    "ordered": False,
    "started": "2026-11-22T02:00:01.000000Z",
    "ended": "2026-11-22T04:41:12.000000Z",
    "passed": True,
    "lessons": {"published": 1070, "not_needed": 4, "quarantined": 1},
    "total": 1075,
    "over": 1075,
    "records_set_aside": 2,
    "success_ratio": 0.9991,
    "deadline": "2026-11-22T06:00:00.000000Z",
    "seconds_to_deadline": None,
    "in_time": True,
    "sections_rendered": 2440,
    "sections_reused": 9310,
    "reuse_ratio": 0.7923,
    "cost": {"cpu_seconds": 18120.5, "film_seconds": 196300.0},
    "failures": {"QualityRejected": 1},
}


class NightCost(View):
    """What a night took and gave."""

    cpu_seconds: Seconds
    """Of all stages, without Airflow itself."""
    film_seconds: Seconds
    """Of published lessons, each counted once, whatever its editions."""


class NightSummary(View):
    """One run of the night."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    run_id: str
    ordered: bool
    """Whether it made one ordered video; else a whole source."""
    started: str
    """UTC, ISO 8601."""
    ended: str | None
    passed: bool | None
    """None while it runs."""
    lessons: dict[str, int]
    """Status to number of lessons. Of a run that has ended, this and all below is as it was then: what other
    runs make of its lessons later is told of those."""
    total: int
    over: int
    """Lessons that are not on their way any more."""
    records_set_aside: int
    success_ratio: Share | None
    """Published lessons among those that somebody needs; None: nobody needs one."""
    deadline: str | None
    """UTC, ISO 8601: when it is to be over, as was chosen for it or is usual; None: it has none."""
    seconds_to_deadline: Seconds | None
    """Negative: it is past. None: there is no deadline, or the night is over."""
    in_time: bool | None
    """Whether it ended before its deadline; None: it runs, or there is no deadline."""
    sections_rendered: int
    """Made new."""
    sections_reused: int
    """Places in lessons that were filled from the store."""
    reuse_ratio: Share | None
    """Places filled from the store among all; None: there is no section yet."""
    cost: NightCost
    failures: dict[str, int]
    """Kind of error to number of lessons that ended badly."""


class SetAside(View):
    """A record that was set aside."""

    learner: str | None
    """The pseudonym; None: not even an id could be read."""
    field: str
    reason: str


class FailedSection(View):
    """A section that could not be made."""

    key: str
    slug: str
    kind: str
    outcome: str
    reason: str


class NightDetail(NightSummary):
    """One run, and what went wrong in it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "set_aside": [{"learner": None, "field": "learner.id", "reason": "It is missing."}],
                    "failed_sections": [],
                    "rejections": [],
                    "warnings": [],
                    "audit_head": "9d1c8e0f5f6a1b7c3e2d4a5968770f1e2d3c4b5a69788796a5b4c3d2e1f00112",
                    "documents": None,
                }
            ]
        }
    )

    set_aside: tuple[SetAside, ...]
    failed_sections: tuple[FailedSection, ...]
    rejections: tuple[str, ...]
    """What of the night as a whole is not as expected."""
    warnings: tuple[str, ...]
    audit_head: str | None
    """Digest of the audit trail's last event when the night was over, as `presgen audit verify --head` takes
    it; None: it is not over."""
    documents: str | None
    """Address of what Great Expectations found, as pages; None: there are none."""


class NightList(View):
    """The newest nights, the newest first."""

    items: tuple[NightSummary, ...]
