"""What was delivered is taken back, from each kind of place, and nothing that others have put there."""

from __future__ import annotations

from dataclasses import replace

import fsspec
import pytest

from presgen.errors import BadInput, DeliveryBlocked, StoreUnavailable
from presgen.publishing import Recipient
from presgen.publishing.drive.line import TRIES
from presgen.publishing.publishers import publishers
from presgen.publishing.publishers.drive import publish_to_drive
from presgen.publishing.withdrawing import withdraw
from presgen_airflow.local.drive_emulator import Fault
from presgen_airflow.local.drive_emulator.server import ACCOUNT
from tests.deliveries import EMAIL, drive_here, make_desk
from tests.nights import make_parcel

LEARNER = "Lessons/Certifications/networking-essentials/learner-abcdefghijkl"
FOLDER = f"{LEARNER}/Avatar_Presentations"


@pytest.fixture
def drive(tmp_path):
    with drive_here(tmp_path) as drive:
        yield drive


@pytest.fixture
def parcel(tmp_path):
    return make_parcel(tmp_path / "w")


def paths(drive):
    """Return where everything lies on Drive, the bin included."""
    with drive.emulator.lock:
        return {drive.storage.path(each): each for each in drive.storage.items.values()}


def test_every_publisher_knows_a_way_back(tmp_path, parcel):
    for name in publishers.names():
        if name == "drive":
            continue
        desk = make_desk(tmp_path / name, object_store=(tmp_path / "objects").as_uri())
        publication = publishers[name](parcel, desk)

        assert withdraw(name, parcel, publication.assets, desk) == len(publication.assets)
        assert withdraw(name, parcel, publication.assets, desk) == 0

    with pytest.raises(BadInput, match="by hand"):
        withdraw("carrier-pigeon", parcel, (), make_desk(tmp_path))


@pytest.mark.parametrize("name", ["folder", "object-store"])
def test_what_nobody_had_noted_goes_too_and_what_others_put_there_stays(tmp_path, parcel, name):
    root = tmp_path / ("output" if name == "folder" else "objects")
    desk = make_desk(tmp_path, object_store=(tmp_path / "objects").as_uri())
    publishers[name](parcel, desk)
    folder = root.joinpath(*parcel.folder)
    (folder / f"{parcel.name}.mp4.0123.part").write_bytes(b"half a film")
    (folder / "notes.txt").write_bytes(b"mine")

    assert withdraw(name, parcel, (), desk) == len(parcel.items) + 1

    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", ["folder", "object-store"])
def test_no_folder_is_left_that_is_named_after_the_learner(tmp_path, parcel, name):
    root = tmp_path / ("output" if name == "folder" else "objects")
    desk = make_desk(tmp_path, object_store=(tmp_path / "objects").as_uri())
    publication = publishers[name](parcel, desk)

    withdraw(name, parcel, publication.assets, desk)

    assert root.is_dir()
    assert not [path for path in root.rglob("*") if parcel.pseudonym in str(path)]


def test_a_draft_that_a_killed_process_left_goes(tmp_path, parcel):
    desk = make_desk(tmp_path)
    publishers["folder"](parcel, desk)
    draft = tmp_path / "output" / ".incoming" / f"{parcel.name}.mp4.0123"
    draft.write_bytes(b"half a film")
    others = draft.with_name("other-course-lesson-01234567.mp4.0123")
    others.write_bytes(b"half of another film")

    withdraw("folder", parcel, (), desk)

    assert sorted(path.name for path in draft.parent.iterdir()) == ["mark", others.name]


def test_a_store_in_memory_is_emptied(tmp_path, parcel):
    desk = make_desk(tmp_path, object_store="memory://erased")
    publishers["object-store"](parcel, desk)

    withdraw("object-store", parcel, (), desk)

    assert fsspec.filesystem("memory").find("/erased") == []


@pytest.mark.parametrize(
    ("error", "told"), [(PermissionError("no"), DeliveryBlocked), (OSError("gone"), StoreUnavailable)]
)
def test_a_store_that_does_not_let_us_is_told_from_one_that_is_away(
    tmp_path, parcel, monkeypatch, error, told
):
    desk = make_desk(tmp_path, object_store="memory://refusing")
    publication = publishers["object-store"](parcel, desk)

    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(type(fsspec.filesystem("memory")), "rm_file", refuse)
    with pytest.raises(told):
        withdraw("object-store", parcel, publication.assets, desk)


