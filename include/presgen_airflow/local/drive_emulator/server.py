"""Drive over HTTP: sockets, tokens, upload sessions, and the faults that were asked for."""

from __future__ import annotations

import json
import re
import secrets
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

from presgen_airflow.local.drive_emulator import contract
from presgen_airflow.local.drive_emulator.faults import Armed, Fault, Faults
from presgen_airflow.local.drive_emulator.storage import UNIT, Caller, Refused, Session, Storage

ACCOUNT = "presgen@drive-emulator.iam.gserviceaccount.com"
OWNER = "owner@drive-emulator.example"
LOOPBACK = "127.0.0.1"
AUDIENCE = "https://oauth2.googleapis.com/token"
"""Whom Google's client signs its assertions for, wherever it sends them."""

_API = "/drive/v3/"
_UPLOAD = "/upload/drive/v3/"
_SESSION = "/upload/session/"
_SHORT = {
    "File": "kind,id,name,mimeType",
    "FileList": "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)",
    "Permission": "kind,id,type,role",
    "PermissionList": "kind,nextPageToken,permissions(kind,id,type,role)",
}
"""What is answered where the request does not say which fields it wants."""
_REFUSALS: Mapping[Fault, tuple[int, str, str]] = {
    Fault.UNAVAILABLE: (503, "backendError", "The service is currently unavailable."),
    Fault.UNAVAILABLE_AFTER: (503, "backendError", "The service is currently unavailable."),
    Fault.RATE_LIMIT: (403, "userRateLimitExceeded", "User Rate Limit Exceeded."),
    Fault.TOO_MANY: (429, "rateLimitExceeded", "Too many requests."),
    Fault.UNAUTHORISED: (401, "authError", "Invalid Credentials"),
    Fault.SESSION_NOT_FOUND: (404, "notFound", "Upload session not found."),
    Fault.SESSION_GONE: (410, "gone", "Upload session gone."),
    Fault.QUOTA: (403, "storageQuotaExceeded", "The user's Drive storage quota has been exceeded."),
    Fault.PERMISSION: (403, "insufficientFilePermissions", "Insufficient permissions for this file."),
    Fault.NO_ACCOUNT: (
        400,
        "invalidSharingRequest",
        "Bad Request. User message: 'You are trying to invite {invited}, who has no Google account.'",
    ),
}
_AFTERWARDS = (Fault.UNAVAILABLE_AFTER, Fault.ANSWER_LOST)


