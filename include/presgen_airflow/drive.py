"""Google Drive by Airflow's own hook, with the credentials of a connection.

    python -m presgen_airflow.drive [CONNECTION] [--share-with ADDRESS]

checks a connection from end to end, as `presgen drive check` does for a key in a file.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from airflow.providers.google.suite.hooks.drive import GoogleDriveHook
from airflow.sdk.exceptions import AirflowException
from google.auth.exceptions import GoogleAuthError

from presgen.errors import DeliveryBlocked
from presgen.publishing.drive.service import scopes_of, service_over
from presgen.settings import Settings

SCOPE_FIELD = "scope"


class LessonDriveHook(GoogleDriveHook):
    """Airflow's hook for Drive, asking for the least scope.

    Only its connection, its credentials and its transport are used: what it does itself logs the paths of
    files, which is why nothing of that is called.
    """

    def __init__(self, settings: Settings, connection: str) -> None:
        super().__init__(gcp_conn_id=connection)
        self._settings = settings

    @property
    def scopes(self) -> Sequence[str]:
        """What the connection says, or else the least that is needed."""
        own: Sequence[str] = super().scopes
        return own if self._get_field(SCOPE_FIELD, None) else scopes_of(self._settings)

    def get_conn(self) -> Any:
        """Return Google's client for Drive, at the endpoint that the settings name."""
        if not self._conn:
            self._conn = service_over(self._authorize(), self._settings.drive_endpoint)
        return self._conn


def drive_of(settings: Settings, connection: str) -> Any:
    """Return Google's client for Drive with that connection's credentials.

    Raises:
        DeliveryBlocked: the connection holds none that can be used.
    """
    try:
        return LessonDriveHook(settings, connection).get_conn()
    except (AirflowException, GoogleAuthError, ValueError, OSError) as error:
        # What is wrong with a key may quote it.
        raise DeliveryBlocked(
            f"Airflow's connection {connection!r} is not there, or holds no credentials for Google "
            f"({type(error).__name__}).",
            "Give it the key of a service account: docs/drive.md says how.",
        ) from None


def main(arguments: Sequence[str]) -> int:
    """Check a connection and print what is missing."""
    from rich.console import Console

    from presgen.publishing.drive.check import check_drive
    from presgen_airflow.connections import ConnectionNames

    parser = ArgumentParser("python -m presgen_airflow.drive", description="Try all that a delivery does.")
    parser.add_argument("connection", nargs="?", default=ConnectionNames().drive_conn_id)
    parser.add_argument("--share-with", metavar="ADDRESS", default="", help="try sharing with it, too")
    asked = parser.parse_args(arguments)
    console = Console(highlight=False, soft_wrap=True)
    fine = True
    for step in check_drive(
        Settings(), lambda settings: drive_of(settings, asked.connection), share_with=asked.share_with
    ):
        console.print(step.line, markup=False)
        fine = fine and step.fine
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
