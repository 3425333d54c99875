"""A video that somebody orders: what it is called, and where its record waits for the run that makes it.

The record holds a learner's name. So it goes into the workspace, readable by its owner only, and never into
the run's choices, which stay in the scheduler's database; those name the order.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from presgen.errors import BadInput
from presgen.model.learner import AssessmentRecord
from presgen.sources.readers.order import RECORD
from presgen.workspace import Workspace, beside, on_disk

VIDEO_ID = re.compile(r"video-[0-9a-f]{24}")
"""What the videos are called that are ordered; those of a night are called after their lessons."""

_ORDERS = "orders"
"""Their folder in the workspace."""
_READER = "order"


def new_video_id() -> str:
    """Return an id that nobody can guess."""
    return f"video-{secrets.token_hex(12)}"


def run_of(video_id: str) -> str:
    """Return the id of the run that makes an ordered video: always the same, so it is started once."""
    return f"order__{video_id}"


def source_of(video_id: str) -> str:
    """Return the source that the run reads."""
    return f"{_READER}:{video_id}"


def addressed(workspace: Workspace, source: str) -> str:
    """Return the source with the place of an order's record in it; other sources as they are.

    Raises:
        BadInput: it is an order's, and not by its id.
    """
    reader, _, video_id = source.partition(":")
    if reader != _READER:
        return source
    if not VIDEO_ID.fullmatch(video_id):
        raise BadInput(f"{video_id!r} is no ordered video's id. Fine is what the API has answered.")
    return f"{_READER}:{workspace.root / _ORDERS / video_id}"


def keep_record(workspace: Workspace, video_id: str, record: AssessmentRecord) -> None:
    """Keep the record of an order, in place of what was there.

    Raises:
        StoreUnavailable: the disk is away or full.
    """
    folder = workspace.root / _ORDERS / video_id
    with on_disk("the record of an order"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with beside(folder / RECORD) as draft, os.fdopen(_private(draft), "wb") as file:
        file.write(record.model_dump_json().encode())


def forget_records(workspace: Workspace, video_ids: Iterable[str]) -> int:
    """Remove the records of those orders; return how many there were.

    Raises:
        StoreUnavailable: the disk is away.
    """
    found = [folder for each in video_ids if (folder := workspace.root / _ORDERS / each).is_dir()]
    with on_disk("the records of orders"):
        for folder in found:
            shutil.rmtree(folder)
    return len(found)


def _private(path: Path) -> int:
    """Open a new file that nobody else may read, not even for the moment before its mode is changed."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
