"""Where a night's report to read is kept: beside what else was found on the run, in the workspace."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from presgen.bulletin.account import NightAccount, account_of
from presgen.bulletin.page import page_of, text_of
from presgen.errors import BadInput
from presgen.model.references import NightReport
from presgen.night import Night
from presgen.pipeline import name_of_run
from presgen.workspace import Workspace, on_disk, write_whole

PAGE = "report.html"
TEXT = "report.txt"
VALUES = "report.json"


def keep_account(night: Night, report: NightReport) -> Path:
    """Write the run's account, its page and its lines for an e-mail, and return the page's place.

    Raises:
        StoreUnavailable: the ledger or the workspace is away, or full.
    """
    price = night.settings.cpu_hour_price or None
    account = account_of(night.ledger, report, price=price)
    page = report_page(night.workspace, night.run_id)
    with on_disk("the night's report"):
        page.parent.mkdir(parents=True, exist_ok=True)
        write_whole(page.with_name(VALUES), account.model_dump_json(indent=2).encode())
        write_whole(page.with_name(TEXT), text_of(account).encode())
        write_whole(page, page_of(account).encode())
    return page


def report_page(workspace: Workspace, run_id: str) -> Path:
    """Return where the page of a run's report is, or would be."""
    return workspace.root / "reports" / name_of_run(run_id) / PAGE


def kept_account(workspace: Workspace, run_id: str) -> NightAccount:
    """Return the account that was kept of a run.

    Raises:
        BadInput: there is none.
        StoreUnavailable: the workspace is away.
    """
    values = report_page(workspace, run_id).with_name(VALUES)
    if not values.is_file():
        raise BadInput(f"There is no report of run {run_id!r}: it has not ended, or there was no such run.")
    with on_disk("the night's report"):
        return NightAccount.model_validate_json(values.read_bytes())


def forget_in_reports(root: Path, words: Collection[str]) -> int:
    """Take these ids out of all that was reported of runs, and return in how many files they were.

    That is: the nights' accounts, what Great Expectations found and its documents, and rehearsals.

    Raises:
        StoreUnavailable: the workspace is away.
    """
    count = 0
    with on_disk("the nights' reports"):
        found = [path for kind in ("reports", "rehearsals") for path in (root / kind).rglob("*")]
        for path in filter(Path.is_file, found):
            text = cleared = path.read_bytes()
            for word in words:
                cleared = cleared.replace(word.encode(), b"erased")
            if cleared != text:
                write_whole(path, cleared)
                count += 1
    return count
