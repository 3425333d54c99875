"""The night as a DAG: what is green, what is red, what is done once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG, TriggerRule
from airflow.sdk.exceptions import ParamValidationError

from presgen.errors import DeliveryBlocked, QualityRejected, StoreUnavailable
from presgen.ledger import NoticeState
from presgen.model.learner import AssessmentRecord
from presgen.model.lesson import LessonStatus
from presgen.publishing import publishers
from presgen.rendering.backends import renderers
from presgen_airflow.references import RENDER_POOL
from presgen_airflow.retries import RETRY_POLICY
from tests.dags.conftest import Ran
from tests.factories import make_answer, make_gap, make_learner, make_record

Night = Callable[..., Ran]


def ada() -> AssessmentRecord:
    return make_record(learner=make_learner(id="L-1", name="Ada Example", email="ada@example.org"))


def bo() -> AssessmentRecord:
    """Has Ada's gap, and so shares her sections."""
    return make_record(learner=make_learner(id="L-2", name="Bo Sample", email="bo@example.org"))


def cleo() -> AssessmentRecord:
    """Has another gap."""
    wrong = make_answer("q7", question_text="Which port does SSH use?", correct_answer="Port 22")
    return make_record(
        learner=make_learner(id="L-3", name="Cleo Specimen", email="cleo@example.org"),
        answers=[wrong, make_answer("q2", is_correct=True)],
        gaps=[make_gap("ssh", skill_name="Remote shells", question_ids=("q7",))],
    )


def dora() -> AssessmentRecord:
    """Has no gap at all."""
    return make_record(
        learner=make_learner(id="L-4", name="Dora Muster"),
        answers=[make_answer("q2", is_correct=True)],
        gaps=[],
    )


def test_every_dag_file_can_be_read(dags: DagBag):
    assert dags.import_errors == {}
    assert set(dags.dags) == {"produce_lessons"}


def test_every_task_ends_in_time_and_never_retries_what_is_permanent(dags: DagBag):
    for task in dags.dags["produce_lessons"].tasks:
        assert task.execution_timeout is not None, task.task_id
        assert task.retry_policy is RETRY_POLICY, task.task_id
        assert task.retries > 0, task.task_id


def test_what_keeps_a_core_busy_waits_for_the_pool(dags: DagBag):
    pooled = {task.task_id for task in dags.dags["produce_lessons"].tasks if task.pool == RENDER_POOL}

    assert pooled == {"render_section", "lesson.render"}


def test_the_wiring_is_that_of_the_design(dags: DagBag):
    dag = dags.dags["produce_lessons"]

    assert {task.task_id: task.upstream_task_ids for task in dag.tasks} == {
        "load_learners": set(),
        "plan_sections": {"load_learners"},
        "render_section": {"plan_sections"},
        "lesson.script": {"load_learners", "render_section"},
        "lesson.render": {"lesson.script"},
        "lesson.qa": {"lesson.render"},
        "lesson.upload": {"lesson.qa"},
        "report": {"load_learners", "lesson.upload"},
    }
    assert dag.get_task("lesson.script").trigger_rule is TriggerRule.ALL_DONE
    assert dag.get_task("report").trigger_rule is TriggerRule.ALL_DONE


def test_an_order_does_not_wait_for_a_night_and_no_night_is_made_up_for(dags: DagBag):
    dag = dags.dags["produce_lessons"]

    assert dag.max_active_runs > 1
    assert dag.catchup is False


def test_learners_with_the_same_gap_share_sections_and_each_gets_a_lesson(night: Night, capfd):
    ran = night(ada(), bo(), deadline=90)

    assert ran.state == "success"
    assert {task.state for task in ran.tasks.values()} == {"success"}
    lessons = ran.ledger.lessons(ran.run_id)
    assert [lesson.status for lesson in lessons] == [LessonStatus.PUBLISHED] * 2
    assert (
        ran.labels("lesson.script") == ran.labels("lesson.upload") == {entry.pseudonym for entry in lessons}
    )
    assert len(ran.states("render_section")) == 2
    assert all(label.startswith(("deep-dive-", "remedy-")) for label in ran.labels("render_section"))
    assert ran.report.sections_rendered <= 2 + 2 * 2  # a deep dive and a remedy; two openings and closings
    assert len(list(ran.output.rglob("*.mp4"))) == 2
    figures = ran.ledger.figures.night(ran.run_id)
    assert (figures.lessons, figures.film) == (ran.report.lessons, ran.report.film)
    # As was chosen for this run, and not four hours as for all others; the clock runs from Airflow's start.
    due = datetime.fromisoformat(figures.run.due) - datetime.fromisoformat(figures.run.started)
    assert timedelta(minutes=75) < due <= timedelta(minutes=90)
    told = ran.xcoms + "".join(capfd.readouterr())
    for secret in ("Ada", "Bo Sample", "@example.org", '"L-1"', "L-2"):
        assert secret not in told


