"""From a source to believed records and quarantined ones."""

import errno
import json
import logging
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from presgen.errors import BadInput, SourceUnavailable, UnknownName
from presgen.sources import expectations, lesson_id_of, load_records, pseudonym_of
from presgen.sources.readers import readers
from tests.unit.sources.exports import KEY, load, make_export, write_lines


def export_with(part: str, **fields):
    export = make_export()
    export[part] |= fields
    return export


def spoilt(part: str, learner_id: str = "L-2", **fields) -> str:
    export = make_export(learner_id)
    export[part] |= fields
    return json.dumps(export)


def reasons(loaded):
    return [(found.where, found.field, found.value, found.reason) for found in loaded.quarantined]


def test_a_faultless_record_is_believed_under_its_pseudonym(tmp_path):
    [loaded] = load(tmp_path, make_export("L-1")).records

    assert loaded.record.learner.id == "L-1"
    assert loaded.pseudonym == pseudonym_of("L-1", KEY)
    assert loaded.lesson_id == lesson_id_of(loaded.pseudonym, "networking-essentials", "assessment-1")


BROKEN_LINES = [
    ("", None),
    ("not JSON", "broken JSON"),
    (b'{"learner": {"id": "\xff"}}', "byte 0xff at 20"),
    (b"\xef\xbb\xbf" + json.dumps(make_export()).encode(), "a byte order mark"),
    ("[" * 200_000, "nested too deeply"),
    ('{"learner": {"id": "L-2"}, "extra": ' + "[" * 40 + "]" * 40 + "}", "nested 33 levels"),
    ("17", "a number"),
    ("[]", "a list of 0"),
    ('{"learner": {"id": "L-2", "id": "L-3"}}', "given more than once"),
    ('{"learner": {"id": "L-2"}, "gap_analysis": {"overall_score": NaN}}', "NaN"),
    ('{"learner": {"id": "L-2"}, "gap_analysis": {"overall_score": 1e999}}', "a number beyond 1.8e308"),
    ('{"learner": {"id": "L-2"}, "extra": ' + "9" * 5000 + "}", "an integer of 5000 digits"),
    (r'{"learner": {"id": "L-2", "name": "\ud800"}}', "text of 1 characters"),
    (r'{"learner": {"id": "L-\u0000"}}', "text of 3 characters"),
    (r'{"learner": {"id": "L-2", "name": "A\u202eda"}}', "text of 4 characters"),
    ("{}", "absent"),
    (spoilt("learner", id=""), "absent"),
    (spoilt("learner", id="L-3", name="x" * 201), "text of 201 characters"),
    (spoilt("gap_analysis", learner_id="L-4", overall_score=101), "101"),
    (spoilt("gap_analysis", learner_id="L-5", overall_score="high"), "text of 4 characters"),
    (spoilt("gap_analysis", learner_id="L-6", total_questions="4"), "'4'"),
    (spoilt("gap_analysis", learner_id="L-7", text_summary="y" * 4097), "text of 4,097 characters"),
    (spoilt("gap_analysis", learner_id="L-8", text_summary="y" * 1_000_000), "1,000,002 bytes or more"),
]


def test_each_broken_line_is_set_aside_with_a_reason_and_the_others_go_on(tmp_path):
    good = [make_export(f"good-{number}") for number in range(len(BROKEN_LINES) + 1)]
    lines = [good[0]]
    for number, (line, _) in enumerate(BROKEN_LINES, start=1):
        lines += [line, good[number]]

    loaded = load(tmp_path, *lines)

    assert [found.record.learner.id for found in loaded.records] == [f"good-{n}" for n in range(len(good))]
    assert [found.value for found in loaded.quarantined] == [value for _, value in BROKEN_LINES if value]
    assert all(found.reason and found.field for found in loaded.quarantined)


