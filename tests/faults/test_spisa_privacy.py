"""On the way to Drive a name and an address go into the learner's own folder, and nowhere else."""

from __future__ import annotations

import re

import pytest

from presgen import pipeline
from presgen.ledger.schema import metadata
from presgen.media.boxes import boxes, content_of
from presgen_airflow.local.drive_emulator import server
from tests.deliveries import drive_here
from tests.factories import make_learner, make_record
from tests.nights import make_learner_record, make_night, write_records

pytestmark = pytest.mark.slow

NAME, EMAIL = "Zyxwa Canarybird", "zyxwa@canarybird.example"
FOLDER = f"/{NAME}/"
CANARIES = re.compile(rb"(?i)zyxwa|canary")
READ_BY_THE_LEARNER = re.compile(r".*(\.mp4|\.vtt|\.srt|-transcript\.(html|txt))")


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A night for the canary and somebody else, signed, with every address that Drive was asked at."""
    folder = tmp_path_factory.mktemp("deployment")
    canary = make_record(learner=make_learner(id="emp-canary", name=NAME, email=EMAIL))
    write_records(folder, [canary, make_learner_record(2)])
    asked: list[str] = []
    real = server._Handler.handle_one_request

    def listening(self):
        real(self)
        asked.append(getattr(self, "path", ""))

    with pytest.MonkeyPatch.context() as patched, drive_here(folder / "google") as drive:
        patched.setattr(server._Handler, "handle_one_request", listening)
        night = make_night(folder, "run-1", **drive.settings(), credentials="local")
        assert pipeline.produce(night, f"jsonl:{folder / 'records.jsonl'}").passed
        yield folder, drive, night, asked


def test_on_drive_only_the_learners_own_folder_names_them(night):
    _, drive, _, _ = night
    files = drive.names()

    naming = [path for path, content in files.items() if CANARIES.search(content)]

    assert naming
    assert not [path for path in naming if not READ_BY_THE_LEARNER.fullmatch(path)]
    assert not [path for path in naming if FOLDER not in path]
    assert not [path for path in files if CANARIES.search(path.replace(FOLDER, "/").encode())]


def test_the_address_is_nowhere_on_drive_but_among_who_may_read_that_folder(night):
    _, drive, _, _ = night
    items = drive.storage.items.values()

    shared = [drive.storage.path(each) for each in items if EMAIL in repr(each.permissions)]
    told = [each for each in items if CANARIES.search(repr((each.file, each.revisions)).encode())]

    assert shared
    assert not [path for path in shared if FOLDER not in path]
    # The folder itself, and of it nothing but what it is called.
    assert [each.file["name"] for each in told] == [NAME]
    assert not CANARIES.search(repr({**told[0].file, "name": ""}).encode())
    assert not [path for path, content in drive.names().items() if EMAIL.encode() in content]


def test_no_address_that_drive_was_asked_at_names_anybody(night):
    *_, asked = night

    assert any("permissions" in path for path in asked)
    assert not [path for path in asked if CANARIES.search(path.encode())]


def test_no_table_of_the_ledger_names_anybody(night):
    *_, made, _ = night
    with made.ledger._engine.connect() as connection:
        rows = {
            table.name: repr(connection.execute(table.select()).all()) for table in metadata.sorted_tables
        }

    assert rows["trail_facts"] != "[]"
    assert not [name for name, content in rows.items() if CANARIES.search(content.encode())]


def test_the_credentials_of_a_film_name_nobody(night, tmp_path):
    _, drive, _, _ = night
    films = [content for path, content in drive.names().items() if path.endswith(".mp4")]

    for number, content in enumerate(films):
        film = tmp_path / f"{number}.mp4"
        film.write_bytes(content)
        credentials = b"".join(content_of(film, box) for box in boxes(film) if box.kind == "uuid")
        assert b"c2pa" in credentials
        assert not CANARIES.search(credentials)
