"""The Drive itself: files, folders, shared drives, permissions, revisions and unfinished uploads."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from presgen_airflow.local.drive_emulator.queries import BadQuery, read_query

FOLDER = "application/vnd.google-apps.folder"
UNIT = 256 * 1024
"""Every chunk but the last is a multiple of this."""

_ID = re.compile(r"1[A-Za-z0-9_-]{32}")


class Refused(Exception):
    """Drive says no."""

    def __init__(self, code: int, reason: str, message: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and how."""

    email: str
    service: bool
    """A service account, which has no storage of its own."""
    everything: bool
    """With the scope ``drive``; ``drive.file`` sees only what the app itself has made."""
    all_drives: bool = False
    """With ``supportsAllDrives``."""


@dataclass(slots=True)
class Stored:
    """A file or folder as it is kept."""

    file: dict[str, Any]
    """As the API's resource, without what follows from elsewhere."""
    by_app: bool = True
    """False: a person made it in Drive's own pages."""
    permissions: list[dict[str, Any]] = field(default_factory=list)
    revisions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The file's id."""
        return str(self.file["id"])


@dataclass(slots=True)
class Session:
    """An upload that has begun."""

    file_id: str
    body: dict[str, Any]
    new: bool
    size: int
    caller: Caller
    part: Path
    kept: int = 0
    done: bool = False


