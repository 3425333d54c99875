from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from presgen.errors import UnknownName
from presgen.registry import Registry


@pytest.fixture
def family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The dotted name of a new folder with a registry and two members."""
    folder = tmp_path / "fruits"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from presgen.registry import Registry\nfruits = Registry('fruit', __name__)\n"
    )
    (folder / "pear.py").write_text(
        "from fruits import fruits\n\n@fruits.register('pear')\ndef pear():\n    return 'green'\n"
    )
    (folder / "apple.py").write_text(
        "from fruits import fruits\n\n@fruits.register('apple')\nclass Apple:\n    colour = 'red'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield "fruits"
    for name in [name for name in sys.modules if name.split(".")[0] == "fruits"]:
        del sys.modules[name]


def registry_of(package: str) -> Registry[object]:
    __import__(package)
    return sys.modules[package].fruits


def test_a_member_is_found_because_it_lies_in_the_folder(family):
    fruits = registry_of(family)

    assert fruits["pear"]() == "green"


def test_a_class_is_registered_as_an_instance(family):
    assert registry_of(family)["apple"].colour == "red"


def test_members_are_imported_at_the_first_look_up_and_not_before(family):
    fruits = registry_of(family)
    assert "fruits.pear" not in sys.modules

    assert fruits.names() == ("apple", "pear")
    assert "fruits.pear" in sys.modules


def test_members_come_sorted_by_name(family):
    assert [name for name, _ in registry_of(family)] == ["apple", "pear"]


def test_a_new_file_is_all_it_takes(family, tmp_path):
    (tmp_path / "fruits" / "fig.py").write_text("from fruits import fruits\nfruits.add('fig', 'purple')\n")

    assert registry_of(family)["fig"] == "purple"


def test_an_unknown_name_is_answered_with_the_known_ones(family):
    with pytest.raises(UnknownName, match=r"No fruit is called 'paer'\. Known: apple, pear\.") as caught:
        registry_of(family)["paer"]

    assert (caught.value.kind, caught.value.name, caught.value.known) == ("fruit", "paer", ("apple", "pear"))


def test_two_members_of_one_name_are_refused(family):
    fruits = registry_of(family)
    fruits.add("plum", 1)

    with pytest.raises(ValueError, match="Two fruits are called 'plum'"):
        fruits.add("plum", 2)


def test_what_is_registered_is_returned_unchanged(family):
    fruits = registry_of(family)

    @fruits.register("grape")
    def grape():
        return "blue"

    assert grape() == "blue"
    assert fruits["grape"] is grape
