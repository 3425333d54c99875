"""Lessons on Drive, over real HTTP: whatever breaks on the way, one file each, with the right bytes."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from presgen.errors import DeliveryBlocked, StoreUnavailable
from presgen.ledger import open_ledger
from presgen.ledger.transactions import ago
from presgen.model.lesson import LessonStatus
from presgen.publishing import Recipient, pack
from presgen.publishing.drive import line, uploading
from presgen.publishing.drive.service import scopes_of
from presgen.publishing.publishers.drive import publish_to_drive
from presgen_airflow.local.drive_emulator import Fault
from presgen_airflow.local.drive_emulator.server import OWNER
from tests.deliveries import EMAIL, drive_here
from tests.nights import make_edition, make_parcel, make_report, make_script

FILM = random.Random(7).randbytes(700_000)
"""Three chunks of the smallest size that Drive takes, in these tests."""
FOLDER = "Lessons/Certifications/networking-essentials/learner-abcdefghijkl/Avatar_Presentations"


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(uploading, "CHUNK", 256 * 1024)


@pytest.fixture
def drive(tmp_path):
    with drive_here(tmp_path) as drive:
        yield drive


def is_there_once(drive, parcel):
    """Every file of the parcel lies in its folder, once, with its bytes; and there is no other file."""
    wanted = sorted((f"{FOLDER}/{parcel.name}{item.ending}", item.sha256) for item in parcel.items)
    with drive.emulator.lock:
        found = sorted(
            (drive.storage.path(each), hashlib.sha256(drive.storage.content(each.id)).hexdigest())
            for each in drive.storage.files()
        )
    assert found == wanted


def test_a_lesson_lies_in_its_folder_with_everything_that_belongs_to_it(drive, tmp_path):
    parcel = make_parcel(tmp_path / "w", FILM)

    publication = publish_to_drive(parcel, drive.desk(tmp_path))

    is_there_once(drive, parcel)
    for asset in publication.assets:
        stored = drive.storage.items[asset.asset_id]
        properties = stored.file["appProperties"]
        assert properties["presgenLesson"] == parcel.lesson_id
        assert properties["presgenRole"] == asset.role
        assert asset.asset_id in asset.url


def test_a_second_night_asks_six_times_and_sends_nothing(drive, tmp_path):
    desk = drive.desk(tmp_path)
    publish_to_drive(make_parcel(tmp_path / "w", FILM), desk)
    drive.emulator.calls.clear()

    assert publish_to_drive(make_parcel(tmp_path / "w", FILM), desk).unchanged

    drive.emulator.calls.pop("token", None)
    assert not [name for name in drive.emulator.calls if "upload" in name or "create" in name]
    # The root; what is in the lesson's folder; who may read that: before, for whom, and afterwards; and what
    # the learner's folder is called.
    assert drive.emulator.calls == {"files.get": 2, "files.list": 1, "permissions.list": 3}


PASSING = [
    (Fault.UNAVAILABLE, "upload.chunk", 1),
    (Fault.UNAVAILABLE, "upload.chunk", 0),
    (Fault.UNAVAILABLE_AFTER, "upload.chunk", 1),
    (Fault.UNAVAILABLE_AFTER, "upload.last", 0),
    (Fault.RATE_LIMIT, "upload.chunk", 1),
    (Fault.TOO_MANY, "upload.chunk", 1),
    (Fault.RESET, "upload.chunk", 1),
    (Fault.RESET, "upload.last", 0),
    (Fault.HALF, "upload.chunk", 1),
    (Fault.SESSION_NOT_FOUND, "upload.chunk", 1),
    (Fault.SESSION_GONE, "upload.chunk", 2),
    (Fault.ANSWER_LOST, "upload.chunk", 1),
    (Fault.ANSWER_LOST, "upload.last", 0),
    (Fault.GARBLED, "upload.chunk", 1),
    (Fault.UNAUTHORISED, "upload.chunk", 1),
    (Fault.SLOW, "upload.chunk", 1),
    (Fault.UNAVAILABLE, "upload.start", 0),
    (Fault.UNAVAILABLE_AFTER, "upload.start", 0),
    (Fault.ANSWER_LOST, "upload.start", 0),
    (Fault.UNAVAILABLE_AFTER, "files.create", 0),
    (Fault.ANSWER_LOST, "files.create", 2),
    (Fault.RESET, "files.list", 0),
    (Fault.TOO_MANY, "files.generateIds", 0),
    (Fault.ANSWER_LOST, "files.generateIds", 1),
    (Fault.ANSWER_LOST, "permissions.create", 0),
]


@pytest.mark.parametrize(("fault", "on", "skip"), PASSING, ids=lambda value: str(value))
def test_what_passes_costs_no_file_and_makes_none_twice(drive, tmp_path, fault, on, skip):
    drive.emulator.faults.arm(fault, on, skip=skip, seconds=0.1)
    parcel = make_parcel(tmp_path / "w", FILM)

    publication = publish_to_drive(parcel, drive.desk(tmp_path))

    assert [met for met, _ in drive.emulator.faults.met] == [fault]
    assert not publication.unchanged
    is_there_once(drive, parcel)


def test_many_troubles_in_a_row_are_survived(drive, tmp_path):
    for fault in (Fault.UNAVAILABLE, Fault.RESET, Fault.HALF, Fault.UNAVAILABLE_AFTER, Fault.ANSWER_LOST):
        drive.emulator.faults.arm(fault, "upload.chunk", times=1)
    drive.emulator.faults.arm(Fault.UNAVAILABLE, "upload.ask")
    parcel = make_parcel(tmp_path / "w", FILM)

    publish_to_drive(parcel, drive.desk(tmp_path))

    is_there_once(drive, parcel)


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.RESET, Fault.SESSION_NOT_FOUND])
def test_asking_how_far_it_is_counts_for_no_progress(drive, tmp_path, fault):
    drive.emulator.faults.arm(fault, "upload.last", times=100)

    with pytest.raises(StoreUnavailable, match=f"{line.TRIES} times in a row"):
        publish_to_drive(make_parcel(tmp_path / "w", FILM), drive.desk(tmp_path))

    assert len(drive.emulator.faults.met) <= line.TRIES


def test_a_wish_to_wait_is_granted_and_pauses_grow_up_to_a_limit(drive, tmp_path):
    pauses = []
    drive.emulator.faults.arm(Fault.TOO_MANY, "upload.chunk", times=1, seconds=17)
    drive.emulator.faults.arm(Fault.UNAVAILABLE, "files.generateIds", times=5)

    publish_to_drive(make_parcel(tmp_path / "w", FILM), drive.desk(tmp_path, pauses.append))

    assert pauses[-1] == 17
    growing = [1, 2, 4, 8, 16]
    assert all(pause <= longest for pause, longest in zip(pauses[:5], growing, strict=True))


def test_a_drive_that_stays_away_is_left_to_the_scheduler_and_taken_up_where_it_was(drive, tmp_path):
    desk = drive.desk(tmp_path)
    parcel = make_parcel(tmp_path / "w", FILM)
    drive.emulator.faults.arm(Fault.UNAVAILABLE, "upload.chunk", skip=1, times=line.TRIES * 2)
    drive.emulator.faults.arm(Fault.UNAVAILABLE, "upload.ask", times=line.TRIES * 2)
    with pytest.raises(StoreUnavailable, match="did not answer as it should"):
        publish_to_drive(parcel, desk)
    drive.emulator.faults.disarm()
    drive.emulator.calls.clear()
    session, *_ = drive.storage.sessions.values()
    assert session.kept == 256 * 1024

    publish_to_drive(parcel, drive.desk(tmp_path))

    is_there_once(drive, parcel)
    film_chunks = 2  # of three: the first had arrived
    assert drive.emulator.calls["upload.chunk"] == film_chunks + len(parcel.items) - 1
    assert drive.emulator.calls["upload.ask"] == 1


BLOCKING = [
    (Fault.QUOTA, "upload.start", "a service account has no storage of its own"),
    (Fault.QUOTA, "upload.chunk", "a service account has no storage of its own"),
    (Fault.PERMISSION, "upload.start", "content manager"),
    (Fault.PERMISSION, "files.create", "content manager"),
    (Fault.PERMISSION, "files.get", "content manager"),
    (Fault.PERMISSION, "files.list", "content manager"),
    (Fault.PERMISSION, "files.generateIds", "content manager"),
    (Fault.PERMISSION, "permissions.list", "content manager"),
    (Fault.NO_ACCOUNT, "permissions.create", "has no Google account"),
]


@pytest.mark.parametrize(("fault", "on", "remedy"), BLOCKING, ids=lambda value: str(value)[:20])
def test_what_does_not_pass_is_asked_once_and_names_its_remedy(drive, tmp_path, fault, on, remedy):
    pauses = []
    drive.emulator.faults.arm(fault, on)
    parcel = make_parcel(tmp_path / "w", FILM)

    with capture_logs() as logged, pytest.raises(DeliveryBlocked, match=remedy) as blocked:
        publish_to_drive(parcel, drive.desk(tmp_path, pauses.append))

    assert pauses == []
    told = f"{blocked.value} {blocked.value.__cause__} {logged}"
    assert EMAIL not in told
    publish_to_drive(parcel, drive.desk(tmp_path))
    is_there_once(drive, parcel)


def test_a_service_account_has_no_room_of_its_own(drive, tmp_path):
    with pytest.raises(DeliveryBlocked, match="shared drive"):
        publish_to_drive(make_parcel(tmp_path / "w", FILM), drive.desk(tmp_path, drive_folder=""))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda drive: drive.storage.items.pop(drive.root), "cannot be found"),
        (lambda drive: drive.storage.trash(drive.root), "in Google Drive's bin"),
        (lambda drive: drive.storage.items[drive.root].file.update(mimeType="text/plain"), "is no folder"),
        (lambda drive: drive.storage.share(drive.root, "anyone"), "anyone who has the link"),
        (lambda drive: drive.storage.share(drive.root, "domain"), "a whole domain"),
    ],
    ids=["gone", "binned", "no folder", "open to anyone", "open to a domain"],
)
def test_a_root_that_will_not_do_blocks_before_a_byte_is_sent(drive, tmp_path, spoil, told):
    spoil(drive)

    with pytest.raises(DeliveryBlocked, match=told):
        publish_to_drive(make_parcel(tmp_path / "w", FILM), drive.desk(tmp_path))

    assert not list(drive.storage.files())


@pytest.fixture(params=["a shared drive", "My Drive"])
def anywhere(request, drive, tmp_path):
    """A desk at a shared drive, and one at a person's own."""
    if request.param == "a shared drive":
        return drive.desk(tmp_path)
    return drive.own_desk(tmp_path)


