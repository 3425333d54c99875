"""Every command on the page for whoever is woken is one that works."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from presgen import pipeline, stages
from presgen.bulletin import keep_account
from presgen.cli import app
from presgen.errors import BadInput
from tests.nights import STAMP, make_learner_record, make_night, write_records

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
COMMANDS = list(dict.fromkeys(line for block in BLOCKS for line in block.splitlines() if line.strip()))
RUN = "night-1"


def commands(name: str) -> list[str]:
    """Return the page's commands of that program."""
    return [command for command in COMMANDS if command.startswith(f"{name} ")]


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A night of two lessons, one of which failed, and what the page calls its parts."""
    folder = tmp_path_factory.mktemp("operations")
    source = write_records(folder, [make_learner_record(1), make_learner_record(2)])
    night = make_night(folder, RUN)
    pipeline.produce(night, source)
    lesson, other = night.ledger.lessons(RUN)
    night.ledger.reset(lesson.lesson_id, run_id=RUN, why="test")
    pipeline.fail_lesson(night, lesson.lesson_id, BadInput("Broken on purpose."))
    keep_account(night, pipeline.report(night))
    shared = next(each for each in night.ledger.sections(RUN) if each.kind == "deep_dive")
    backup = folder / "backup"
    backup.mkdir()
    return {
        "RUN": RUN,
        "LESSON": lesson.lesson_id,
        "LEARNER": other.pseudonym,
        "KEY": shared.key[:12],
        "SOURCE": source,
        "PRESGEN_WORKSPACE": str(folder / "workspace"),
        "PRESGEN_OUTPUT": str(folder / "output"),
        "BACKUP": str(backup),
    }


@pytest.fixture
def deployment(values: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """That night's environment."""
    chosen = {"FORMATS": STAMP, "RENDERER": "card", "WORKERS": "1", "BUDGET": "90"}
    chosen |= {"PSEUDONYM_KEY": "k" * 32, "CREDENTIALS": ""}
    for name, value in chosen.items():
        monkeypatch.setenv(f"PRESGEN_{name}", value)
    for name in ("PRESGEN_WORKSPACE", "PRESGEN_OUTPUT"):
        monkeypatch.setenv(name, values[name])
    return values


def filled(command: str, values: dict[str, str]) -> str:
    """Return the command with the night's own values in it."""
    return re.sub(r"\$([A-Z_]+)", lambda found: values[found[1]], command)


@pytest.mark.parametrize("command", commands("presgen"))
def test_our_commands_do_what_the_page_says(command: str, deployment: dict[str, str]):
    result = CliRunner().invoke(app, shlex.split(filled(command, deployment))[1:], catch_exceptions=False)
    structlog.reset_defaults()
    stages._chosen = None

    # 1 tells that something failed in that night, 2 that the command makes no sense.
    assert result.exit_code in (0, 1), result.output
    assert "Usage:" not in result.output
    assert result.stdout.strip()


@pytest.mark.parametrize("command", commands("airflow"))
def test_airflows_commands_are_ones_that_airflow_knows(command: str):
    from airflow.cli.cli_parser import get_parser

    assert get_parser().parse_args(shlex.split(command)[1:]).func


def test_what_is_backed_up_can_be_restored(deployment: dict[str, str], tmp_path: Path):
    if shutil.which("sqlite3") is None:
        pytest.skip("needs Debian's package sqlite3: apt-get install sqlite3")
    for command in (*commands("sqlite3"), *commands("tar")):
        subprocess.run(shlex.split(filled(command, deployment)), check=True)
    backup = Path(deployment["BACKUP"])

    subprocess.run(["tar", "-C", tmp_path, "-xf", backup / "workspace.tar"], check=True)
    shutil.copy(backup / "ledger.sqlite", tmp_path)

    verified = CliRunner().invoke(app, ["audit", "verify", "--workspace", str(tmp_path)])
    assert verified.exit_code == 0, verified.output


def test_every_block_is_of_commands_that_are_tested():
    assert {command.split()[0] for command in COMMANDS} <= {"presgen", "airflow", "sqlite3", "tar"}
    assert len(commands("presgen")) >= 10


def test_every_alert_is_on_the_page():
    from presgen.alerting.mail import LABELS

    headings = {
        line.removeprefix("### ") for line in PAGE.read_text("utf-8").splitlines() if line[:4] == "### "
    }

    assert {
        "Deadline missed",
        "Many failures",
        "A section fails for many",
        "Delivery blocked",
        "Run failed",
    } <= (headings & set(LABELS.values()))