@pytest.mark.parametrize(
    ("export", "field", "value", "reason"),
    [
        (
            export_with("gap_analysis", correct_answers=3),
            "gap_analysis.total_questions",
            "4",
            "3 right and 2 wrong answers do not add up to it.",
        ),
        (
            export_with("gap_analysis", overall_score=-3, total_questions=9),
            "gap_analysis.overall_score",
            "-3",
            "it has to lie between 0 and 100. And 1 more.",
        ),
        (
            export_with("gap_analysis", overall_score="71"),
            "gap_analysis.overall_score",
            "'71'",
            "Input should be a valid number.",
        ),
        (
            export_with("certification", name=None),
            "certification.name",
            "null",
            "Input should be a valid string.",
        ),
        (
            export_with("gap_analysis", performance_by_domain={"Ada Example": "Bo Sample"}),
            "gap_analysis.performance_by_domain.*",
            "text of 9 characters",
            "Input should be a valid number.",
        ),
    ],
)
def test_a_reason_names_field_value_and_what_would_have_been_fine(tmp_path, export, field, value, reason):
    loaded = load(tmp_path, export)

    assert reasons(loaded) == [("records.jsonl:1", field, value, reason)]
    assert loaded.quarantined[0].pseudonym == pseudonym_of("L-1", KEY)


def test_the_same_record_twice_counts_once_whenever_it_was_exported(tmp_path):
    later = export_with("gap_analysis", generated_at="2026-11-20T17:05:00Z")

    loaded = load(tmp_path, make_export(), later, make_export())

    assert len(loaded.records) == 1
    assert loaded.quarantined == ()


def test_two_records_of_a_learner_that_differ_are_both_set_aside_with_both_addresses(tmp_path):
    other = export_with("gap_analysis", text_summary="Another summary.")

    loaded = load(tmp_path, make_export(), make_export("L-2"), other, make_export())

    assert [found.record.learner.id for found in loaded.records] == ["L-2"]
    expected = (
        "records.jsonl:1 and records.jsonl:3 are of the same learner and course, and the records differ"
    )
    assert [(found.where, found.reason.partition(";")[0]) for found in loaded.quarantined] == [
        ("records.jsonl:1", expected),
        ("records.jsonl:3", expected),
    ]


def test_a_learner_of_two_courses_gets_two_lessons(tmp_path):
    loaded = load(tmp_path, make_export(), export_with("certification", id="security"))

    assert len({found.lesson_id for found in loaded.records}) == 2


@pytest.mark.parametrize("gaps", [0, 100])
def test_no_gaps_and_a_hundred_gaps_are_both_believed(tmp_path, gaps):
    [gap] = make_export()["gap_analysis"]["skill_gaps"]
    many = [gap | {"skill_id": f"s{number}"} for number in range(gaps)]

    [loaded] = load(tmp_path, export_with("gap_analysis", skill_gaps=many)).records

    assert len(loaded.record.gap_analysis.skill_gaps) == gaps


@pytest.mark.parametrize("name", ["L-2", " L-2 ", pseudonym_of("L-2", KEY)])
def test_only_the_learners_asked_for_are_loaded_by_id_or_pseudonym(tmp_path, name):
    broken = export_with("gap_analysis", overall_score=101)

    loaded = load(tmp_path, broken, make_export("L-2"), make_export("L-3"), only=[name])

    assert [found.record.learner.id for found in loaded.records] == ["L-2"]
    assert loaded.quarantined == ()


def test_a_learner_who_was_asked_for_and_is_not_there_is_reported(tmp_path):
    loaded = load(tmp_path, make_export("L-1"), "{", only=["L-1", "L-9"])

    assert [found.record.learner.id for found in loaded.records] == ["L-1"]
    unreadable, absent = loaded.quarantined
    assert unreadable.pseudonym is None
    assert (absent.pseudonym, absent.value) == (pseudonym_of("L-9", KEY), "absent")


CANARIES = ["Cana Ryname", "cana.ry@example.org", "canary-id-4711", "Cana\u202eRyname", "+49170canary"]


