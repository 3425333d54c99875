"""How the command line speaks: to people in tables, to programs in JSON, and about errors in one line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec

import typer
from rich.console import Console
from rich.table import Column

from presgen.errors import BadInput, CorruptMedia, PresGenError, UnknownName

if TYPE_CHECKING:
    from presgen.ledger import Ledger
    from presgen.settings import Settings

P = ParamSpec("P")

SOME_FAILED = 1
BAD_REQUEST = 2

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]

out = Console()
err = Console(stderr=True)


def told(command: Callable[P, None]) -> Callable[P, None]:
    """Tell people what went wrong in one line, and programs by the exit code."""

    @wraps(command)
    def telling(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except PresGenError as error:
            complain(str(error))
            asked_wrong = isinstance(error, BadInput | UnknownName | CorruptMedia)
            raise typer.Exit(BAD_REQUEST if asked_wrong else SOME_FAILED) from None

    return telling


def chosen_settings(**choices: Any) -> Settings:
    """Return the environment's settings with what was chosen on the command line.

    Raises:
        BadInput: the environment holds a setting that is not usable.
        UnknownName: there is no such persona, brand, format, renderer or publisher.
    """
    from pydantic import ValidationError

    from presgen.brands import load_brand
    from presgen.media.formats import formats
    from presgen.personas import load_persona
    from presgen.publishing import publishers
    from presgen.rendering.backends import renderers
    from presgen.settings import Settings

    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper().removeprefix("PRESGEN_")
        raise BadInput(f"PRESGEN_{name} in the environment is not usable: {first['msg']}.") from None
    chosen = {name: value for name, value in choices.items() if value}
    for name in ("formats", "publishers"):
        if name in chosen:
            chosen[name] = tuple(dict.fromkeys(chosen[name]))
    settings = settings.model_copy(update=chosen)
    load_persona(settings.persona)
    load_brand(settings.brand)
    _ = [formats[name] for name in settings.formats], renderers[settings.renderer]
    _ = [publishers[name] for name in settings.publishers]
    return settings


def known_ledger(settings: Settings) -> Ledger:
    """Return the ledger that is there, for a command that asks or erases; it makes none.

    Raises:
        BadInput: there is none, or its URL cannot be read.
        StoreUnavailable: the database is away, stays locked, or cannot be written.
    """
    from presgen.ledger import open_ledger

    return open_ledger(settings.ledger, make=False)


def complain(told: str) -> None:
    """Say in one line, on standard error, what went wrong."""
    line = " ".join(told.split())
    err.print(f"presgen: {line}", style="red", markup=False, highlight=False, soft_wrap=True)


def plain(line: str) -> None:
    """Print a line as it is, whatever is in it."""
    out.print(line, markup=False, highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print a value for programs."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def right(name: str) -> Column:
    """Return a column of numbers."""
    return Column(name, justify="right")


def whole(name: str) -> Column:
    """Return a column of what people copy from the screen: long words go on in the next line."""
    return Column(name, overflow="fold")


def minutes(seconds: float) -> str:
    """Return a length as people read it: ``1:05 min``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02} min"
