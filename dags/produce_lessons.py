"""# Lesson videos from last night's assessment results

Every learner with new results gets a short personal video about the gaps: written, rendered, checked and
published, in every chosen format. A section that several learners need is rendered once a format
(`render_section`, one mapped task each); every learner then has a `lesson` of four steps, labelled with the
learner's pseudonym.

## When you are woken up

The run is **red** when `report` says that the night failed; its log names the causes and how often each
occurred. Records that were set aside do not make it red: they are counted there, and listed with reasons on
the tab *Lessons*. **Whatever was finished is kept, and every task may be cleared or run again**: what is done
is recognised, and nothing is rendered or published twice. When in doubt, clear the failed tasks with
downstream.

Permanent errors fail at the first try. Transient ones were retried with growing pauses before they woke you.
The last lines of a red task's log say what is wrong and what would have been fine.

- **`load_learners`**: the source cannot be read, or the run asked for an unknown persona, format or learner.
  *Repair the source or `PRESGEN_SOURCE`, then clear the task with downstream.* Single bad records do not fail
  it: they are set aside, and `report` counts them.
- **`plan_sections`**: the workspace or the ledger is away or full. The lessons still try, each for itself.
  *Bring it back, then clear the task with downstream.*
- **`render_section`**: one shared section crashed, failed its checks although it was mended twice, or was
  refused by a person. Only the lessons that need it fail.
  *Correct the course's content and start a new run; after a crash, clear the task with downstream, or make
  the section alone with `presgen sections retry KEY` and clear the lessons that wait for it.*
- **`lesson.script`**: the record does not make a lesson: a limit is broken or content is missing.
  *Correct the record, then start a run for this pseudonym.*
- **`lesson.render`**: a section this lesson needs failed, shared (then its `render_section` is red, too) or
  personal. *As for `render_section`.*
- **`lesson.qa`**: the video failed a check. It is **quarantined and was not published**.
  *The log lists the findings and their moments; correct the cause, then start a run for this pseudonym.*
- **`lesson.upload`**: the destination refuses (quota, permission) or is away. The video waits, checked.
  *Do there what the log asks for, then clear the task.*
- **only `report`**: every record was set aside, or the night's table as a whole is implausible.
  *Its log has the counts; the tab Lessons has the reasons. Look at the source: its export may have changed.*

Tasks that **wait for input** do so because the run was started with *Approval*: somebody has to look at a new
section, or at a lesson with warnings, under *Required Actions*. Without an answer they fail after 18 hours.

Pink (skipped) tasks are no reason for worry: that learner has no gaps tonight, or there was nothing to share.

## Starting it by hand

*Trigger* shows the form: a source, some learners only, a persona, formats, a deadline. Give pseudonyms rather
than learner ids there: what you type stays in Airflow's database with the run. **Dry run** plans and writes
everything and makes nothing: the log of `report` says what would have been made, and what it would have cost.
From a shell:

    airflow dags trigger produce_lessons --conf '{"learners": ["learner-abcdefghijkl"], "dry_run": true}'

Nights that were missed are not made up for (catch-up is off): the next night reads what is there then. A
backfill of a past night is safe, too, and finds everything done.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import TriggerRule, dag, get_current_context, task, task_group
from airflow.sdk.exceptions import AirflowSkipException

from presgen import pipeline
from presgen.model.lesson import LessonStatus
from presgen.model.references import LearnerRef, LessonRef, NightReport, SectionRef
from presgen.rehearsing import rehearse
from presgen.settings import Settings
from presgen_airflow import gate
from presgen_airflow.alerts import tell_night, tell_of_failed_run
from presgen_airflow.asking import asking
from presgen_airflow.deadlines import awaited_in, night_deadline
from presgen_airflow.defaults import DEFAULT_ARGS, nightly
from presgen_airflow.form import form
from presgen_airflow.night import begin_tonight, choices, give_up, keep_report, tonight
from presgen_airflow.notices import (
    require_a_good_night,
    require_told,
    tell_rehearsal,
    tell_whoever_ordered,
)
from presgen_airflow.references import LESSON_LABEL, RENDER_POOL, SECTION_LABEL

settings = Settings()


@task(execution_timeout=timedelta(minutes=15))
def load_learners() -> list[LearnerRef]:
    """Read the source. Bad records are quarantined with a reason; the other learners go on."""
    night, chosen = begin_tonight(), choices()
    if chosen.dry_run:
        rehearse(night, chosen.source, chosen.learners, chosen.persona, force=chosen.force)
        return []
    learners = pipeline.load_learners(
        night, chosen.source, only=chosen.learners, persona=chosen.persona, force=chosen.force
    )
    return list(learners)


@task(execution_timeout=timedelta(minutes=15))
def plan_sections(learners: list[LearnerRef]) -> list[SectionRef]:
    """Plan all lessons and find the distinct sections that they share."""
    return list(pipeline.plan_sections(tonight(), learners))


@asking(pool=RENDER_POOL, execution_timeout=timedelta(minutes=20), map_index_template=SECTION_LABEL)
def render_section(section: SectionRef) -> SectionRef:
    """Render, inspect and if need be mend one shared section, or find it in the store."""
    return gate.make_section(tonight(), section, choices().approval)


@task(
    trigger_rule=TriggerRule.ALL_DONE,  # a failed section fails the lessons that need it, not all of them
    execution_timeout=timedelta(minutes=5),
    map_index_template=LESSON_LABEL,
    on_failure_callback=give_up,
)
def script(learner: LearnerRef) -> LessonRef:
    """Write what this learner will hear and see. Skipped where there is no gap to close."""
    lesson = pipeline.write_script(tonight(), learner)
    if lesson.status is LessonStatus.NOT_NEEDED:
        raise AirflowSkipException(f"{lesson.pseudonym} has no gaps tonight: no lesson is needed.")
    return lesson


@task(
    pool=RENDER_POOL,
    execution_timeout=timedelta(minutes=30),
    map_index_template=LESSON_LABEL,
    on_failure_callback=give_up,
)
def render(lesson: LessonRef) -> LessonRef:
    """Render the personal sections and join them with the shared ones."""
    return pipeline.render_lesson(tonight(), lesson)


@asking(execution_timeout=timedelta(minutes=15), map_index_template=LESSON_LABEL, on_failure_callback=give_up)
def qa(lesson: LessonRef) -> LessonRef:
    """Inspect the video. What fails is quarantined and never published."""
    return gate.inspect_lesson(tonight(), lesson, choices().approval)


@task(execution_timeout=timedelta(minutes=15), map_index_template=LESSON_LABEL, on_failure_callback=give_up)
def upload(lesson: LessonRef) -> LessonRef:
    """Publish the video with its captions and report, exactly once."""
    return pipeline.publish_lesson(tonight(), lesson)


@task_group
def lesson(learner: LearnerRef) -> None:
    """One learner's lesson."""
    upload(qa(render(script(learner))))


