"""Videos over a real small night: who sees which, how far each is, and what never is told."""

from __future__ import annotations

import json
import re
import threading
import time

import pytest

from presgen.api import films, routes
from presgen.api.application import create_api
from presgen.api.films import editions_of, is_burned
from presgen.api.parameters import cursor_of
from presgen.api.routes.evidence import WITHHELD, _names
from presgen.api.views import (
    Evidence,
    NightDetail,
    NightList,
    SectionDetail,
    SectionList,
    VideoList,
    VideoStatus,
)
from presgen.client.calls import PREFIX
from tests.unit.api.routes.conftest import NIGHT, ORDER, ORDERED, MadeNight


def status(made: MadeNight, video: str, who: str = "viewer") -> VideoStatus:
    return VideoStatus.model_validate_json(made.get(f"/videos/{video}/status", who).content)


def test_a_published_lesson_tells_all_about_itself(made: MadeNight):
    told = status(made, made.lesson_id)

    assert (told.status, told.percent, told.over, told.error) == ("published", 100, True, None)
    assert (told.run_id, told.ordered, told.course) == (NIGHT, False, "networking-essentials")
    assert [each.kind for each in told.sections] == ["opening", "deep_dive", "remedy", "closing"]
    assert all(each.state.there and len(each.key) == 64 for each in told.sections)
    assert told.sections[0].starts == 0
    assert told.sections[-1].ends == pytest.approx(told.duration, abs=0.05)
    roles = {asset.role for asset in told.assets}
    assert {"video", "poster", "captions_vtt", "captions_srt", "transcript", "chapters", "report"} <= roles
    assert {each.publisher for asset in told.assets for each in asset.deliveries} == {"folder"}
    assert {each.media_type for each in told.captions} == {"text/vtt", "application/x-subrip"}


