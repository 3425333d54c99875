"""What publishers are given beside the parcel: the deployment's choices, and what they must remember."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from presgen.ledger import Ledger
from presgen.settings import Settings


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a lesson is for. Taken from the record for the moment of delivery; kept and logged nowhere."""

    email: str = field(default="", repr=False)
    """Empty: the record has none."""
    name: str = field(default="", repr=False)
    """What their folder is called where only they and the staff look; empty: what it is called everywhere."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where parcels are handed in."""

    settings: Settings
    ledger: Ledger
    recipient: Recipient = Recipient()
    gone: Collection[str] = ()
    """Addresses of destinations where nothing is any more, by the word of whoever takes a lesson back."""
    open_drive: Callable[[Settings], Any] | None = None
    """Returns Google's client for Drive, version 3; None: one is made with the settings' credentials."""
    pause: Callable[[float], None] = time.sleep
    """How to wait that many seconds."""
