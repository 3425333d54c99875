"""Lessons on Google Drive: one file each, whatever breaks on the way there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from presgen.errors import StoreUnavailable
from presgen.model.publication import Publication, PublishedAsset
from presgen.publishing.desk import Desk
from presgen.publishing.drive.access import let_read, refuse_open_doors
from presgen.publishing.drive.folders import call_folder, ensure_folders, find, folder_place, root_of
from presgen.publishing.drive.line import Line, Refusal, explained
from presgen.publishing.drive.service import open_drive
from presgen.publishing.drive.shelf import LESSON, NAME, Shelf, having
from presgen.publishing.drive.uploading import upload
from presgen.publishing.parcel import Item, Parcel
from presgen.publishing.publishers import publishers

ROLE = "presgenRole"
"""The property that says what a file on Drive is to its lesson."""

_FIELDS = (
    "id,name,trashed,parents,sha256Checksum,webViewLink,appProperties,permissionIds,hasAugmentedPermissions"
)
_ROUNDS = 4
"""Times a file is looked at and written before something else must be wrong."""

_log = structlog.get_logger("presgen.publishing.drive")


@publishers.register(NAME)
def publish_to_drive(parcel: Parcel, desk: Desk) -> Publication:
    """Deliver the parcel's files into the lesson's folder under the root that the settings name."""
    settings = desk.settings
    line = Line((desk.open_drive or open_drive)(settings), desk.pause)
    root = settings.drive_folder
    name = desk.recipient.name if settings.drive_folder_names == "name" else ""
    called = " ".join(name.split()) or parcel.pseudonym
    delivery = _Delivery(parcel, Shelf(line, desk.ledger, root, root_of(line, root)), called)
    delivery.run()
    until = _lent_until(parcel, desk)
    lent = settings.drive_share and (until is None or datetime.now(UTC) < until)
    email = desk.recipient.email if lent else ""
    let_read(delivery.shelf, parcel.folder, delivery.folder, email, until)
    # The folder's own are looked at before anything is put there; these may have been opened one by one.
    opened = [
        file["id"] for file in delivery.delivered.values() if _lets_others_in(file, delivery.permissions)
    ]
    refuse_open_doors(line, [delivery.folder, *delivery.written, *opened])
    return Publication(
        lesson_id=parcel.lesson_id,
        publisher=NAME,
        assets=tuple(
            PublishedAsset(
                role=item.role,
                asset_id=delivery.delivered[item.ending]["id"],
                url=delivery.delivered[item.ending].get("webViewLink", ""),
                sha256=item.sha256,
                bytes=item.bytes,
            )
            for item in parcel.items
        ),
        duration=parcel.duration,
        unchanged=not delivery.written,
    )


@dataclass(slots=True)
class _Delivery:
    """One lesson on its way."""

    parcel: Parcel
    shelf: Shelf
    called: str = field(repr=False)
    """What people see the learner's folder as."""
    folder: str
    delivered: dict[str, dict[str, Any]]
    """What Drive says of each file, by its ending."""
    written: list[str]
    """Ids of what had to be made, changed or withdrawn."""
    permissions: frozenset[str]
    """Ids of those that the folder has."""

    def __init__(self, parcel: Parcel, shelf: Shelf, called: str) -> None:
        self.parcel = parcel
        self.shelf = shelf
        self.called = called
        self.folder = ""
        self.delivered = {}
        self.written = []
        self.permissions = frozenset()

    def run(self) -> None:
        """Make the folders, look who can see them, bring every file to what it should be, manifest last."""
        listed = self._listed()
        self.permissions = refuse_open_doors(self.shelf.line, [self.folder])
        places = {item.ending: f"{self.parcel.lesson_id}/{item.ending}" for item in self.parcel.items}
        reserved = self.shelf.reserve(list(places.values()), having(LESSON, self.parcel.lesson_id))
        *others, manifest = self.parcel.items
        for item in others:
            self._deliver(item, places[item.ending], reserved, listed)
        self._withdraw(listed)
        self._deliver(manifest, places[manifest.ending], reserved, listed)
        learner = self.shelf.known(folder_place(self.parcel.folder[:-1]))
        if learner is not None:
            call_folder(self.shelf.line, learner.asset_id, self.called, self.parcel.pseudonym)

    def _listed(self) -> Mapping[str, dict[str, Any]]:
        """Return what lies in the lesson's folder, by id; make the folder if it is not there."""
        names = self.parcel.folder
        known = self.shelf.known(folder_place(names))
        found: list[dict[str, Any]] = []
        if known is not None:
            try:
                query = f"'{known.asset_id}' in parents and trashed = false"
                found = self.shelf.list_files(query, _FIELDS)
            except Refusal as refusal:
                if refusal.status != 404:
                    raise explained(refusal, f"to list the folder {known.asset_id}") from refusal
        # An empty list does not tell whether there is a folder.
        if known is not None and found:
            self.folder = known.asset_id
        else:
            self.folder = ensure_folders(self.shelf, names, {self.parcel.pseudonym: self.called})
        return {file["id"]: file for file in found}

    def _deliver(
        self, item: Item, place: str, reserved: Mapping[str, Any], listed: Mapping[str, dict[str, Any]]
    ) -> None:
        """Bring one file to what it should be: made, changed, moved back, or left as it is."""
        reservation = reserved[place]
        file_id, session = reservation.asset_id, ""
        if reservation.sha256 == item.sha256:
            session = reservation.session
        found = listed.get(file_id) or find(self.shelf.line, file_id, _FIELDS)
        if found is not None and self._is_right(item, found):
            self.delivered[item.ending] = found
            return
        item.check()
        for _ in range(_ROUNDS):
            try:
                found = self._write(item, place, file_id, found, session)
            except Refusal as refusal:
                if refusal.status == 404 and found is None:
                    raise StoreUnavailable(
                        f"The folder {self.folder} was removed from Google Drive while a lesson went there."
                    ) from refusal
                if refusal.status not in (404, 409):
                    raise explained(refusal, f"to take {item.role} of {self.parcel.lesson_id}") from refusal
                made = found is None
                found = find(self.shelf.line, file_id, _FIELDS)
                if made and found is None:
                    # Taken, but not there: deleted for good, and Drive gives no id twice.
                    file_id = self.shelf.again(place, file_id).asset_id
            if found is not None and self._is_right(item, found):
                self.delivered[item.ending] = found
                self.written.append(file_id)
                return
            session = ""
        raise StoreUnavailable(
            f"Google Drive keeps other bytes than were sent, as {item.role} of {self.parcel.lesson_id}."
        )

    def _write(
        self, item: Item, place: str, file_id: str, found: dict[str, Any] | None, session: str
    ) -> dict[str, Any]:
        """Make the file, or give it what it should have, and return what Drive says of it then."""
        files = self.shelf.line.service.files()
        about = {
            "name": f"{self.parcel.name}{item.ending}",
            "appProperties": {
                LESSON: self.parcel.lesson_id,
                ROLE: item.role,
                **self.shelf.mark(place),
            },
        }
        common = {"fields": _FIELDS, "supportsAllDrives": True}
        if found is None:
            about |= {"id": file_id, "parents": [self.folder], "mimeType": item.media_type}
            request = files.create(body=about, **common)
        else:
            moved = {}
            parents = found.get("parents", ())
            if self.folder not in parents:
                moved["addParents"] = self.folder
            if others := ",".join(each for each in parents if each != self.folder):
                moved["removeParents"] = others
            request = files.update(fileId=file_id, body={**about, "trashed": False}, **moved, **common)
            if found.get("sha256Checksum") == item.sha256:
                return dict(self.shelf.line.call(request))

        def on_progress(arrived: int) -> None:
            _log.info(
                "drive_upload",
                lesson=self.parcel.lesson_id,
                role=item.role,
                bytes=arrived,
                of=item.bytes,
            )

        made = upload(
            self.shelf.line,
            request,
            item,
            session,
            remember=lambda address: self.shelf.remember(place, file_id, address, item.sha256),
            on_progress=on_progress,
        )
        on_progress(item.bytes)
        return made

    def _is_right(self, item: Item, found: Mapping[str, Any]) -> bool:
        return (
            found.get("sha256Checksum") == item.sha256
            and not found["trashed"]
            and found["name"] == f"{self.parcel.name}{item.ending}"
            and found.get("parents") == [self.folder]
            and found.get("appProperties", {}).get(ROLE) == item.role
        )

    def _withdraw(self, listed: Mapping[str, dict[str, Any]]) -> None:
        """Put into the bin what we delivered of this lesson before and no longer do."""
        kept = {file["id"] for file in self.delivered.values()}
        names = {f"{self.parcel.name}{item.ending}" for item in self.parcel.items}
        for file in listed.values():
            ours = file.get("appProperties", {}).get(LESSON) == self.parcel.lesson_id
            if not ours or file["id"] in kept or file["name"] in names:
                continue
            request = self.shelf.line.service.files().update(
                fileId=file["id"], body={"trashed": True}, fields="id", supportsAllDrives=True
            )
            try:
                self.shelf.line.call(request)
            except Refusal as refusal:
                if refusal.status != 404:
                    raise explained(refusal, f"to withdraw {file['id']}") from refusal
            self.written.append(file["id"])


def _lent_until(parcel: Parcel, desk: Desk) -> datetime | None:
    """Return until when the learner may read the parcel's folder; None: for ever.

    Their time begins when something new is delivered there, of this lesson or of another one that lies in the
    folder, too; and not with every night that finds it there.
    """
    days = desk.settings.drive_access_days
    if not days:
        return None
    wanted = {(item.role, item.sha256) for item in parcel.items}
    known = desk.ledger.assets(parcel.lesson_id, NAME)
    complete = {(asset.role, asset.sha256) for asset in known} == wanted
    since = desk.ledger.last_delivery(parcel.lesson_id, NAME) if complete else None
    return (since or datetime.now(UTC)) + timedelta(days=days)


def _lets_others_in(file: Mapping[str, Any], known: frozenset[str]) -> bool:
    """Return whether a file may be seen by more than its folder may, as far as Drive says so here.

    In a shared drive it says no more than that a file has permissions of its own.
    """
    return file.get("hasAugmentedPermissions", False) or not known.issuperset(file.get("permissionIds", ()))
