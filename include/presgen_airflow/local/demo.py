"""The real DAG over the shipped examples, unattended: start what is needed, run, tell, stop."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from presgen.ledger import LessonEntry, open_ledger
from presgen.ledger.transitions import BAD_ENDS
from presgen.model.references import NightReport
from presgen.pipeline import name_of_run
from presgen.settings import Settings
from presgen.workspace import Workspace
from presgen_airflow.local import instance
from presgen_airflow.local.client import Client
from presgen_airflow.local.drive import tell_drive
from presgen_airflow.local.home import Home

HEADLESS = ("api-server", "scheduler", "dag-processor")
"""Nothing in the DAG waits in a trigger, so a demo needs no triggerer."""

DONE = frozenset({"success", "failed", "upstream_failed", "skipped", "removed"})
MARKS = {"success": "[green]✔[/]", "failed": "[red]✘[/]", "skipped": "[dim]–[/]"}

FOLDER = "folder"
"""The publisher whose deliveries are files on this machine."""

PAUSE = 3.0
"""Seconds between two looks at the run: each look costs the API a few hundredths of a CPU second."""


def run_demo(home: Home, console: Console) -> bool:
    """Make the lessons of the shipped examples with the real DAG, and return whether all went well.

    An Airflow that runs already (`up`) is used and left running; else one is started without its triggerer
    and stopped at the end, whatever happens.

    Raises:
        PresGenError: Airflow could not be started.
    """
    began = time.monotonic()
    was_there = instance.find(home) is not None
    try:
        running = instance.bring_up(home, HEADLESS, schedule=False, say=console.print)
        settings = _settings(home.environment(running.address.port, schedule=False))
        with running.client() as client:
            run_id = client.trigger(instance.DAG_ID, {"source": home.examples()})
            console.print(f"Running the DAG {instance.DAG_ID} over {home.examples()} …")
            run = watch(client, run_id, console)
            for line in _errors(client, run_id):
                console.print(line, style="red", markup=False)
    finally:
        if not was_there:
            instance.take_down(home)
    tell(settings, run_id, console, took=time.monotonic() - began)
    tell_drive(home, settings, console)
    return bool(run["state"] == "success")


def tell(settings: Settings, run_id: str, console: Console, took: float) -> None:
    """Say what the run made and where it lies, as the ledger and the report know it."""
    ledger = open_ledger(settings.ledger)
    for lesson in ledger.lessons(run_id):
        console.print(f"\n{lesson.pseudonym}  {_status(lesson)}  {lesson.duration:.0f} s")
        if lesson.reason:
            console.print(f"  {lesson.reason}", markup=False)
        for publisher in settings.publishers:
            assets = ledger.assets(lesson.lesson_id, publisher)
            if publisher != FOLDER:
                for asset in assets:
                    console.print(f"    {asset.role:<25}{asset.url}", markup=False)
                continue
            for folder in dict.fromkeys((settings.output / asset.asset_id).parent for asset in assets):
                console.print(f"  {_short(folder)}/", markup=False)
            for asset in assets:
                console.print(f"    {asset.role:<25}{Path(asset.asset_id).name}", markup=False)
    workspace = Workspace(settings.workspace)
    name = name_of_run(run_id)
    if not workspace.has("reports", name):
        return
    report = workspace.load("reports", name, NightReport)
    if report.sections_rendered:
        work = f"{report.sections_rendered} sections rendered, {report.sections_reused} re-used"
    else:
        work = f"Nothing was rendered: all {report.sections_reused} sections were in the store"
    shapes = ", ".join(report.formats)
    console.print(f"\n{work}; {report.film:.0f} s of lessons as {shapes}; {took:.0f} s from start to end.")
    where = _short(settings.workspace)
    console.print(f"Report of the run: {where}/reports/{name}.json. Sections, scripts and ledger: {where}.")


def watch(client: Client, run_id: str, console: Console) -> dict[str, Any]:
    """Show a run's tasks as they end, and return the run when it has ended."""
    told: set[str] = set()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bars: dict[str, TaskID] = {}
        while True:
            run = client.run(instance.DAG_ID, run_id)
            tasks = client.tasks(instance.DAG_ID, run_id)
            for task in sorted(tasks, key=lambda task: task["end_date"] or ""):
                if task["state"] in MARKS and task["id"] not in told and task["map_index"] is not None:
                    told.add(task["id"])
                    progress.console.print(_line(task))
            _count(progress, bars, tasks)
            if run["state"] in ("success", "failed"):
                return run
            time.sleep(PAUSE)


def _count(progress: Progress, bars: dict[str, TaskID], tasks: list[dict[str, Any]]) -> None:
    for title, prefix in (("sections", "render_section"), ("lessons", "lesson.")):
        group = [task for task in tasks if task["task_id"].startswith(prefix) and task["map_index"] >= 0]
        if not group:
            continue
        if title not in bars:
            bars[title] = progress.add_task(title, total=len(group))
        done = sum(task["state"] in DONE for task in group)
        progress.update(bars[title], total=len(group), completed=done)


def _line(task: Mapping[str, Any]) -> str:
    label = task["rendered_map_index"] or ""
    took = f"[dim]{task['duration']:5.1f} s[/]" if task["duration"] is not None else " " * 7
    return f"  {MARKS[task['state']]} {took}  {task['task_id']:<16} {label}"


def _errors(client: Client, run_id: str) -> list[str]:
    """Return what the failed tasks of a run say."""
    told = []
    for task in client.tasks(instance.DAG_ID, run_id):
        if task["state"] == "failed":
            reasons = [
                f"{detail['exc_type']}: {detail['exc_value']}"
                for line in client.log(task)
                for detail in line.get("error_detail") or []
            ]
            told.append(f"{task['task_id']} {task['rendered_map_index'] or ''}: {'; '.join(reasons[-1:])}")
    return told


def _settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings as the tasks saw them."""
    if "PRESGEN_PUBLISHER" in environment:
        environment = {"PRESGEN_PUBLISHERS": environment["PRESGEN_PUBLISHER"], **environment}
    own = {
        name: environment[f"PRESGEN_{name.upper()}"]
        for name in Settings.model_fields
        if f"PRESGEN_{name.upper()}" in environment
    }
    return Settings.model_validate(own)


def _status(lesson: LessonEntry) -> str:
    return f"[red]{lesson.status}[/]" if lesson.status in BAD_ENDS else f"[green]{lesson.status}[/]"


def _short(path: Path) -> str:
    """Return a path as seen from here, if that is shorter."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
