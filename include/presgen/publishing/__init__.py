"""A checked lesson leaves the house: its files are made ready, and a publisher delivers them."""

from presgen.publishing.desk import Desk, Recipient
from presgen.publishing.manifest import Manifest
from presgen.publishing.packing import pack
from presgen.publishing.parcel import Item, Parcel
from presgen.publishing.publishers import publishers
from presgen.publishing.report import LessonReport, lesson_report

__all__ = [
    "Desk",
    "Item",
    "LessonReport",
    "Manifest",
    "Parcel",
    "Recipient",
    "lesson_report",
    "pack",
    "publishers",
]