SETTINGS = {"folder": "PRESGEN_OUTPUT", "object-store": "PRESGEN_OBJECT_STORE"}


def at(folder, place):
    """Return a desk of that deployment whose output folder and object store have that name."""
    return make_desk(folder, output=folder / f"{place}-o", object_store=(folder / f"{place}-s").as_uri())


def films(folder):
    """Return what is delivered anywhere below the folder."""
    return sorted(folder.glob("*/Certifications/**/*.mp4"))


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("noted", [True, False], ids=["delivered", "cut short"])
def test_what_was_delivered_elsewhere_is_not_called_gone(tmp_path, parcel, name, noted):
    publication = publishers[name](parcel, at(tmp_path, "here"))
    assets = publication.assets if noted else ()
    [place] = at(tmp_path, "here").ledger.destinations(parcel.lesson_id)

    with pytest.raises(DeliveryBlocked, match=SETTINGS[name]) as refused:
        withdraw(name, parcel, assets, at(tmp_path, "there"))

    assert place.address in str(refused.value)
    assert parcel.pseudonym not in str(refused.value)
    assert films(tmp_path)
    assert withdraw(name, parcel, assets, at(tmp_path, "here")) == len(parcel.items)
    assert withdraw(name, parcel, assets, at(tmp_path, "there")) == 0


@pytest.mark.parametrize("name", SETTINGS)
def test_what_was_delivered_to_two_places_is_taken_back_from_one_after_the_other(tmp_path, parcel, name):
    publishers[name](parcel, at(tmp_path, "here"))
    assets = publishers[name](parcel, at(tmp_path, "there")).assets

    with pytest.raises(DeliveryBlocked, match="here-"):
        withdraw(name, parcel, assets, at(tmp_path, "there"))

    assert len(films(tmp_path)) == 1
    assert withdraw(name, parcel, assets, at(tmp_path, "here")) == len(parcel.items)
    assert not films(tmp_path)


@pytest.mark.parametrize("name", SETTINGS)
def test_whoever_asks_may_say_that_a_place_is_no_more(tmp_path, parcel, name):
    publishers[name](parcel, at(tmp_path, "here"))
    [place] = at(tmp_path, "here").ledger.destinations(parcel.lesson_id)

    assert withdraw(name, parcel, (), replace(at(tmp_path, "there"), gone=[place.address])) == 0

    assert not at(tmp_path, "here").ledger.destinations(parcel.lesson_id)


def test_a_store_that_is_in_no_setting_any_more_is_named(tmp_path, parcel):
    publishers["object-store"](parcel, at(tmp_path, "here"))

    with pytest.raises(DeliveryBlocked, match="here-s/, and that is not what PRESGEN_OBJECT_STORE leads to"):
        withdraw("object-store", parcel, (), make_desk(tmp_path))


@pytest.mark.parametrize("name", SETTINGS)
def test_a_place_that_is_not_mounted_is_not_called_empty(tmp_path, parcel, name):
    desk = at(tmp_path, "here")
    publication = publishers[name](parcel, desk)
    place = tmp_path / ("here-o" if name == "folder" else "here-s")
    place.rename(tmp_path / "away")

    with pytest.raises(DeliveryBlocked, match="--gone"):
        withdraw(name, parcel, publication.assets, desk)

    (tmp_path / "away").rename(place)
    assert withdraw(name, parcel, publication.assets, desk) == len(parcel.items)


def test_an_empty_folder_where_the_output_was_is_not_taken_for_it(tmp_path, parcel):
    desk = at(tmp_path, "here")
    publishers["folder"](parcel, desk)
    (tmp_path / "here-o").rename(tmp_path / "away")
    (tmp_path / "here-o").mkdir()

    with pytest.raises(DeliveryBlocked, match="PRESGEN_OUTPUT"):
        withdraw("folder", parcel, (), desk)


