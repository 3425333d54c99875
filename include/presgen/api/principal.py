"""Who asks, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from presgen.api.problems import Refusal


class Right(StrEnum):
    """What somebody may do. Each of our roles has those of the one before it."""

    VIEW = "view"
    """A viewer: look at nights, their lessons and the store of sections."""
    ORDER = "order"
    """A course owner: order videos, see and act on one's own, approve and retire sections."""
    OPERATE = "operate"
    """An operator: see and act on everybody's."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who has logged in."""

    id: str
    """Tells people apart, and names nobody: this is what is kept and compared."""
    name: str = field(repr=False)
    """As Airflow knows them. Only for what they decide; in no answer and no log."""
    rights: frozenset[Right]

    def may(self, right: Right) -> bool:
        """Return whether they have that right."""
        return right in self.rights

    def must(self, right: Right) -> None:
        """Let pass whoever has that right.

        Raises:
            Refusal: 403, they do not.
        """
        if not self.may(right):
            raise Refusal(403, "not-allowed", _LACKS[right], remedy="Ask whoever runs Airflow for that role.")


_LACKS = {
    Right.VIEW: "You may not see the runs of produce_lessons.",
    Right.ORDER: "You may look, but neither order videos nor decide on sections.",
    Right.OPERATE: "Only those who operate the nights may do this.",
}
