"""A PostgreSQL server of our own: Debian's binaries, a free port on loopback, gone when tests are over."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USERS = ("postgres", "nobody")
"""Whom the server runs as where we are root, which it refuses to."""
PATIENCE = 60.0


class NoServer(Exception):
    """There is nothing to start a server with; the message says what would help."""


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server with an empty database; yield its URL, and stop it afterwards.

    Raises:
        NoServer: PostgreSQL is not installed.
    """
    tools = _tools()
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="presgen-postgres-"))
    try:
        word = folder / "password"
        password = secrets.token_hex(16)
        word.write_text(password)
        if user is not None:
            for path in (folder, word):
                os.chown(path, user.pw_uid, user.pw_gid)
        data = folder / "data"
        _run(user, tools / "initdb", "-D", data, "-U", "presgen", "-A", "scram-sha-256", "--pwfile", word)
        port = _free_port()
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "fsync": "off"}
        command = [tools / "postgres", "-D", data, "-p", port]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(_as(user, *command), stdout=log, stderr=log, cwd="/")
        try:
            _wait(server, port, folder / "log")
            yield f"postgresql+psycopg2://presgen:{password}@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tools() -> Path:
    found = sorted(
        (path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()),
        key=lambda path: float(path.parent.name),
    )
    if not found:
        raise NoServer("needs PostgreSQL: apt-get install postgresql, or set PRESGEN_TEST_POSTGRES_URL")
    return found[-1]


def _user() -> pwd.struct_passwd | None:
    """Return whom to start the server as; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer(f"needs one of the users {', '.join(USERS)}: PostgreSQL refuses to run as root")


def _as(user: pwd.struct_passwd | None, *command: object) -> list[str]:
    before: list[object] = []
    if user is not None:
        before = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]
    return [str(word) for word in (*before, *command)]


def _run(user: pwd.struct_passwd | None, *command: object) -> None:
    done = subprocess.run(_as(user, *command), capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-2000:]}")


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while "ready to accept connections" not in log.read_text(errors="replace"):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
