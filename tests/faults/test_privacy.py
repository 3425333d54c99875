"""A learner's name is where it has to be, and nowhere else.

Where it has to be: in the record, in the script, in the opening section that speaks it, and in what the
learner reads along: captions and transcript. Ids, paths, logs, the ledger, reports, shared sections and the
tags of the video name nobody. Address and id stay in the record.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import av
import pytest

from presgen.model.lesson import SectionKind
from tests.conftest import ROOT
from tests.factories import make_learner, make_record
from tests.nights import make_night, write_records

NAME = "Zyxwa Canarybird"
EMAIL = "zyxwa@canarybird.example"
ID = "emp-canary-4711"
CANARIES = re.compile(rb"(?i)zyxwa|canary")

MAY_NAME = re.compile(
    r"workspace/(records|scripts|videos|lessons)/.*"
    r"|output/.*(\.mp4|\.vtt|\.srt|-transcript\.(html|txt))"
)


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A deployment in which the canary's lesson was made, and everything that was printed and logged."""
    folder = tmp_path_factory.mktemp("deployment")
    record = make_record(
        learner=make_learner(id=ID, name=NAME, email=EMAIL, experience="Runs the canary desk")
    )
    bad = record.model_dump(mode="json")
    bad["learner"]["id"] = ID + "-2"
    bad["gap_analysis"]["overall_score"] = EMAIL
    bad["answers"][0][NAME] = NAME
    write_records(folder, [record])
    with (folder / "records.jsonl").open("a") as file:
        file.write(json.dumps(bad) + "\n")
    run = subprocess.run(
        [sys.executable, "-m", "tests.faults.deployments", str(folder), "run-1", "1"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "include"), str(ROOT)])},
        capture_output=True,
        check=True,
    )
    return folder, run.stdout + run.stderr


def openings(folder):
    ledger = make_night(folder).ledger
    return {each.key for each in ledger.sections("run-1") if each.kind == SectionKind.OPENING}


def test_the_canary_is_where_it_has_to_be(night):
    folder, _ = night

    for pattern in (
        "workspace/records/*.json",
        "workspace/scripts/*.json",
        "output/**/*.vtt",
        "output/**/*.html",
    ):
        assert any(CANARIES.search(path.read_bytes()) for path in folder.glob(pattern)), pattern


def test_the_canary_is_in_no_other_file(night):
    folder, _ = night
    allowed = {f"workspace/sections/{key}" for key in openings(folder)}

    found = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "records.jsonl" and CANARIES.search(path.read_bytes())
    ]

    assert found
    assert not [
        path for path in found if not MAY_NAME.fullmatch(path) and path.rpartition("/")[0] not in allowed
    ]


def test_address_id_and_experience_stay_in_the_record(night):
    folder, _ = night
    secret = re.compile(b"|".join(re.escape(each.encode()) for each in (EMAIL, ID, "canary desk")))

    found = {
        path.relative_to(folder).parts[:2]
        for path in folder.rglob("*")
        if path.is_file() and path.name != "records.jsonl" and secret.search(path.read_bytes())
    }

    assert found == {("workspace", "records")}


def test_no_path_names_the_canary(night):
    folder, _ = night

    assert not [path for path in folder.rglob("*") if CANARIES.search(str(path.relative_to(folder)).encode())]


def test_nothing_printed_or_logged_names_the_canary(night):
    _, printed = night

    assert b"video_publish" in printed
    assert b"record_quarantined" in printed
    assert not CANARIES.search(printed)


def test_the_ledger_names_the_canary_nowhere(night):
    folder, _ = night
    files = list((folder / "workspace").glob("ledger.sqlite*"))

    assert files
    assert not [path.name for path in files if CANARIES.search(path.read_bytes())]
    assert make_night(folder).ledger.quarantined("run-1")


def test_the_tags_and_chapters_of_the_video_name_nobody(night):
    folder, _ = night
    [film] = (folder / "output").rglob("*.mp4")

    with av.open(str(film)) as container:
        tags = [dict(container.metadata), *(dict(stream.metadata) for stream in container.streams)]
        chapters = container.chapters()

    assert tags[0]["title"].startswith("Networking Essentials")
    assert len(chapters) > 2
    assert not CANARIES.search(repr((tags, chapters)).encode())
