from __future__ import annotations

import errno
import os
import shutil
import time

import pytest

from presgen.errors import DeliveryBlocked, StoreUnavailable
from presgen.publishing import pack
from presgen.publishing.publishers.folder import publish_to_folder
from tests.nights import make_edition, make_parcel, make_report, make_script

BESIDE = ("-chapters.vtt", "-transcript.html", "-transcript.txt", "-report.json", "-manifest.json")


def files(root):
    return {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}


def test_lessons_lie_where_drive_would_have_them(tmp_path):
    publish_to_folder(make_parcel(tmp_path / "w"), str(tmp_path / "out"))

    folder = "Certifications/networking-essentials/learner-abcdefghijkl/Avatar_Presentations"
    [stem] = {path.name.removesuffix(".mp4") for path in (tmp_path / "out" / folder).glob("*.mp4")}
    assert sorted(files(tmp_path / "out")) == sorted(
        f"{folder}/{stem}{ending}" for ending in (".mp4", ".vtt", ".srt", ".png", *BESIDE)
    )


def test_unchanged_files_are_not_touched(tmp_path):
    publish_to_folder(make_parcel(tmp_path / "w"), str(tmp_path / "out"))
    before = {name: path.stat() for name, path in files(tmp_path / "out").items()}

    again = publish_to_folder(make_parcel(tmp_path / "w"), str(tmp_path / "out"))

    assert again.unchanged
    after = {name: path.stat() for name, path in files(tmp_path / "out").items()}
    assert {n: (s.st_mtime_ns, s.st_ino) for n, s in after.items()} == {
        n: (s.st_mtime_ns, s.st_ino) for n, s in before.items()
    }


@pytest.mark.parametrize("certification", ["../../..", "/etc", "..", "a/../../../b", "\0", "~", "C:\\x"])
def test_no_id_leads_out_of_the_root(tmp_path, certification):
    root = tmp_path / "deep" / "out"

    publish_to_folder(make_parcel(tmp_path / "w", certification=certification), str(root))

    assert len(files(root)) == 4 + len(BESIDE)
    assert {path.name for path in tmp_path.iterdir()} == {"w", "deep"}
    assert list((tmp_path / "deep").iterdir()) == [root]


def test_a_link_that_leads_out_of_the_root_is_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "Certifications").symlink_to(outside)

    with pytest.raises(DeliveryBlocked, match="leads out of the output folder"):
        publish_to_folder(make_parcel(tmp_path / "w"), str(tmp_path / "out"))

    assert not list(outside.iterdir())


def test_a_link_in_the_place_of_a_file_is_replaced_and_its_target_left_alone(tmp_path):
    parcel = make_parcel(tmp_path / "w")
    root = tmp_path / "out"
    publish_to_folder(parcel, str(root))
    [film] = root.rglob("*.mp4")
    target = tmp_path / "target.mp4"
    shutil.copy(film, target)
    film.unlink()
    film.symlink_to(target)

    publication = publish_to_folder(make_parcel(tmp_path / "w", b"a better film"), str(root))

    assert not publication.unchanged
    assert not film.is_symlink()
    assert (film.read_bytes(), target.read_bytes()) == (b"a better film", b"a film")


