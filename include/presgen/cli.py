"""The command line: lessons on a laptop, without Airflow.

Exit codes: 0 all is well, 1 a lesson failed or a video was rejected, 2 what was asked for makes no sense.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from presgen import drive_commands, monitoring_commands, report_commands, trail_commands
from presgen.console import (
    SOME_FAILED,
    AsJson,
    chosen_settings,
    err,
    known_ledger,
    minutes,
    out,
    plain,
    print_json,
    right,
    told,
)
from presgen.errors import BadInput, PresGenError
from presgen.model.base import Seconds
from presgen.model.lesson import LessonStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from presgen.model.publication import PublishedAsset
    from presgen.model.quality import QualityReport
    from presgen.pipeline import Night
    from presgen.services import LessonVideo
    from presgen.settings import Settings
    from presgen.sources import LoadedRecord

_ROLES = (
    "video",
    "transcript",
    "captions_vtt",
    "captions_srt",
    "chapters",
    "transcript_text",
    "poster",
    "report",
    "manifest",
)
"""In the order of interest."""

MIN_BUDGET = 30
"""Seconds, as in the settings: nothing is taught in less."""

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "networking"

app = typer.Typer(
    help="Learners' wrong answers become personal avatar lesson videos.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log every stage to standard error.")]
Records = Annotated[
    str,
    typer.Argument(
        help="A record file (.json, .jsonl), a folder of them, or READER:ADDRESS.", show_default=False
    ),
]
Learners = Annotated[
    list[str], typer.Option("--learner", "-l", help="Only this learner, by id or pseudonym. May be repeated.")
]
PersonaName = Annotated[
    str, typer.Option("--persona", "-p", help="The teacher of learners without a preference.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Plan and write only, and say what would be made and what it costs.")
]
Budget = Annotated[
    float, typer.Option("--budget", min=0, max=1800, help="Seconds a lesson may last; 0: as configured.")
]
Force = Annotated[
    bool, typer.Option("--force", help="Start lessons anew that are done; keep their sections.")
]
RendererName = Annotated[
    str, typer.Option("--renderer", help="Who makes the pictures: studio, or card for a test.")
]
PublisherNames = Annotated[
    list[str],
    typer.Option("--publisher", help="Where lessons go: folder, drive, object-store. May be repeated."),
]
FormatNames = Annotated[
    list[str],
    typer.Option("--format", help="A format of every lesson, the main edition's first. May be repeated."),
]
BrandName = Annotated[
    str, typer.Option("--brand", help="Whose look: house, dusk, or the path of a TOML file.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where lessons are published.")]
WorkspacePath = Annotated[
    Path | None, typer.Option("--workspace", "-w", help="Where rendered sections are kept.")
]
Workers = Annotated[int, typer.Option("--workers", min=0, help="Processes at work; 0: one a processor.")]


trail_commands.add_to(app)
report_commands.add_to(app)
drive_commands.add_to(app)
monitoring_commands.add_to(app)


def main() -> None:
    """Run the command line."""
    app()


def _show_version(wanted: bool) -> None:
    if wanted:
        try:
            out.print(f"presgen {version('presgen')}", highlight=False)
        except PackageNotFoundError:
            out.print("presgen, not installed", highlight=False)
        raise typer.Exit


@app.callback()
def _presgen(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
@told
def demo(
    renderer: RendererName = "",
    formats: FormatNames = [],  # noqa: B006 - typer makes a new list for every call
    publishers: PublisherNames = [],  # noqa: B006
    brand: BrandName = "",
    output: Output = None,
    workspace: WorkspacePath = None,
    workers: Workers = 0,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Make the lessons of three example learners, and say where they lie."""
    if not EXAMPLES.is_dir():
        raise BadInput(
            f"There are no examples in {EXAMPLES}: they belong to the repository, not to the installed "
            "package. Clone it and run this there, or give your own records to: presgen produce RECORDS"
        )
    settings = chosen_settings(
        renderer=renderer,
        formats=formats,
        publishers=publishers,
        brand=brand,
        output=output,
        workspace=workspace,
        workers=workers,
    )
    _produce(settings, f"folder:{EXAMPLES}", as_json=as_json, verbose=verbose)


