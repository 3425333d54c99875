"""Where records can be read from; one file each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from presgen.registry import Registry
from presgen.sources.row import Row


class Reader(Protocol):
    """Reads the records at one kind of address."""

    def __call__(self, address: str, *, max_bytes: int) -> Iterator[Row]:
        """Yield every record at the address, in an order that does not change from run to run.

        A record that cannot be read, or is larger than ``max_bytes``, becomes a row with a problem, and the
        others follow. ``Row.where`` tells where to look and holds nothing of the record.

        Raises:
            OSError: there is nothing at the address, or it cannot be reached.
        """
        ...


readers: Registry[Reader] = Registry("reader", __name__)
