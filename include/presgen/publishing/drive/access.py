"""Who may see a lesson on Drive: its learner, to read, for a while; nobody by a link."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from presgen.errors import DeliveryBlocked
from presgen.publishing.drive.line import Line, Refusal, explained

_FIELDS = "id,type,role,emailAddress,expirationTime"


def refuse_open_doors(line: Line, files: Iterable[str]) -> None:
    """Look at who may see those files.

    Raises:
        DeliveryBlocked: one of them is open to everybody with the link, or to a whole domain.
    """
    for file_id in files:
        for permission in _permissions(line, file_id):
            if permission["type"] in ("anyone", "domain"):
                whom = "anyone who has the link" if permission["type"] == "anyone" else "a whole domain"
                raise DeliveryBlocked(
                    f"What lies under {file_id} on Google Drive can be read by {whom}.",
                    "Take that permission away there, or from a folder above, and clear the task.",
                )


def let_read(line: Line, folder: str, email: str, days: int, *, renew: bool) -> None:
    """Let the learner read what is in the folder.

    Args:
        line: to Drive.
        folder: the folder's id.
        email: the learner's address, which is told to nobody else and not written down.
        days: for how long, from now on; 0: without an end.
        renew: whether a permission that is there begins anew.

    Raises:
        DeliveryBlocked: the address has no Google account, or may not be let in.
    """
    there = [
        permission
        for permission in _permissions(line, folder)
        if permission.get("emailAddress", "").casefold() == email.casefold()
    ]
    if any(permission["role"] != "reader" for permission in there):
        return  # the learner owns or edits the folder anyway: nothing is taken away
    if there and not renew:
        return
    body: dict[str, Any] = {"type": "user", "role": "reader", "emailAddress": email}
    if days:
        until = datetime.now(UTC) + timedelta(days=days)
        body["expirationTime"] = until.isoformat(timespec="seconds").replace("+00:00", "Z")
    request = line.service.permissions().create(
        fileId=folder, body=body, fields="id", sendNotificationEmail=False, supportsAllDrives=True
    )
    try:
        line.call(request)
    except Refusal as refusal:
        raise explained(refusal, f"to let the learner read the folder {folder}") from refusal


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
