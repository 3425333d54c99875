"""One JSON file with one record, or a list of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from presgen.errors import BadRecord
from presgen.sources.readers import readers
from presgen.sources.row import Row
from presgen.sources.strict_json import decode, parse_rows

LARGEST_LIST = 1_000
"""Times ``max_bytes``: a list is read whole, and a larger one belongs into JSON lines."""


@readers.register("json")
def read_json_file(address: str, *, max_bytes: int) -> Iterator[Row]:
    """Yield the file's record as ``records.json``, or those of its list as ``records.json#1`` and on."""
    path = Path(address)
    yield from rows_of(path, path.name, max_bytes)


def rows_of(path: Path, where: str, max_bytes: int) -> Iterator[Row]:
    """Yield the records of a JSON file, under the address it is to be known by."""
    most = max_bytes * LARGEST_LIST
    with path.open("rb") as file:
        data = file.read(most + 1)
    try:
        text = decode(data, most)
    except BadRecord as problem:
        yield Row(where, problem=problem)
        return
    del data
    yield from parse_rows(where, text, max_bytes)
