from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from presgen.api.views import Asset
from presgen.client import ApiError, Client, NotFound, Unavailable
from presgen.errors import CorruptMedia

FILM = bytes(range(256)) * 1_000
ASSET = Asset(
    role="video",
    format="landscape",
    media_type="video/mp4",
    sha256=hashlib.sha256(FILM).hexdigest(),
    bytes=len(FILM),
    url="/media/video?signature=1",
    deliveries=(),
)


def serve(handle: Any) -> Client:
    return Client("http://airflow", token="t", transport=httpx.MockTransport(handle))


def film(request: httpx.Request) -> httpx.Response:
    """Answer as the API does: the rest of the film, from where it is asked for."""
    wanted = request.headers.get("range", "bytes=0-").removeprefix("bytes=").rstrip("-")
    first = int(wanted)
    return httpx.Response(206 if first else 200, content=FILM[first:])


def download(handle: Any, to: Path) -> Path:
    async def once() -> Path:
        async with serve(handle) as client:
            return await client.download(ASSET, to)

    return asyncio.run(once())


def test_a_download_is_whole_and_leaves_nothing_beside_it(tmp_path):
    assert download(film, tmp_path / "lesson.mp4").read_bytes() == FILM
    assert [path.name for path in tmp_path.iterdir()] == ["lesson.mp4"]


def test_a_download_that_was_cut_off_goes_on_where_it_was(tmp_path):
    (tmp_path / ".lesson.mp4.part").write_bytes(FILM[:100_000])
    asked: list[str] = []

    def noted(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["range"])
        return film(request)

    assert download(noted, tmp_path / "lesson.mp4").read_bytes() == FILM
    assert asked == ["bytes=100000-"]


def test_a_server_that_knows_no_ranges_gives_all_of_it(tmp_path):
    (tmp_path / ".lesson.mp4.part").write_bytes(b"something else")

    answer = download(lambda _: httpx.Response(200, content=FILM), tmp_path / "lesson.mp4")

    assert answer.read_bytes() == FILM


def test_a_file_is_fetched_from_the_host_whatever_path_airflow_lives_below(tmp_path):
    asked: list[str] = []

    def noted(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return film(request)

    async def once() -> None:
        transport = httpx.MockTransport(noted)
        async with Client("http://example.org/airflow", token="t", transport=transport) as client:
            await client.download(ASSET, tmp_path / "lesson.mp4")

    asyncio.run(once())

    assert asked == ["http://example.org/media/video?signature=1"]


def test_what_is_not_what_the_api_said_is_not_kept(tmp_path):
    with pytest.raises(CorruptMedia):
        download(lambda _: httpx.Response(200, content=FILM[:-1] + b"x"), tmp_path / "lesson.mp4")
    assert list(tmp_path.iterdir()) == []


def status(client: Client) -> Any:
    async def once() -> Any:
        async with client:
            return await client.status("video-1")

    return asyncio.run(once())


def test_a_problem_becomes_an_exception_with_its_parts():
    body = {"type": "urn:x", "title": "Not Found", "status": 404, "detail": "None.", "remedy": "Look."}

    with pytest.raises(NotFound, match=r"404: None\. Look\.") as refused:
        status(serve(lambda _: httpx.Response(404, json=body)))

    assert refused.value.problem.type == "urn:x"


def test_an_answer_of_somebody_on_the_way_is_an_exception_too():
    with pytest.raises(ApiError) as refused:
        status(serve(lambda _: httpx.Response(502, text="<html>Bad gateway</html>")))

    assert refused.value.problem.status == 502


def test_what_is_away_for_a_moment_is_asked_again(monkeypatch):
    pauses: list[float] = []

    async def rest(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("presgen.client.calls.asyncio.sleep", rest)

    with pytest.raises(Unavailable) as refused:
        status(serve(lambda _: httpx.Response(503, headers={"Retry-After": "7"}, json={})))

    assert pauses == [7.0, 7.0]
    assert refused.value.retry_after == 7.0
