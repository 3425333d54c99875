"""A lesson is removed from Drive: its files, its folders, its learner's permission."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from presgen.errors import DeliveryBlocked
from presgen.publishing.desk import Desk
from presgen.publishing.drive.access import shut_out
from presgen.publishing.drive.folders import call_folder, find, folder_place, root_of
from presgen.publishing.drive.line import Line, Refusal, explained
from presgen.publishing.drive.service import open_drive
from presgen.publishing.drive.shelf import LESSON, MY_DRIVE, NAME, Shelf, having
from presgen.publishing.parcel import Parcel

_OWN = 2
"""How many of a lesson's folders, from the last one up, are the learner's own."""


def remove_from_drive(parcel: Parcel, known: Iterable[str], desk: Desk) -> int:
    """Delete the lesson's files for good, also from the bin; return how many there were.

    Raises:
        DeliveryBlocked: Drive does not let us, or shows nothing of what we have made there.
        StoreUnavailable: Drive is away.
    """
    known = tuple(known)
    settings = desk.settings
    line = Line((desk.open_drive or open_drive)(settings), desk.pause)
    root = settings.drive_folder
    shelf = Shelf(line, desk.ledger, root, root_of(line, root))
    found = [file["id"] for file in _listed(shelf, having(LESSON, parcel.lesson_id))]
    reserved = [each.asset_id for each in desk.ledger.reserved_for(NAME, f"/{parcel.lesson_id}/").values()]
    gone = sum(_delete(line, file_id) for file_id in dict.fromkeys([*known, *reserved, *found]))
    if known and not gone:
        _check_place(shelf, parcel, len(known))
    for each in (shelf, *_shelves_before(shelf, parcel)):
        # Some may stay, because of what others have put there, or in the bin for a while.
        for folder in _folders(each, parcel.folder[:-1]):
            call_folder(line, folder, parcel.pseudonym, parcel.pseudonym, anyway=True)
        for depth in range(len(parcel.folder), len(parcel.folder) - _OWN, -1):
            if not _remove_folder(each, parcel.folder[:depth], desk):
                break
    return gone


def _shelves_before(shelf: Shelf, parcel: Parcel) -> Iterator[Shelf]:
    """Yield the shelves under other roots, named by the settings once, where the learner has a folder."""
    suffix = f"/{folder_place(parcel.folder)}"
    for place in shelf.ledger.reserved_for(NAME, suffix):
        root = place.removesuffix(suffix)
        root = "" if root == MY_DRIVE else root
        if root != shelf.root:
            seen = find(shelf.line, root, "driveId") if root else {}
            if seen is not None:
                yield replace(shelf, root=root, drive=str(seen.get("driveId", "")))


def _check_place(shelf: Shelf, parcel: Parcel, count: int) -> None:
    """Look whether what is not there was delivered there, and would be shown to us.

    To an account that may not see a file, Drive says that there is none.

    Raises:
        DeliveryBlocked: we do not see even the folder that all lessons are in.
    """
    top = shelf.known(folder_place(parcel.folder[:1]))
    if top is None or find(shelf.line, top.asset_id, "id") is None:
        raise DeliveryBlocked(
            f"{count} files of the lesson were delivered to Google Drive, and the connection's account sees "
            f"none of them, nor the folder {parcel.folder[0]!r} that they are under.",
            "Use the key and the PRESGEN_DRIVE_FOLDER that they were delivered with, and ask again.",
        )


def _remove_folder(shelf: Shelf, names: tuple[str, ...], desk: Desk) -> bool:
    """Remove a folder that holds nothing any more; return whether there is none now."""
    folder = _folder(shelf, names)
    if folder is None:
        return True
    shut_out(shelf, names, folder, desk.recipient.email)
    if _listed(shelf, f"'{folder}' in parents"):
        return False
    if shelf.root:
        _delete(shelf.line, folder)
        return True
    # With the smaller scope we do not see what people may have put there; from the bin they get it back.
    request = shelf.line.service.files().update(fileId=folder, body={"trashed": True}, fields="id")
    try:
        shelf.line.call(request)
    except Refusal as refusal:
        if refusal.status != 404:
            raise explained(refusal, f"to remove the folder {folder}") from refusal
    return True


def _folder(shelf: Shelf, names: tuple[str, ...]) -> str | None:
    """Return the id of that folder of ours, by the ledger or by its mark; None: there is none."""
    known = shelf.known(folder_place(names))
    if known is not None and find(shelf.line, known.asset_id, "id") is not None:
        return known.asset_id
    return next((each for each in _folders(shelf, names) if known is None or each != known.asset_id), None)


def _folders(shelf: Shelf, names: tuple[str, ...]) -> list[str]:
    """Return the ids of all folders that we have made at that place, those in the bin, too."""
    place = folder_place(names)
    known = shelf.known(place)
    [(name, value)] = shelf.mark(place).items()
    marked = [each["id"] for each in _listed(shelf, having(name, value))]
    return list(dict.fromkeys([*([known.asset_id] if known is not None else []), *marked]))


def _listed(shelf: Shelf, query: str) -> list[dict[str, str]]:
    try:
        return shelf.list_files(query, "id")
    except Refusal as refusal:
        if refusal.status == 404:
            return []
        raise explained(refusal, "to list what is to be removed") from refusal


def _delete(line: Line, file_id: str) -> bool:
    """Delete a file or an empty folder; return whether it was there."""
    try:
        line.call(line.service.files().delete(fileId=file_id, supportsAllDrives=True))
    except Refusal as refusal:
        if refusal.status == 404:
            return False
        if refusal.status == 403:
            raise DeliveryBlocked(
                f"Google Drive refuses to delete {file_id} ({refusal}).",
                "In a shared drive only a manager deletes for good: make the connection's account one for as "
                "long as the erasure takes, and ask for it again.",
            ) from refusal
        raise explained(refusal, f"to delete {file_id}") from refusal
    return True
