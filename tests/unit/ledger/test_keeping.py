from __future__ import annotations

import multiprocessing
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from presgen.errors import StoreUnavailable
from presgen.ledger import Ledger, keeping, open_ledger
from presgen.ledger.transactions import reading, writing

LOCKS = Path("/proc/locks")

# Threads and forks together are what this is about.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


@contextmanager
def forked(work, *arguments):
    """A child that does the work; it must come to a good end."""
    child = multiprocessing.get_context("fork").Process(target=work, args=arguments)
    child.start()
    yield child
    child.join(60)
    assert child.exitcode == 0


def note(ledger: Ledger, number: int) -> None:
    ledger.note_event("run-1", "written", "lesson-1", {"number": number})


def noted(ledger: Ledger) -> set[int]:
    return {event.facts["number"] for event in ledger.events() if event.name == "written"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def kept(path: Path) -> Ledger:
    """A ledger of SQLite whose connection is open."""
    ledger = open_ledger(f"sqlite:///{path}")
    note(ledger, 0)
    return ledger


def test_a_connection_is_kept_from_one_transaction_to_the_next(kept, path):
    log = path.with_name(path.name + "-wal")
    before = log.stat()

    note(kept, 1)
    note(open_ledger(f"sqlite:///{path}"), 2)

    # Whoever closes last removes it.
    assert log.stat().st_ino == before.st_ino
    assert noted(kept) == {0, 1, 2}


def lock_while_told(ledger: Ledger, path: Path, locked, told) -> None:
    with writing(ledger._engine) as connection:
        connection.execute(text("SELECT COUNT(*) FROM events")).scalar_one()
        locked.set()
        assert told.wait(30)
    note(ledger, 1)


@pytest.mark.skipif(not LOCKS.exists(), reason="needs Linux, which tells who holds which lock")
def test_a_forked_process_takes_locks_of_its_own(kept, path):
    context = multiprocessing.get_context("fork")
    locked, told = context.Event(), context.Event()

    with forked(lock_while_told, kept, path, locked, told) as child:
        assert locked.wait(30)
        inodes = {entry.stat().st_ino for entry in path.parent.iterdir()}
        lines = [line.split() for line in LOCKS.read_text().splitlines()]
        mine = {
            int(line[5].rpartition(":")[2])
            for line in lines
            if line[4] == str(child.pid) and "->" not in line
        }
        told.set()

    # The file itself and the memory that its users share.
    assert len(mine & inodes) == 2
    assert noted(kept) == {0, 1}


def note_many(ledger: Ledger, first: int) -> None:
    for number in range(first, first + 20):
        note(ledger, number)


def test_forked_processes_lose_none_of_each_others_writes(ledger):
    note(ledger, 0)

    with forked(note_many, ledger, 100), forked(note_many, ledger, 200):
        note_many(ledger, 300)

    expected = {number for first in (100, 200, 300) for number in range(first, first + 20)}
    assert noted(ledger) == {0} | expected


def test_a_fork_waits_for_the_transactions_of_other_threads(ledger):
    entered, leave = threading.Event(), threading.Event()

    def dawdle() -> None:
        with writing(ledger._engine) as connection:
            connection.execute(text("SELECT COUNT(*) FROM events")).scalar_one()
            entered.set()
            leave.wait(30)

    with ThreadPoolExecutor(2) as pool:
        done = pool.submit(dawdle)
        assert entered.wait(30)
        threading.Timer(0.2, leave.set).start()
        with forked(note, ledger, 1):
            assert leave.is_set()
        done.result(30)

    assert noted(ledger) == {1}


def is_refused(ledger: Ledger) -> None:
    with pytest.raises(StoreUnavailable, match="forked in the middle"):
        note(ledger, 1)
    with pytest.raises(StoreUnavailable, match="forked in the middle"):
        open_ledger("sqlite:////never/opened.sqlite")


def test_who_was_forked_in_the_middle_of_a_transaction_cannot_use_the_ledger(ledger):
    with reading(ledger._engine) as connection:
        count = text("SELECT COUNT(*) FROM events")
        before = connection.execute(count).scalar_one()
        with forked(is_refused, ledger):
            pass
        assert connection.execute(count).scalar_one() == before

    note(ledger, 2)
    assert noted(ledger) == {2}


def test_many_threads_use_one_ledger_at_once(ledger):
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda number: (note(ledger, number), ledger.events()), range(60)))

    assert noted(ledger) == set(range(60))


def test_a_ledger_that_came_back_from_a_backup_is_the_one_that_is_used(kept, path, tmp_path):
    with reading(kept._engine) as connection:
        connection.execute(text("SELECT 1")).scalar_one()
    kept._engine.dispose()
    shutil.copy(path, tmp_path / "backup")
    note(kept, 1)

    for entry in (path, *path.parent.glob("*-wal"), *path.parent.glob("*-shm")):
        entry.unlink(missing_ok=True)
    (tmp_path / "backup").replace(path)

    assert noted(kept) == {0}
    note(kept, 2)
    assert noted(open_ledger(f"sqlite:///{path}")) == {0, 2}


def test_a_process_keeps_few_ledgers_open(tmp_path, kept, path):
    for number in range(keeping.KEPT):
        open_ledger(f"sqlite:///{tmp_path / str(number) / 'ledger.sqlite'}")

    # The last to close has removed it.
    assert not path.with_name(path.name + "-wal").exists()
    note(kept, 1)
    assert noted(kept) == {0, 1}
