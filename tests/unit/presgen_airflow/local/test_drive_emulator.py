"""The emulator is as strict as Drive: what breaks Google's description of it is refused and remembered."""

from __future__ import annotations

import hashlib
import json

import httpx
import pytest

from presgen_airflow.local.drive_emulator import DriveEmulator, Fault
from presgen_airflow.local.drive_emulator.contract import BadMask, pick, read_mask
from presgen_airflow.local.drive_emulator.queries import BadQuery, read_query
from presgen_airflow.local.drive_emulator.server import ACCOUNT, OWNER
from presgen_airflow.local.drive_emulator.storage import FOLDER

UNIT = 256 * 1024


@pytest.fixture
def emulator(tmp_path):
    with DriveEmulator(tmp_path / "drive") as emulator:
        yield emulator


@pytest.fixture
def person(emulator):
    """Somebody with a Drive of their own, who talks to it without Google's client."""
    with client(emulator, emulator.new_token(OWNER)) as person:
        yield person


def client(emulator, token):
    return httpx.Client(
        base_url=emulator.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=10
    )


def begin(person, size, **body):
    answer = person.post(
        "/upload/drive/v3/files?uploadType=resumable&fields=id,size,sha256Checksum",
        json={"name": "film.mp4", **body},
        headers={"X-Upload-Content-Length": str(size), "X-Upload-Content-Type": "video/mp4"},
    )
    assert answer.status_code == 200, answer.text
    return answer.headers["Location"]


def put(person, session, span, content=b""):
    return person.put(session, content=content, headers={"Content-Range": f"bytes {span}"})


def reason(answer):
    return answer.json()["error"]["errors"][0]["reason"]


@pytest.mark.parametrize(
    ("verb", "path", "body", "told"),
    [
        ("GET", "/drive/v3/files?colour=red", None, "the parameter colour is unknown"),
        ("GET", "/drive/v3/files?pageSize=many", None, "pageSize=many is no integer"),
        ("GET", "/drive/v3/files?pageSize=5000", None, "pageSize=5000 is no integer"),
        ("GET", "/drive/v3/files?supportsAllDrives=yes", None, "is no boolean"),
        ("GET", "/drive/v3/files?fields=files(titel)", None, "Invalid field selection files/titel"),
        ("POST", "/drive/v3/files", {"titel": "x"}, "titel"),
        ("POST", "/drive/v3/files", {"name": 7}, "7 is not of type"),
        ("POST", "/drive/v3/files", {"appProperties": {"a": 1}}, "1 is not of type"),
    ],
)
def test_what_breaks_googles_description_is_refused_and_remembered(emulator, person, verb, path, body, told):
    answer = person.request(verb, path, json=body)

    assert answer.status_code == 400
    assert any(told in violation for violation in emulator.violations), emulator.violations


@pytest.mark.parametrize(
    ("verb", "path", "code"),
    [
        ("GET", "/drive/v3/films", 404),
        ("GET", "/drive/v3/files/nobody", 404),
        ("POST", "/drive/v3/files/x/copy", 501),
        ("GET", "/drive/v3/files?q=fullText contains 'x'", 400),
        ("GET", "/drive/v3/files?includeItemsFromAllDrives=true", 403),
        ("GET", "/drive/v3/files?corpora=drive", 400),
    ],
)
def test_what_drive_refuses_is_refused(person, verb, path, code):
    assert person.request(verb, path, json={} if verb == "POST" else None).status_code == code


def test_who_has_no_token_is_a_stranger(emulator):
    with client(emulator, "ya29.forged") as stranger:
        assert stranger.get("/drive/v3/files").status_code == 401