@app.command()
@told
def produce(
    records: Records,
    learner: Learners = [],  # noqa: B006
    persona: PersonaName = "",
    force: Force = False,
    dry_run: DryRun = False,
    budget: Budget = 0.0,
    renderer: RendererName = "",
    formats: FormatNames = [],  # noqa: B006
    publishers: PublisherNames = [],  # noqa: B006
    brand: BrandName = "",
    output: Output = None,
    workspace: WorkspacePath = None,
    workers: Workers = 0,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Make, check and publish the lessons of all records. What is done already is not done again."""
    if 0 < budget < MIN_BUDGET:
        raise BadInput(f"A lesson of {budget:g} seconds is too short: {MIN_BUDGET} or more would be fine.")
    settings = chosen_settings(
        budget=budget,
        persona=persona,
        renderer=renderer,
        formats=formats,
        publishers=publishers,
        brand=brand,
        output=output,
        workspace=workspace,
        workers=workers,
    )
    if dry_run:
        _rehearse(settings, source_of(records), learner, force=force, as_json=as_json, verbose=verbose)
        return
    _produce(settings, source_of(records), only=learner, force=force, as_json=as_json, verbose=verbose)


@app.command()
@told
def script(
    records: Records,
    learner: Learners = [],  # noqa: B006
    persona: PersonaName = "",
    workspace: WorkspacePath = None,
    as_json: AsJson = False,
) -> None:
    """Print what the learners would hear, section by section. Nothing is rendered or kept."""
    from presgen import pipeline
    from presgen.sources import load_records
    from presgen.workspace import Workspace

    settings = chosen_settings(persona=persona, workspace=workspace)
    loaded = load_records(
        source_of(records),
        key=Workspace(settings.workspace).pseudonym_key(settings.pseudonym_key.get_secret_value()),
        only=learner,
        max_bytes=settings.max_record_bytes,
    )
    written: list[dict[str, Any]] = []
    failed = bool(loaded.quarantined)
    for each in loaded.records:
        try:
            _, found = pipeline.draft_lesson(settings, each.record, each.pseudonym, each.lesson_id)
        except PresGenError as error:
            failed = True
            err.print(
                f"{each.pseudonym}: {error}", style="red", markup=False, highlight=False, soft_wrap=True
            )
            continue
        if as_json:
            written.append(_script_json(each, found))
        else:
            out.print(_script_text(each, found), markup=False, highlight=False, soft_wrap=True)
    for refused in loaded.quarantined:
        err.print(
            f"{refused.where}: {refused.field} is {refused.value}: {refused.reason}",
            style="red",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    if as_json:
        print_json(written)
    if failed:
        raise typer.Exit(SOME_FAILED)


@app.command()
@told
def inspect(
    video: Annotated[Path, typer.Argument(help="An MP4 file; captions are read from a .vtt beside it.")],
    expect: Annotated[
        Path | None,
        typer.Option(
            "--expect",
            help="A JSON file that says what is expected: duration, resolution, fps, script, loudness …",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure a video and say what is wrong with it; exit with 1 when it is rejected."""
    from presgen import quality

    expected = quality.read_expectation(expect) if expect is not None else None
    report = quality.inspect_file(video, expected)
    if as_json:
        print_json({**report.model_dump(mode="json"), "passed": report.passed})
    else:
        _print_report(report)
    if not report.passed:
        raise typer.Exit(SOME_FAILED)


sections_app = typer.Typer(rich_markup_mode=None)
app.add_typer(sections_app, name="sections")


@sections_app.callback(invoke_without_command=True)
@told
def sections(context: typer.Context, workspace: WorkspacePath = None, as_json: AsJson = False) -> None:
    """List the rendered sections that are kept for re-use, or make one again."""
    if context.invoked_subcommand is not None:
        return
    from presgen.ledger import KnownSection
    from presgen.workspace import Workspace

    settings = chosen_settings(workspace=workspace)
    keys = Workspace(settings.workspace).sections.keys()
    known = known_ledger(settings).known_sections() if keys else {}
    unknown = KnownSection(key="", slug="", kind="", seconds=0, bytes=0)
    rows = [known.get(key, unknown).model_copy(update={"key": key}) for key in keys]
    if as_json:
        print_json([row.model_dump(mode="json") for row in rows])
        return
    table = Table("Key", "Kind", "Section", *(right(name) for name in ("Seconds", "Megabytes")))
    for row in rows:
        table.add_row(
            row.key[:12], row.kind or "?", row.slug or "?", f"{row.seconds:.1f}", f"{row.bytes / 1e6:.2f}"
        )
    out.print(table)
    total = sum(row.bytes for row in rows) / 1e6
    out.print(f"{len(rows)} sections, {minutes(sum(row.seconds for row in rows))}, {total:.1f} MB.")


@sections_app.command()
@told
def retry(
    key: Annotated[str, typer.Argument(help="The section's key, or its first letters.", show_default=False)],
    force: Annotated[
        bool, typer.Option("--force", help="Also where it is kept already, or somebody has refused it.")
    ] = False,
    renderer: RendererName = "",
    brand: BrandName = "",
    workspace: WorkspacePath = None,
    verbose: Verbose = False,
) -> None:
    """Make one shared section again that was rejected or failed, and say which lessons wait for it."""
    from presgen import pipeline
    from presgen.stages import configure_logs

    configure_logs(json=False, level=logging.INFO if verbose else logging.ERROR)
    settings = chosen_settings(renderer=renderer, brand=brand, workspace=workspace)
    night = pipeline.open_night(settings, _run_id())
    made = pipeline.retry_section(night, key, force=force)
    history = night.ledger.attempts(made.key)
    stored = night.workspace.sections.root / made.key
    plain(f"{made.slug}, {made.format}: {history[-1].outcome.value if history else 'kept'} ({stored}).")
    waiting = _waiting(night, made.key)
    if waiting:
        plain(f"Run the night again for the lessons that wait for it: {', '.join(waiting)}")


def _waiting(night: Night, key: str) -> list[str]:
    """Return the pseudonyms of learners whose lessons have failed and need that section."""
    from presgen.ledger.transitions import BAD_ENDS
    from presgen.model.lesson import LessonScript, Section

    section = night.workspace.load("planned", key, Section)
    return [
        entry.pseudonym
        for entry in night.ledger.lessons()
        if entry.status in BAD_ENDS
        and night.workspace.has("scripts", entry.lesson_id)
        and section in night.workspace.load("scripts", entry.lesson_id, LessonScript).sections
    ]


@app.command()
@told
def gallery(
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to draw into.")] = Path(
        "gallery"
    ),
    contact_sheet: Annotated[
        bool, typer.Option("--contact-sheet", help="Only the one sheet with all pictures on it.")
    ] = False,
    brand: BrandName = "",
    workers: Workers = 0,
) -> None:
    """Draw every layout with every presenter in every shape, to be looked at side by side."""
    from presgen.rendering.gallery import draw_gallery

    settings = chosen_settings(brand=brand, workers=workers)
    with _progress(shown=True) as on_progress:
        written = draw_gallery(
            output,
            brand=settings.brand,
            pictures=not contact_sheet,
            workers=settings.workers,
            on_progress=lambda done, total: on_progress("pictures", done, total),
        )
    plain(str(written[0]))
    if len(written) > 1:
        plain(f"{written[-1]} ({len(written) - 2} pictures)")


