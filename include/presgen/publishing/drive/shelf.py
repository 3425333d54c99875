"""Which Drive id belongs to which file of ours: reserved and remembered before anything is made.

Names are not unique on Drive. An id is: whoever makes a file under a reserved id, in whichever run, makes the
same file, or is told that it is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from presgen.ledger import Ledger, Reservation
from presgen.model.base import digest_of
from presgen.publishing.drive.line import Line, Refusal, explained

NAME = "drive"
PLACE = "presgenPlace"
"""The property that marks a file on Drive as ours, with a digest of its place: where the ledger is new, what
is there already is found by it."""

MY_DRIVE = "root"
"""What My Drive is called among the places."""

LESSON = "presgenLesson"
"""The property that says of which lesson a file on Drive is."""


def having(name: str, value: str) -> str:
    """Return the query for what has that property; neither may hold a quote."""
    return f"appProperties has {{ key='{name}' and value='{value}' }}"


def list_files(line: Line, drive: str, query: str, fields: str) -> list[dict[str, Any]]:
    """Return the files that a query finds, oldest first: in that shared drive, or, if empty, in none.

    Raises:
        Refusal: Drive says no.
    """
    where: Mapping[str, Any] = {"corpora": "drive", "driveId": drive} if drive else {}
    found: list[dict[str, Any]] = []
    page = None
    while True:
        request = line.service.files().list(
            q=query,
            fields=f"nextPageToken,files({fields})",
            pageSize=1000,
            pageToken=page,
            orderBy="createdTime",
            supportsAllDrives=True,
            includeItemsFromAllDrives=True,
            **where,
        )
        answer = line.call(request)
        found += answer.get("files", [])
        page = answer.get("nextPageToken")
        if not page:
            return found


@dataclass(frozen=True, slots=True)
class Shelf:
    """The reserved ids under one root folder."""

    line: Line
    ledger: Ledger
    root: str
    """The root folder's id; empty: My Drive."""
    drive: str
    """The shared drive's id; empty: the root is in no shared drive."""

    def known(self, place: str) -> Reservation | None:
        """Return what is reserved for the place; None: nothing yet."""
        return self.ledger.reservations(NAME, [self._full(place)]).get(self._full(place))

    def reserve(self, places: Sequence[str], query: str) -> dict[str, Reservation]:
        """Return what is reserved for the places, in their order; what is not yet is reserved now.

        ``query`` finds on Drive what may be there already, made by a ledger that this one knows nothing of.

        Raises:
            DeliveryBlocked: Drive does not tell what is there, or gives no ids.
        """
        known = self.ledger.reservations(NAME, [self._full(place) for place in places])
        missing = [place for place in places if self._full(place) not in known]
        if missing:
            marks = {self.mark(place)[PLACE]: place for place in missing}
            wanted: dict[str, str] = {}
            for file in self._there(query):
                place = marks.get(file.get("appProperties", {}).get(PLACE, ""))
                if place is not None:
                    wanted.setdefault(place, file["id"])
            new = [place for place in missing if place not in wanted]
            wanted |= zip(new, self._new_ids(len(new)), strict=True)
            known |= self.ledger.reserve(NAME, {self._full(place): each for place, each in wanted.items()})
        return {place: known[self._full(place)] for place in places}

    def again(self, place: str, burnt: str) -> Reservation:
        """Return a new reservation in place of an id that Drive takes no longer.

        Raises:
            DeliveryBlocked: Drive gives no ids.
        """
        self.ledger.release(NAME, self._full(place), burnt)
        [fresh] = self._new_ids(1)
        return self.ledger.reserve(NAME, {self._full(place): fresh})[self._full(place)]

    def remember(self, place: str, asset_id: str, session: str, sha256: str) -> None:
        """Keep an upload's session for whoever comes after us."""
        self.ledger.note_session(NAME, self._full(place), asset_id, session, sha256)

    def keep(self, place: str, asset_id: str) -> None:
        """Remember an id that Drive has given, unless it is remembered already."""
        self.ledger.reserve(NAME, {self._full(place): asset_id})

    def forget(self, place: str, asset_id: str) -> None:
        """Remember an id no longer; nothing happens where another one is remembered."""
        self.ledger.release(NAME, self._full(place), asset_id)

    def mark(self, place: str) -> dict[str, str]:
        """Return the property by which a file on Drive is known to be for that place."""
        return {PLACE: digest_of([self.root, place])[:40]}

    def list_files(self, query: str, fields: str) -> list[dict[str, Any]]:
        """Return the files that a query finds, oldest first.

        Raises:
            Refusal: Drive says no.
        """
        return list_files(self.line, self.drive, query, fields)

    def _there(self, query: str) -> list[dict[str, Any]]:
        try:
            return self.list_files(f"{query} and trashed = false", "id,appProperties")
        except Refusal as refusal:
            raise explained(refusal, "to tell what PresGen has made there before") from refusal

    def _new_ids(self, count: int) -> list[str]:
        if not count:
            return []
        request = self.line.service.files().generateIds(count=count, space="drive", type="files")
        try:
            return list(self.line.call(request)["ids"])
        except Refusal as refusal:
            raise explained(refusal, "to reserve ids for new files") from refusal

    def _full(self, place: str) -> str:
        return f"{self.root or MY_DRIVE}/{place}"