def test_a_second_night_and_a_cleared_one_change_nothing(night: Night):
    moment = datetime(2026, 11, 22, 2, tzinfo=UTC)
    first = night(ada(), at=moment)
    delivered = {path: path.stat().st_mtime_ns for path in first.output.rglob("*") if path.is_file()}

    second = night(ada())
    cleared = night(ada(), at=moment)

    assert cleared.run_id == first.run_id != second.run_id
    for again in (second, cleared):
        assert {task.state for task in again.tasks.values()} == {"success"}
    assert second.report.sections_rendered == 0
    assert second.report.lessons == {"published": 1}
    assert {path: path.stat().st_mtime_ns for path in first.output.rglob("*") if path.is_file()} == delivered


@pytest.mark.slow
@pytest.mark.logs_errors
def test_a_poisoned_section_fails_only_the_lessons_that_need_it(night: Night, poisoned: None):
    ran = night(ada(), cleo())

    assert sorted(ran.states("render_section")) == ["failed", "success", "success", "success"]
    assert all(task.tries == 1 for (name, _), task in ran.tasks.items() if name == "render_section")
    assert ran.states("lesson.script") == ["success", "success"]
    assert sorted(ran.states("lesson.upload")) == ["success", "upstream_failed"]
    assert sorted(ran.report.lessons) == ["published", "quarantined"]
    assert ran.states("report") == ["failed"]
    assert ran.state == "failed"


@pytest.mark.slow
@pytest.mark.logs_errors
def test_a_lesson_that_cannot_be_delivered_leaves_the_others_green(
    night: Night, stubborn: list[str], monkeypatch
):
    monkeypatch.setenv("PRESGEN_PUBLISHER", "stubborn")
    stubborn += ["blocked"]

    ran = night(ada(), bo())

    assert sorted(ran.states("lesson.upload")) == ["failed", "success"]
    assert {ran.tasks["lesson.upload", index].tries for index in (0, 1)} == {1}
    assert sorted(ran.report.lessons) == ["delivery_blocked", "published"]
    assert ran.state == "failed"


@pytest.mark.logs_errors
def test_a_run_may_deliver_to_several_places_and_a_retry_repeats_what_is_missing(
    night: Night, stubborn: list[str], tmp_path, monkeypatch
):
    monkeypatch.setenv("PRESGEN_OBJECT_STORE", (tmp_path / "objects").as_uri())
    stubborn += ["away"]

    ran = night(ada(), publishers=["stubborn", "object-store"])

    assert ran.tasks["lesson.upload", 0].tries == 2
    assert ran.state == "success"
    [lesson] = ran.ledger.lessons(ran.run_id)
    delivered = [ran.ledger.assets(lesson.lesson_id, name) for name in ("folder", "object-store")]
    assert len(delivered[0]) == len(delivered[1]) == 9
    published = [event for event in ran.ledger.events() if event.name == "video_publish"]
    assert [(each.facts["publisher"], each.facts["outcome"]) for each in published] == [
        ("stubborn", "failed"),
        ("object-store", "ok"),
        ("stubborn", "ok"),
        ("object-store", "ok"),
    ]
    assert published[-1].facts["unchanged"]


@pytest.mark.slow
@pytest.mark.logs_errors
def test_a_destination_that_is_away_for_a_moment_is_tried_again(
    night: Night, stubborn: list[str], monkeypatch
):
    monkeypatch.setenv("PRESGEN_PUBLISHER", "stubborn")
    stubborn += ["away", "away"]

    ran = night(ada())

    assert ran.tasks["lesson.upload", 0].state == "success"
    assert ran.tasks["lesson.upload", 0].tries == 3
    assert ran.state == "success"


@pytest.mark.slow
@pytest.mark.logs_errors
def test_a_lesson_whose_last_try_failed_ends_with_its_cause(night: Night, stubborn: list[str], monkeypatch):
    monkeypatch.setenv("PRESGEN_PUBLISHER", "stubborn")
    stubborn += ["away"] * 4

    ran = night(ada())

    assert ran.tasks["lesson.upload", 0].tries == 4
    [lesson] = ran.ledger.lessons(ran.run_id)
    assert (lesson.status, lesson.cause) == (LessonStatus.FAILED, "StoreUnavailable")
    assert ran.report.failures == {"StoreUnavailable": 1}
    assert ran.state == "failed"


