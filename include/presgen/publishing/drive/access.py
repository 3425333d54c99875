"""Who may see a lesson on Drive: its learner, to read, for a while; nobody by a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from presgen.errors import DeliveryBlocked
from presgen.publishing.drive.folders import folder_place
from presgen.publishing.drive.line import Line, Refusal, explained
from presgen.publishing.drive.shelf import Shelf

_FIELDS = "id,type,role,emailAddress,expirationTime,permissionDetails/inherited"
_NIGHT = timedelta(days=1)
"""A permission that ends so much earlier or later is left as it is."""


def refuse_open_doors(line: Line, files: Iterable[str]) -> frozenset[str]:
    """Look at who may see those files, and return the ids of all these permissions.

    Raises:
        DeliveryBlocked: one of them is open to everybody with the link, or to a whole domain.
    """
    seen: set[str] = set()
    for file_id in files:
        for permission in _permissions(line, file_id):
            seen.add(permission["id"])
            if permission["type"] in ("anyone", "domain"):
                whom = "anyone who has the link" if permission["type"] == "anyone" else "a whole domain"
                raise DeliveryBlocked(
                    f"What lies under {file_id} on Google Drive can be read by {whom}.",
                    "Take that permission away there, or from a folder above, and clear the task.",
                )
    return frozenset(seen)


def let_read(shelf: Shelf, names: Sequence[str], folder: str, email: str, until: datetime | None) -> None:
    """Let the learner read what is in the folder until then, and nobody in their place.

    Whoever was let in for this folder before and is no longer its learner, by another address, is so no more.

    Args:
        shelf: of the root that the folder is under.
        names: the folders from the root down to it.
        folder: the folder's id.
        email: the learner's address, which is told to nobody else and not written down; empty: nobody is
            to read.
        until: when that ends; None: never. A permission that ends at another time is given this one.

    Raises:
        DeliveryBlocked: the address has no Google account, or may not be let in.
    """
    place = _reader_place(names)
    noted = shelf.known(place)
    if not email:
        if noted is not None:
            _revoke(shelf, place, folder, noted.asset_id)
        return
    there = permissions_of(shelf.line, folder, email)
    if noted is not None and noted.asset_id not in {permission["id"] for permission in there}:
        _revoke(shelf, place, folder, noted.asset_id)
    if any(permission["role"] != "reader" or _is_inherited(permission) for permission in there):
        return  # the learner may do more, or may read all that lies above: nothing is changed about that
    shelf.keep(place, let_in(shelf.line, folder, email, until, there))


def permissions_of(line: Line, folder: str, email: str) -> list[dict[str, Any]]:
    """Return what lets that address do something with the folder.

    Raises:
        DeliveryBlocked: Drive does not tell.
    """
    return [
        permission
        for permission in _permissions(line, folder)
        if permission.get("emailAddress", "").casefold() == email.casefold()
    ]


def let_in(
    line: Line, folder: str, email: str, until: datetime | None, there: Sequence[Mapping[str, Any]] = ()
) -> str:
    """Let an address read what is in the folder until then, without a mail, and return the permission's id.

    ``there`` are the reader's permissions that the folder has for the address already.

    Raises:
        DeliveryBlocked: the address has no Google account, or may not be let in.
    """
    permissions = line.service.permissions()
    end = {} if until is None else {"expirationTime": _written(until)}
    if there:
        [permission, *_] = there
        if ends_then(permission, until):
            return str(permission["id"])
        request = permissions.update(
            fileId=folder,
            permissionId=permission["id"],
            body={"role": "reader", **end},
            fields="id",
            removeExpiration=until is None,
            supportsAllDrives=True,
        )
    else:
        request = permissions.create(
            fileId=folder,
            body={"type": "user", "role": "reader", "emailAddress": email, **end},
            fields="id",
            sendNotificationEmail=False,
            supportsAllDrives=True,
        )
    try:
        return str(line.call(request)["id"])
    except Refusal as refusal:
        raise explained(refusal, f"to let the learner read the folder {folder}") from refusal


def let_out(line: Line, folder: str, permission_id: str) -> None:
    """Take a permission of the folder's away; nothing happens where it is gone.

    Raises:
        DeliveryBlocked: Drive does not let us.
    """
    request = line.service.permissions().delete(
        fileId=folder, permissionId=permission_id, supportsAllDrives=True
    )
    try:
        line.call(request)
    except Refusal as refusal:
        if refusal.status != 404:  # else it has ended by itself, or the folder is gone
            raise explained(refusal, f"to let somebody read the folder {folder} no longer") from refusal


def shut_out(shelf: Shelf, names: Sequence[str], folder: str, email: str) -> None:
    """Take away what lets the learner read the folder, whether we have noted it or only know the address.

    Raises:
        DeliveryBlocked: Drive does not let us.
    """
    place = _reader_place(names)
    if (noted := shelf.known(place)) is not None:
        _revoke(shelf, place, folder, noted.asset_id)
    if not email:
        return
    for permission in permissions_of(shelf.line, folder, email):
        if permission["role"] == "reader" and not _is_inherited(permission):
            _revoke(shelf, place, folder, permission["id"])


def ends_then(permission: Mapping[str, Any], until: datetime | None) -> bool:
    """Return whether the permission ends at that time, give or take what two nights may differ."""
    ends = permission.get("expirationTime")
    if ends is None or until is None:
        return ends is None and until is None
    return abs(datetime.fromisoformat(ends) - until) < _NIGHT


def _revoke(shelf: Shelf, place: str, folder: str, permission_id: str) -> None:
    let_out(shelf.line, folder, permission_id)
    shelf.forget(place, permission_id)


def _reader_place(names: Sequence[str]) -> str:
    """Return what the learner's permission is remembered under: by its id, which names nobody."""
    return f"{folder_place(names)}/reader"


def _is_inherited(permission: Mapping[str, Any]) -> bool:
    return any(detail.get("inherited") for detail in permission.get("permissionDetails", ()))


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _permissions(line: Line, file_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = None
    while True:
        request = line.service.permissions().list(
            fileId=file_id,
            fields=f"nextPageToken,permissions({_FIELDS})",
            pageSize=100,
            pageToken=page,
            supportsAllDrives=True,
        )
        try:
            answer = line.call(request)
        except Refusal as refusal:
            raise explained(refusal, f"to tell who may see {file_id}") from refusal
        found += answer.get("permissions", [])
        page = answer.get("nextPageToken")
        if not page:
            return found
