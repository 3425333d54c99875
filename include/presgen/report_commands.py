"""The part of the command line that reads a night's report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from presgen.console import AsJson, chosen_settings, known_ledger, plain, print_json, told
from presgen.errors import BadInput


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(report)


@told
def report(
    run: Annotated[
        str, typer.Argument(help="The run, as `presgen runs` lists it; nothing: the newest that ended.")
    ] = "",
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", help="Where the ledger and the reports are kept.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print a night's report: counts, causes of failures, what was slow, and where its page is."""
    from presgen.bulletin import kept_account, report_page, text_of
    from presgen.workspace import Workspace

    settings = chosen_settings(workspace=workspace)
    place = Workspace(settings.workspace)
    if not run:
        ended = [one.run_id for one in known_ledger(settings).runs() if one.ended is not None]
        if not ended:
            raise BadInput("No run has ended yet, so there is no report.")
        run = ended[0]
    account = kept_account(place, run)
    if as_json:
        print_json(account.model_dump(mode="json"))
        return
    plain(text_of(account))
    plain(f"The page with charts: {report_page(place, run)}")
