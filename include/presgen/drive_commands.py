"""The part of the command line that is about Google Drive."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from presgen.console import SOME_FAILED, AsJson, chosen_settings, plain, print_json, told

ShareWith = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Try sharing, too: let this Google account read, without a mail, and out again.",
    ),
]

drive = typer.Typer(help="Google Drive.", no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(drive, name="drive")


@drive.callback()
def _drive() -> None:
    pass


@drive.command()
@told
def check(share_with: ShareWith = "", as_json: AsJson = False) -> None:
    """Try what a delivery does with the key that the settings name, and say what is missing."""
    from presgen.publishing.drive.check import check_drive

    steps = []
    for step in check_drive(chosen_settings(), share_with=share_with):
        steps.append(step)
        if not as_json:
            plain(step.line)
    if as_json:
        print_json([asdict(step) for step in steps])
    if not all(step.fine for step in steps):
        raise typer.Exit(SOME_FAILED)
