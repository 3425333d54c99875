"""What is started in the background is found again, and that alone is stopped, with its children."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from presgen_airflow.local import processes

SLEEP = "import time; time.sleep(60)"
SLEEPS = (sys.executable, "-c", SLEEP)
BEARS = f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', '{SLEEP}'])"
HAS_A_CHILD = (sys.executable, "-c", f"{BEARS}; print(child.pid, flush=True); {SLEEP}")
IGNORES = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True)"
WILL_NOT_GO = (sys.executable, "-c", f"{IGNORES}; {SLEEP}")


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., processes.Started]]:
    """Start a process and make sure that it has ended when the test has."""
    started: list[processes.Started] = []

    def start(name: str, command: tuple[str, ...]) -> processes.Started:
        started.append(processes.start(name, command, tmp_path, os.environ, tmp_path))
        return started[-1]

    yield start
    for one in started:
        for process in processes._family(one):
            process.kill()
            process.wait()


def wait_for(fact: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not fact():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_was_started_is_running_until_it_is_stopped(tmp_path: Path, launch):
    launch("sleeper", SLEEPS)
    assert set(processes.running(tmp_path)) == {"sleeper"}

    assert processes.stop(tmp_path) == ("sleeper",)

    assert processes.running(tmp_path) == {}
    assert processes.stop(tmp_path) == ()


def test_children_end_with_their_parent(tmp_path: Path, launch):
    launch("parent", HAS_A_CHILD)
    log = tmp_path / "parent.log"
    wait_for(lambda: log.read_text().strip() != "")
    child = psutil.Process(int(log.read_text()))

    processes.stop(tmp_path)

    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_children_that_lost_their_parent_end_as_well(tmp_path: Path, launch):
    parent = launch("parent", HAS_A_CHILD)
    log = tmp_path / "parent.log"
    wait_for(lambda: log.read_text().strip() != "")
    orphan = psutil.Process(int(log.read_text()))
    psutil.Process(parent.pid).kill()
    psutil.Process(parent.pid).wait()

    processes.stop(tmp_path)

    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE


def test_a_process_that_will_not_go_is_made_to(tmp_path: Path, launch, monkeypatch):
    monkeypatch.setattr(processes, "GRACE", 0.2)
    launch("deaf", WILL_NOT_GO)
    wait_for(lambda: (tmp_path / "deaf.log").read_text() != "")

    assert processes.stop(tmp_path) == ("deaf",)

    assert processes.running(tmp_path) == {}


def test_a_stranger_with_the_same_pid_is_left_alone(tmp_path: Path):
    stranger = subprocess.Popen(SLEEPS)
    try:
        earlier = psutil.Process(stranger.pid).create_time() - 60
        note = processes.Started(name="gone", pid=stranger.pid, started=earlier)
        (tmp_path / "gone.json").write_text(note.model_dump_json())

        assert processes.running(tmp_path) == {}
        assert processes.stop(tmp_path) == ()

        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_the_last_one_goes_when_the_others_have_gone(tmp_path: Path, launch, monkeypatch):
    launch("api", SLEEPS)
    launch("tasks", SLEEPS)
    order = []
    monkeypatch.setattr(psutil.Process, "terminate", lambda self: (order.append(self.pid), self.kill()))
    pids = {name: started.pid for name, started in processes.running(tmp_path).items()}

    processes.stop(tmp_path, last=("api",))

    assert order == [pids["tasks"], pids["api"]]


def test_an_end_by_itself_is_told_with_the_last_lines(tmp_path: Path):
    (tmp_path / "api.log").write_text("\n".join(f"line {number}" for number in range(40)))

    told = str(processes.Ended("api", tmp_path / "api.log"))

    assert "line 39" in told
    assert "line 3\n" not in told
