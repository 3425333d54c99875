from __future__ import annotations

import asyncio
import threading

import pytest

from presgen.api import application
from presgen.api.routes import previews
from presgen.api.views import PreviewRequest
from presgen.client import ApiError, NotAllowed
from presgen.client.calls import PREFIX
from presgen.previewing import Preview, PreviewKind
from tests.desks import client_of, make_desk, send
from tests.factories import make_outline
from tests.nights import make_learner_record

OBJECTIVES = {"objectives": (make_outline(),), "section": "deep-dive-ports"}

MADE = Preview(key="a" * 64, kind=PreviewKind.SOUND, seconds=3.2, whole=True, bytes=1, sha256="b" * 64)


@pytest.fixture
def desk(tmp_path):
    return make_desk(tmp_path)


@pytest.fixture
def made(monkeypatch):
    """Notes what would be made, and makes nothing."""
    jobs = []

    def make(workspace, job):
        jobs.append(job)
        return MADE

    monkeypatch.setattr(previews, "make_preview", make)
    return jobs


def preview(desk, kind=PreviewKind.SOUND, who="owner", **fields):
    async def ask():
        async with client_of(desk, who) as client:
            return await client.preview(kind, PreviewRequest(**(fields or OBJECTIVES)))

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("kind", "media_type"), [(PreviewKind.SOUND, "audio/mp4"), (PreviewKind.FILM, "video/mp4")]
)
def test_a_section_is_heard_or_seen_by_a_signed_address(desk, kind, media_type):
    told = preview(desk, kind)

    assert (told.kind, told.section, told.media_type) == (
        kind,
        "deep-dive-ports",
        media_type,
    )
    path = told.url.removeprefix(PREFIX)
    answer = send(desk, "GET", path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert len(answer.content) == told.bytes
    assert send(desk, "GET", path, headers={"Range": "bytes=0-9"}).status_code == 206
    assert send(desk, "GET", path, "other").status_code == 403
    assert send(desk, "GET", path, "viewer").status_code == 403


def test_a_preview_that_is_forgotten_is_not_there(desk, made):
    told = preview(desk)

    assert send(desk, "GET", told.url.removeprefix(PREFIX)).status_code == 404


def test_a_record_s_shared_sections_are_spoken_and_nothing_personal(desk, made):
    record = make_learner_record(1)

    assert preview(desk, record=record, section="remedy-q1-c").section == "remedy-q1-c"
    for personal in ("opening", "closing"):
        with pytest.raises(ApiError, match="no such section") as refused:
            preview(desk, record=record, section=personal)
        assert refused.value.problem.status == 422
    assert [job.section.slug for job in made] == ["remedy-q1-c"]
    assert record.learner.name not in made[0].model_dump_json()


def test_a_film_has_the_proportions_of_the_format_that_is_asked_for(desk, made):
    preview(desk, PreviewKind.FILM, **OBJECTIVES, format="portrait")
    preview(desk, PreviewKind.FILM, **OBJECTIVES, format="square")

    assert [(job.width, job.height) for job in made] == [(360, 640), (360, 360)]
    with pytest.raises(ApiError, match="no pictures"):
        preview(desk, PreviewKind.FILM, **OBJECTIVES, format="audio")


def test_a_viewer_has_nothing_made(desk, made):
    with pytest.raises(NotAllowed):
        preview(desk, who="viewer")

    assert made == []


def test_previews_are_made_now_and_then_but_not_all_the_time(desk, made, monkeypatch):
    monkeypatch.setattr(application, "PREVIEWS_A_MINUTE", 1)

    async def ask():
        async with client_of(desk) as client:
            for _ in range(7):
                await client.preview(PreviewKind.SOUND, PreviewRequest(**OBJECTIVES))

    with pytest.raises(ApiError) as refused:
        asyncio.run(ask())

    assert refused.value.problem.status == 429
    assert len(made) == 6


def test_previews_are_made_one_at_a_time_and_few_wait(desk, monkeypatch):
    going, most, release = [], [], threading.Event()

    def make(workspace, job):
        going.append(job)
        most.append(len(going))
        assert release.wait(60)
        going.remove(job)
        return MADE

    monkeypatch.setattr(previews, "make_preview", make)

    async def ask():
        async with client_of(desk) as client:
            wanted = PreviewRequest(**OBJECTIVES)
            calls = [
                asyncio.create_task(client.preview(PreviewKind.SOUND, wanted))
                for _ in range(previews.MOST_WAITING + 2)
            ]
            refused, waiting = set(), calls
            while len(refused) < 2:
                over, waiting = await asyncio.wait(waiting, timeout=30, return_when=asyncio.FIRST_COMPLETED)
                assert over
                refused |= over
            release.set()
            return refused, await asyncio.gather(*waiting)

    refused, made = asyncio.run(ask())

    assert [call.exception().problem.status for call in refused] == [503, 503]
    assert len(made) == previews.MOST_WAITING
    assert set(most) == {1}
