"""Whether lessons can be delivered to Drive: all that a delivery does, tried with a file that goes again."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from presgen.errors import DeliveryBlocked, PresGenError
from presgen.publishing.drive.access import refuse_open_doors
from presgen.publishing.drive.folders import FOLDER, find, root_of
from presgen.publishing.drive.line import Line, Refusal, explained
from presgen.publishing.drive.service import open_drive, scopes_of
from presgen.publishing.drive.uploading import upload
from presgen.publishing.parcel import Item
from presgen.settings import Settings

PROBE = "presgen-check"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried."""

    fine: bool
    told: str

    @property
    def line(self) -> str:
        """The step as one line of text."""
        return f"{'ok     ' if self.fine else 'MISSING'}  {self.told}"


def check_drive(
    settings: Settings,
    connect: Callable[[Settings], Any] = open_drive,
    pause: Callable[[float], None] | None = None,
) -> Iterator[Step]:
    """Try everything a delivery does, and tell of each step; the first that fails is the last.

    A folder and a file in it are made under the root, and deleted again.
    """
    made: list[tuple[Line, str]] = []
    try:
        for told in _tried(settings, connect, pause, made):
            yield Step(True, told)
    except Refusal as refusal:
        yield Step(False, str(explained(refusal, "a step of the check")))
    except PresGenError as error:
        yield Step(False, str(error))
    finally:
        for line, file_id in reversed(made):
            _remove(line, file_id)


def _tried(
    settings: Settings,
    connect: Callable[[Settings], Any],
    pause: Callable[[float], None] | None,
    made: list[tuple[Line, str]],
) -> Iterator[str]:
    service = connect(settings)
    line = Line(service, pause) if pause is not None else Line(service)
    files = service.files()
    about = line.call(service.about().get(fields="user(emailAddress),storageQuota(limit)"))
    yield f"Google knows the connection as {about['user'].get('emailAddress', 'somebody')}."
    yield f"The scope asked for is {', '.join(scopes_of(settings))}."
    drive = root_of(line, settings.drive_folder)
    where = f"the folder {settings.drive_folder}" if settings.drive_folder else "My Drive"
    yield f"Lessons go to {where}, in {f'the shared drive {drive}' if drive else 'no shared drive'}."
    if settings.drive_folder:
        refuse_open_doors(line, [settings.drive_folder])
        yield "Nobody gets in there by a link, and no whole domain does."
    folder, file_id = line.call(files.generateIds(count=2, space="drive", type="files"))["ids"]
    above = {"parents": [settings.drive_folder]} if settings.drive_folder else {}
    body = {"id": folder, "name": PROBE, "mimeType": FOLDER, **above}
    line.call(files.create(body=body, fields="id", supportsAllDrives=True))
    made.append((line, folder))
    yield "A folder can be made under an id that was reserved before."
    with tempfile.TemporaryDirectory() as place:
        item = _probe(Path(place))
        body = {"id": file_id, "name": f"{PROBE}.bin", "parents": [folder]}
        request = files.create(body=body, fields="id,sha256Checksum", supportsAllDrives=True)
        arrived = upload(line, request, item)
        if arrived.get("sha256Checksum") != item.sha256:
            raise DeliveryBlocked(
                "Drive keeps other bytes than were sent.", "Try again; look for a proxy in between."
            )
        yield "A file can be uploaded in chunks, and its SHA-256 is right."
        try:
            line.call(files.create(body={"id": file_id, "name": PROBE}, fields="id", supportsAllDrives=True))
        except Refusal as refusal:
            if refusal.status != 409:
                raise
        else:
            raise DeliveryBlocked(
                "Drive takes one id twice.", "Report this: nothing can be delivered once only."
            )
        yield "The same id cannot be taken twice."
    refuse_open_doors(line, [folder, file_id])
    found = find(line, folder, "capabilities(canShare,canTrash,canDelete)") or {}
    able = found.get("capabilities", {})
    if not able.get("canTrash", True):
        raise DeliveryBlocked(
            "The connection's account may not put what it delivers into the bin: formats that are ordered no "
            "longer could not be withdrawn.",
            "Make it a content manager of the shared drive, or an editor of the folder.",
        )
    yield (
        "What was delivered can be taken back for good."
        if able.get("canDelete", True)
        else "What was delivered can be put into the bin; for `presgen erase`, make the account a manager."
    )
    if settings.drive_share and not able.get("canShare", True):
        raise DeliveryBlocked(
            "The connection's account may not share what it delivers.",
            "Make it a content manager and let content managers share, or set PRESGEN_DRIVE_SHARE=false.",
        )
    yield (
        "Learners can be let in."
        if settings.drive_share
        else "Learners are not let in (PRESGEN_DRIVE_SHARE)."
    )


def _probe(folder: Path) -> Item:
    """Make a file of two chunks' worth for small chunks, which nobody has seen before."""
    content = secrets.token_bytes(300_000)
    path = folder / f"{PROBE}.bin"
    path.write_bytes(content)
    return Item(
        "check", ".bin", "application/octet-stream", path, hashlib.sha256(content).hexdigest(), len(content)
    )


def _remove(line: Line, file_id: str) -> None:
    """Delete for good, or where only managers may do that, put into the bin."""
    files = line.service.files()
    try:
        line.call(files.delete(fileId=file_id, supportsAllDrives=True))
    except (Refusal, PresGenError):
        try:
            line.call(
                files.update(fileId=file_id, body={"trashed": True}, fields="id", supportsAllDrives=True)
            )
        except (Refusal, PresGenError):
            return
