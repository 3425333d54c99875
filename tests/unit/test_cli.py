from __future__ import annotations

import json
import logging
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from presgen import cli, console, stages
from presgen.cli import app, source_of
from presgen.errors import BadInput, StoreUnavailable
from tests.factories import make_answer, make_record
from tests.nights import STAMP, TALL, make_learner_record, write_records

ENVIRONMENT = {
    "PRESGEN_FORMATS": STAMP,
    "PRESGEN_RENDERER": "card",
    "PRESGEN_WORKERS": "1",
    "PRESGEN_BUDGET": "90",
    "PRESGEN_PSEUDONYM_KEY": "k" * 32,
}


def presgen(*words):
    """Run the command line, and leave logging as it was."""
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    structlog.reset_defaults()
    return result


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command line in an empty folder, with its own workspace and output."""
    monkeypatch.chdir(tmp_path)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    yield presgen
    stages._chosen = None


@pytest.fixture(scope="module")
def produced(tmp_path_factory):
    """A folder in which the lesson of one learner was produced."""
    folder = tmp_path_factory.mktemp("produced")
    write_records(folder, [make_learner_record()])
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        for name, value in ENVIRONMENT.items():
            patched.setenv(name, value)
        result = presgen("produce", "records.jsonl", "--json")
    assert result.exit_code == 0, result.output
    return folder, json.loads(result.stdout)


@pytest.fixture
def here(produced, tmp_path):
    """That folder again, as the current one."""
    shutil.copytree(produced[0], tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_the_version_is_told(run):
    result = run("--version")

    assert (result.exit_code, result.stdout) == (0, f"presgen {version('presgen')}\n")


def test_every_command_explains_itself(run):
    listed = run("--help").stdout

    for command in ("demo", "produce", "script", "inspect", "sections", "gallery"):
        assert command in listed
        assert "Usage:" in run(command, "--help").stdout


def test_producing_for_programs_prints_one_json_value(produced):
    folder, told = produced

    assert told["lessons"] == {"published": 1}
    assert told["passed"] is True
    [video] = told["videos"]
    assets = {asset["role"]: folder / "output" / asset["asset_id"] for asset in video["assets"]}
    assert Path(told["output"]) == folder / "output"
    assert all(path.is_file() for path in assets.values())
    assert assets["video"].stat().st_size > 10_000


def test_producing_for_people_says_where_everything_lies(run, here):
    result = run("produce", "records.jsonl")

    assert result.exit_code == 0
    assert "1 of 1 lessons are published" in result.stdout
    [film] = (here / "output").rglob("*.mp4")
    assert str(film.relative_to(here)) in result.stdout
    assert "0 sections were rendered" in result.stdout
    assert "Ada" not in result.output


def test_a_bad_record_is_told_and_costs_nobody_else_anything(run, here):
    with (here / "records.jsonl").open("a") as file:
        file.write('{"learner": {"id": "L-2", "name": "Bo Sample"}}\n')

    result = run("produce", "records.jsonl")

    assert result.exit_code == 0
    assert "Refused: records.jsonl:2" in result.stdout
    assert "1 of 1 lessons are published" in result.stdout


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(run, here):
    write_records(here, [make_learner_record(1), make_learner_record(2)])
    before = set((here / "output").rglob("*"))

    people = run("produce", "records.jsonl", "--dry-run")
    programs = json.loads(run("produce", "records.jsonl", "--dry-run", "--force", "--json").stdout)

    assert people.exit_code == 0
    assert "1 lessons would be made" in people.stdout
    assert "1 are published as they would come out" in people.stdout
    assert programs["rehearsal"]["lessons"] == 2
    assert set((here / "output").rglob("*")) == before


def test_only_the_learners_asked_for_get_a_lesson(run, here):
    write_records(here, [make_learner_record(1), make_learner_record(2)])

    told = json.loads(run("produce", "records.jsonl", "--learner", "L-1", "--json").stdout)

    assert len(told["videos"]) == 1


def test_stages_are_logged_when_asked_for(run, here):
    result = run("produce", "records.jsonl", "--verbose", "--json")

    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert "video_publish" in {line["event"] for line in lines}
    assert json.loads(result.stdout)["passed"] is True


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["produce", "absent.jsonl"], "There is no file or folder 'absent.jsonl'"),
        (["produce", "ftp:records"], "no READER:ADDRESS either (readers: "),
        (["produce", ".", "--renderer", "crayon"], "No renderer is called 'crayon'. Known: "),
        (["produce", ".", "--persona", "nobody"], "No persona is called 'nobody'. Known: "),
        (["produce", ".", "--format", "cinema"], "No format is called 'cinema'. Known: "),
        (["script", "absent.json"], "There is no file or folder"),
        (["inspect", "absent.mp4"], "There is no video absent.mp4"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_line(run, words, told):
    result = run(*words)

    assert result.exit_code == console.BAD_REQUEST
    assert result.stderr.startswith("presgen: ")
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.output


def test_a_setting_that_cannot_be_used_is_named(run, monkeypatch):
    monkeypatch.setenv("PRESGEN_TOP_GAPS", "many")

    result = run("sections")

    assert result.exit_code == console.BAD_REQUEST
    assert "PRESGEN_TOP_GAPS" in result.stderr


def test_a_store_that_is_away_is_a_failure_and_no_bad_request(run, monkeypatch):
    def away(*_):
        raise StoreUnavailable("The disk is full.")

    monkeypatch.setattr("presgen.pipeline.open_night", away)

    result = run("produce", "json:records.json")

    assert (result.exit_code, result.stderr) == (console.SOME_FAILED, "presgen: The disk is full.\n")


def test_a_script_can_be_read_with_seconds_for_every_section(run, tmp_path):
    write_records(tmp_path, [make_learner_record()])

    result = run("script", "records.jsonl")

    assert result.exit_code == 0
    assert " 0:00 " in result.stdout
    assert "opening: Where you stand" in result.stdout
    assert "s  in all, with mentor" in result.stdout
    assert not (tmp_path / "workspace" / "sections").exists()


def test_a_script_for_programs_is_a_list(run, tmp_path):
    finished = make_record(answers=[make_answer("q1", is_correct=True)], gaps=[], outline=[])
    write_records(tmp_path, [make_learner_record(2), finished])

    first, second = json.loads(run("script", "records.jsonl", "--json").stdout)

    assert first["planned"] == pytest.approx(sum(section["planned"] for section in first["sections"]))
    assert second["status"] == "not_needed"


def test_the_script_of_a_bad_record_is_a_failure_that_stops_no_other(run, tmp_path):
    write_records(tmp_path, [make_learner_record()])
    with (tmp_path / "records.jsonl").open("a") as file:
        file.write("{\n")

    result = run("script", "records.jsonl")

    assert result.exit_code == console.SOME_FAILED
    assert "records.jsonl:2" in result.stderr
    assert "opening" in result.stdout


def test_a_good_video_passes_its_inspection(run, here):
    [film] = (here / "output").rglob("*.mp4")

    result = run("inspect", film)
    told = json.loads(run("inspect", film, "--json").stdout)

    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "Passed.")
    assert "video codec" in result.stdout
    assert (told["passed"], told["metadata"]["video_codec"]) == (True, "h264")


def test_a_damaged_video_is_rejected(run, here):
    [film] = (here / "output").rglob("*.mp4")
    content = bytearray(film.read_bytes())
    content[-4000:-2000] = bytes(2000)
    film.write_bytes(content)

    result = run("inspect", film)

    assert (result.exit_code, result.stdout.splitlines()[-1]) == (console.SOME_FAILED, "Rejected.")


@pytest.mark.parametrize("content", ["no film", None])
def test_a_file_that_is_no_film_or_cut_short_is_rejected(run, here, tmp_path, content):
    [film] = (here / "output").rglob("*.mp4")
    whole = film.read_bytes()
    (tmp_path / "film.mp4").write_bytes(content.encode() if content else whole[: len(whole) // 2])

    result = run("inspect", "film.mp4", "--json")

    told = json.loads(result.stdout)
    assert result.exit_code == console.SOME_FAILED == 1
    assert [finding["check"] for finding in told["findings"]] == ["film-is-whole"]


def test_a_video_is_held_against_what_is_expected(run, here, tmp_path):
    [film] = (here / "output").rglob("*.mp4")
    (tmp_path / "expected.json").write_text('{"resolution": "1920x1080", "captions": true}')

    result = run("inspect", film, "--expect", "expected.json", "--json")

    [finding] = json.loads(result.stdout)["findings"]
    assert result.exit_code == console.SOME_FAILED
    assert (finding["check"], finding["limit"]) == ("picture-has-its-size", "1920x1080")


@pytest.mark.parametrize(
    ("content", "told"), [("{", "no expectation"), ('{"size": 1}', "size"), ('{"fps": -1}', "fps")]
)
def test_an_expectation_that_makes_no_sense_is_named(run, here, tmp_path, content, told):
    [film] = (here / "output").rglob("*.mp4")
    (tmp_path / "expected.json").write_text(content)

    result = run("inspect", film, "--expect", "expected.json")

    assert result.exit_code == console.BAD_REQUEST
    assert told in result.stderr


def test_one_section_is_made_again_and_nobody_waits_for_it(run, here):
    planned = sorted(path.stem for path in (here / "workspace" / "planned").glob("*.json"))

    kept = run("sections", "retry", planned[0], "--renderer", "card")
    again = run("sections", "retry", planned[0][:10], "--force", "--renderer", "card")

    assert (kept.exit_code, again.exit_code) == (0, 0), kept.output + again.output
    assert ": rendered (" in again.stdout
    assert "wait" not in again.stdout
    assert (here / "workspace" / "sections" / planned[0] / "section.json").is_file()


def test_a_section_nobody_planned_is_a_bad_request(run, here):
    result = run("sections", "retry", "abc")

    assert result.exit_code == 2
    assert "none does" in result.stderr


def test_kept_sections_are_listed(run, here):
    kept = {path.name for path in (here / "workspace" / "sections").iterdir()}

    listed = json.loads(run("sections", "--json").stdout)
    shown = run("sections").stdout

    assert {section["key"] for section in listed} == kept
    assert all(section["seconds"] > 0 and section["bytes"] > 0 and section["slug"] for section in listed)
    assert f"{len(kept)} sections" in shown
    assert "deep-dive-ports" in shown


def test_the_gallery_says_where_its_sheet_and_page_lie(run, monkeypatch, tmp_path):
    asked = []

    def draw(folder, *, on_progress, **choices):
        asked.append((folder, choices))
        on_progress(1, 1)
        return (
            folder / "contact-sheet.png",
            *([folder / "a.png"] * choices["pictures"]),
            folder / "index.html",
        )

    monkeypatch.setattr("presgen.rendering.gallery.draw_gallery", draw)

    result = run("gallery", "--output", "there", "--brand", "dusk", "--workers", "2")
    run("gallery", "--contact-sheet")

    assert result.exit_code == 0
    assert result.stdout == "there/contact-sheet.png\nthere/index.html (1 pictures)\n"
    assert asked == [
        (Path("there"), {"brand": "dusk", "pictures": True, "workers": 2}),
        (Path("gallery"), {"brand": "house", "pictures": False, "workers": 1}),
    ]


def test_several_formats_of_one_lesson_are_told(run, here, monkeypatch):
    monkeypatch.setenv("PRESGEN_FORMATS", f"{STAMP},{TALL}")

    result = run("produce", "records.jsonl")

    assert result.exit_code == 0
    assert f"as {STAMP}, {TALL}." in result.stdout
    assert f"video, {TALL}" in result.stdout
    for film in (here / "output").rglob("*.mp4"):
        assert str(film.relative_to(here)) in result.stdout


def test_an_empty_store_is_listed_without_making_a_ledger(run, tmp_path):
    assert json.loads(run("sections", "--json").stdout) == []
    assert not (tmp_path / "workspace").exists()


def test_a_demo_without_examples_says_where_they_are(run, monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "EXAMPLES", tmp_path / "nowhere")

    result = run("demo")

    assert result.exit_code == console.BAD_REQUEST
    assert "belong to the repository" in result.stderr


def test_a_demo_makes_the_examples(run, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(cli, "_produce", lambda settings, source, **_: asked.append((settings, source)))

    assert run("demo", "--output", "there").exit_code == 0

    [(settings, source)] = asked
    assert settings.output == Path("there")
    assert source == f"folder:{cli.EXAMPLES}"
    assert len(list(cli.EXAMPLES.glob("*.json"))) == 3


@pytest.mark.parametrize(
    ("name", "reader"),
    [("r.json", "json"), ("r.jsonl", "jsonl"), ("r.ndjson", "jsonl"), ("R.JSON", "json"), ("r", "folder")],
)
def test_the_shape_of_a_path_tells_its_reader(tmp_path, name, reader):
    path = tmp_path / name
    path.mkdir() if reader == "folder" else path.touch()

    assert source_of(str(path)) == f"{reader}:{path}"


def test_a_reader_may_be_named(tmp_path):
    assert source_of("jsonl:anything at all") == "jsonl:anything at all"


def test_a_file_of_another_shape_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "records.csv").touch()

    with pytest.raises(BadInput, match="say how to read it"):
        source_of(str(tmp_path / "records.csv"))


def test_logs_are_quiet_unless_asked_for(run, here):
    run("produce", "records.jsonl")

    assert stages.log_settings().keywords["level"] == logging.ERROR