def test_a_learner_without_gaps_is_skipped_and_nobody_is_woken(night: Night):
    ran = night(dora())

    assert ran.states("lesson.script") == ran.states("lesson.upload") == ["skipped"]
    assert ran.states("render_section") == ["skipped"]
    assert ran.report.lessons == {"not_needed": 1}
    assert ran.state == "success"


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    ("told", "tries"),
    [
        ([NoticeState.WAITING, NoticeState.WAITING], 2),
        ([NoticeState.CLAIMED] * 3 + [NoticeState.DELIVERED], 4),
    ],
)
def test_a_report_that_could_not_tell_whoever_ordered_is_tried_again_and_not_red(
    night: Night, dag: DAG, monkeypatch, told: list[NoticeState], tries: int
):
    left = iter(told)
    report: Any = dag.get_task("report")
    names = report.python_callable.__globals__
    monkeypatch.setitem(names, "tell_whoever_ordered", lambda _: frozenset({next(left)}))

    ran = night(dora())

    assert (ran.tasks["report", -1].tries, list(left)) == (tries, [])
    assert ran.state == "success"


def test_lessons_are_made_although_nothing_is_shared(night: Night):
    ran = night(dora(), ada())

    assert sorted(ran.states("lesson.upload")) == ["skipped", "success"]
    assert ran.report.lessons == {"not_needed": 1, "published": 1}
    assert ran.state == "success"


@pytest.mark.logs_errors
def test_a_source_that_cannot_be_read_makes_the_run_red_at_the_first_try(night: Night, tmp_path):
    ran = night(source=f"jsonl:{tmp_path / 'nowhere.jsonl'}")

    assert (ran.states("load_learners"), ran.tasks["load_learners", -1].tries) == (["failed"], 1)
    assert ran.states("lesson.script") == ["upstream_failed"]
    assert ran.states("report") == ["failed"]
    assert ran.state == "failed"


def test_only_the_learners_asked_for_get_a_lesson(night: Night):
    everybody = night(dora(), ada())
    [wanted] = [
        entry.pseudonym for entry in everybody.ledger.lessons() if entry.status is LessonStatus.PUBLISHED
    ]

    ran = night(dora(), ada(), learners=[wanted])

    assert ran.labels("lesson.script") == {wanted}


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    "choice", [{"formats": ["cinema"]}, {"persona": "nobody"}, {"publishers": ["pigeon"]}]
)
def test_a_name_nobody_knows_fails_at_the_first_try(night: Night, choice: dict[str, Any]):
    ran = night(ada(), **choice)

    assert (ran.states("load_learners"), ran.tasks["load_learners", -1].tries) == (["failed"], 1)
    assert ran.state == "failed"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", 7),
        ("learners", "L-1"),
        ("learners", [""]),
        ("learners", ["a", "a"]),
        ("force", "yes"),
        ("formats", "portrait"),
        ("publishers", "drive"),
        ("approval", "maybe"),
    ],
)
def test_the_form_refuses_what_makes_no_sense(dag: DAG, field: str, value: Any):
    with pytest.raises(ParamValidationError):
        dag.params.get_param(field).resolve(value)


def test_the_form_as_it_opens_is_valid(dag: DAG):
    assert set(dag.params.validate()) == {
        "source",
        "learners",
        "persona",
        "formats",
        "publishers",
        "force",
        "approval",
        "budget",
        "dry_run",
        "deadline",
    }


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A renderer whose deep dive into ports fails its checks."""
    card = renderers["card"]

    class Poisoned:
        def fingerprint(self, section: Any, *rest: Any, **named: Any) -> Any:
            return card.fingerprint(section, *rest, **named)

        def render(self, section: Any, *rest: Any, **named: Any) -> Any:
            if section.slug == "deep-dive-ports":
                raise QualityRejected(section.slug, ("it is poisoned",))
            return card.render(section, *rest, **named)

    renderers.add("poisoned", Poisoned())
    monkeypatch.setenv("PRESGEN_RENDERER", "poisoned")
    yield
    del renderers._members["poisoned"]


@pytest.fixture
def stubborn() -> Iterator[list[str]]:
    """A publisher that is ``away`` or ``blocked`` as often as the list says, and then like ``folder``."""
    folder = publishers["folder"]
    troubles: list[str] = []

    def publish(parcel: Any, destination: str) -> Any:
        match troubles.pop(0) if troubles else "":
            case "away":
                raise StoreUnavailable("The destination is away.")
            case "blocked":
                raise DeliveryBlocked("The folder is full.", "Empty it.")
        return folder(parcel, destination)

    publishers.add("stubborn", publish)
    yield troubles
    del publishers._members["stubborn"]
