from __future__ import annotations

import errno
import os
import shutil
import time

import pytest

from presgen.errors import DeliveryBlocked, StoreUnavailable
from presgen.publishing.publishers.folder import publish_to_folder
from tests.nights import make_parcel


def files(root):
    return {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}


def test_lessons_lie_where_drive_would_have_them(tmp_path):
    publish_to_folder(make_parcel(tmp_path / "w"), str(tmp_path / "out"))

    folder = "Certifications/networking-essentials/learner-abcdefghijkl/Avatar_Presentations"
    [stem] = {path.name.removesuffix(".mp4") for path in (tmp_path / "out" / folder).glob("*.mp4")}
    assert sorted(files(tmp_path / "out")) == sorted(
        f"{folder}/{stem}{ending}"
        for ending in (".mp4", ".vtt", ".srt", ".png", "-transcript.html", "-transcript.txt", "-report.json")
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

    assert len(files(root)) == 7
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