def test_a_full_disk_leaves_the_old_files_and_no_part_of_a_new_one(tmp_path, monkeypatch):
    root = tmp_path / "out"
    publish_to_folder(make_parcel(tmp_path / "w"), str(root))
    before = {name: path.read_bytes() for name, path in files(root).items()}

    def fill_up(source, target):
        target.write_bytes(source.read_bytes()[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", fill_up)
    with pytest.raises(StoreUnavailable, match="No space left"):
        publish_to_folder(make_parcel(tmp_path / "w", b"a better film"), str(root))

    assert {name: path.read_bytes() for name, path in files(root).items()} == before


def test_a_folder_in_the_way_blocks_the_delivery_and_says_what_to_do(tmp_path):
    root = tmp_path / "out"
    publish_to_folder(make_parcel(tmp_path / "w"), str(root))
    [film] = root.rglob("*.mp4")
    film.unlink()
    film.mkdir()

    with pytest.raises(DeliveryBlocked, match="Move it away"):
        publish_to_folder(make_parcel(tmp_path / "w"), str(root))


def test_what_killed_processes_left_is_swept_after_a_day(tmp_path):
    root = tmp_path / "out"
    (root / ".incoming").mkdir(parents=True)
    old, young = root / ".incoming" / "old", root / ".incoming" / "young"
    old.write_bytes(b"half a film")
    young.write_bytes(b"half a film")
    os.utime(old, (time.time() - 90_000,) * 2)

    publish_to_folder(make_parcel(tmp_path / "w"), str(root))

    assert not old.exists()
    assert young.exists()


def make_parcel_of(folder, *names):
    """The same lesson, in those formats."""
    script = make_script()
    editions = [make_edition(folder, script, f"{name} film".encode(), format=name) for name in names]
    return pack(editions, script, make_report(script, editions[0].video))


def test_a_new_edition_leaves_the_files_of_the_others_untouched(tmp_path):
    root = tmp_path / "out"
    publish_to_folder(make_parcel_of(tmp_path / "w", "landscape"), str(root))
    before = {name: path.stat() for name, path in files(root).items() if "manifest" not in name}

    publication = publish_to_folder(make_parcel_of(tmp_path / "w", "landscape", "portrait"), str(root))

    assert not publication.unchanged
    after = {name: path.stat() for name, path in files(root).items()}
    assert {name for name in before if before[name].st_mtime_ns != after[name].st_mtime_ns} == set()
    assert {name.partition("lesson-")[2][8:] for name in after.keys() - before.keys()} == {
        ".portrait.mp4",
        ".portrait.vtt",
        ".portrait.srt",
        ".portrait.png",
        "-manifest.json",
    }


def test_an_edition_that_is_no_longer_ordered_is_withdrawn_with_what_belongs_to_it(tmp_path):
    root = tmp_path / "out"
    publish_to_folder(make_parcel_of(tmp_path / "w", "landscape", "portrait"), str(root))

    publication = publish_to_folder(make_parcel_of(tmp_path / "w", "landscape"), str(root))

    assert not publication.unchanged
    assert sorted(files(root)) == sorted(asset.asset_id for asset in publication.assets)
    assert publish_to_folder(make_parcel_of(tmp_path / "w", "landscape"), str(root)).unchanged


def test_a_killed_delivery_leaves_the_list_from_which_the_next_one_withdraws(tmp_path, monkeypatch):
    root = tmp_path / "out"
    publish_to_folder(make_parcel_of(tmp_path / "w", "landscape", "portrait"), str(root))
    parcel = make_parcel_of(tmp_path / "w", "square")
    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.unlink", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish_to_folder(parcel, str(root))

    publication = publish_to_folder(parcel, str(root))

    delivered = {name for name in files(root) if ".incoming" not in name}
    assert delivered == {asset.asset_id for asset in publication.assets}


def test_what_was_not_delivered_by_us_is_not_withdrawn(tmp_path):
    root = tmp_path / "out"
    publish_to_folder(make_parcel_of(tmp_path / "w", "landscape", "portrait"), str(root))
    [tall] = [path for name, path in files(root).items() if name.endswith(".portrait.mp4")]
    tall.write_bytes(b"the teacher's own cut")
    (tall.parent / f"{tall.name.partition('.')[0]}-notes.txt").write_text("mine")

    publish_to_folder(make_parcel_of(tmp_path / "w", "landscape"), str(root))

    assert tall.read_bytes() == b"the teacher's own cut"
    assert [path.read_text() for path in tall.parent.glob("*-notes.txt")] == ["mine"]
