"""The one record of an order, kept in the workspace for its run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from presgen.sources.readers import json_file, readers
from presgen.sources.row import Row

RECORD = "record.json"


@readers.register("order")
def read_order(address: str, *, max_bytes: int) -> Iterator[Row]:
    """Yield the record that lies in the order's folder, under the folder's name."""
    folder = Path(address)
    yield from json_file.rows_of(folder / RECORD, folder.name, max_bytes)
