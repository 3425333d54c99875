"""The folders from the root down to a lesson's files, made once each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from presgen.errors import DeliveryBlocked
from presgen.model.base import digest_of
from presgen.publishing.drive.line import Line, Refusal, explained
from presgen.publishing.drive.shelf import Shelf, having

FOLDER = "application/vnd.google-apps.folder"
CALLED = "presgenCalled"
"""The property that says, by a digest, what we have called a folder: what a person calls it since stays."""

_PLAIN: Mapping[str, str] = MappingProxyType({})


def root_of(line: Line, folder: str) -> str:
    """Return the id of the shared drive that the root folder is in; empty: it is in none.

    Raises:
        DeliveryBlocked: the folder is not there, in the bin, no folder, or not to be written to.
    """
    if not folder:
        return ""
    found = find(line, folder, "id,mimeType,trashed,driveId,capabilities/canAddChildren")
    if found is None:
        raise DeliveryBlocked(
            f"The folder {folder} cannot be found on Google Drive.",
            "Set PRESGEN_DRIVE_FOLDER to the id of a folder or shared drive that exists, and share it with "
            "the connection's account.",
        )
    if found["trashed"]:
        raise DeliveryBlocked(
            f"The folder {folder} is in Google Drive's bin.",
            "Restore it there, or set PRESGEN_DRIVE_FOLDER to another one.",
        )
    if found["mimeType"] != FOLDER:
        raise DeliveryBlocked(
            f"{folder} is no folder on Google Drive, but {found['mimeType']}.",
            "Set PRESGEN_DRIVE_FOLDER to the id of a folder: the last part of its address.",
        )
    if not found.get("capabilities", {}).get("canAddChildren", True):
        raise DeliveryBlocked(
            f"The connection's account may not write to the folder {folder} on Google Drive.",
            "Make it a content manager of the shared drive, or an editor of the folder.",
        )
    return str(found.get("driveId", ""))


def find(line: Line, file_id: str, fields: str) -> dict[str, Any] | None:
    """Return what Drive says of a file; None: there is none, or none that we may see."""
    request = line.service.files().get(fileId=file_id, fields=fields, supportsAllDrives=True)
    try:
        found: dict[str, Any] = line.call(request)
    except Refusal as refusal:
        if refusal.status == 404:
            return None
        raise explained(refusal, f"to tell about {file_id}") from refusal
    return found


def ensure_folders(shelf: Shelf, names: Sequence[str], called: Mapping[str, str] = _PLAIN) -> str:
    """Make what is missing of the folders ``names``, each in the one before, and return the last one's id.

    ``called`` are the names of which people shall see others.

    Raises:
        DeliveryBlocked: one of them is in the bin, or may not be made.
    """
    parent = shelf.root
    for depth in range(len(names)):
        place = folder_place(names[: depth + 1])
        [(name, value)] = shelf.mark(place).items()
        reserved = shelf.reserve([place], having(name, value))[place]
        parent = _ensure(shelf, place, reserved.asset_id, parent, called.get(names[depth], ""))
    return parent


def call_folder(line: Line, folder: str, called: str, plain: str, *, anyway: bool = False) -> None:
    """Have people see a folder under that name, unless one of them has given it another, or even then.

    ``plain`` is what it was called when it was not told by which name.

    Raises:
        DeliveryBlocked: it may not be renamed.
    """
    found = find(line, folder, "name,appProperties")
    if found is None or found["name"] == called:
        return
    ours = found.get("appProperties", {}).get(CALLED, _digest(plain))
    if ours != _digest(found["name"]) and not anyway:
        return
    request = line.service.files().update(
        fileId=folder,
        body={"name": called, "appProperties": {CALLED: _digest(called)}},
        fields="id",
        supportsAllDrives=True,
    )
    try:
        line.call(request)
    except Refusal as refusal:
        raise explained(refusal, f"to rename the folder {folder}") from refusal


def folder_place(names: Sequence[str]) -> str:
    """Return what a folder's id is remembered under."""
    return f"folder/{'/'.join(names)}"


def _digest(name: str) -> str:
    return digest_of(name)[:40]


def _ensure(shelf: Shelf, place: str, folder: str, parent: str, called: str) -> str:
    """Make the folder if it is not there, and return its id."""
    for _ in range(3):
        found = find(shelf.line, folder, "id,trashed")
        if found is not None and found["trashed"]:
            raise DeliveryBlocked(
                f"The folder {folder} of the lessons is in Google Drive's bin.",
                "Restore it there; or delete it for good, and it is made anew.",
            )
        if found is not None:
            return folder
        body = {
            "id": folder,
            "name": called or place.rpartition("/")[2],
            "mimeType": FOLDER,
            "appProperties": {**shelf.mark(place), **({CALLED: _digest(called)} if called else {})},
            **({"parents": [parent]} if parent else {}),
        }
        request = shelf.line.service.files().create(body=body, fields="id", supportsAllDrives=True)
        try:
            shelf.line.call(request)
        except Refusal as refusal:
            if refusal.status != 409:
                raise explained(refusal, f"to make the folder {place}") from refusal
            # There by now, made by another run or by an answer that was lost; or deleted for good.
            if find(shelf.line, folder, "id") is None:
                folder = shelf.again(place, folder).asset_id
            continue
        return folder
    raise DeliveryBlocked(
        f"Google Drive neither shows nor makes the folder {folder}.", "Look at the folder's sharing on Drive."
    )
