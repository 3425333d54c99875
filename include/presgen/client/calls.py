"""The calls of the API, one method each."""

from __future__ import annotations

import asyncio
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from presgen.api.views import (
    Accepted,
    Asset,
    Evidence,
    PreviewRequest,
    PreviewView,
    ScriptRequest,
    VideoList,
    VideoRequest,
    VideoStatus,
    WrittenScript,
)
from presgen.client.errors import Unavailable, error_of
from presgen.errors import CorruptMedia
from presgen.model.base import Model, Seconds
from presgen.previewing import PreviewKind
from presgen.workspace import sha256_of

M = TypeVar("M", bound=Model)

PREFIX = "/api/v1/avatar"

_LONGEST_POLL = 30
"""Seconds that the API keeps a question for the status open."""
_SHORTEST_PAUSE = 0.5
"""Seconds between two questions for the status."""
_PIECE = 1 << 16


class Client:
    """Somebody who has logged in to the Airflow that hosts the API.

    Every method raises `ApiError` where the API refuses, with the parts of its problem details, and httpx's
    own errors where nobody answers.
    """

    def __init__(
        self, url: str, *, token: str, transport: httpx.AsyncBaseTransport | None = None, tries: int = 3
    ) -> None:
        """Take Airflow's address and a token that ``POST /auth/token`` has given.

        Args:
            url: of Airflow, without the API's own path.
            token: Airflow's JWT.
            transport: instead of the network, for tests.
            tries: how often a call is made that fails for a while; orders are safe to repeat, too.
        """
        self._tries = max(1, tries)
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(30, read=_LONGEST_POLL + 15),
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def generate_script(self, wanted: ScriptRequest) -> WrittenScript:
        """Return what a lesson would say."""
        return await self._get(WrittenScript, "POST", "/generate-script", body=wanted)

    async def preview(self, kind: PreviewKind, wanted: PreviewRequest) -> PreviewView:
        """Have one section of a script spoken or filmed, and return where that is."""
        return await self._get(PreviewView, "POST", f"/previews/{kind.value}", body=wanted)

    async def create_video(self, wanted: VideoRequest, *, key: str | None = None) -> Accepted:
        """Order a video. ``key`` makes the same order mean the same video; None: a new one each call."""
        name = key or secrets.token_hex(16)
        headers = {"Idempotency-Key": name}
        return await self._get(Accepted, "POST", "/create-video", body=wanted, headers=headers)

    async def status(self, video_id: str) -> VideoStatus:
        """Return all that is known of a video now."""
        return await self._get(VideoStatus, "GET", f"/videos/{video_id}/status")

    async def wait(self, video_id: str, *, at_most: Seconds | None = None) -> VideoStatus:
        """Return a video's status when it is over.

        Raises:
            TimeoutError: it is not over after so many seconds.
        """
        async with asyncio.timeout(at_most):
            path, etag = f"/videos/{video_id}/status", ""
            while True:
                known = {"If-None-Match": etag} if etag else {}
                answer = await self._call("GET", path, headers=known, params={"wait": _LONGEST_POLL})
                if answer.status_code != httpx.codes.NOT_MODIFIED:
                    status = VideoStatus.model_validate_json(answer.content)
                    if status.over:
                        return status
                    etag = answer.headers.get("etag", "")
                # News may come many times a second, and somebody in between may not let us wait.
                await asyncio.sleep(_SHORTEST_PAUSE)

    async def videos(self, **filters: Any) -> VideoList:
        """Return a page of videos; ``cursor`` is the next one's, and other filters are the API's."""
        return await self._get(VideoList, "GET", "/videos", params=filters)

    async def evidence(self, video_id: str) -> Evidence:
        """Return which second of a video is there for which answer."""
        return await self._get(Evidence, "GET", f"/videos/{video_id}/evidence")

    async def cancel(self, video_id: str) -> None:
        """Stop a video being made."""
        await self._call("POST", f"/videos/{video_id}/cancel")

    async def retry(self, video_id: str, *, section: str | None = None) -> None:
        """Make a video again, or one section of it, named by its key, and the video with it."""
        part = f"/sections/{section}" if section else ""
        await self._call("POST", f"/videos/{video_id}{part}/retry")

    async def download(self, asset: Asset, to: Path) -> Path:
        """Save a file of a video, and return where. What an earlier try has saved is gone on from.

        Raises:
            CorruptMedia: it is not what the API said it is.
        """
        part = to.with_name(f".{to.name}.part")
        have = part.stat().st_size if part.exists() else 0
        if have < asset.bytes:
            headers = {"Range": f"bytes={have}-", "If-Range": f'"{asset.sha256}"'} if have else {}
            # Its address begins at the host, whatever path of its own Airflow lives below.
            async with self._http.stream(
                "GET", self._http.base_url.join(asset.url), headers=headers
            ) as answer:
                if answer.is_error:
                    await answer.aread()
                    raise error_of(answer)
                with part.open("ab" if answer.status_code == httpx.codes.PARTIAL_CONTENT else "wb") as file:
                    async for piece in answer.aiter_bytes(_PIECE):
                        file.write(piece)
        if sha256_of(part) != asset.sha256:
            part.unlink()
            raise CorruptMedia(f"{asset.role} is not what the API said it is. Ask for the status again.")
        os.replace(part, to)  # noqa: PTH105 - one step, and the same on every system
        return to

    async def _get(self, model: type[M], method: str, path: str, **more: Any) -> M:
        answer = await self._call(method, path, **more)
        return model.model_validate_json(answer.content)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        body: Model | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        told = dict(headers or {})
        if body is not None:
            more["content"] = body.model_dump_json(exclude_none=True)
            told["Content-Type"] = "application/json"
        for attempt in range(1, self._tries + 1):
            answer = await self._http.request(method, PREFIX + path, headers=told, **more)
            if not answer.is_error:
                return answer
            error = error_of(answer)
            if attempt == self._tries or not isinstance(error, Unavailable):
                raise error
            await asyncio.sleep(error.retry_after or attempt)
        raise AssertionError("a loop without a turn")  # pragma: no cover
