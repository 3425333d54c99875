"""A real account of Google Drive, its key and folder in the environment: `pytest -m drive tests/live`."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from presgen.publishing import Desk, Recipient
from presgen.publishing.drive.service import open_drive
from tests import accounts
from tests.deliveries import make_desk

NEEDED = ("PRESGEN_DRIVE_KEY", "PRESGEN_DRIVE_FOLDER")
READER = "PRESGEN_LIVE_READER"
"""A Google account's address to try sharing with; it gets no mail. Without it, that is not tried."""

pytestmark = pytest.mark.drive


@pytest.fixture
def account(request: pytest.FixtureRequest) -> dict[str, str]:
    """The account's key and folder, as environment variables."""
    if "drive" not in str(request.config.option.markexpr):
        pytest.skip("talks to a real Drive account: ask for it by -m drive")
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        pytest.skip(f"needs a Drive account: set {' and '.join(missing)} (docs/drive.md says how)")
    return {name: os.environ[name] for name in NEEDED}


@pytest.fixture
def desk(account: dict[str, str], tmp_path: Path) -> Desk:
    """A desk at that account, of whose lessons nobody is told."""
    key, folder = (account[name] for name in NEEDED)
    desk = make_desk(tmp_path, drive_key=Path(key), drive_folder=folder)
    return replace(desk, recipient=Recipient(""), open_drive=open_drive)


def test_the_account_passes_the_check(account):
    accounts.passes_the_check(account, os.environ.get(READER, ""))


def test_the_account_takes_a_lesson_its_change_and_its_withdrawal(desk, tmp_path):
    accounts.takes_a_lesson_its_change_and_its_withdrawal(desk, tmp_path)