def hostile_exports():
    """Exports with a canary in each field, of a right type and of wrong ones."""
    paths = []

    def walk(value, path):
        if isinstance(value, dict | list):
            for key in value if isinstance(value, dict) else range(len(value)):
                walk(value[key], (*path, key))
        if path:
            paths.append(path)

    walk(make_export(), ())
    for canary in CANARIES:
        for path in paths:
            export = make_export(CANARIES[2])
            export["learner"] |= {"name": CANARIES[0], "email": CANARIES[1]}
            place = export
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = canary
            yield export
            renamed = json.loads(json.dumps(export).replace('"overall_score"', json.dumps(canary)))
            yield renamed


def test_no_name_email_or_id_leaves_through_quarantine_errors_or_logs(tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    lines = [json.dumps(export) for export in hostile_exports()]
    lines += [line[: len(line) // 2] for line in lines[:20]] + [f'"{canary}"' for canary in CANARIES]
    lines += ['{"Cana Ryname": 1, "Cana Ryname": 2}', '{"learner": {"id": "canary-id-4711", "name": NaN}}']

    loaded = load(tmp_path, *lines)
    asked = load(tmp_path, make_export(), only=[CANARIES[2], CANARIES[0]])

    assert len(loaded.quarantined) > 300
    quarantined = [found.model_dump_json() for found in loaded.quarantined + asked.quarantined]
    told = " ".join([*quarantined, repr(loaded), caplog.text, *capfd.readouterr()]).lower()
    for canary in ("cana", "ryname", "4711", "49170"):
        assert canary not in told


@pytest.mark.parametrize("source", ["", "records.jsonl", "jsonl:", "jsonl:a\0b"])
def test_a_source_is_a_reader_and_an_address(source):
    with pytest.raises(BadInput, match="reader:address"):
        load_records(source, key=KEY)


def test_an_unknown_reader_is_named_with_those_that_exist():
    with pytest.raises(UnknownName, match=r"No reader is called 'xml'\. Known: folder, json, jsonl"):
        load_records("xml:records.xml", key=KEY)


@pytest.mark.parametrize("reader", ["json", "jsonl", "folder"])
def test_where_there_is_nothing_trying_again_does_not_help(tmp_path, reader):
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        load_records(f"{reader}:{tmp_path / 'nothing'}", key=KEY)


def test_where_the_device_is_away_trying_again_helps(monkeypatch):
    def away(address, *, max_bytes):
        raise OSError(errno.ESTALE, "Stale file handle")
        yield

    monkeypatch.setitem(readers._members, "jsonl", away)

    with pytest.raises(SourceUnavailable, match="Stale file handle"):
        load_records("jsonl:share/records.jsonl", key=KEY)


def test_a_line_without_end_is_never_held_in_memory(tmp_path):
    path = tmp_path / "records.jsonl"
    with path.open("wb") as file:
        file.write(json.dumps(make_export("L-1")).encode() + b"\n")
        file.seek(200_000_000, 1)  # a hole: costs no disc
        file.write(b"\n" + json.dumps(make_export("L-2")).encode())
    tracemalloc.start()

    rows = list(readers["jsonl"](str(path), max_bytes=100_000))

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [row.problem is None for row in rows] == [True, False, True]
    assert most < 5_000_000


def test_great_expectations_looks_once_at_all_records(tmp_path, monkeypatch):
    tables = []
    validate = expectations._validate
    monkeypatch.setattr(expectations, "_validate", lambda table: tables.append(table) or validate(table))

    load(tmp_path, *(make_export(f"L-{number}") for number in range(20)))

    assert [len(table) for table in tables] == [20]


def test_importing_the_sources_imports_no_heavy_library():
    script = "import presgen.sources, sys; print({'pandas', 'great_expectations', 'av'} & set(sys.modules))"

    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(Path(__file__).parents[3] / "include")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "set()"


def test_another_process_loads_the_same(tmp_path):
    source = write_lines(tmp_path / "records.jsonl", *(make_export(f"L-{n}") for n in range(5)), "{", "{}")
    script = f"from presgen.sources import load_records; print(load_records({source!r}, key={KEY!r}))"

    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(Path(__file__).parents[3] / "include"), "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == repr(load_records(source, key=KEY))
