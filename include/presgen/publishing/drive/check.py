"""Whether lessons can be delivered to Drive: what a delivery does, tried with a file that goes again."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from presgen.errors import DeliveryBlocked, PresGenError
from presgen.publishing.drive.access import ends_then, let_in, let_out, permissions_of, refuse_open_doors
from presgen.publishing.drive.folders import FOLDER, call_folder, find, root_of
from presgen.publishing.drive.line import Line, Refusal, Trouble, explained
from presgen.publishing.drive.service import open_drive, scopes_of
from presgen.publishing.drive.shelf import LESSON, having, list_files
from presgen.publishing.drive.uploading import upload
from presgen.publishing.parcel import Item
from presgen.settings import Settings

PROBE = "presgen-check"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried, or could be."""

    told: str
    fine: bool = True
    tried: bool = True

    @property
    def line(self) -> str:
        """The step as one line of text."""
        if not self.tried:
            return f"UNTRIED  {self.told}"
        return f"{'ok     ' if self.fine else 'MISSING'}  {self.told}"


def check_drive(
    settings: Settings,
    connect: Callable[[Settings], Any] = open_drive,
    pause: Callable[[float], None] | None = None,
    share_with: str = "",
) -> Iterator[Step]:
    """Try what a delivery does, and tell of each step; the first that fails is the last.

    A folder and a file in it are made under the root, and deleted again.

    Args:
        settings: those of the deployment.
        connect: returns Google's client for Drive.
        pause: how to wait that many seconds; None: as a delivery does.
        share_with: an address that is let in to read the folder, without a mail, and out again; empty: that
            is not tried.
    """
    made: list[tuple[Line, str]] = []
    left: list[str] = []
    try:
        yield from _tried(settings, connect, pause, share_with, made)
    except Refusal as refusal:
        yield Step(str(explained(refusal, "a step of the check")), fine=False)
    except PresGenError as error:
        yield Step(str(error), fine=False)
    finally:
        left += [file_id for line, file_id in reversed(made) if not _remove(line, file_id)]
    for file_id in left:
        yield Step(f"What was tried with is still there: remove {PROBE} ({file_id}) on Drive.", fine=False)


def _tried(
    settings: Settings,
    connect: Callable[[Settings], Any],
    pause: Callable[[float], None] | None,
    share_with: str,
    made: list[tuple[Line, str]],
) -> Iterator[Step]:
    service = connect(settings)
    line = Line(service, pause) if pause is not None else Line(service)
    files = service.files()
    with _asking("to tell who we are"):
        about = line.call(service.about().get(fields="user(emailAddress),storageQuota(limit)"))
    yield Step(f"Google knows the connection as {about['user'].get('emailAddress', 'somebody')}.")
    yield Step(f"The scope asked for is {', '.join(scopes_of(settings))}.")
    drive = root_of(line, settings.drive_folder)
    where = f"the folder {settings.drive_folder}" if settings.drive_folder else "My Drive"
    yield Step(f"Lessons go to {where}, in {f'the shared drive {drive}' if drive else 'no shared drive'}.")
    if settings.drive_folder:
        refuse_open_doors(line, [settings.drive_folder])
        yield Step("Nobody gets in there by a link, and no whole domain does.")
    with _asking("to reserve ids for new files"):
        folder, file_id = line.call(files.generateIds(count=2, space="drive", type="files"))["ids"]
    # Before it is made: an answer that is lost does not tell that it was.
    made.append((line, folder))
    yield from _tried_with_files(line, settings.drive_folder, drive, folder, file_id)
    refuse_open_doors(line, [folder, file_id])
    yield from _tried_with_rights(line, settings, folder, share_with)


def _tried_with_files(line: Line, root: str, drive: str, folder: str, file_id: str) -> Iterator[Step]:
    files = line.service.files()
    about: dict[str, Any] = {"id": folder, "name": PROBE, "mimeType": FOLDER}
    about |= {"parents": [root]} if root else {}
    with _asking(f"to make the folder {PROBE}"):
        line.call(files.create(body=about, fields="id", supportsAllDrives=True))
    yield Step("A folder can be made under an id that was reserved before.")
    about = {"id": file_id, "name": f"{PROBE}.bin", "parents": [folder], "appProperties": {LESSON: file_id}}
    with _asking(f"to take {PROBE}.bin"):
        _upload(line, files.create(body=about, fields="sha256Checksum", supportsAllDrives=True))
    yield Step("A file can be uploaded in chunks, and its SHA-256 is right.")
    try:
        line.call(files.create(body={"id": file_id, "name": PROBE}, fields="id", supportsAllDrives=True))
    except Refusal as refusal:
        if refusal.status != 409:
            raise
    else:
        raise DeliveryBlocked("Drive takes one id twice.", "Report this: nothing can be delivered once only.")
    yield Step("The same id cannot be taken twice.")
    with _asking("to tell what PresGen has made there before"):
        _find_by_mark(line, drive, file_id)
    yield Step("What was delivered is found by its mark.")
    about = {"name": f"{PROBE}-2.bin", "appProperties": {LESSON: file_id}, "trashed": False}
    with _asking(f"to take {PROBE}.bin once more"):
        request = files.update(fileId=file_id, body=about, fields="sha256Checksum", supportsAllDrives=True)
        _upload(line, request)
    call_folder(line, folder, f"{PROBE}-2", PROBE)
    yield Step("What was delivered can be changed, and a folder can be renamed.")


