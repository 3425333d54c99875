"""The commands of a local Airflow."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console

from presgen.errors import PresGenError
from presgen_airflow.local import instance, processes
from presgen_airflow.local.demo import run_demo
from presgen_airflow.local.drive import chosen_publishers
from presgen_airflow.local.home import USER, Home, here

console = Console(highlight=False, soft_wrap=True)
app = typer.Typer(
    help="Airflow on this machine: SQLite, LocalExecutor, loopback; no root, no Docker.", no_args_is_help=True
)


@app.command()
def up() -> None:
    """Start Airflow with its UI in the background and show how to log in."""
    home = here()
    with home.alone():
        was_there = instance.find(home) is not None
        try:
            running = instance.bring_up(home, say=console.print)
        except BaseException:
            if not was_there:
                instance.take_down(home)
            raise
    started = f"started {', '.join(running.fresh)}" if running.fresh else "was running already"
    console.print(f"Airflow {started}. `make down` stops it.\n")
    console.print(f"  Address    {running.address.url}/dags/{instance.DAG_ID}")
    console.print(f"  User       {USER}")
    console.print(f"  Password   {home.password()}")
    console.print(f"  Logs       {home.logs}\n")
    console.print("Trigger in the UI shows the form; empty fields are the deployment's own choices.")


@app.command()
def down() -> None:
    """Stop exactly what `up` started, its tasks included."""
    home = here()
    with home.alone():
        stopped = instance.take_down(home)
    console.print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


@app.command()
def status() -> None:
    """Tell what of `up` is running; ends with 1 when it is not healthy."""
    home = here()
    alive = processes.running(home.logs) if home.logs.exists() else {}
    for name in instance.COMMANDS:
        console.print(f"  {name:<14}{f'runs, pid {alive[name].pid}' if name in alive else 'does not run'}")
    found = instance.find(home)
    healthy = found is not None and instance.is_healthy(found)
    if found is not None:
        console.print(f"  {found.address.url} is {'healthy' if healthy else 'not healthy (yet)'}")
    raise typer.Exit(0 if healthy else 1)


@app.command()
def demo(
    publisher: Annotated[
        str, typer.Option(help="Where to, such as folder, drive-emulator, or several with commas.")
    ] = "",
) -> None:
    """Make the lessons of the shipped examples with the real DAG; ends with 1 when one failed."""
    home: Home = here()
    with home.alone(), chosen_publishers(home, publisher):
        fine = run_demo(home, console)
    raise typer.Exit(0 if fine else 1)


def _guarded(run: Callable[[], None]) -> None:
    # A command that is asked to stop still stops the Airflow it has started.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        run()
    except PresGenError as error:
        console.print(str(error), style="red", markup=False)
        sys.exit(1)


if __name__ == "__main__":
    _guarded(app)
