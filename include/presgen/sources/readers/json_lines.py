"""A file with one JSON record a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from presgen.errors import BadRecord
from presgen.sources.readers import readers
from presgen.sources.row import Row
from presgen.sources.strict_json import parse_row


@readers.register("jsonl")
def read_json_lines(address: str, *, max_bytes: int) -> Iterator[Row]:
    """Yield the record of each line as ``records.jsonl:17``; blank lines are passed over."""
    path = Path(address)
    yield from rows_of(path, path.name, max_bytes)


def rows_of(path: Path, where: str, max_bytes: int) -> Iterator[Row]:
    """Yield the records of a file of JSON lines, under the address it is to be known by."""
    number = 0
    with path.open("rb") as file:
        while line := file.readline(max_bytes + 2):
            number += 1
            record = line.rstrip(b"\r\n")
            while not line.endswith(b"\n") and (line := file.readline(65_536)):
                pass  # the rest of a line that is too long is never held in memory
            if record.strip():
                yield parse_row(f"{where}:{number}", record, max_bytes)
    if not number:
        yield Row(
            where, problem=BadRecord("record", "0 bytes", "the file is empty; was the export cut short?")
        )