def test_an_upload_arrives_in_chunks_and_says_how_far_it_is(emulator, person):
    content = bytes(range(256)) * 2500
    session = begin(person, len(content))

    assert put(person, session, f"*/{len(content)}").headers.get("Range") is None
    answer = put(person, session, f"0-{UNIT - 1}/{len(content)}", content[:UNIT])
    assert (answer.status_code, answer.headers["Range"]) == (308, f"bytes=0-{UNIT - 1}")
    overlapping = put(person, session, f"0-{2 * UNIT - 1}/{len(content)}", content[: 2 * UNIT])
    assert overlapping.headers["Range"] == f"bytes=0-{2 * UNIT - 1}"
    assert put(person, session, f"*/{len(content)}").headers["Range"] == f"bytes=0-{2 * UNIT - 1}"
    done = put(person, session, f"{2 * UNIT}-{len(content) - 1}/{len(content)}", content[2 * UNIT :])

    assert done.json()["sha256Checksum"] == hashlib.sha256(content).hexdigest()
    assert put(person, session, f"*/{len(content)}").json() == done.json()
    assert emulator.storage.content(done.json()["id"]) == content


@pytest.mark.parametrize(
    ("span", "size", "told"),
    [
        (f"0-{UNIT - 2}/700000", UNIT - 1, "no multiple of 256 KiB"),
        (f"0-{UNIT - 1}/600000", UNIT, "the upload is of 700000 bytes"),
    ],
)
def test_a_chunk_that_drive_would_not_take_is_not_taken(emulator, person, span, size, told):
    answer = put(person, begin(person, 700_000), span, bytes(size))

    assert answer.status_code == 400
    assert told in emulator.violations[0]


def test_a_gap_between_chunks_is_refused(person):
    answer = put(person, begin(person, 700_000), f"{UNIT}-{2 * UNIT - 1}/700000", bytes(UNIT))

    assert answer.status_code == 400


def test_an_id_makes_one_file_whoever_is_quicker_and_none_when_it_was_deleted(emulator, person):
    [given] = person.get("/drive/v3/files/generateIds?count=1").json()["ids"]
    first, second = begin(person, 3, id=given), begin(person, 3, id=given)

    assert put(person, first, "0-2/3", b"one").status_code == 200
    lost = put(person, second, "0-2/3", b"two")
    assert (lost.status_code, reason(lost)) == (409, "fileIdInUse")
    assert emulator.storage.content(given) == b"one"
    assert person.delete(f"/drive/v3/files/{given}").status_code == 204
    assert person.post("/drive/v3/files", json={"id": given}).status_code == 409
    assert person.post("/drive/v3/files", json={"id": "made-up"}).status_code == 400


def test_a_shared_drive_is_seen_by_those_who_say_that_they_know_of_them(emulator, person):
    root = emulator.storage.shared_drive("Team", OWNER)

    assert person.get(f"/drive/v3/files/{root}").status_code == 404
    assert person.get(f"/drive/v3/files/{root}?supportsAllDrives=true").status_code == 200
    made = person.post(
        "/drive/v3/files?supportsAllDrives=true&fields=id,driveId",
        json={"name": "x", "mimeType": FOLDER, "parents": [root]},
    ).json()
    assert made["driveId"] == root
    listed = "/drive/v3/files?corpora=drive&driveId={}&includeItemsFromAllDrives=true&supportsAllDrives=true"
    assert [each["id"] for each in person.get(listed.format(root)).json()["files"]] == [made["id"]]
    assert person.get("/drive/v3/files").json()["files"] == []


def test_the_smaller_scope_sees_what_the_app_made_and_nothing_else(emulator):
    with client(emulator, emulator.new_token(OWNER, everything=False)) as app:
        by_hand = emulator.storage.by_hand("a person's")
        emulator.storage.items[by_hand].permissions.append(
            {"id": "1", "emailAddress": OWNER, "role": "owner"}
        )
        mine = app.post("/drive/v3/files", json={"name": "mine", "mimeType": FOLDER}).json()

        assert app.get(f"/drive/v3/files/{by_hand}").status_code == 404
        assert [each["id"] for each in app.get("/drive/v3/files").json()["files"]] == [mine["id"]]