class Storage:
    """One account's My Drive and its shared drives, in a folder of this machine.

    Nothing in here is safe from other threads: the server lets one in at a time.
    """

    def __init__(self, folder: Path, link: str = "") -> None:
        """Open the folder; ``link`` is how addresses for people begin."""
        self.folder = folder
        self.link = link
        self.items: dict[str, Stored] = {}
        self.sessions: dict[str, Session] = {}
        self.burnt: set[str] = set()
        """Ids of files that were deleted for good."""
        for name in ("items", "content", "sessions"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for path in sorted((folder / "items").glob("*.json")):
            stored = Stored(**json.loads(path.read_text("utf-8")))
            self.items[stored.id] = stored

    # What people do in Drive's own pages

    def shared_drive(self, name: str, *members: str) -> str:
        """Make a shared drive unless there is one of that name, and return its id."""
        for stored in self.items.values():
            if stored.file.get("driveId") == stored.id and stored.file["name"] == name:
                return stored.id
        drive_id = f"0A{secrets.token_hex(8)}PVA"
        stored = self._keep(
            Stored(self._resource(drive_id, {"name": name, "mimeType": FOLDER}), by_app=False)
        )
        stored.file["driveId"] = drive_id
        stored.permissions = [_grant(email, "organizer") for email in members]
        self._save(stored)
        return drive_id

    def by_hand(self, name: str, parent: str = "", kind: str = FOLDER) -> str:
        """Make a folder or an empty file as a person would, and return its id."""
        body = {"name": name, "mimeType": kind, "parents": [parent] if parent else []}
        stored = Stored(self._resource(f"1{secrets.token_hex(16)}", body), by_app=False)
        if parent and (drive := self.items[parent].file.get("driveId")):
            stored.file["driveId"] = drive
        return self._keep(stored).id

    def trash(self, file_id: str, *, trashed: bool = True) -> None:
        """Put a file into the bin, or take it out."""
        self.items[file_id].file["trashed"] = trashed
        self._save(self.items[file_id])

    def share(self, file_id: str, kind: str) -> None:
        """Share with ``anyone`` or a whole ``domain``, which nobody should."""
        known = "anyoneWithLink" if kind == "anyone" else "14058906178265213218k"
        grant = {"kind": "drive#permission", "id": known, "type": kind, "role": "reader"}
        self.items[file_id].permissions.append(grant)
        self._save(self.items[file_id])

    def content(self, file_id: str) -> bytes:
        """Return the bytes of a file."""
        return self._content(file_id).read_bytes()

    def files(self) -> Iterator[Stored]:
        """Return everything with content that is not in the bin."""
        return (each for each in self.items.values() if "size" in each.file and not self._in_bin(each))

    def path(self, stored: Stored) -> str:
        """Return where a file lies, as people see it."""
        [parent] = stored.file.get("parents") or [""]
        above = f"{self.path(self.items[parent])}/" if parent in self.items else ""
        return above + str(stored.file["name"])

    # What the API does

    def about(self, caller: Caller) -> dict[str, Any]:
        """Tell who asks and what room is left."""
        used = sum(int(each.file["size"]) for each in self.files() if "driveId" not in each.file)
        room = {"usage": str(used), "usageInDrive": str(used), "usageInDriveTrash": "0"}
        return {
            "kind": "drive#about",
            "user": {
                "kind": "drive#user",
                "displayName": caller.email,
                "emailAddress": caller.email,
                "me": True,
            },
            "storageQuota": {**room, "limit": "0"} if caller.service else {**room, "limit": str(15 << 30)},
        }

    def generate_ids(self, count: int) -> dict[str, Any]:
        """Give ids for files that are still to be made."""
        ids = [f"1{secrets.token_hex(16)}" for _ in range(count)]
        return {"kind": "drive#generatedIds", "space": "drive", "ids": ids}

    def get(self, caller: Caller, file_id: str) -> dict[str, Any]:
        """Return a file's resource."""
        return self._shown(self._visible(caller, file_id))

    def create(self, caller: Caller, body: Mapping[str, Any]) -> dict[str, Any]:
        """Make what has no content: a folder."""
        stored = self._keep(self._new(caller, body))
        return self._shown(stored)

    def update(
        self, caller: Caller, file_id: str, body: Mapping[str, Any], add: str = "", remove: str = ""
    ) -> dict[str, Any]:
        """Change what is said about a file."""
        stored = self._visible(caller, file_id)
        if "id" in body or "parents" in body:
            raise Refused(
                403, "fieldNotWritable", "The resource body includes fields which are not writable."
            )
        self._change(stored, body)
        if add or remove:
            parents = [each for each in stored.file.get("parents", []) if each not in remove.split(",")]
            stored.file["parents"] = [*parents, *filter(None, add.split(","))]
        self._save(stored)
        return self._shown(stored)

    def delete(self, caller: Caller, file_id: str) -> None:
        """Remove a file for good, and all that lies in it."""
        stored = self._visible(caller, file_id)
        for below in [each for each in self.items.values() if file_id in each.file.get("parents", ())]:
            self.delete(caller, below.id)
        del self.items[stored.id]
        self.burnt.add(stored.id)
        self._content(stored.id).unlink(missing_ok=True)
        self._file(stored.id).unlink()

    def find(self, caller: Caller, query: Mapping[str, str]) -> dict[str, Any]:
        """Find files."""
        others = query.get("includeItemsFromAllDrives") == "true"
        corpora = query.get("corpora", "user")
        if others and not caller.all_drives:
            raise Refused(403, "teamDrivesNotSupported", "supportsAllDrives must be true.")
        if (corpora == "drive") != ("driveId" in query) or (corpora != "user" and not others):
            raise Refused(400, "invalid", f"corpora={corpora} does not go with the other parameters.")
        try:
            test, parent = read_query(query.get("q", ""))
        except BadQuery as error:
            raise Refused(400, "invalid", str(error)) from error
        if parent and parent != "root":
            self._visible(caller, parent)
        found = [
            stored
            for stored in self.items.values()
            if test({**stored.file, "trashed": self._in_bin(stored)})
            and self._may_see(caller, stored)
            and stored.file.get("driveId") != stored.id
            and (others or "driveId" not in stored.file)
            and query.get("driveId", stored.file.get("driveId")) == stored.file.get("driveId")
        ]
        if order := query.get("orderBy"):
            found.sort(key=lambda stored: str(stored.file[order]))
        start = int(query.get("pageToken", "0"))
        end = start + int(query.get("pageSize", "100"))
        page: dict[str, Any] = {
            "kind": "drive#fileList",
            "incompleteSearch": False,
            "files": [self._shown(stored) for stored in found[start:end]],
        }
        return {**page, "nextPageToken": str(end)} if end < len(found) else page

    def drive(self, caller: Caller, drive_id: str) -> dict[str, Any]:
        """Return a shared drive's resource."""
        stored = self.items.get(drive_id)
        if stored is None or stored.file.get("driveId") != drive_id or not caller.everything:
            raise Refused(404, "notFound", f"Shared drive not found: {drive_id}")
        return {"kind": "drive#drive", "id": drive_id, "name": stored.file["name"]}

    def permissions(self, caller: Caller, file_id: str) -> dict[str, Any]:
        """Return who may do what with a file, by its own permissions and by those of the folders above."""
        own = self._visible(caller, file_id)
        return {"kind": "drive#permissionList", "permissions": self._permissions(own)}

    def permit(self, caller: Caller, file_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Let somebody do something with a file."""
        stored = self._visible(caller, file_id)
        if body.get("type") not in ("user", "group", "domain", "anyone") or "role" not in body:
            raise Refused(400, "required", "The permission type and role fields are required.")
        if body["type"] in ("user", "group") and "@" not in body.get("emailAddress", ""):
            raise Refused(400, "invalid", "The specified emailAddress is invalid or not applicable.")
        _check_expiration(body["type"], body)
        grant = _grant(body.get("emailAddress", ""), body["role"]) | dict(body)
        if body["type"] == "anyone":
            grant["id"] = "anyoneWithLink"
        stored.permissions = [each for each in stored.permissions if each["id"] != grant["id"]] + [grant]
        self._save(stored)
        return grant

    def permit_until(
        self, caller: Caller, file_id: str, permission_id: str, body: Mapping[str, Any], *, never: bool
    ) -> dict[str, Any]:
        """Change the role or the end of a permission that the file has itself."""
        stored = self._visible(caller, file_id)
        for grant in stored.permissions:
            if grant["id"] == permission_id:
                _check_expiration(grant["type"], body)
                grant |= {name: body[name] for name in ("role", "expirationTime") if name in body}
                if never:
                    grant.pop("expirationTime", None)
                self._save(stored)
                return grant
        raise Refused(404, "notFound", f"Permission not found: {permission_id}.")

    def forbid(self, caller: Caller, file_id: str, permission_id: str) -> None:
        """Take a permission away."""
        stored = self._visible(caller, file_id)
        kept = [each for each in stored.permissions if each["id"] != permission_id]
        if len(kept) == len(stored.permissions):
            raise Refused(404, "notFound", f"Permission not found: {permission_id}.")
        stored.permissions = kept
        self._save(stored)

    def revisions(self, caller: Caller, file_id: str) -> dict[str, Any]:
        """Return all contents that a file has had; nobody has to say that it may be in a shared drive."""
        stored = self._visible(replace(caller, all_drives=True), file_id)
        return {"kind": "drive#revisionList", "revisions": stored.revisions}

    # Uploads

    def begin(self, caller: Caller, file_id: str, body: Mapping[str, Any], kind: str, size: int) -> str:
        """Begin an upload and return its session; an empty ``file_id``: of a new file."""
        if file_id:
            self._visible(caller, file_id)
        else:
            stored = self._new(caller, {"mimeType": kind, **body})
            if caller.service and "driveId" not in stored.file:
                raise Refused(403, "storageQuotaExceeded", "Service Accounts do not have storage quota.")
        known = file_id or stored.id
        token = secrets.token_urlsafe(24)
        filled = {**body, "id": known} if not file_id else dict(body)
        part = self.folder / "sessions" / token
        part.touch()
        self.sessions[token] = Session(known, {"mimeType": kind, **filled}, not file_id, size, caller, part)
        return token

    def session(self, token: str) -> Session:
        """Return an upload that has begun."""
        if token not in self.sessions:
            raise Refused(404, "notFound", "Upload session not found.")
        return self.sessions[token]

    def forget(self, token: str) -> None:
        """Forget an upload."""
        session = self.sessions.pop(token, None)
        if session is not None:
            session.part.unlink(missing_ok=True)

    def add(self, session: Session, start: int, chunk: bytes) -> None:
        """Keep a chunk; what is there already is passed over."""
        if session.done:
            return
        if start > session.kept:
            raise Refused(
                400, "badRequest", f"The chunk starts at {start}, but {session.kept} bytes are kept."
            )
        fresh = chunk[session.kept - start :]
        with session.part.open("ab") as part:
            part.write(fresh)
        session.kept += len(fresh)

    def finish(self, session: Session) -> dict[str, Any]:
        """Make the file out of an upload that is whole, once, and return its resource."""
        if session.done:
            return self.get(session.caller, session.file_id)
        if session.new:
            # Somebody else may have been quicker.
            stored = self._new(session.caller, session.body)
        else:
            stored = self._visible(session.caller, session.file_id)
            self._change(stored, session.body)
        content = session.part.read_bytes()
        revision = secrets.token_hex(12)
        stored.file |= {
            "size": str(len(content)),
            "md5Checksum": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            "sha256Checksum": hashlib.sha256(content).hexdigest(),
            "headRevisionId": revision,
        }
        stored.revisions.append(
            {
                "kind": "drive#revision",
                "id": revision,
                "mimeType": stored.file["mimeType"],
                "modifiedTime": _now(),
                "size": stored.file["size"],
                "md5Checksum": stored.file["md5Checksum"],
            }
        )
        session.part.replace(self._content(stored.id))
        session.done = True
        return self._shown(self._keep(stored))

    # Below

    def _new(self, caller: Caller, body: Mapping[str, Any]) -> Stored:
        """Return what ``body`` asks for, if it may be made."""
        file_id = body.get("id") or f"1{secrets.token_hex(16)}"
        if not _ID.fullmatch(file_id):
            raise Refused(400, "invalid", "The provided file ID is not usable.")
        if file_id in self.items or file_id in self.burnt:
            raise Refused(409, "fileIdInUse", "A file already exists with the provided ID.")
        parents = [each for each in body.get("parents", ()) if each != "root"]
        if len(parents) > 1:
            raise Refused(403, "cannotAddParent", "A file cannot be in more than one folder.")
        drive = None
        for parent in parents:
            above = self._visible(caller, parent)
            if above.file["mimeType"] != FOLDER:
                raise Refused(403, "parentNotAFolder", "The specified parent is not a folder.")
            drive = above.file.get("driveId")
        stored = Stored(self._resource(file_id, body))
        if drive:
            stored.file["driveId"] = drive
        else:
            stored.permissions = [_grant(caller.email, "owner")]
        return stored

    def _resource(self, file_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        moment = _now()
        parents = [each for each in body.get("parents", ()) if each != "root"]
        known = {
            name: body[name] for name in ("name", "mimeType", "appProperties", "description") if name in body
        }
        _check_properties(known.get("appProperties", {}))
        return {
            "kind": "drive#file",
            "name": "Untitled",
            "mimeType": "application/octet-stream",
            "trashed": False,
            "createdTime": moment,
            "modifiedTime": moment,
            **known,
            "id": file_id,
            **({"parents": parents} if parents else {}),
        }

    def _change(self, stored: Stored, body: Mapping[str, Any]) -> None:
        changed = {
            name: body[name] for name in ("name", "mimeType", "trashed", "description") if name in body
        }
        properties = {**stored.file.get("appProperties", {}), **body.get("appProperties", {})}
        _check_properties(properties)
        stored.file |= {**changed, "modifiedTime": _now()}
        if properties:
            stored.file["appProperties"] = properties

    def _visible(self, caller: Caller, file_id: str) -> Stored:
        stored = self.items.get(file_id)
        if stored is None or not self._may_see(caller, stored):
            raise Refused(404, "notFound", f"File not found: {file_id}.")
        return stored

    def _may_see(self, caller: Caller, stored: Stored) -> bool:
        if not (caller.everything or stored.by_app):
            return False
        if "driveId" in stored.file and not caller.all_drives:
            return False
        return any(grant.get("emailAddress") == caller.email for grant in self._permissions(stored))

    def _permissions(self, stored: Stored) -> list[dict[str, Any]]:
        own = {grant["id"]: grant for grant in stored.permissions}
        for parent in stored.file.get("parents", ()):
            if parent in self.items:
                for grant in self._permissions(self.items[parent]):
                    own.setdefault(grant["id"], grant)
        return list(own.values())

    def _shown(self, stored: Stored) -> dict[str, Any]:
        """Return a file's resource with what follows from elsewhere."""
        in_folder = stored.file["mimeType"] == FOLDER
        # Of what is in a shared drive, Drive does not list who may see it.
        seen: dict[str, Any] = (
            {"hasAugmentedPermissions": bool(stored.permissions)}
            if "driveId" in stored.file
            else {"permissionIds": [grant["id"] for grant in self._permissions(stored)]}
        )
        return {
            **stored.file,
            **seen,
            "trashed": self._in_bin(stored),
            "explicitlyTrashed": stored.file["trashed"],
            "webViewLink": f"{self.link}/file/d/{stored.id}/view",
            "capabilities": {
                "canAddChildren": in_folder,
                "canDelete": True,
                "canEdit": True,
                "canTrash": True,
                "canShare": True,
            },
        }

    def _in_bin(self, stored: Stored) -> bool:
        above = (self.items[each] for each in stored.file.get("parents", ()) if each in self.items)
        return bool(stored.file["trashed"]) or any(self._in_bin(each) for each in above)

    def _keep(self, stored: Stored) -> Stored:
        self.items[stored.id] = stored
        self._save(stored)
        return stored

    def _save(self, stored: Stored) -> None:
        kept = {name: getattr(stored, name) for name in ("file", "by_app", "permissions", "revisions")}
        draft = self._file(stored.id).with_suffix(".draft")
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.replace(self._file(stored.id))

    def _file(self, file_id: str) -> Path:
        return self.folder / "items" / f"{file_id}.json"

    def _content(self, file_id: str) -> Path:
        return self.folder / "content" / file_id


def _grant(email: str, role: str) -> dict[str, Any]:
    number = str(int(hashlib.sha256(email.encode()).hexdigest()[:16], 16))
    return {"kind": "drive#permission", "id": number, "type": "user", "role": role, "emailAddress": email}


def _check_expiration(kind: str, body: Mapping[str, Any]) -> None:
    if until := body.get("expirationTime"):
        left = datetime.fromisoformat(until) - datetime.now(UTC)
        if kind not in ("user", "group") or not timedelta() < left <= timedelta(days=366):
            raise Refused(403, "expirationDateInvalid", "The expiration date is not valid.")


def _check_properties(properties: Mapping[str, str]) -> None:
    for name, value in properties.items():
        if len(name.encode()) + len(value.encode()) > 124:
            raise Refused(400, "propertyValueTooLong", f"The property {name} is longer than 124 bytes.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