@pytest.mark.parametrize(
    ("whom", "told"), [("anyone", "anyone who has the link"), ("domain", "a whole domain")]
)
def test_a_file_that_somebody_opened_to_everybody_is_found_out(drive, anywhere, tmp_path, whom, told):
    publication = publish_to_drive(make_parcel(tmp_path / "w", FILM), anywhere)
    assert publish_to_drive(make_parcel(tmp_path / "w", FILM), anywhere).unchanged
    drive.storage.share(publication.assets[0].asset_id, whom)

    with pytest.raises(DeliveryBlocked, match=told):
        publish_to_drive(make_parcel(tmp_path / "w", FILM), anywhere)


def test_changed_content_is_a_new_revision_of_the_same_file(drive, tmp_path):
    desk = drive.desk(tmp_path)
    first = publish_to_drive(make_parcel(tmp_path / "w", FILM), desk)
    better = make_parcel(tmp_path / "w", FILM[::-1])

    second = publish_to_drive(better, desk)

    assert second.assets[0].asset_id == first.assets[0].asset_id
    assert len(drive.storage.items[first.assets[0].asset_id].revisions) == 2
    is_there_once(drive, better)


def parcel_of(folder, *names):
    script = make_script()
    editions = [make_edition(folder, script, f"{name} film".encode(), format=name) for name in names]
    return pack(editions, script, make_report(script, editions[0].video))


