"""Where a local Airflow keeps its things, and the environment its processes run in."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from presgen.errors import BadInput, TransientError
from presgen_airflow.references import DESERIALIZATION_CLASSES, MOST_LEARNERS

FIRST_PORT = 8080
PORTS_TO_TRY = 100
LOOPBACK = "127.0.0.1"
USER = "admin"
LOCAL_SETTINGS = Path(__file__).resolve().parent.parent / "local_settings.py"


class Busy(TransientError):
    """Another command is at work on the same local Airflow."""


@dataclass(frozen=True, slots=True)
class Home:
    """A local Airflow: everything it writes lies in one folder."""

    project: Path
    """The checkout: ``dags``, ``plugins``, ``include``, ``examples``."""
    folder: Path
    """AIRFLOW_HOME."""

    @property
    def logs(self) -> Path:
        """What the processes print, a file each."""
        return self.folder / "processes"

    def prepare(self) -> None:
        """Make the folder: readable by its owner only, since it holds Airflow's keys and the password."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.logs.mkdir(exist_ok=True)
        config = self.folder / "config"
        config.mkdir(exist_ok=True)
        shutil.copyfile(LOCAL_SETTINGS, config / "airflow_local_settings.py")

    def password(self) -> str:
        """Return the password of the user ``admin``, made at the first call."""
        path = self.folder / "simple_auth_manager_passwords.json.generated"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(json.dumps({USER: secrets.token_urlsafe(12)}) + "\n", encoding="utf-8")
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return known[USER]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other commands off this Airflow for a while.

        Raises:
            Busy: another command is at work.
        """
        self.prepare()
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy(f"Another command is at work in {self.folder}; wait for it to end.") from error
            yield

    def environment(self, port: int, *, schedule: bool) -> dict[str, str]:
        """Return the environment of the processes of an Airflow whose API listens on ``port``.

        What the caller's environment says about PresGen is kept; where Airflow keeps its things is ours.
        Without ``schedule`` nothing starts by itself.
        """
        cores = os.cpu_count() or 1
        url = f"http://{LOOPBACK}:{port}"
        own = {
            "AIRFLOW_HOME": str(self.folder),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.project / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(self.project / "plugins"),
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": str(cores + 2),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__ALLOWED_DESERIALIZATION_CLASSES": DESERIALIZATION_CLASSES,
            "AIRFLOW__CORE__MAX_MAP_LENGTH": str(MOST_LEARNERS),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
            "AIRFLOW__CORE__AUTH_MANAGER": (
                "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
            ),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.folder / 'airflow.db'}",
            "AIRFLOW__API__HOST": LOOPBACK,
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": url,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(self.folder / "logs"),
            "GX_ANALYTICS_ENABLED": "False",
            "PYTHONPATH": str(self.project / "include"),
            "PYTHONUNBUFFERED": "1",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            # A proxy of the user's would get between Airflow's own processes.
            "NO_PROXY": f"{LOOPBACK},localhost",
            "no_proxy": f"{LOOPBACK},localhost",
        }
        choices = {
            "PRESGEN_WORKSPACE": self._absolute("PRESGEN_WORKSPACE", "workspace"),
            "PRESGEN_OUTPUT": self._absolute("PRESGEN_OUTPUT", "output"),
            "PRESGEN_SOURCE": os.environ.get("PRESGEN_SOURCE") or self.examples(),
        }
        if not schedule:
            choices["PRESGEN_SCHEDULE"] = ""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW__")}
        return kept | own | choices

    def examples(self) -> str:
        """Return the source of the shipped examples.

        Raises:
            BadInput: the checkout has no examples.
        """
        folder = self.project / "examples" / "networking"
        if not folder.is_dir():
            raise BadInput(f"There are no examples in {folder}: start this in a checkout of PresGen.")
        return f"folder:{folder}"

    def _absolute(self, variable: str, default: str) -> str:
        """Return a folder from the environment, seen from where the command was started."""
        return str(Path(os.environ[variable]).resolve() if variable in os.environ else self.project / default)


def here() -> Home:
    """Return the local Airflow of the checkout that holds this file; ``PRESGEN_LOCAL_HOME`` moves its folder.

    Raises:
        BadInput: this package is not installed from a checkout.
    """
    project = Path(__file__).resolve().parents[3]
    if not (project / "dags" / "produce_lessons.py").is_file():
        raise BadInput(
            f"There is no dags/produce_lessons.py in {project}: start this in a checkout of PresGen."
        )
    folder = os.environ.get("PRESGEN_LOCAL_HOME")
    return Home(project=project, folder=Path(folder).resolve() if folder else project / ".airflow")


@contextmanager
def reserved_port(first: int = FIRST_PORT) -> Iterator[int]:
    """Give the first port from ``first`` on that nobody listens on, and keep it from other local Airflows.

    A server takes seconds from its start until it listens, and cannot be handed a socket that is bound. So
    whoever starts one holds the UDP port of the same number meanwhile: nobody else can, and it is let go by
    itself when the process ends.

    Raises:
        Busy: a hundred ports in a row are taken.
    """
    for port in range(first, first + PORTS_TO_TRY):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sign:
            try:
                sign.bind((LOOPBACK, port))
            except OSError:
                continue
            if _is_free(port):
                yield port
                return
    raise Busy(f"The ports {first} to {first + PORTS_TO_TRY - 1} are all taken on {LOOPBACK}.")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will bind it
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