def test_the_same_status_is_not_sent_twice(made: MadeNight):
    first = made.get(f"/videos/{made.lesson_id}/status")
    again = made.get(f"/videos/{made.lesson_id}/status", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_waiting_for_a_video_that_is_over_ends_at_once(made: MadeNight):
    first = made.get(f"/videos/{made.lesson_id}/status")
    begun = time.monotonic()

    made.get(f"/videos/{made.lesson_id}/status?wait=30", headers={"If-None-Match": first.headers["ETag"]})

    assert time.monotonic() - begun < 15


def test_a_stream_of_a_video_that_is_over_has_one_event(made: MadeNight):
    answer = made.get(f"/videos/{made.lesson_id}/events")

    events = [block for block in answer.text.split("\n\n") if block.startswith("event:")]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert len(events) == 1
    told = VideoStatus.model_validate_json(events[0].split("\ndata: ")[1])
    assert told.over


def test_everybody_sees_lessons_of_nights_and_nobody_else_s_orders(made: MadeNight):
    seen = {
        who: {each.video_id for each in VideoList.model_validate_json(made.get("/videos", who).content).items}
        for who in ("viewer", "owner", "other", "operator")
    }

    assert seen["viewer"] == seen["other"] == {made.lesson_id}
    assert seen["owner"] == seen["operator"] == {made.lesson_id, ORDERED}


@pytest.mark.parametrize(
    "query", ["status=failed", "course=other", "q=nothing-like-it", "run_id=other", "format=tall-stamp"]
)
def test_a_filter_leaves_out_what_does_not_fit(made: MadeNight, query: str):
    assert VideoList.model_validate_json(made.get(f"/videos?{query}", "operator").content).items == ()


@pytest.mark.parametrize(
    "query", ["status=published", "course=networking-essentials", "q=PORTS", "format=stamp"]
)
def test_a_filter_keeps_what_fits(made: MadeNight, query: str):
    assert len(VideoList.model_validate_json(made.get(f"/videos?{query}", "operator").content).items) == 2


def test_pages_follow_one_another_without_a_gap(made: MadeNight):
    first = VideoList.model_validate_json(made.get("/videos?limit=1", "operator").content)
    second = VideoList.model_validate_json(
        made.get(f"/videos?limit=1&cursor={first.next}", "operator").content
    )

    assert first.total == second.total == 2
    assert {first.items[0].video_id, second.items[0].video_id} == {made.lesson_id, ORDERED}


def test_a_cursor_that_nobody_gave_is_refused(made: MadeNight):
    assert made.get("/videos?cursor=Zm9v").status_code == 422


def media(made: MadeNight, role: str = "video") -> str:
    return next(asset.url for asset in status(made, made.lesson_id).assets if asset.role == role)


def test_a_film_comes_whole_or_in_part(made: MadeNight):
    whole = made.get(media(made))
    part = made.get(media(made), headers={"Range": "bytes=10-19"})

    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert (part.status_code, part.content) == (206, whole.content[10:20])


def test_a_download_that_was_cut_off_goes_on_while_the_file_is_the_same(made: MadeNight):
    film = next(asset for asset in status(made, made.lesson_id).assets if asset.role == "video")

    def rest(digest: str) -> int:
        headers = {"Range": f"bytes=10-{film.bytes - 1}", "If-Range": f'"{digest}"'}
        return len(made.get(film.url, headers=headers).content)

    assert rest(film.sha256) == film.bytes - 10
    assert rest("0" * 64) == film.bytes


def test_an_address_is_good_for_nobody_else_nothing_else_and_not_for_ever(made: MadeNight, monkeypatch):
    address = media(made)

    assert made.get(address, "operator").status_code == 403
    assert made.get(address.replace("/media/video?", "/media/poster?")).status_code == 403
    assert made.get(re.sub(r"expires=(\d+)", "expires=9999999999", address)).status_code == 403
    assert made.get(address[:-1] + ("0" if address[-1] != "0" else "1")).status_code == 403
    monkeypatch.setattr(made.desk.signer, "_clock", lambda: time.time() + 3600)
    assert made.get(address).status_code == 403


def test_captions_transcript_and_lock_are_there(made: MadeNight):
    assert made.get(f"/videos/{made.lesson_id}/captions").text.startswith("WEBVTT")
    assert "-->" in made.get(f"/videos/{made.lesson_id}/captions?kind=srt").text
    assert "port" in made.get(f"/videos/{made.lesson_id}/transcript").text.lower()
    assert made.get(f"/videos/{made.lesson_id}/lock").json()["film"]["format"] == "stamp"


def evidence(made: MadeNight, query: str = "") -> Evidence:
    return Evidence.model_validate_json(made.get(f"/videos/{made.lesson_id}/evidence{query}").content)


def test_evidence_leads_from_an_answer_to_its_seconds_and_back(made: MadeNight):
    whole = evidence(made)
    [answer] = whole.answers
    there = answer.spans[0].starts

    assert (answer.question_id, answer.chosen, answer.correct) == ("q1", "Port 80", "Port 443")
    assert answer.spans[0].kind == "remedy"
    [section] = evidence(made, f"?at={there + 0.1}").sections
    assert (section.starts, section.answers) == (there, ("q1",))
    assert {each.number for each in evidence(made, "?answer=q1").sections} == {
        span.section for span in answer.spans
    }
    assert whole.sections[-1].ends == pytest.approx(whole.duration)
    assert whole.chain.state == "intact"
    assert all(each.clip_sha256 and each.narration_sha256 for each in whole.sections)


def test_nobody_waits_while_the_trail_is_gone_through_again(made: MadeNight):
    first = evidence(made).chain
    _, known = routes.evidence._chains[made.desk.ledger]
    routes.evidence._chains[made.desk.ledger] = (0.0, known)

    # Whoever waited would get the turn after a while, and go through the trail.
    routes.evidence._verifying.acquire()
    turn = threading.Timer(10, routes.evidence._verifying.release)
    turn.start()
    told = evidence(made).chain
    turn.cancel()
    if routes.evidence._verifying.locked():
        routes.evidence._verifying.release()

    assert told == first
    assert evidence(made).chain.verified > first.verified


def test_a_second_or_an_answer_that_is_not_there_is_not_found(made: MadeNight):
    assert made.get(f"/videos/{made.lesson_id}/evidence?at=99999").status_code == 404
    assert made.get(f"/videos/{made.lesson_id}/evidence?answer=q99").status_code == 404


def test_a_night_is_counted(made: MadeNight):
    [night] = NightList.model_validate_json(made.get("/nights").content).items
    detail = NightDetail.model_validate_json(made.get(f"/nights/{NIGHT.replace('+', '%2B')}").content)

    assert (night.run_id, night.total, night.over, night.success_ratio) == (NIGHT, 1, 1, 1.0)
    assert night.passed
    assert night.cost.cpu_seconds > 0
    assert night.cost.film_seconds > 0
    assert detail.lessons == {"published": 1}
    # As its run noted it, whatever the deployment's settings say by now.
    assert night.deadline == "2026-11-22T06:00:00.000000Z"
    assert night.in_time is ((night.ended or "") <= night.deadline)
    assert night.seconds_to_deadline is None


def test_the_run_of_an_order_is_its_owner_s(made: MadeNight):
    assert [
        made.get(f"/nights/{ORDER}", who).status_code for who in ("viewer", "other", "owner", "operator")
    ] == [
        404,
        404,
        200,
        200,
    ]


def test_shared_sections_are_listed_with_where_they_are_used(made: MadeNight):
    listed = SectionList.model_validate_json(made.get("/sections", "operator").content)
    told = SectionDetail.model_validate_json(made.get(f"/sections/{listed.items[0].key}", "viewer").content)

    assert {each.kind for each in listed.items} == {"deep_dive", "remedy"}
    assert {each.lessons for each in listed.items} == {2}
    assert all(each.cost > 0 and each.saved == pytest.approx(each.cost, abs=0.01) for each in listed.items)
    assert told.text
    assert [use.video_id for use in told.uses] == [made.lesson_id]
    assert made.get(listed.items[0].poster or "", "operator").headers["content-type"] == "image/png"


@pytest.mark.parametrize("order", ["used", "saved", "newest"])
def test_shared_sections_come_in_pages(made: MadeNight, order: str):
    whole = SectionList.model_validate_json(made.get(f"/sections?sort={order}").content)
    pages, cursor = [], ""
    while len(pages) <= whole.total:
        page = made.get(f"/sections?sort={order}&limit=1{cursor}").json()
        pages += [each["key"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert pages == [each.key for each in whole.items]
    assert len(pages) > 1


def test_a_cursor_of_another_order_is_refused(made: MadeNight):
    cursor = made.get("/sections?sort=used&limit=1").json()["next"]

    refused = [made.get(f"/sections?sort={order}&cursor={cursor}") for order in ("used", "saved")]
    nonsense = made.get(f"/sections?sort=used&cursor={cursor_of('used', 'nan', 'a' * 64)}")

    assert [answer.status_code for answer in (*refused, nonsense)] == [200, 422, 422]
    assert refused[1].json()["errors"][0]["field"] == "query.cursor"


def test_what_can_be_chosen_is_told(made: MadeNight):
    told = made.get("/catalogue").json()

    assert {"mentor", "coach"} <= {each["name"] for each in told["personas"]}
    assert [each["name"] for each in told["formats"] if each["main"]] == ["stamp"]
    assert made.get("/health").json()["well"] is True
    assert made.get("/me", "owner").json() == {"user": "u-owner", "may_order": True, "may_operate": False}


def test_no_answer_names_anybody_or_any_place_on_the_server(made: MadeNight):
    paths = ["/videos", "/nights", "/sections", "/catalogue", "/health"]
    for video in (made.lesson_id, ORDERED):
        paths += [f"/videos/{video}", f"/videos/{video}/status", f"/videos/{video}/evidence"]
    paths.append(f"/nights/{NIGHT.replace('+', '%2B')}")

    for path in paths:
        text = made.get(path, "operator").text
        for secret in ("Ada", "Example", "example.org", str(made.desk.workspace.root), "by name"):
            assert secret not in text, (path, secret)


def test_what_stands_for_a_name_ends_its_sentence():
    names = _names("Ada Example")

    assert names.sub(WITHHELD, "Welcome, Ada. Well done, Ada Example!") == "Welcome, … Well done, …!"


def test_a_card_has_no_captions_in_its_pictures(made: MadeNight):
    status = VideoStatus.model_validate_json(made.get(f"/videos/{made.lesson_id}").content)

    assert [edition.burned for edition in status.editions] == [False]


def test_a_studio_film_has_captions_in_its_pictures_where_its_format_says_so(
    made: MadeNight, monkeypatch: pytest.MonkeyPatch
):
    content = made.desk.ledger.contents.of(made.lesson_id)
    [edition] = editions_of(made.desk.workspace, content)
    monkeypatch.setattr(films, "_backend", lambda root, key: "studio")
    shapes = {name: {"format": name} for name in ("landscape", "webm", "audio")}

    burned = {
        name: is_burned(
            made.desk.workspace,
            edition.model_copy(update={"video": edition.video.model_copy(update=shape)}),
        )
        for name, shape in shapes.items()
    }

    assert burned == {"landscape": True, "webm": False, "audio": False}


OWN = ("", "/status", "/events", "/evidence", "/captions", "/transcript", "/lock")


@pytest.mark.parametrize("video", ["lesson", "order"])
@pytest.mark.parametrize("ending", OWN)
def test_somebody_else_s_video_does_not_exist(made: MadeNight, video: str, ending: str):
    """Two people, every route that reads a video, by the order's id and by that of its lesson."""
    path = f"/videos/{made.ordered if video == 'lesson' else ORDERED}{ending}"

    answers = {who: made.get(path, who).status_code for who in ("owner", "other", "viewer", "operator")}

    assert answers == {"owner": 200, "other": 404, "viewer": 404, "operator": 200}
    assert (
        made.get(path, "other").json()["detail"]
        == made.get(f"/videos/none{ending}", "other").json()["detail"]
    )


def test_a_stranger_is_refused_on_every_address_there_is_or_is_not(made: MadeNight):
    routes = create_api(made.desk).openapi()["paths"]

    for path, operations in {
        **routes,
        "/openapi.json": {"get": 0},
        "/docs": {"get": 0},
        "/nothing": {"post": 0},
    }.items():
        address = re.sub(r"{[^}]*}", "x", path)
        for method in operations:
            answer = made.get(address, "", method=method.upper(), content=b"{")
            assert (answer.status_code, answer.json()["status"]) == (401, 401), (method, path)


def test_every_operation_is_described(made: MadeNight):
    document = json.loads(made.get("/openapi.json").content)

    for path, operations in document["paths"].items():
        for method, told in operations.items():
            assert told["summary"], (method, path)
            assert {"401", "422", "429", "500", "503"} <= set(told["responses"]), (method, path)
    assert PREFIX == "/api/v1/avatar"
    assert "examples" in document["components"]["schemas"]["VideoStatus"]
