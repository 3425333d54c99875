"""Desks to hand parcels in at: each publisher's, with a destination of its own; Drive is the emulator."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.http import build_http

from presgen.ledger import open_ledger
from presgen.publishing import Desk, Recipient
from presgen.publishing.drive.service import open_drive, service_over
from presgen_airflow.local.drive_emulator import DriveEmulator, Storage
from presgen_airflow.local.drive_emulator.server import ACCOUNT, OWNER
from tests.nights import make_settings

EMAIL = "ada@example.org"


@dataclass
class DriveHere:
    """A Drive on this machine, with a shared drive for lessons."""

    emulator: DriveEmulator
    root: str
    key: Path

    @property
    def storage(self) -> Storage:
        """What lies there."""
        return self.emulator.storage

    def settings(self) -> dict[str, Any]:
        """The settings of a deployment that delivers there."""
        return {
            "publishers": ("drive",),
            "drive_endpoint": f"{self.emulator.url}/",
            "drive_folder": self.root,
            "drive_key": self.key,
        }

    def desk(self, folder: Path, pause: Callable[[float], None] = lambda _: None, **settings: Any) -> Desk:
        """Make a desk with the ledger of that deployment; nobody waits at it."""
        return make_desk(folder, pause, **self.settings() | settings)

    def own_desk(self, folder: Path) -> Desk:
        """Make a desk of a person who delivers into their own Drive, with the smaller scope."""
        token = self.emulator.new_token(OWNER, everything=False)
        return replace(
            self.desk(folder, drive_folder=""),
            open_drive=lambda settings: service_over(
                AuthorizedHttp(Credentials(token), http=build_http()), settings.drive_endpoint
            ),
        )

    def files(self) -> list[tuple[str, bytes]]:
        """Return every file that is not in the bin: where people see it, and its bytes."""
        with self.emulator.lock:
            return [(self.storage.path(each), self.storage.content(each.id)) for each in self.storage.files()]

    def names(self) -> dict[str, bytes]:
        """Return the same by where people see it."""
        return dict(self.files())


def make_desk(folder: Path, pause: Callable[[float], None] = lambda _: None, **settings: Any) -> Desk:
    """Make a desk with the ledger of the deployment in that folder."""
    chosen = make_settings(folder, **settings)
    return Desk(
        settings=chosen,
        ledger=open_ledger(chosen.ledger),
        recipient=Recipient(EMAIL),
        open_drive=open_drive,
        pause=pause,
    )


@contextmanager
def drive_here(folder: Path) -> Iterator[DriveHere]:
    """Run the emulator; nothing that is asked or answered may break the contract that Google ships."""
    folder.mkdir(parents=True, exist_ok=True)
    with DriveEmulator(folder / "drive") as emulator:
        with emulator.lock:
            root = emulator.storage.shared_drive("Lessons", ACCOUNT)
        key = folder / "key.json"
        key.write_text(json.dumps(emulator.key()))
        yield DriveHere(emulator, root, key)
    assert emulator.violations == []