def test_permissions_come_down_from_the_folders_above(emulator, person):
    folder = person.post("/drive/v3/files", json={"mimeType": FOLDER}).json()["id"]
    inside = person.post("/drive/v3/files", json={"mimeType": FOLDER, "parents": [folder]}).json()["id"]
    reader = {"type": "user", "role": "reader", "emailAddress": "bo@example.org"}

    assert person.post(f"/drive/v3/files/{folder}/permissions", json=reader).status_code == 200

    listed = person.get(f"/drive/v3/files/{inside}/permissions").json()["permissions"]
    assert sorted(each["role"] for each in listed) == ["owner", "reader"]
    late = {**reader, "expirationTime": "2001-01-01T00:00:00Z"}
    assert reason(person.post(f"/drive/v3/files/{folder}/permissions", json=late)) == "expirationDateInvalid"


def test_what_lies_there_outlives_the_process(tmp_path):
    for _ in range(2):
        with DriveEmulator(tmp_path / "drive") as emulator:
            root = emulator.storage.shared_drive("Lessons", ACCOUNT)
            with client(emulator, emulator.new_token(ACCOUNT, service=True)) as account:
                known = account.get("/drive/v3/files?includeItemsFromAllDrives=true&supportsAllDrives=true")
                if not known.json()["files"]:
                    body = {"name": "kept", "parents": [root]}
                    session = account.post(
                        "/upload/drive/v3/files?uploadType=resumable&supportsAllDrives=true",
                        json=body,
                        headers={"X-Upload-Content-Length": "4"},
                    ).headers["Location"]
                    put(account, session, "0-3/4", b"film")
    assert [(emulator.storage.path(each), each.file["size"]) for each in emulator.storage.files()] == [
        ("Lessons/kept", "4")
    ]


def test_a_forged_assertion_gets_no_token(emulator):
    answer = httpx.post(f"{emulator.url}/token", data={"assertion": "a.b.c"}, trust_env=False)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_switch_is_for_the_requests_it_names_and_goes_off_by_itself(emulator, person):
    emulator.faults.arm(Fault.TOO_MANY, "files.list", skip=1, times=2, seconds=9)

    codes = [person.get("/drive/v3/files") for _ in range(4)]

    assert [each.status_code for each in codes] == [200, 429, 429, 200]
    assert codes[1].headers["Retry-After"] == "9"
    assert person.get("/drive/v3/about?fields=user").status_code == 200


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.ANSWER_LOST])
def test_a_connection_can_be_reset_before_or_after_the_deed(emulator, person, fault):
    emulator.faults.arm(fault, "files.create")

    with pytest.raises(httpx.TransportError):
        person.post("/drive/v3/files", json={"mimeType": FOLDER})

    assert len(emulator.storage.items) == (1 if fault is Fault.ANSWER_LOST else 0)


def test_masks_and_queries_are_read_as_google_writes_them():
    mask = read_mask("nextPageToken,files(id,capabilities/canShare)", "FileList")
    whole = {"files": [{"id": "1", "name": "x", "capabilities": {"canShare": True, "canEdit": True}}]}
    assert pick(whole, mask) == {"files": [{"id": "1", "capabilities": {"canShare": True}}]}
    with pytest.raises(BadMask):
        read_mask("files(id,nme)", "FileList")

    test, parent = read_query(r"'1a' in parents and trashed = false and name = 'it\'s'")
    assert parent == "1a"
    assert test({"parents": ["1a"], "trashed": False, "name": "it's", "mimeType": ""})
    with pytest.raises(BadQuery):
        read_query("name = 'x' or name = 'y'")


def test_the_key_is_a_service_accounts_as_google_gives_them(emulator):
    key = json.loads(json.dumps(emulator.key()))

    assert key["type"] == "service_account"
    assert key["client_email"] == ACCOUNT
    assert "PRIVATE KEY" in key["private_key"]
