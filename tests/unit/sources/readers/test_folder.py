"""A folder of JSON files and files of JSON lines."""

from presgen.sources.readers import folder as folder_reader
from presgen.sources.readers import readers


def rows(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return [(row.where, row.value) for row in readers["folder"](str(folder), max_bytes=1_000)]


def test_files_are_counted_by_name_because_their_names_may_be_names(tmp_path):
    found = rows(tmp_path / "results", b_json='{"a": 2}', a_jsonl='{"a": 1}\n{"a": 3}', c_json='[{"a": 4}]')

    assert found == [
        ("results/1:1", {"a": 1}),
        ("results/1:2", {"a": 3}),
        ("results/2", {"a": 2}),
        ("results/3#1", {"a": 4}),
    ]


def test_other_files_hidden_files_and_subfolders_are_passed_over(tmp_path):
    (tmp_path / "results" / "more.json").mkdir(parents=True)

    assert rows(tmp_path / "results", a_txt="{", _hidden_json="{", b_JSON="{}") == [("results/1", {})]


def test_an_empty_folder_holds_nothing(tmp_path):
    assert rows(tmp_path / "results") == []


def test_a_file_that_cannot_be_opened_leaves_the_others_alone(tmp_path, monkeypatch):
    read = folder_reader._ROWS_OF[".json"]

    def refuse_the_first(path, where, max_bytes):
        if path.name == "a.json":
            raise PermissionError(13, "Permission denied", str(path))
        yield from read(path, where, max_bytes)

    monkeypatch.setitem(folder_reader._ROWS_OF, ".json", refuse_the_first)

    assert rows(tmp_path / "results", a_json="{}", b_json="{}") == [("results/1", None), ("results/2", {})]