def test_what_an_earlier_release_has_noted_is_known_by_its_address(tmp_path, parcel):
    desk = at(tmp_path, "here")
    publishers["folder"](parcel, desk)
    [place] = desk.ledger.destinations(parcel.lesson_id)
    desk.ledger.note_destination(parcel.lesson_id, place.model_copy(update={"mark": ""}))

    with pytest.raises(DeliveryBlocked, match="PRESGEN_OUTPUT"):
        withdraw("folder", parcel, (), at(tmp_path, "there"))

    assert withdraw("folder", parcel, (), desk) == len(parcel.items)


def test_a_folder_that_was_moved_is_known_for_ours_even_when_it_is_empty(tmp_path, parcel):
    desk = make_desk(tmp_path)
    publication = publishers["folder"](parcel, desk)
    moved = make_desk(tmp_path, output=tmp_path / "moved")
    (tmp_path / "output").rename(tmp_path / "moved")

    assert withdraw("folder", parcel, publication.assets, moved) == len(parcel.items)
    assert withdraw("folder", parcel, publication.assets, moved) == 0


def test_nothing_is_removed_through_a_link_that_leads_out_of_the_folder(tmp_path, parcel):
    desk = make_desk(tmp_path)
    publication = publishers["folder"](parcel, desk)
    folder = (tmp_path / "output").joinpath(*parcel.folder)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(DeliveryBlocked, match=f"{folder} leads out of the output folder"):
        withdraw("folder", parcel, publication.assets, desk)

    assert len(list((tmp_path / "elsewhere").iterdir())) == len(parcel.items)


# Drive


@pytest.mark.parametrize("how", ["another folder", "another account"])
def test_what_an_account_does_not_see_is_not_called_gone(drive, tmp_path, parcel, how):
    desk = drive.desk(tmp_path)
    publication = publish_to_drive(parcel, desk)
    with drive.emulator.lock:
        other = drive.storage.shared_drive("Others", ACCOUNT)
    hidden = {}
    if how == "another account":
        # As to an account that may see nothing but the shared drive itself.
        hidden = {each: stored for each, stored in drive.storage.items.items() if "parents" in stored.file}
        for each in hidden:
            del drive.storage.items[each]
        elsewhere = desk
    else:
        hidden = {asset.asset_id: drive.storage.items.pop(asset.asset_id) for asset in publication.assets}
        elsewhere = drive.desk(tmp_path, drive_folder=other)

    with pytest.raises(DeliveryBlocked, match="PRESGEN_DRIVE_FOLDER"):
        withdraw("drive", parcel, publication.assets, elsewhere)

    drive.storage.items.update(hidden)
    assert withdraw("drive", parcel, publication.assets, desk) == len(parcel.items)


def test_nothing_of_the_learner_is_left_on_drive(drive, tmp_path, parcel):
    desk = drive.desk(tmp_path)
    publication = publish_to_drive(parcel, desk)
    assert FOLDER in paths(drive)

    assert withdraw("drive", parcel, publication.assets, desk) == len(parcel.items)

    assert sorted(paths(drive)) == [
        "Lessons",
        "Lessons/Certifications",
        "Lessons/Certifications/networking-essentials",
    ]
    assert withdraw("drive", parcel, publication.assets, desk) == 0


def test_what_was_delivered_under_another_root_before_goes_too(drive, tmp_path, parcel):
    publish_to_drive(parcel, drive.desk(tmp_path))
    with drive.emulator.lock:
        other = drive.storage.shared_drive("Others", ACCOUNT)
    desk = drive.desk(tmp_path, drive_folder=other)
    publication = publish_to_drive(parcel, desk)
    assert len(list(drive.storage.files())) == 2 * len(parcel.items)

    assert withdraw("drive", parcel, publication.assets, desk) == 2 * len(parcel.items)

    assert not [path for path in paths(drive) if parcel.pseudonym in path]
    assert "Lessons/Certifications/networking-essentials" in paths(drive)


def test_what_lies_in_the_bin_goes_too(drive, tmp_path, parcel):
    desk = drive.desk(tmp_path)
    film, *_ = publish_to_drive(parcel, desk).assets
    drive.storage.trash(film.asset_id)

    assert withdraw("drive", parcel, (), desk) == len(parcel.items)

    assert not [path for path in paths(drive) if parcel.pseudonym in path]


def test_a_new_ledger_finds_what_an_old_one_has_delivered(drive, tmp_path, parcel):
    publish_to_drive(parcel, drive.desk(tmp_path / "old"))

    assert withdraw("drive", parcel, (), drive.desk(tmp_path / "new")) == len(parcel.items)

    assert not [path for path in paths(drive) if parcel.pseudonym in path]