def test_an_edition_that_is_no_longer_ordered_goes_to_the_bin_and_comes_back_as_itself(drive, tmp_path):
    desk = drive.desk(tmp_path)
    both = parcel_of(tmp_path / "w", "landscape", "portrait")
    first = publish_to_drive(both, desk)

    one = parcel_of(tmp_path / "w", "landscape")
    assert not publish_to_drive(one, desk).unchanged
    is_there_once(drive, one)
    assert publish_to_drive(one, desk).unchanged

    again = publish_to_drive(parcel_of(tmp_path / "w", "landscape", "portrait"), desk)
    assert [asset.asset_id for asset in again.assets] == [asset.asset_id for asset in first.assets]
    is_there_once(drive, both)


def test_what_people_put_beside_a_lesson_is_left_alone(drive, tmp_path):
    desk = drive.desk(tmp_path)
    publish_to_drive(make_parcel(tmp_path / "w", FILM), desk)
    [folder] = [each.id for each in drive.storage.items.values() if drive.storage.path(each) == FOLDER]
    notes = drive.storage.by_hand("notes.txt", folder, "text/plain")

    assert publish_to_drive(make_parcel(tmp_path / "w", FILM), desk).unchanged

    assert not drive.storage.items[notes].file["trashed"]


@pytest.mark.parametrize("how", ["deleted", "binned", "moved", "renamed"])
def test_a_file_that_was_taken_away_is_put_back(drive, tmp_path, how):
    desk = drive.desk(tmp_path)
    parcel = make_parcel(tmp_path / "w", FILM)
    film, *_ = publish_to_drive(parcel, desk).assets
    stored = drive.storage.items[film.asset_id]
    if how == "deleted":
        del drive.storage.items[film.asset_id]
        drive.storage.burnt.add(film.asset_id)
    elif how == "binned":
        drive.storage.trash(film.asset_id)
    elif how == "moved":
        stored.file["parents"] = [drive.root]
    else:
        stored.file["name"] = "film.mp4"

    publication = publish_to_drive(parcel, desk)

    assert not publication.unchanged
    is_there_once(drive, parcel)
    assert (publication.assets[0].asset_id == film.asset_id) is (how != "deleted")