@task(trigger_rule=TriggerRule.ALL_DONE, execution_timeout=timedelta(minutes=10))
def report(learners: list[LearnerRef] | None) -> NightReport:
    """Sum up the night and decide its colour."""
    summary = pipeline.report(tonight())
    if summary.rehearsal is not None:
        tell_rehearsal(summary.rehearsal)
        require_a_good_night(summary, loaded=learners is not None)
        return summary
    keep_report(summary)
    ti = get_current_context()["ti"]
    ti.xcom_push("summary", summary)  # kept also when a line below raises
    tell_night(tonight(), summary, loaded=learners is not None, awaited=awaited_in(get_current_context()))
    # After the alerts: whoever is told here may answer slowly.
    require_told(tell_whoever_ordered(tonight()), left=ti.max_tries - ti.try_number + 1)
    require_a_good_night(summary, loaded=learners is not None)
    return summary


@dag(
    schedule=nightly(settings),
    catchup=False,
    max_active_runs=4,  # so that an order need not wait for a night; runs at once agree on every lesson
    deadline=night_deadline(settings),
    on_failure_callback=tell_of_failed_run,
    default_args=DEFAULT_ARGS,
    params=form(settings),
    doc_md=__doc__,
    tags=["presgen", "lessons"],
)
def produce_lessons() -> None:
    """Turn last night's wrong answers into lesson videos."""
    learners = load_learners()
    shared = render_section.expand(section=plan_sections(learners))
    lessons = lesson.expand(learner=learners)
    shared >> lessons >> report(learners)


produce_lessons()
