from __future__ import annotations

import os
import subprocess

import pytest

from presgen import previewing
from presgen.errors import BadInput, UnknownName
from presgen.media.formats import formats
from presgen.media.probe import probe
from presgen.model.base import Seconds
from presgen.model.lesson import Sentence
from presgen.previewing import (
    MOST_KEPT,
    PreviewKind,
    PreviewUnavailable,
    Wanted,
    find_preview,
    key_of_preview,
    make_preview,
    size_of,
)
from presgen.workspace import Workspace, sha256_of
from tests.factories import make_section


def want(kind=PreviewKind.SOUND, section=None, format="landscape", **fields):
    made = section or make_section()
    width, height = size_of(kind, formats[format])
    given = {"width": width, "height": height, "renderer": "card", "brand": "house", "lexicon": None} | fields
    return Wanted(kind=kind, section=made, **given)


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "workspace")


def test_a_section_is_heard(workspace):
    made = make_preview(workspace, want())

    _, path = find_preview(workspace, made.key)
    assert (path.suffix, made.whole, made.sha256) == (".m4a", True, sha256_of(path))
    assert made.seconds > 1
    assert sorted(each.name for each in path.parent.iterdir()) == ["preview.json", "preview.m4a"]


def test_a_section_is_seen_small_and_in_its_format_s_proportions(workspace):
    made = make_preview(workspace, want(PreviewKind.FILM, format="portrait"))

    _, path = find_preview(workspace, made.key)
    film = probe(path).pictures
    assert (film.width, film.height) == (360, 640)


def test_the_same_preview_is_made_once(workspace, monkeypatch):
    first = make_preview(workspace, want())
    monkeypatch.setattr(subprocess, "run", None)

    assert make_preview(workspace, want()) == first


def test_what_is_said_by_whom_and_in_which_brand_tells_previews_apart(tmp_path):
    section = make_section()
    (tmp_path / "lexicon.toml").write_text("[words]\n")
    others = [
        want(),
        want(PreviewKind.FILM),
        want(section=section.model_copy(update={"persona": "coach"})),
        want(section=section.model_copy(update={"sentences": section.sentences[:1]})),
        want(brand="dusk"),
        want(renderer="studio"),
        want(lexicon=tmp_path / "lexicon.toml"),
    ]

    assert len({key_of_preview(each) for each in others}) == len(others)


def test_only_the_beginning_of_a_long_section_is_made(workspace):
    sentences = tuple(Sentence(text=f"Sentence number {number} goes on.") for number in range(30))
    long = make_section().model_copy(update={"sentences": sentences, "planned": Seconds(90.0)})

    made = make_preview(workspace, want(section=long))

    assert made.whole is False
    assert 50 < made.seconds < 62


def test_what_cannot_be_made_says_why_and_leaves_nothing(workspace):
    with pytest.raises(BadInput, match="No renderer is called"):
        make_preview(workspace, want(renderer="nobody"))
    with pytest.raises(BadInput, match="neither shipped"):
        make_preview(workspace, want(brand="nobody-s"))
    with pytest.raises(UnknownName):
        make_preview(workspace, want(section=make_section(persona="nobody")))

    assert list((workspace.root / "previews").iterdir()) == []


def test_a_process_that_dies_or_takes_too_long_is_worth_another_try(workspace, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(previewing, "PATIENCE", 0.01)
        with pytest.raises(PreviewUnavailable, match="longer than"):
            make_preview(workspace, want())
    monkeypatch.setattr(previewing.sys, "executable", "/bin/false")
    with pytest.raises(PreviewUnavailable, match="ended with 1"):
        make_preview(workspace, want())

    assert list((workspace.root / "previews").iterdir()) == []


def test_old_previews_are_forgotten(workspace):
    root = workspace.root / "previews"
    for number in range(MOST_KEPT + 3):
        (root / f"{number:064x}").mkdir(parents=True)
        os.utime(root / f"{number:064x}", (number, number) if number < 5 else None)

    made = make_preview(workspace, want())

    left = {each.name for each in root.iterdir()}
    assert len(left) == MOST_KEPT - 1
    assert made.key in left
    assert f"{0:064x}" not in left