def _tried_with_rights(line: Line, settings: Settings, folder: str, share_with: str) -> Iterator[Step]:
    found = find(line, folder, "capabilities(canShare,canTrash,canDelete)") or {}
    able = found.get("capabilities", {})
    if not able.get("canTrash", True):
        raise DeliveryBlocked(
            "The connection's account may not put what it delivers into the bin: formats that are ordered no "
            "longer could not be withdrawn.",
            "Make it a content manager of the shared drive, or an editor of the folder.",
        )
    yield Step(
        "What was delivered can be taken back for good."
        if able.get("canDelete", True)
        else "What was delivered can be put into the bin; for `presgen erase`, make the account a manager."
    )
    if not settings.drive_share:
        yield Step(
            f"Learners are not let in (PRESGEN_DRIVE_SHARE){', and nobody was' if share_with else ''}."
        )
        return
    if not able.get("canShare", True):
        raise DeliveryBlocked(
            "The connection's account may not share what it delivers.",
            "Make it a content manager and let content managers share, or set PRESGEN_DRIVE_SHARE=false.",
        )
    if not share_with:
        yield Step(
            "Sharing was not tried: Drive says that the account may share, and no more. To try it, add "
            "--share-with and the address of a Google account that does not see the folder yet. It is let in "
            "to read, without a mail, and out again.",
            tried=False,
        )
        return
    yield Step(_shared(line, settings, folder, share_with))


@contextmanager
def _asking(subject: str) -> Iterator[None]:
    """Explain a refusal as a delivery does; ``subject`` is what Drive is asked."""
    try:
        yield
    except Refusal as refusal:
        raise explained(refusal, subject) from refusal


def _upload(line: Line, request: Any) -> None:
    """Send bytes that nobody has seen before, more than the smallest chunk, and compare what is kept."""
    content = secrets.token_bytes(300_000)
    digest = hashlib.sha256(content).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{PROBE}.bin"
        path.write_bytes(content)
        item = Item("check", ".bin", "application/octet-stream", path, digest, len(content))
        arrived = upload(line, request, item)
    if arrived.get("sha256Checksum") != digest:
        raise DeliveryBlocked(
            "Drive keeps other bytes than were sent.", "Try again; look for a proxy in between."
        )


def _find_by_mark(line: Line, drive: str, file_id: str) -> None:
    """Look for the file as a new ledger does. Drive may need a moment before it finds what is new."""
    troubles = line.troubles()
    query = f"{having(LESSON, file_id)} and trashed = false"
    while all(found["id"] != file_id for found in list_files(line, drive, query, "id")):
        troubles.add(Trouble("it does not find what was just put there"))


def _shared(line: Line, settings: Settings, folder: str, email: str) -> str:
    """Let somebody in as a delivery does, and out again; return what there is to tell of it."""
    days = settings.drive_access_days
    until = datetime.now(UTC) + timedelta(days=days) if days else None
    if permissions_of(line, folder, email):
        raise DeliveryBlocked(
            "The address to share with may see the folder already: that it can be let in is not shown by it.",
            "Give the address of a Google account that is no member there.",
        )
    try:
        let_in(line, folder, email, until)
        granted = permissions_of(line, folder, email)
    finally:
        # Whatever was answered: there was none before.
        for permission in permissions_of(line, folder, email):
            let_out(line, folder, permission["id"])
    if [each["role"] for each in granted] != ["reader"] or not ends_then(granted[0], until):
        raise DeliveryBlocked(
            "Drive lets learners in otherwise than it was asked to: not as readers, or not for so long.",
            "Look at the sharing settings of the shared drive and of the organisation; with "
            "PRESGEN_DRIVE_SHARE=false, nobody is let in.",
        )
    end = "without an end" if until is None else f"until {until:%Y-%m-%d}"
    return f"Learners can be let in. The address given was, to read, {end}, without a mail; it is out again."


def _remove(line: Line, file_id: str) -> bool:
    """Delete for good, or where only managers may do that, put into the bin; return whether it is gone."""
    files = line.service.files()
    for request in (
        files.delete(fileId=file_id, supportsAllDrives=True),
        files.update(fileId=file_id, body={"trashed": True}, fields="id", supportsAllDrives=True),
    ):
        try:
            line.call(request)
        except Refusal as refusal:
            if refusal.status == 404:
                return True
        except PresGenError:
            return False
        else:
            return True
    return False
