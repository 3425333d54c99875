"""One file, sent in chunks: cut off anywhere, it goes on where it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from presgen.errors import CorruptMedia
from presgen.publishing.drive.line import GO_ON, Answer, Line, Refusal, Trouble
from presgen.publishing.parcel import Item

CHUNK = 8 * 1024 * 1024
"""Bytes; a multiple of 256 KiB, as Drive asks. One is lost at most when the connection breaks."""


def upload(
    line: Line,
    request: Any,
    item: Item,
    session: str = "",
    *,
    remember: Callable[[str], None] = lambda _: None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> dict[str, Any]:
    """Send the item's bytes and return what Drive says of the file.

    Google's own loop sends a consumed stream again after an error in mid-chunk, and hangs; and it cannot go
    on in another process. So this is ours, over Google's transport.

    Args:
        line: to Drive.
        request: Google's request for a file, new or known, without content.
        item: what is sent.
        session: where an earlier upload of the very same bytes goes on; empty: there is none.
        remember: keeps a session for whoever comes after us; told an empty one when it is over.
        on_progress: told how many bytes have arrived.

    Raises:
        Refusal: Drive says no; 409: the file is there already.
        StoreUnavailable: Drive stays in trouble.
        CorruptMedia: the item is not what it was.
    """
    troubles = line.troubles()
    # None: to be asked for.
    kept: int | None = None
    furthest = 0
    while True:
        try:
            if not session:
                session, kept = _begin(line, request, item), 0
                remember(session)
            answer = _send(line, request, item, session, kept)
            if answer.status != GO_ON:
                made = answer.value
                if made is None:
                    raise Trouble(f"{answer.status}, but no file")
                remember("")
                return dict(made)
            arrived = _arrived(answer)
            if kept is not None and arrived <= kept:
                raise Trouble("a chunk was not kept")
            kept = arrived
            if kept > furthest:
                furthest = kept
                troubles.forget()
                on_progress(kept)
        except Trouble as trouble:
            # What of the last chunk has arrived, only Drive knows.
            kept = None
            troubles.add(trouble)
        except Refusal as refusal:
            if not session or refusal.status in (403, 409):
                remember("")
                raise
            # The session is over or forgotten: a new one, for the same file.
            session, kept = "", None
            remember("")
            troubles.add(Trouble(f"session lost, {refusal}"))


def _begin(line: Line, request: Any, item: Item) -> str:
    joint = "&" if "?" in request.uri else "?"
    uri = f"{request.uri}{joint}uploadType=resumable".replace("/drive/v3/", "/upload/drive/v3/", 1)
    answer = line.once(
        request,
        uri=uri,
        method=request.method,
        body=request.body,
        headers={
            **request.headers,
            "X-Upload-Content-Type": item.media_type,
            "X-Upload-Content-Length": str(item.bytes),
        },
    )
    if "location" not in answer.headers:
        raise Trouble(f"{answer.status}, but no session")
    return str(answer.headers["location"])


def _send(line: Line, request: Any, item: Item, session: str, kept: int | None) -> Answer:
    """Send the next chunk, or ask how much has arrived."""
    chunk = b""
    span = "*"
    if kept is not None and item.bytes:
        with item.path.open("rb") as file:
            file.seek(kept)
            chunk = file.read(min(CHUNK, item.bytes - kept))
        if len(chunk) < min(CHUNK, item.bytes - kept):
            raise CorruptMedia(
                f"{item.path.name} is shorter than when it was checked: make the lesson again."
            )
        if kept + len(chunk) == item.bytes:
            # With this one the file is there. A run that was overtaken must not put the remains of an older
            # lesson in place of the new one, which lies where the older one did.
            item.check()
        span = f"{kept}-{kept + len(chunk) - 1}"
    headers = {"Content-Range": f"bytes {span}/{item.bytes}", "Content-Length": str(len(chunk))}
    return line.once(request, uri=session, method="PUT", body=chunk, headers=headers)


def _arrived(answer: Answer) -> int:
    found = re.fullmatch(r"bytes=0-(\d+)", answer.headers.get("range", ""))
    return int(found[1]) + 1 if found else 0