class DriveEmulator:
    """A Drive that listens on loopback for as long as it is entered.

    ``violations`` lists every request and answer that broke the discovery document: a test wants none.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        """Take the folder in which the Drive lies; port 0: any that is free."""
        self.faults = Faults()
        self.violations: list[str] = []
        self.calls: Counter[str] = Counter()
        """How often each method and each step of an upload was asked for."""
        self.lock = threading.RLock()
        self.tokens: dict[str, Caller] = {}
        handler = type("Handler", (_Handler,), {"emulator": self})
        self._server = _Server((LOOPBACK, port), handler)
        self.url = f"http://{LOOPBACK}:{self._server.server_port}"
        self.storage = Storage(folder, self.url)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True, name="drive").start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @cached_property
    def _keys(self) -> tuple[str, str]:
        """A private key and its public one, as PEM."""
        from cryptography.hazmat.primitives import serialization as form
        from cryptography.hazmat.primitives.asymmetric import rsa

        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
        public = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
        return private.decode(), public.decode()

    def key(self) -> dict[str, str]:
        """Return the key of a service account, as the file that Google's console gives."""
        return {
            "type": "service_account",
            "project_id": "drive-emulator",
            "private_key_id": "1",
            "private_key": self._keys[0],
            "client_email": ACCOUNT,
            "client_id": "1",
            "token_uri": f"{self.url}/token",
            "universe_domain": "googleapis.com",
        }

    def token_of(self, assertion: str) -> str:
        """Return a new access token for whoever has signed the assertion with our key."""
        from google.auth import jwt

        # Google's own check of the signature, the times and the audience.
        claims: dict[str, Any] = jwt.decode(  # type: ignore[no-untyped-call]
            assertion, certs=self._keys[1], audience=AUDIENCE
        )
        scopes = str(claims["scope"]).split()
        return self.new_token(str(claims["iss"]), service=True, everything=scopes[0].endswith("/auth/drive"))

    def new_token(self, email: str, *, service: bool = False, everything: bool = True) -> str:
        """Return a new access token: of a person, or with a smaller scope."""
        token = f"ya29.{secrets.token_urlsafe(24)}"
        self.tokens[token] = Caller(email, service, everything)
        return token


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that are killed leave broken connections."""


class _Lost(Exception):
    """The connection is to be reset."""


class _Handler(BaseHTTPRequestHandler):
    emulator: ClassVar[DriveEmulator]
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together, or Nagle's algorithm waits between them

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        self._unread = int(self.headers.get("Content-Length") or 0)
        address = urlsplit(self.path)
        self._query = parse_qs(address.query, keep_blank_values=True)
        try:
            if address.path == "/token":
                self._give_token()
            elif address.path.startswith(_SESSION):
                self._take_chunk(address.path.removeprefix(_SESSION))
            elif address.path.startswith(_UPLOAD):
                self._begin_upload(address.path.removeprefix(_UPLOAD))
            elif address.path.startswith(_API):
                self._call(address.path.removeprefix(_API))
            elif matched := re.fullmatch(r"/file/d/([^/]+)/view", address.path):
                self._show(matched[1])
            else:
                raise Refused(404, "notFound", f"There is nothing at {address.path}.")
        except Refused as refused:
            self._refuse(refused)
        except _Lost:
            self._reset()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - as http.server calls them

    # Methods

    def _call(self, path: str) -> None:
        found = contract.find(self.command, path)
        if found is None:
            raise Refused(404, "notFound", f"Drive has no {self.command} {path}.")
        method, within = found
        caller = self._caller()
        self._check(contract.faults_of_query(method, self._query, within))
        body = self._body(method.request)
        answer = self._with_faults(
            (method.name,), lambda: self._do(method.name, caller, within, body), body=body
        )
        self._answer(200 if method.response else 204, answer, method.response)

    def _do(self, name: str, caller: Caller, within: Mapping[str, str], body: dict[str, Any]) -> Any:
        storage, asked = self.emulator.storage, self._asked()
        file_id = within.get("fileId", "")
        match name:
            case "about.get":
                return storage.about(caller)
            case "drives.get":
                return storage.drive(caller, within["driveId"])
            case "files.generateIds":
                return storage.generate_ids(int(asked.get("count", "10")))
            case "files.get":
                return storage.get(caller, file_id)
            case "files.list":
                return storage.find(caller, asked)
            case "files.create":
                return storage.create(caller, body)
            case "files.update":
                add, remove = asked.get("addParents", ""), asked.get("removeParents", "")
                return storage.update(caller, file_id, body, add, remove)
            case "files.delete":
                return storage.delete(caller, file_id)
            case "permissions.list":
                return storage.permissions(caller, file_id)
            case "permissions.create":
                return storage.permit(caller, file_id, body)
            case "permissions.update":
                never = asked.get("removeExpiration") == "true"
                return storage.permit_until(caller, file_id, within["permissionId"], body, never=never)
            case "permissions.delete":
                return storage.forbid(caller, file_id, within["permissionId"])
            case "revisions.list":
                return storage.revisions(caller, file_id)
        raise Refused(501, "notImplemented", f"The emulator has no {name}: PresGen does not use it.")

    # Uploads

    def _begin_upload(self, path: str) -> None:
        found = contract.find(self.command, path)
        if found is None or not found[0].uploads:
            raise Refused(404, "notFound", f"Nothing is uploaded by {self.command} {path}.")
        method, within = found
        caller = self._caller()
        self._check(contract.faults_of_query(method, self._query, within))
        if self._asked().get("uploadType") != "resumable":
            raise Refused(501, "notImplemented", "The emulator has resumable uploads only.")
        body = self._body(method.request)
        size = int(self.headers.get("X-Upload-Content-Length") or -1)
        kind = self.headers.get("X-Upload-Content-Type") or "application/octet-stream"
        token = self._with_faults(
            ("upload.start", method.name),
            lambda: self.emulator.storage.begin(caller, within.get("fileId", ""), body, kind, size),
            body=body,
        )
        fields = self._asked().get("fields", "")
        self._send(200, b"", {"Location": f"{self.emulator.url}{_SESSION}{token}?fields={fields}"})

    def _take_chunk(self, token: str) -> None:
        asked = re.fullmatch(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)", self.headers.get("Content-Range", ""))
        if self.command != "PUT" or asked is None:
            self._check(["an upload session takes PUT with a Content-Range only"])
            return
        total = int(asked[3])
        ask = asked[1] is None
        last = not ask and int(asked[2]) + 1 == total
        names = ("upload.ask",) if ask else ("upload.chunk", "upload.last") if last else ("upload.chunk",)
        self.emulator.calls.update(names)
        armed = self.emulator.faults.next(*names)
        if armed is not None and armed.fault is Fault.RESET:
            self.rfile.read(min(self._unread, 1000))
            raise _Lost
        chunk = self._read()
        with self.emulator.lock:
            self._meet(armed, token)
            session = self.emulator.storage.session(token)
            if not ask:
                start = int(asked[1])
                self._check(_faults_of_chunk(session, start, len(chunk), total, last=last))
                self.emulator.storage.add(session, start, _spoilt(armed, chunk))
            whole = session.kept == session.size and (last or session.done or session.size == 0)
            resource = self.emulator.storage.finish(session) if whole else None
        self._meet_afterwards(armed)
        if resource is None:
            kept = {"Range": f"bytes=0-{session.kept - 1}"} if session.kept else {}
            self._send(308, b"", kept)
        else:
            self._answer(200, resource, "File")

    # Faults

    def _with_faults(self, names: tuple[str, ...], act: Any, body: dict[str, Any] | None = None) -> Any:
        self.emulator.calls.update(names[:1])
        armed = self.emulator.faults.next(*names)
        if armed is not None and armed.fault is Fault.RESET:
            raise _Lost
        with self.emulator.lock:
            self._meet(armed, invited=(body or {}).get("emailAddress", "nobody"))
            done = act()
        self._meet_afterwards(armed)
        return done

    def _meet(self, armed: Armed | None, session: str = "", invited: str = "") -> None:
        """Go wrong before anything is done."""
        if armed is None or armed.fault in _AFTERWARDS:
            return
        if armed.fault is Fault.SLOW:
            time.sleep(armed.seconds)
        if armed.fault in (Fault.SESSION_NOT_FOUND, Fault.SESSION_GONE):
            self.emulator.storage.forget(session)
        if armed.fault in _REFUSALS:
            self._wait = armed.seconds
            code, reason, message = _REFUSALS[armed.fault]
            raise Refused(code, reason, message.format(invited=invited))

    def _meet_afterwards(self, armed: Armed | None) -> None:
        """Go wrong when all is done."""
        if armed is not None and armed.fault is Fault.ANSWER_LOST:
            raise _Lost
        if armed is not None and armed.fault is Fault.UNAVAILABLE_AFTER:
            raise Refused(*_REFUSALS[armed.fault])

    def _reset(self) -> None:
        """Reset the connection: the other side is not even told that it ends."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        socket.close(self.connection.detach())

    # Requests and answers

    def _give_token(self) -> None:
        asked = parse_qs(self._read().decode())
        self.emulator.calls["token"] += 1
        try:
            token = self.emulator.token_of(asked["assertion"][0])
        except (KeyError, ValueError) as error:
            self._send_json(400, {"error": "invalid_grant", "error_description": str(error)})
            return
        self._send_json(200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    def _caller(self) -> Caller:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        caller = self.emulator.tokens.get(token)
        if caller is None:
            raise Refused(401, "authError", "Invalid Credentials")
        everywhere = self._asked().get("supportsAllDrives") == "true"
        return Caller(caller.email, caller.service, caller.everything, everywhere)

    def _asked(self) -> dict[str, str]:
        return {name: values[-1] for name, values in self._query.items()}

    def _body(self, schema: str) -> dict[str, Any]:
        text = self._read()
        if not schema:
            return {}
        try:
            body = json.loads(text or b"{}")
        except ValueError:
            raise Refused(400, "parseError", "Parse Error") from None
        self._check(contract.faults_of_value(schema, body))
        return dict(body)

    def _read(self) -> bytes:
        content = self.rfile.read(self._unread)
        if len(content) < self._unread:
            raise _Lost  # whoever sent it has died
        self._unread = 0
        return content

    def _check(self, faults: list[str]) -> None:
        if faults:
            self.emulator.violations += [f"{self.command} {self.path}: {fault}" for fault in faults]
            raise Refused(400, "invalidParameter", "; ".join(faults))

    def _show(self, file_id: str) -> None:
        """Show a file to a person."""
        with self.emulator.lock:
            stored = self.emulator.storage.items.get(file_id)
            if stored is None or "size" not in stored.file:
                raise Refused(404, "notFound", "There is no such file.")
            content = self.emulator.storage.content(file_id)
        self._send(200, content, {"Content-Type": stored.file["mimeType"]})

    def _answer(self, code: int, value: Any, schema: str) -> None:
        if value is None:
            self._send(code, b"", {})
            return
        if broken := contract.faults_of_value(schema, value):
            self.emulator.violations += [f"answer to {self.command} {self.path}: {each}" for each in broken]
            raise Refused(500, "internalError", "; ".join(broken))
        wanted = self._asked().get("fields") or _SHORT.get(schema, "")
        try:
            mask = contract.read_mask(wanted, schema) if wanted else {}
        except contract.BadMask as error:
            self.emulator.violations.append(f"{self.command} {self.path}: {error}")
            raise Refused(400, "invalidParameter", str(error)) from None
        self._send_json(code, contract.pick(value, mask))

    def _refuse(self, refused: Refused) -> None:
        if self._unread:
            self.rfile.read(self._unread)
            self._unread = 0
        told = {"domain": "global", "reason": refused.reason, "message": str(refused)}
        error = {"code": refused.code, "message": str(refused), "errors": [told]}
        wait = {"Retry-After": f"{self._wait:g}"} if refused.code == 429 else {}
        self._send_json(refused.code, {"error": error}, wait)

    def _send_json(self, code: int, value: Any, more: Mapping[str, str] | None = None) -> None:
        headers = {"Content-Type": "application/json; charset=UTF-8", **(more or {})}
        self._send(code, json.dumps(value).encode(), headers)

    def _send(self, code: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        if code != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    _wait = 1.0
    _unread = 0


def _faults_of_chunk(session: Session, start: int, length: int, total: int, *, last: bool) -> list[str]:
    """Return what is wrong with a chunk."""
    wrong = []
    if total != session.size:
        wrong.append(f"the upload is of {session.size} bytes, the chunk of {total}")
    if start + length > total:
        wrong.append("the chunk is longer than the upload")
    if not last and length % UNIT:
        wrong.append(f"a chunk of {length} bytes is no multiple of 256 KiB")
    return wrong


def _spoilt(armed: Armed | None, chunk: bytes) -> bytes:
    """Return what is kept of a chunk."""
    if armed is not None and armed.fault is Fault.HALF:
        return chunk[: len(chunk) // 2 // UNIT * UNIT]
    if armed is not None and armed.fault is Fault.GARBLED:
        return bytes([chunk[0] ^ 1]) + chunk[1:]
    return chunk
