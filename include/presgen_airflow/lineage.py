"""What a task has read and made, for OpenLineage: a lesson's facts as a facet, its source and its films.

Only a deployment that names `LessonExtractor` in Airflow's configuration ever imports this module: it needs
the provider ``apache-airflow-providers-openlineage``. Ids and digests are told, and nobody's name.
"""

# ruff: noqa: N815 - OpenLineage spells what is in facets so

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import attr
from airflow.providers.openlineage.extractors.base import BaseExtractor, OperatorLineage
from openlineage.client.event_v2 import Dataset, InputDataset, OutputDataset
from openlineage.client.facet_v2 import DatasetFacet, RunFacet

from presgen.ledger import Ledger, SectionOutcome, open_ledger
from presgen.model.references import LearnerRef, LessonRef
from presgen.settings import Settings
from presgen_airflow.connections import ConnectionNames, with_secrets
from presgen_airflow.pages import DAG_ID

_FILES = ("json", "jsonl", "folder")
"""Readers whose addresses are paths."""


@attr.define
class LessonRunFacet(RunFacet):
    """The lesson that a task has worked on, as it stands afterwards."""

    lessonId: str
    status: str
    sections: int
    """Of all editions."""
    sectionsRendered: int
    """Those of them that this run has rendered, whichever lesson was the first to need them."""
    sectionsReused: int
    recordSha256: str
    scriptSha256: str
    editionsSha256: str
    durationSeconds: float


@attr.define
class FilmDatasetFacet(DatasetFacet):
    """A film as it was delivered."""

    lessonId: str
    sha256: str
    bytes: int


class LessonExtractor(BaseExtractor):
    """Tells of the tasks of our DAG; of others it tells what would be told without it.

    To be named in ``AIRFLOW__OPENLINEAGE__EXTRACTORS``.
    """

    @classmethod
    def get_operator_classnames(cls) -> list[str]:
        """Return the operators behind ``@task`` and ``@asking``."""
        return ["_PythonDecoratedOperator", "AskingOperator"]

    def _execute_extraction(self) -> OperatorLineage[Any, Any] | None:
        return None

    def extract_on_complete(self, task_instance: Any) -> OperatorLineage[Any, Any] | None:
        """Return what the task that has ended, well or badly, has read and made."""
        if self.operator.dag_id != DAG_ID:
            return None
        settings = with_secrets(Settings(), ConnectionNames())
        subject = next(iter(getattr(self.operator, "op_args", ())), None)
        return lineage_of(open_ledger(settings.ledger), task_instance.run_id, self.operator.task_id, subject)


def lineage_of(ledger: Ledger, run_id: str, task_id: str, subject: Any) -> OperatorLineage[Any, Any] | None:
    """Return what a task has read and made; None where it is about no lesson and reads no source.

    ``subject`` is the task's first argument.
    """
    if isinstance(subject, LearnerRef | LessonRef):
        films = _films(ledger, subject.lesson_id) if task_id == "lesson.upload" else []
        return OperatorLineage(
            inputs=_sources(ledger, run_id) if films else [],
            outputs=films,
            run_facets={"presgen_lesson": _facet(ledger, run_id, subject.lesson_id)},
        )
    if task_id == "load_learners":
        return OperatorLineage(inputs=_sources(ledger, run_id))
    return None


def _sources(ledger: Ledger, run_id: str) -> list[Dataset]:
    run = ledger.run(run_id)
    if run is None or not run.source:
        return []
    reader, _, address = run.source.partition(":")
    if reader in _FILES:
        return [InputDataset(namespace="file", name=str(Path(address).absolute()))]
    return [InputDataset(namespace=f"presgen-{reader}", name=address)]


def _films(ledger: Ledger, lesson_id: str) -> list[Dataset]:
    return [
        OutputDataset(
            namespace=f"presgen-{publisher}",
            name=asset.asset_id,
            facets={
                "presgen_film": FilmDatasetFacet(lessonId=lesson_id, sha256=asset.sha256, bytes=asset.bytes)
            },
        )
        for publisher, asset in ledger.overview.deliveries_of(lesson_id)
        if asset.role.partition(".")[0] == "video"
    ]


def _facet(ledger: Ledger, run_id: str, lesson_id: str) -> LessonRunFacet:
    entry = ledger.lesson(lesson_id)
    content = ledger.contents.of(lesson_id)
    keys = {part.key for part in content.parts if part.key} if content is not None else set()
    made = Counter(each.outcome for each in ledger.overview.state_of(run_id, sorted(keys)).values())
    return LessonRunFacet(
        lessonId=lesson_id,
        status=entry.status.value,
        sections=len(keys),
        sectionsRendered=made[SectionOutcome.RENDERED],
        sectionsReused=made[SectionOutcome.REUSED],
        recordSha256=entry.record,
        scriptSha256=entry.script,
        editionsSha256=entry.editions,
        durationSeconds=entry.duration,
    )
