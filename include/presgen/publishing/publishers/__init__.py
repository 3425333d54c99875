"""The publishers: each delivers a lesson's files to one kind of place, and all make the same promises."""

from __future__ import annotations

from typing import Protocol

from presgen.model.publication import Publication
from presgen.publishing.desk import Desk
from presgen.publishing.parcel import Parcel
from presgen.registry import Registry


class Publisher(Protocol):
    """Delivers lessons."""

    def __call__(self, parcel: Parcel, desk: Desk) -> Publication:
        """Deliver the parcel's files to where the settings say, one asset an item; return when they are safe.

        Publishing the same parcel again writes nothing and says so; a changed file replaces the one that
        was there, under the same asset id; a file that no longer belongs to the lesson is withdrawn. A
        process that is killed leaves no part of a file. Before the first byte goes out, the ledger knows
        where to: it is noted as a destination, or reserved there under the lesson's id.

        Raises:
            DeliveryBlocked: the destination refuses until somebody acts.
            StoreUnavailable: the destination is away or full.
            CorruptMedia: a file of the parcel is no longer what its digest says.
        """
        ...


publishers: Registry[Publisher] = Registry("publisher", __name__)