def source_of(records: str) -> str:
    """Return ``reader:address`` for what was given: that itself, or a path whose shape tells the reader.

    Raises:
        BadInput: there is no such file, or its name tells no reader.
    """
    from presgen.sources.readers import readers

    reader, colon, _ = records.partition(":")
    if colon and reader in readers.names():
        return records
    path = Path(records).expanduser()
    if path.is_dir():
        return f"folder:{path}"
    if not path.exists():
        raise BadInput(
            f"There is no file or folder {records!r}, and it is no READER:ADDRESS either "
            f"(readers: {', '.join(readers.names())})."
        )
    found = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(path.suffix.lower())
    if found is None:
        raise BadInput(
            f"{records!r} is neither .json nor .jsonl; say how to read it, such as json:{records}."
        )
    return f"{found}:{path}"


def _produce(
    settings: Settings,
    source: str,
    *,
    only: Sequence[str] = (),
    force: bool = False,
    as_json: bool,
    verbose: bool,
) -> None:
    from presgen import pipeline
    from presgen.bulletin import keep_account
    from presgen.services import lesson_videos
    from presgen.stages import configure_logs

    configure_logs(json=as_json, level=logging.INFO if verbose else logging.ERROR)
    night = pipeline.open_night(settings, _run_id())
    with _progress(shown=not (as_json or verbose)) as on_progress:
        report = pipeline.produce(
            night, source, only, lambda each: on_progress(each.part, each.done, each.total), force=force
        )
    page = keep_account(night, report)
    videos = lesson_videos(night)
    if as_json:
        print_json(
            {
                **report.model_dump(mode="json"),
                "output": str(settings.output.resolve()),
                "videos": [video.model_dump(mode="json") for video in videos],
                "refused": [each.model_dump(mode="json") for each in night.ledger.quarantined(night.run_id)],
                "page": str(page),
            }
        )
    else:
        _print_night(night, videos)
        plain(f"The night's report: {page}")
    if not report.passed:
        raise typer.Exit(SOME_FAILED)