def test_what_people_put_beside_the_lesson_stays_and_the_learner_is_shut_out(drive, tmp_path, parcel):
    desk = drive.desk(tmp_path)
    publication = publish_to_drive(parcel, desk)
    folder = paths(drive)[FOLDER]
    drive.storage.by_hand("notes.txt", folder.id, "text/plain")

    withdraw("drive", parcel, publication.assets, desk)

    assert {path for path in paths(drive) if path.startswith(FOLDER)} == {FOLDER, f"{FOLDER}/notes.txt"}
    assert EMAIL not in str(paths(drive)[FOLDER].permissions)


@pytest.mark.parametrize("renamed", ["", "Grace Example (retake)"])
@pytest.mark.parametrize("why", ["notes beside it", "the bin"])
def test_a_folder_that_stays_has_the_learners_name_no_more(drive, tmp_path, parcel, why, renamed):
    own = why == "the bin"
    desk = drive.own_desk(tmp_path) if own else drive.desk(tmp_path)
    publication = publish_to_drive(parcel, replace(desk, recipient=Recipient(EMAIL, "Grace Example")))
    [folder] = [stored for path, stored in paths(drive).items() if path.endswith("/Grace Example")]
    if renamed:
        folder.file["name"] = renamed
    if not own:
        drive.storage.by_hand("notes.txt", folder.id, "text/plain")

    withdraw("drive", parcel, publication.assets, desk)

    assert paths(drive)
    assert not [path for path in paths(drive) if "Grace" in path]
    assert folder.file["name"] == parcel.pseudonym


def test_an_older_folder_in_the_bin_has_the_learners_name_no_more(drive, tmp_path, parcel):
    def desk(folder):
        return replace(drive.own_desk(folder), recipient=Recipient(EMAIL, "Grace Example"))

    publish_to_drive(parcel, desk(tmp_path / "old"))
    [older] = [stored for path, stored in paths(drive).items() if path.endswith("/Grace Example")]
    drive.storage.trash(older.id)
    publication = publish_to_drive(parcel, desk(tmp_path / "new"))

    withdraw("drive", parcel, publication.assets, desk(tmp_path / "new"))

    assert not [path for path in paths(drive) if "Grace" in path]


@pytest.mark.parametrize("on", ["files.list", "files.delete", "permissions.delete", "files.get"])
@pytest.mark.parametrize(
    "fault", [Fault.UNAVAILABLE, Fault.UNAVAILABLE_AFTER, Fault.RESET, Fault.ANSWER_LOST, Fault.TOO_MANY]
)
def test_what_passes_keeps_nothing_from_being_removed(drive, tmp_path, parcel, fault, on):
    desk = drive.desk(tmp_path)
    publication = publish_to_drive(parcel, desk)
    drive.emulator.faults.arm(fault, on)

    withdraw("drive", parcel, publication.assets, desk)

    assert [met for met, _ in drive.emulator.faults.met] == [fault]
    assert not [path for path in paths(drive) if parcel.pseudonym in path]


def test_a_drive_that_stays_away_in_the_middle_is_gone_on_with_later(drive, tmp_path, parcel):
    desk = drive.desk(tmp_path)
    publication = publish_to_drive(parcel, desk)
    drive.emulator.faults.arm(Fault.UNAVAILABLE, "files.delete", skip=3, times=TRIES)
    with pytest.raises(StoreUnavailable):
        withdraw("drive", parcel, publication.assets, desk)
    assert len(list(drive.storage.files())) == len(parcel.items) - 3

    assert withdraw("drive", parcel, publication.assets, desk) == len(parcel.items) - 3

    assert not [path for path in paths(drive) if parcel.pseudonym in path]


def test_an_account_that_may_not_delete_is_told_what_it_takes(drive, tmp_path, parcel):
    desk = drive.desk(tmp_path)
    publication = publish_to_drive(parcel, desk)
    drive.emulator.faults.arm(Fault.PERMISSION, "files.delete")

    with pytest.raises(DeliveryBlocked, match="only a manager deletes for good"):
        withdraw("drive", parcel, publication.assets, desk)