def test_a_new_ledger_finds_what_an_old_one_has_made(drive, tmp_path):
    parcel = make_parcel(tmp_path / "w", FILM)
    first = publish_to_drive(parcel, drive.desk(tmp_path / "old"))

    second = publish_to_drive(parcel, drive.desk(tmp_path / "new"))

    assert second.unchanged
    assert second.assets == first.assets
    is_there_once(drive, parcel)


def readers(drive):
    found = {}
    for stored in drive.storage.items.values():
        for permission in stored.permissions:
            if permission["role"] == "reader":
                found[drive.storage.path(stored)] = permission
    return found


def test_the_learner_may_read_the_folder_for_a_while_and_gets_no_mail(drive, tmp_path):
    publish_to_drive(make_parcel(tmp_path / "w", FILM), drive.desk(tmp_path, drive_access_days=30))

    [(where, permission)] = readers(drive).items()
    assert where == FOLDER
    assert (permission["type"], permission["emailAddress"]) == ("user", EMAIL)
    left = datetime.fromisoformat(permission["expirationTime"]) - datetime.now(UTC)
    assert timedelta(days=29) < left < timedelta(days=31)


def test_an_unchanged_lesson_does_not_prolong_the_learners_time(drive, tmp_path):
    desk = drive.desk(tmp_path)
    publish_to_drive(make_parcel(tmp_path / "w", FILM), desk)
    [before] = readers(drive).values()
    drive.emulator.calls.clear()

    publish_to_drive(make_parcel(tmp_path / "w", FILM), desk)

    assert "permissions.create" not in drive.emulator.calls
    assert list(readers(drive).values()) == [before]


NEW = "ada@elsewhere.example"


def whom(drive):
    return {permission["emailAddress"] for permission in readers(drive).values()}


def test_a_learner_with_a_new_address_reads_by_that_and_no_longer_by_the_old_one(drive, tmp_path):
    parcel = make_parcel(tmp_path / "w", FILM)
    publish_to_drive(parcel, drive.desk(tmp_path))
    desk = replace(drive.desk(tmp_path), recipient=Recipient(NEW))

    publish_to_drive(parcel, desk)

    assert whom(drive) == {NEW}
    drive.emulator.calls.clear()
    publish_to_drive(parcel, desk)
    assert not [
        name for name in drive.emulator.calls if name.startswith("permissions.") and "list" not in name
    ]


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE_AFTER, Fault.ANSWER_LOST, Fault.RESET])
def test_an_old_address_is_shut_out_whatever_breaks(drive, tmp_path, fault):
    parcel = make_parcel(tmp_path / "w", FILM)
    publish_to_drive(parcel, drive.desk(tmp_path))
    drive.emulator.faults.arm(fault, "permissions.delete")
    drive.emulator.faults.arm(fault, "permissions.create")

    publish_to_drive(parcel, replace(drive.desk(tmp_path), recipient=Recipient(NEW)))

    assert len(drive.emulator.faults.met) == 2
    assert whom(drive) == {NEW}


