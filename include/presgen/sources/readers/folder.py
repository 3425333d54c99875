"""A folder of JSON files and files of JSON lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from presgen.errors import BadRecord
from presgen.sources.readers import json_file, json_lines, readers
from presgen.sources.row import Row

_ROWS_OF = {
    ".json": json_file.rows_of,
    ".jsonl": json_lines.rows_of,
    ".ndjson": json_lines.rows_of,
}


@readers.register("folder")
def read_folder(address: str, *, max_bytes: int) -> Iterator[Row]:
    """Yield the records of the folder's files, by file name; other files and subfolders are passed over.

    People name such files after learners. So an address counts them: ``results/2`` is the second file by
    name, ``results/2:17`` its line 17.
    """
    folder = Path(address)
    files = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in _ROWS_OF and not path.name.startswith(".") and path.is_file()
    )
    for number, path in enumerate(files, start=1):
        where = f"{folder.resolve().name}/{number}"
        try:
            yield from _ROWS_OF[path.suffix.lower()](path, where, max_bytes)
        except (FileNotFoundError, PermissionError) as error:
            problem = BadRecord("record", "a file", f"it cannot be opened: {error.strerror}.")
            yield Row(where, problem=problem)
