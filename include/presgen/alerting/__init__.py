"""What whoever is woken gets to read: one notice a night and topic, with what is known and what to do.

Notices are built from the ledger, rendered as mail or JSON, and sent by whoever is handed in: this room knows
neither Airflow nor a mail server.
"""

from presgen.alerting.failing import Limits, failure_notices, limits_of, run_failed_notice
from presgen.alerting.lateness import Awaited, late_notice
from presgen.alerting.notice import Group, Link, Notice, NoticeKind, Topic
from presgen.alerting.telling import Told, tell

__all__ = [
    "Awaited",
    "Group",
    "Limits",
    "Link",
    "Notice",
    "NoticeKind",
    "Told",
    "Topic",
    "failure_notices",
    "late_notice",
    "limits_of",
    "run_failed_notice",
    "tell",
]