@pytest.mark.parametrize("how", ["no address", "no sharing"])
def test_who_is_to_read_no_longer_is_shut_out(drive, tmp_path, how):
    parcel = make_parcel(tmp_path / "w", FILM)
    publish_to_drive(parcel, drive.desk(tmp_path))
    desk = drive.desk(tmp_path, drive_share=how != "no sharing")

    publish_to_drive(parcel, replace(desk, recipient=Recipient("")) if how == "no address" else desk)

    assert whom(drive) == set()


def test_whom_a_person_lets_in_stays(drive, tmp_path):
    parcel = make_parcel(tmp_path / "w", FILM)
    publish_to_drive(parcel, drive.desk(tmp_path))
    [folder] = [each for each in drive.storage.items.values() if drive.storage.path(each) == FOLDER]
    coach = {"kind": "drive#permission", "id": "7", "type": "user", "role": "reader", "emailAddress": OWNER}
    folder.permissions.append(coach)

    publish_to_drive(parcel, replace(drive.desk(tmp_path), recipient=Recipient(NEW)))

    assert {each.get("emailAddress") for each in folder.permissions} == {OWNER, NEW}


@pytest.mark.parametrize("days", [0, 30, 300])
def test_another_policy_changes_the_time_that_is_left(drive, tmp_path, days):
    desk = drive.desk(tmp_path)
    parcel = make_parcel(tmp_path / "w", FILM)
    publish_to_drive(parcel, desk)

    publish_to_drive(parcel, drive.desk(tmp_path, drive_access_days=days))

    [permission] = readers(drive).values()
    if days:
        left = datetime.fromisoformat(permission["expirationTime"]) - datetime.now(UTC)
        assert timedelta(days=days - 1) < left < timedelta(days=days + 1)
    else:
        assert "expirationTime" not in permission


@pytest.mark.parametrize(("days", "lent"), [(29, True), (31, False)])
def test_a_lesson_whose_time_has_run_out_is_not_lent_again(drive, tmp_path, monkeypatch, days, lent):
    desk = drive.desk(tmp_path, drive_access_days=30)
    parcel = make_parcel(tmp_path / "w", FILM)
    note_delivered_before(desk, parcel, publish_to_drive(parcel, desk), days, monkeypatch)
    for stored in drive.storage.items.values():
        stored.permissions = [each for each in stored.permissions if each["role"] != "reader"]

    publish_to_drive(parcel, desk)

    assert bool(readers(drive)) is lent


@pytest.mark.parametrize("days", [25, 31])
def test_an_old_lesson_does_not_shorten_the_learners_time_with_a_new_one(drive, tmp_path, monkeypatch, days):
    desk = drive.desk(tmp_path, drive_access_days=30)
    old, new = (
        make_parcel(tmp_path / name, name.encode(), lesson_id=f"lesson-{name}") for name in ("old", "new")
    )
    note_delivered_before(desk, old, publish_to_drive(old, desk), days, monkeypatch)
    note_delivered(desk, new, publish_to_drive(new, desk))
    [lent] = readers(drive).values()

    assert publish_to_drive(old, desk).unchanged

    assert list(readers(drive).values()) == [lent]
    left = datetime.fromisoformat(lent["expirationTime"]) - datetime.now(UTC)
    assert timedelta(days=29) < left < timedelta(days=31)


