"""What an operator may choose when starting a night by hand: the trigger form, and the choices read back.

Personas are written out here because a DAG file reads no data when it is parsed; formats are a few lines of
code each. A name nobody knows fails the first task with the list of the known ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from airflow.sdk import Param
from pydantic import Field

from presgen.media.formats import formats
from presgen.model.base import Model, Seconds
from presgen.publishing.publishers import publishers
from presgen.settings import Settings


class Approval(StrEnum):
    """What a person has to approve before it goes out."""

    NONE = "none"
    WARNINGS = "warnings"
    """A lesson that passes its checks with warnings."""
    NEW_SECTIONS = "new_sections"
    """A shared section that was made tonight: once, for everybody."""


class Choices(Model):
    """One run's choices, as the trigger form, the API or the schedule gave them."""

    source: str
    learners: tuple[str, ...] = ()
    """Pseudonyms or learner ids; empty: everybody in the source."""
    persona: str | None = None
    """Who teaches learners without a preference; None: the deployment's."""
    budget: Seconds | None = None
    """The longest a lesson may be; None: the deployment's."""
    formats: tuple[str, ...] = ()
    """The main edition's first; empty: the deployment's."""
    publishers: tuple[str, ...] = ()
    """By which lessons go out; empty: the deployment's."""
    force: bool = False
    """Make lessons again that are already published."""
    approval: Approval = Approval.NONE
    dry_run: bool = False
    """Plan and write only; make nothing."""
    deadline: Annotated[float, Field(gt=0)] | None = None
    """Minutes that the run may take before somebody is told; None: the deployment's. Airflow's deadline reads
    it from the run's own choices."""


def form(settings: Settings) -> dict[str, Param]:
    """Return the trigger form, filled in with the deployment's settings."""
    return {
        "source": Param(
            settings.source,
            type="string",
            title="Source",
            description_md=(
                "Where the assessment records are, as `reader:address`: `json:FILE`, `jsonl:FILE` or "
                "`folder:FOLDER`. Filled in from `PRESGEN_SOURCE`."
            ),
            section="Whose lessons",
        ),
        "learners": Param(
            [],
            type="array",
            items={"type": "string", "minLength": 1, "maxLength": 200},
            uniqueItems=True,
            title="Learners",
            description_md=(
                "One a line; none means everybody. Prefer **pseudonyms** (`learner-…`, as the tasks are "
                "labelled): what is typed here stays in Airflow's database. Learner ids work, too."
            ),
            section="Whose lessons",
        ),
        "force": Param(
            False,
            type="boolean",
            title="Make published lessons again",
            description_md="Off: what is published stays as it is. Sections are re-used either way.",
            section="Whose lessons",
        ),
        "publishers": Param(
            [],
            type="array",
            items={"type": "string", "minLength": 1},
            uniqueItems=True,
            title="Publishers",
            description_md=(
                "Every lesson goes out by each of them. None chosen: "
                f"{', '.join(f'`{name}`' for name in settings.publishers)}."
            ),
            examples=list(publishers.names()),
            section="Where they go",
        ),
        "persona": Param(
            None,
            type=["null", "string"],
            title="Persona",
            description_md=(
                f"Who teaches the learners that have no preference. Empty: `{settings.persona}`. "
                "Any file of `personas/` will do."
            ),
            examples=["coach", "expert", "mentor"],
            section="How they look",
        ),
        "budget": Param(
            None,
            type=["null", "number"],
            minimum=30,
            maximum=1800,
            title="Longest lesson",
            description_md=(f"In seconds. Empty: {settings.budget:g}. What does not fit is left out."),
            section="How they look",
        ),
        "formats": Param(
            [],
            type="array",
            items={"type": "string", "minLength": 1},
            uniqueItems=True,
            title="Formats",
            description_md=(
                "Every lesson is delivered in each of them; the first is the main edition. None chosen: "
                f"{', '.join(f'`{name}`' for name in settings.formats)}."
            ),
            examples=list(formats.names()),
            section="How they look",
        ),
        "approval": Param(
            Approval.NONE.value,
            type="string",
            enum=[each.value for each in Approval],
            title="Approval",
            description_md=(
                "What waits for a person, under *Required Actions*: nothing, lessons that pass with "
                "`warnings`, or `new_sections`, once for everybody. The rest goes on meanwhile."
            ),
            section="Before they go out",
        ),
        "dry_run": Param(
            False,
            type="boolean",
            title="Dry run",
            description_md=(
                "Plan and write everything, render and publish **nothing**. The log of `report` says what "
                "would have been made, and what it would have cost."
            ),
            section="This run",
        ),
        "deadline": Param(
            None,
            type=["null", "number"],
            exclusiveMinimum=0,
            maximum=10080,
            title="Deadline",
            description_md="In minutes: somebody is told when it takes longer. Empty: `PRESGEN_DEADLINE`.",
            section="This run",
        ),
    }


def choices_of(params: Mapping[str, Any]) -> Choices:
    """Return the choices in a run's params."""
    return Choices.model_validate(dict(params))