def _rehearse(
    settings: Settings, source: str, only: Sequence[str], *, force: bool, as_json: bool, verbose: bool
) -> None:
    from presgen import pipeline, rehearsing
    from presgen.stages import configure_logs

    configure_logs(json=as_json, level=logging.INFO if verbose else logging.ERROR)
    night = pipeline.open_night(settings, _run_id())
    rehearsing.rehearse(night, source, only, force=force)
    report = pipeline.report(night)
    assert report.rehearsal is not None  # noqa: S101 - it was kept a moment ago
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        for refused in night.ledger.quarantined(night.run_id):
            plain(f"Refused: {refused.where}: {refused.field} is {refused.value}: {refused.reason}")
        for line in rehearsing.told(report.rehearsal):
            plain(line)
    if not report.passed:
        raise typer.Exit(SOME_FAILED)


def _run_id() -> str:
    return f"cli-{datetime.now(UTC):%Y%m%dt%H%M%S}-{secrets.token_hex(3)}"


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show one bar a part of the night, on standard error."""
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not (shown and err.is_terminal)) as bars:
        tasks: dict[str, Any] = {}

        def on_progress(part: str, done: int, total: int) -> None:
            if part not in tasks:
                tasks[part] = bars.add_task(part.capitalize(), total=total)
            bars.update(tasks[part], completed=done)

        yield on_progress


def _print_night(night: Night, videos: Sequence[LessonVideo]) -> None:
    table = Table("Learner", right("Length"), "What became of the lesson")
    for video in videos:
        lesson = video.lesson
        table.add_row(
            lesson.pseudonym,
            minutes(lesson.duration) if lesson.duration else "",
            video.reason or lesson.status.replace("_", " "),
        )
    if videos:
        out.print(table)
    for refused in night.ledger.quarantined(night.run_id):
        plain(f"Refused: {refused.where}: {refused.field} is {refused.value}: {refused.reason}")
    for video in videos:
        if video.lesson.status is LessonStatus.PUBLISHED:
            plain(f"\n{video.lesson.pseudonym}, {video.lesson.lesson_id}")
            for asset in sorted(video.assets, key=_interest):
                role = asset.role.replace("_", " ").replace(".", ", ")
                in_folder = night.settings.publishers[0] == "folder"
                place = night.settings.output / asset.asset_id if in_folder else asset.url
                plain(f"  {role:<24} {place}")
    made = night.ledger.sections(night.run_id)
    rendered = sum(section.outcome == "rendered" for section in made)
    lengths = [video.lesson.duration for video in videos if video.lesson.status is LessonStatus.PUBLISHED]
    plain("")
    plain(
        f"{len(lengths)} of {len(videos)} lessons are published, {minutes(sum(lengths))} long, "
        f"as {', '.join(night.settings.formats)}. "
        f"{rendered} sections were rendered, {len(made) - rendered} taken from the store."
    )


def _interest(asset: PublishedAsset) -> tuple[int, str]:
    kind = asset.role.partition(".")[0]
    return (_ROLES.index(kind) if kind in _ROLES else len(_ROLES), asset.role)


def _print_report(report: QualityReport) -> None:
    measured = Table("Measured", "Value", title=report.subject, title_justify="left")
    for name, value in report.metadata.items():
        measured.add_row(name.replace("_", " "), "not measured" if value is None else str(value))
    out.print(measured)
    if report.findings:
        found = Table("Severity", "Check", right("At"), "What was found", "What helps")
        for finding in report.findings:
            at = "" if finding.at is None else f"{finding.at:.2f} s"
            helps = "" if finding.remedy is None else finding.remedy.value.replace("_", " ")
            found.add_row(finding.severity.value, finding.check, at, escape(finding.message), helps)
        out.print(found)
    plain("Passed." if report.passed else "Rejected.")


def _script_text(loaded: LoadedRecord, script: Any) -> str:
    from presgen.publishing.transcript import clock

    heading = f"{loaded.pseudonym}  {loaded.lesson_id}"
    if script is None:
        return f"{heading}\nNo gaps: no lesson is needed.\n"
    lines = [heading, script.title]
    moment = Seconds(0.0)
    for section in script.sections:
        lines += ["", f"{clock(moment):>5}  {section.planned:5.1f} s  {section.kind.value}: {section.title}"]
        lines.append(fill(section.text, width=96, initial_indent=" " * 7, subsequent_indent=" " * 7))
        moment = Seconds(moment + section.planned)
    lines += ["", f"{clock(moment):>5}  {moment:5.1f} s  in all, with {script.persona}", ""]
    return "\n".join(lines)


def _script_json(loaded: LoadedRecord, script: Any) -> dict[str, Any]:
    if script is None:
        return {"lesson_id": loaded.lesson_id, "pseudonym": loaded.pseudonym, "status": "not_needed"}
    return {**script.model_dump(mode="json"), "planned": script.planned}


if __name__ == "__main__":
    main()