def note_delivered_before(desk, parcel, publication, days, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("presgen.ledger.book.now", lambda: ago(timedelta(days=days)))
        note_delivered(desk, parcel, publication)


def note_delivered(desk, parcel, publication):
    ledger = open_ledger(desk.settings.ledger)
    ledger.begin_run("run-1")
    ledger.enter_lesson("run-1", parcel.lesson_id, pseudonym="p", certification="c", record="r")
    for status in (
        LessonStatus.SCRIPT_GENERATED,
        LessonStatus.AVATAR_RENDERING,
        LessonStatus.AVATAR_VIDEOS_GENERATED,
        LessonStatus.QA_PASSED,
    ):
        ledger.advance(parcel.lesson_id, status, run_id="run-1")
    ledger.note_delivery(publication, run_id="run-1", editions="")


@pytest.mark.parametrize("recipient", [Recipient(""), Recipient(EMAIL)])
def test_who_has_no_address_or_is_not_to_be_let_in_is_not(drive, tmp_path, recipient):
    desk = replace(drive.desk(tmp_path, drive_share=not recipient.email), recipient=recipient)

    publish_to_drive(make_parcel(tmp_path / "w", FILM), desk)

    assert readers(drive) == {}


def test_a_person_s_own_drive_needs_no_folder_and_the_smaller_scope(drive, tmp_path):
    desk = drive.own_desk(tmp_path)

    publish_to_drive(make_parcel(tmp_path / "w", FILM), desk)

    assert scopes_of(desk.settings) == ("https://www.googleapis.com/auth/drive.file",)
    assert min(drive.names()).startswith("Certifications/networking-essentials/learner-abc")


def test_nothing_is_logged_but_progress_in_our_own_words(drive, tmp_path, caplog):
    caplog.set_level("DEBUG")
    with capture_logs() as logged:
        publish_to_drive(make_parcel(tmp_path / "w", FILM), drive.desk(tmp_path))

    arrived = [entry["bytes"] for entry in logged if entry["role"] == "video"]
    assert arrived == [262_144, 524_288, 700_000]
    assert EMAIL not in f"{logged}{caplog.text}"
    assert "Avatar_Presentations" not in f"{logged}{caplog.text}"


# What people see


def seen(drive):
    """What people see of each learner's folder."""
    with drive.emulator.lock:
        folders = {drive.storage.path(each).rpartition("/")[0] for each in drive.storage.files()}
    return {folder.split("/")[3] for folder in folders}


def desk_of(drive, tmp_path, name, **settings):
    return replace(drive.desk(tmp_path, **settings), recipient=Recipient(EMAIL, name))


def test_people_see_a_learners_folder_by_name_and_nobody_else_hears_the_name(drive, tmp_path, caplog):
    with capture_logs() as logged:
        publication = publish_to_drive(
            make_parcel(tmp_path / "w", FILM), desk_of(drive, tmp_path, "Grace\nCanary")
        )

    assert seen(drive) == {"Grace Canary"}
    # Made under that name, and not renamed.
    assert "files.update" not in drive.emulator.calls
    assert "Canary" not in f"{logged}{caplog.text}{publication}"
    assert b"Canary" not in b"".join(
        file.read_bytes() for file in (tmp_path / "workspace").rglob("ledger.sqlite*")
    )


def test_a_learner_without_a_name_or_where_names_are_not_wanted_is_a_pseudonym(drive, tmp_path):
    parcel = make_parcel(tmp_path / "w", FILM)

    publish_to_drive(parcel, desk_of(drive, tmp_path, "Grace Example", drive_folder_names="pseudonym"))

    assert seen(drive) == {parcel.pseudonym}


@pytest.mark.parametrize("before", ["pseudonym", "name"])
def test_a_folder_is_renamed_in_the_next_night_when_the_choice_or_the_name_has_changed(
    drive, tmp_path, before
):
    publish_to_drive(
        make_parcel(tmp_path / "w", FILM),
        desk_of(drive, tmp_path, "Grace Example", drive_folder_names=before),
    )
    desk = desk_of(drive, tmp_path, "Grace Hopeful")

    assert publish_to_drive(make_parcel(tmp_path / "w", FILM), desk).unchanged

    assert seen(drive) == {"Grace Hopeful"}

    desk = desk_of(drive, tmp_path, "Grace Hopeful", drive_folder_names="pseudonym")
    publish_to_drive(make_parcel(tmp_path / "w", FILM), desk)

    assert seen(drive) == {make_parcel(tmp_path / "w", FILM).pseudonym}


def test_what_a_person_has_called_a_folder_stays(drive, tmp_path):
    publish_to_drive(make_parcel(tmp_path / "w", FILM), desk_of(drive, tmp_path, "Grace Example"))
    with drive.emulator.lock:
        [folder] = [each for each in drive.storage.items.values() if each.file["name"] == "Grace Example"]
        folder.file["name"] = "Grace E. (evening class)"

    publish_to_drive(
        make_parcel(tmp_path / "w", FILM + b"changed"), desk_of(drive, tmp_path, "Grace Hopeful")
    )

    assert seen(drive) == {"Grace E. (evening class)"}
