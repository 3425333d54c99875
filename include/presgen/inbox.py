"""A folder that records are put into: what lies there, once nobody writes to it any more."""

from __future__ import annotations

import time
from pathlib import Path

from presgen.model.base import Model, digest_of
from presgen.workspace import sha256_of

SUFFIXES = (".json", ".jsonl", ".ndjson")
"""What the reader ``folder`` reads. Whoever wants to be sure writes under another name, or one that begins
with a dot, and renames the file when it is whole."""


class Delivery(Model):
    """The files that lie in the inbox."""

    digest: str
    """SHA-256 over the files' contents, whatever their names and order."""
    files: int

    @property
    def run_id(self) -> str:
        """The run that makes lessons of them: the same files are the same run."""
        return f"inbox__{self.digest[:32]}"


def delivery_in(folder: Path, settle: float) -> Delivery | None:
    """Return what lies in the folder; None: nothing does, or a file is younger than ``settle`` seconds.

    So several files that are put there in one go are one delivery. Nothing is moved or removed.

    Raises:
        OSError: the folder cannot be read.
    """
    files = [
        path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    ]
    files = [path for path in files if path.is_file()]
    if not files or any(time.time() - path.stat().st_mtime < settle for path in files):
        return None
    return Delivery(digest=digest_of(sorted({sha256_of(path) for path in files})), files=len(files))
