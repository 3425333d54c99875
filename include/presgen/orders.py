"""A video that somebody orders: what it is called, and where its record waits for the run that makes it.

The record holds a learner's name. So it goes into the workspace, readable by its owner only, and never into
the run's choices, which stay in the scheduler's database; those name the order. The choices are kept beside
the record: so an order whose run was never started can be started later, by somebody else.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from presgen.errors import BadInput
from presgen.ledger import Ledger, OrderEntry, OrderState
from presgen.model.base import Model, Seconds
from presgen.model.learner import AssessmentRecord
from presgen.sources import LoadedRecord
from presgen.sources.readers.order import RECORD
from presgen.workspace import Workspace, beside, on_disk

VIDEO_ID = re.compile(r"video-[0-9a-f]{24}")
"""What the videos are called that are ordered; those of a night are called after their lessons."""

HANDED_IN = "inbox"
"""The folder in the workspace for records that a program hands to a run of its own, one folder a run."""
_ORDERS = "orders"
"""Their folder in the workspace."""
_CHOICES = "choices.json"
_READER = "order"


class OrderChoices(Model):
    """What an order's run is to do otherwise than the deployment's runs do."""

    formats: tuple[str, ...] = ()
    """The main one first; empty: the deployment's."""
    publishers: tuple[str, ...] = ()
    """Empty: the deployment's."""
    persona: str | None = None
    budget: Seconds | None = None
    """The longest the lesson may be."""


def new_video_id() -> str:
    """Return an id that nobody can guess."""
    return f"video-{secrets.token_hex(12)}"


def run_of(video_id: str) -> str:
    """Return the id of the run that makes an ordered video: always the same, so it is started once."""
    return f"order__{video_id}"


def source_of(video_id: str) -> str:
    """Return the source that the run reads."""
    return f"{_READER}:{video_id}"


def conf_of(video_id: str, choices: OrderChoices) -> dict[str, Any]:
    """Return what the run is started with."""
    return {"source": source_of(video_id), **choices.model_dump(mode="json")}


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


def order_behind(ledger: Ledger, source: str) -> OrderEntry | None:
    """Return the order that a source holds the record of; None: it is no order's, or nobody has noted it.

    Raises:
        BadInput: somebody has cancelled it, and its run was started all the same.
    """
    reader, _, video_id = source.partition(":")
    order = ledger.orders.order(video_id) if reader == _READER else None
    if order is not None and order.state is OrderState.CANCELLED:
        raise BadInput("Somebody has cancelled this order: its run makes nothing. Retry the video instead.")
    return order


def as_ordered(record: LoadedRecord, order: OrderEntry) -> LoadedRecord:
    """Return an order's record with the lesson of its own that the order has been promised."""
    return replace(record, lesson_id=order.lesson_id) if record.pseudonym == order.pseudonym else record


def keep_record(
    workspace: Workspace, video_id: str, record: AssessmentRecord, choices: OrderChoices | None = None
) -> None:
    """Keep the record of an order and its run's choices (None: there are none), in place of what was there.

    Raises:
        StoreUnavailable: the disk is away or full.
    """
    folder = workspace.root / _ORDERS / video_id
    with on_disk("the record of an order"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The record last: where it is, all is there.
    for name, kept in ((_CHOICES, choices or OrderChoices()), (RECORD, record)):
        with beside(folder / name) as draft, os.fdopen(_private(draft), "wb") as file:
            file.write(kept.model_dump_json().encode())


def kept_choices(workspace: Workspace, video_id: str) -> OrderChoices | None:
    """Return the choices of an order whose record is kept; None: there is nothing for a run to begin with.

    Raises:
        StoreUnavailable: the disk is away.
    """
    folder = workspace.root / _ORDERS / video_id
    with on_disk("the record of an order"):
        try:
            (folder / RECORD).stat()
            return OrderChoices.model_validate_json((folder / _CHOICES).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None


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


def forget_handed_in(workspace: Workspace) -> int:
    """Remove the records that killed runs have left of those handed to them; return of how many runs.

    Raises:
        StoreUnavailable: the disk is away.
    """
    found = [each for each in (workspace.root / HANDED_IN).glob("*") if not workspace.at_work_on(each.name)]
    with on_disk("records that were handed in"):
        for folder in found:
            shutil.rmtree(folder)
    return len(found)


def _private(path: Path) -> int:
    """Open a new file that nobody else may read, not even for the moment before its mode is changed."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
