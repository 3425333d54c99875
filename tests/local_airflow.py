"""A local Airflow for tests, as `make up` brings it up, and a way into its UI."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from presgen_airflow.local import instance
from presgen_airflow.local.home import Home
from tests.airflow_home import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page


@contextmanager
def airflow_in(folder: Path, **settings: str) -> Iterator[instance.Instance]:
    """Run an Airflow whose home, workspace and output lie in the folder; whatever happens, take it down.

    ``settings`` are more of its environment, by name.
    """
    home = Home(project=ROOT, folder=folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESGEN_WORKSPACE", str(folder / "workspace"))
        patch.setenv("PRESGEN_OUTPUT", str(folder / "output"))
        patch.setenv("PRESGEN_RENDERER", "card")
        for name, value in settings.items():
            patch.setenv(name, value)
        try:
            yield instance.bring_up(home, schedule=False)
        finally:
            instance.take_down(home)


def log_in(page: Page, running: instance.Instance) -> None:
    """Open Airflow's own UI and log in with its form."""
    page.goto(running.address.url)
    page.locator("input[name=username]").fill(instance.USER)
    page.locator("input[name=password]").fill(running.home.password())
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda url: "/auth/" not in url)
