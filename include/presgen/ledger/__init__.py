"""What happened, to which lesson, in which run: the memory that outlives every process.

The ledger is ours; nothing here touches Airflow's database.
"""

from presgen.ledger.book import Ledger
from presgen.ledger.entries import (
    ApprovalEntry,
    AttemptEntry,
    Destination,
    EventEntry,
    KnownSection,
    LessonEntry,
    NoticeState,
    OrderEntry,
    OrderState,
    Reservation,
    RunEntry,
    SectionEntry,
    SectionOutcome,
)
from presgen.ledger.opening import open_ledger

__all__ = [
    "ApprovalEntry",
    "AttemptEntry",
    "Destination",
    "EventEntry",
    "KnownSection",
    "Ledger",
    "LessonEntry",
    "NoticeState",
    "OrderEntry",
    "OrderState",
    "Reservation",
    "RunEntry",
    "SectionEntry",
    "SectionOutcome",
    "open_ledger",
]
