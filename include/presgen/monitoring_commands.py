"""The part of the command line that counts: what a lesson's stages took, and all metrics at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from presgen.console import AsJson, chosen_settings, known_ledger, out, plain, print_json, right, told
from presgen.errors import BadInput

WorkspacePath = Annotated[
    Path | None, typer.Option("--workspace", "-w", help="Where the ledger and the lessons are kept.")
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(timeline)
    app.command()(metrics)


@told
def timeline(
    lesson_id: Annotated[str, typer.Argument(help="The lesson's id.", show_default=False)],
    run_id: Annotated[str | None, typer.Option("--run", help="Only this run.")] = None,
    log: Annotated[
        list[Path] | None, typer.Option(help="Read these JSON log lines instead of the ledger.")
    ] = None,
    workspace: WorkspacePath = None,
    as_json: AsJson = False,
) -> None:
    """Tell each stage of a lesson and its sections: when it ended, how long it took, what it cost."""
    from presgen.timeline import timeline_in_ledger, timeline_in_log

    settings = chosen_settings(workspace=workspace)
    if log:
        lines = [line for path in log for line in _lines(path)]
        moments = timeline_in_log(lines, lesson_id, run_id)
    else:
        moments = timeline_in_ledger(known_ledger(settings), lesson_id, run_id)
    if not moments:
        raise BadInput(f"Nothing is known of a lesson {lesson_id!r} there.")
    if as_json:
        print_json([moment.model_dump(mode="json") for moment in moments])
        return
    table = Table("Ended", "Stage", "Of", right("Try"), "Outcome", right("Seconds"), right("CPU seconds"))
    for moment in moments:
        table.add_row(
            *(escape(word) for word in (moment.ended, moment.stage, moment.subject, str(moment.attempt))),
            escape(moment.cause or moment.outcome),
            f"{moment.latency:.3f}",
            f"{moment.cpu:.3f}",
        )
    out.print(table)
    cpu = sum(moment.cpu for moment in moments)
    plain(f"{cpu:.1f} CPU seconds, those of shared sections in full{_price(cpu, settings.cpu_hour_price)}.")


@told
def metrics(
    names: Annotated[
        bool, typer.Option("--names", help="Only what there is, as a table in Markdown.")
    ] = False,
    workspace: WorkspacePath = None,
) -> None:
    """Print all metrics as Prometheus reads them, such as for node_exporter's textfile collector."""
    from presgen.metrics import table
    from presgen.monitoring import Tally, exposition

    if names:
        typer.echo(table(), nl=False)
        return
    settings = chosen_settings(workspace=workspace)
    typer.echo(exposition(Tally(known_ledger(settings)), settings.cpu_hour_price).decode(), nl=False)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as log lines: {type(error).__name__}.") from None


def _price(cpu: float, price: float) -> str:
    return f"; at {price:g} an hour: {cpu / 3600 * price:.4f}" if price else ""
