"""Where records come from: read, cleaned, checked, and either believed or quarantined."""

from presgen.sources.identity import lesson_id_of, pseudonym_of
from presgen.sources.loading import LoadedRecord, LoadedRecords, believed_record, load_records

__all__ = [
    "LoadedRecord",
    "LoadedRecords",
    "believed_record",
    "lesson_id_of",
    "load_records",
    "pseudonym_of",
]
