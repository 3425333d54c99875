"""The night's report to read: a page with charts, a few lines for an e-mail, and the values behind both.

`account_of` gathers the values from the ledger; `page_of` and `text_of` show them; `keep_account` lays all
three beside what else was found on the run, under `reports/RUN/` in the workspace.
"""

from presgen.bulletin.account import NightAccount, account_of
from presgen.bulletin.keeping import forget_in_reports, keep_account, kept_account, report_page
from presgen.bulletin.page import page_of, text_of

__all__ = [
    "NightAccount",
    "account_of",
    "forget_in_reports",
    "keep_account",
    "kept_account",
    "page_of",
    "report_page",
    "text_of",
]
