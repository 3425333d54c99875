"""What `tests/live` asks of a real account, asked of the emulator: it works when somebody has one."""

from __future__ import annotations

import pytest

from tests import accounts
from tests.deliveries import EMAIL, drive_here


@pytest.fixture
def drive(tmp_path):
    with drive_here(tmp_path) as drive:
        yield drive


@pytest.mark.parametrize("reader", ["", EMAIL])
def test_the_account_passes_the_check(drive, reader):
    settings = {name: value for name, value in drive.settings().items() if name != "publishers"}

    environment = {f"PRESGEN_{name.upper()}": str(value) for name, value in settings.items()}

    accounts.passes_the_check(environment, reader)

    assert set(drive.storage.items) == {drive.root}


def test_the_account_takes_a_lesson_its_change_and_its_withdrawal(drive, tmp_path):
    accounts.takes_a_lesson_its_change_and_its_withdrawal(drive.desk(tmp_path), tmp_path)

    assert not list(drive.storage.files())
