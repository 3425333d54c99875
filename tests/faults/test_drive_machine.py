"""Two runs deliver the same lesson to one Drive: killed anywhere, interleaved anyhow, and it is there once.

Every request to Drive and every word to the ledger is a step. A run is killed before any of its steps, which
is after the one before, and whose step is next is drawn. The requests are real HTTP, the ledger is a real
database.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import google_auth_httplib2
import pytest
from google.oauth2 import service_account
from googleapiclient.http import build_http
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from presgen.publishing import Desk, Parcel
from presgen.publishing.drive import uploading
from presgen.publishing.drive.service import scopes_of, service_over
from presgen.publishing.publishers.drive import publish_to_drive
from presgen_airflow.local.drive_emulator import Fault
from tests.deliveries import DriveHere, drive_here
from tests.nights import make_parcel

FILMS = (b"the film" * 40_000, b"a better film" * 30_000)
FAULTS = (
    (Fault.UNAVAILABLE_AFTER, "upload.last"),
    (Fault.ANSWER_LOST, "upload.last"),
    (Fault.RESET, "upload.chunk"),
    (Fault.SESSION_GONE, "upload.chunk"),
    (Fault.ANSWER_LOST, "files.create"),
    (Fault.HALF, "upload.chunk"),
)


def small_parcel(folder: Path, film: bytes) -> Parcel:
    """Make a lesson of two chunks of film, its captions and the manifest: one of each kind of file."""
    parcel = make_parcel(folder, film)
    film_item, captions, *_, manifest = parcel.items
    return replace(parcel, items=(film_item, captions, manifest))


class Killed(BaseException):
    """The process is gone: nothing in it gets another turn."""


class Run(threading.Thread):
    """A delivery that takes a step when it is told to, and can be killed at any."""

    def __init__(self, parcel: Parcel, desk: Desk) -> None:
        super().__init__(daemon=True)
        self._turn = threading.Semaphore(0)
        self._rests = threading.Semaphore(0)
        self._dead = False
        self.error: BaseException | None = None
        self.parcel = parcel
        self._open_drive: Any = desk.open_drive
        self._desk = replace(desk, open_drive=self._opened, ledger=Stepped(desk.ledger, self.step))
        self.start()
        self._rests.acquire()

    def run(self) -> None:
        try:
            self.step()
            publish_to_drive(self.parcel, self._desk)
        except Killed:
            pass
        except BaseException as error:  # noqa: BLE001 - for the test to look at
            self.error = error
        finally:
            self._rests.release()

    def step(self) -> None:
        """Rest until it is our turn."""
        if self._dead:
            raise Killed
        self._rests.release()
        self._turn.acquire()
        if self._dead:
            raise Killed

    def go_on(self, *, dying: bool = False) -> None:
        """Take one step; when ``dying``, no other one follows."""
        if not self.is_alive():
            return
        self._turn.release()
        self._rests.acquire()
        if dying:
            self.kill()
        if not self._turn_is_awaited():
            self.join(30)

    def kill(self) -> None:
        """Be gone."""
        self._dead = True
        self._turn.release()
        self.join(30)

    def _turn_is_awaited(self) -> bool:
        return self.is_alive() and self.error is None and not self._dead

    def _opened(self, chosen: Any) -> Any:
        service = self._open_drive(chosen)
        real = service._http.request

        def request(*words: Any, **named: Any) -> Any:
            self.step()
            return real(*words, **named)

        service._http.request = request
        return service


class Stepped:
    """A ledger whose every word is a step."""

    def __init__(self, ledger: Any, step: Callable[[], None]) -> None:
        self._ledger = ledger
        self._step = step

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._ledger, name)

        def stepped(*words: Any, **named: Any) -> Any:
            self._step()
            return real(*words, **named)

        return stepped


@dataclass
class Desks:
    """Desks at one Drive, each with a new ledger; what all of them would make alike is made once."""

    drive: DriveHere
    folder: Path

    def __post_init__(self) -> None:
        self._empty = self.drive.desk(self.folder / "empty")
        self._credentials = service_account.Credentials.from_service_account_file(
            str(self.drive.key), scopes=scopes_of(self._empty.settings)
        )

    def new(self, place: Path) -> Desk:
        """Return a desk with a ledger in which nothing is written yet."""
        ledger = place / "workspace" / "ledger.sqlite"
        ledger.parent.mkdir(parents=True)
        with sqlite3.connect(self._empty.settings.workspace / ledger.name) as empty:
            empty.execute("VACUUM INTO ?", (str(ledger),))
        empty.close()
        return replace(self.drive.desk(place), open_drive=self._opened)

    def _opened(self, chosen: Any) -> Any:
        http = google_auth_httplib2.AuthorizedHttp(self._credentials, http=build_http())
        return service_over(http, chosen.drive_endpoint)


def machine(folder: Path, drive: DriveHere, counted: list[int]) -> type[RuleBasedStateMachine]:
    """Return the machine over that Drive; each of its lives has a lesson and a ledger of its own."""
    desks = Desks(drive, folder)

    class Deliveries(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            counted[0] += 1
            self.place = folder / str(counted[0])
            empty(drive)
            self.parcel = small_parcel(self.place / "w", FILMS[0])
            self.desk = desks.new(self.place)
            self.runs: list[Run] = []

        @rule(
            dying=st.sampled_from([False, False, False, True]),
            steps=st.integers(1, 30),
            who=st.integers(0, 1),
        )
        def go_on(self, dying: bool, steps: int, who: int) -> None:
            """One of the two runs takes some steps, and may then be gone."""
            self.runs = [run for run in self.runs if run.is_alive()]
            while len(self.runs) <= who:
                self.runs.append(Run(self.parcel, self.desk))
            for count in range(steps):
                self.runs[who].go_on(dying=dying and count == steps - 1)

        @rule(fault=st.sampled_from(FAULTS))
        def break_something(self, fault: tuple[Fault, str]) -> None:
            drive.emulator.faults.arm(*fault)

        @invariant()
        def nothing_is_there_twice(self) -> None:
            names = paths(drive)
            assert len(set(names)) == len(names)

        def teardown(self) -> None:
            """Let everybody die or end; then one run more, as the scheduler would, and all is there once."""
            for run in self.runs:
                run.kill()
                assert run.error is None or isinstance(run.error, Killed), run.error
            drive.emulator.faults.disarm()
            publish_to_drive(self.parcel, self.desk)
            assert contents(drive) == sorted(item.sha256 for item in self.parcel.items)
            assert publish_to_drive(self.parcel, self.desk).unchanged
            better = small_parcel(self.place / "w", FILMS[1])
            publish_to_drive(better, self.desk)
            assert contents(drive) == sorted(item.sha256 for item in better.items)

    return Deliveries


def empty(drive: DriveHere) -> None:
    """Let the Drive be as it was at first."""
    with drive.emulator.lock:
        for stored in list(drive.storage.items.values()):
            if stored.id != drive.root:
                del drive.storage.items[stored.id]
        drive.storage.sessions.clear()
    drive.emulator.faults.disarm()


def paths(drive: DriveHere) -> list[str]:
    with drive.emulator.lock:
        return [drive.storage.path(each) for each in drive.storage.items.values() if not each.file["trashed"]]


def contents(drive: DriveHere) -> list[str]:
    with drive.emulator.lock:
        return sorted(
            hashlib.sha256(drive.storage.content(each.id)).hexdigest() for each in drive.storage.files()
        )


@pytest.mark.slow
def test_one_file_with_the_right_bytes_however_two_runs_are_mixed_and_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(uploading, "CHUNK", 256 * 1024)
    with drive_here(tmp_path) as drive:
        run_state_machine_as_test(
            machine(tmp_path, drive, [0]),
            settings=settings(
                max_examples=100,
                stateful_step_count=8,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


def steps_of_a_delivery(parcel: Parcel, desk: Desk) -> int:
    """Count the steps of a delivery that nothing disturbs."""
    run = Run(parcel, desk)
    count = 0
    while run.is_alive():
        run.go_on()
        count += 1
    assert run.error is None
    return count


@pytest.mark.slow
def test_a_delivery_killed_at_each_of_its_steps_is_finished_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(uploading, "CHUNK", 256 * 1024)
    parcel = small_parcel(tmp_path / "w", FILMS[0])
    with drive_here(tmp_path) as drive:
        desks = Desks(drive, tmp_path)
        for moment in range(steps_of_a_delivery(parcel, desks.new(tmp_path / "counted"))):
            empty(drive)
            desk = desks.new(tmp_path / str(moment))
            run = Run(parcel, desk)
            for _ in range(moment):
                run.go_on()
            run.kill()

            publish_to_drive(parcel, desk)

            assert contents(drive) == sorted(item.sha256 for item in parcel.items), moment
            assert len(set(paths(drive))) == len(paths(drive))
