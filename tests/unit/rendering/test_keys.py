"""A section's key holds all that shapes its clip, and nothing else."""

from __future__ import annotations

import dataclasses

import pytest

from presgen.errors import UnknownName
from presgen.media.formats import formats
from presgen.model.base import Seconds
from presgen.model.lesson import BulletSlide, SectionKind, Sentence, Source
from presgen.personas import load_persona
from presgen.rendering import section_key
from presgen.rendering.backends import studio
from tests.factories import make_section

SECTION = make_section()
PERSONA = load_persona("mentor")
FORMAT = formats["landscape"]
OTHER_SLIDE = BulletSlide(kicker="Ports", title="Ports", points=(("HTTPS", "has port 443"),))
OTHER_VOICE = PERSONA.voice.model_copy(update={"sentence_pause": Seconds(0.9)})


def key(section=SECTION, persona=PERSONA, format=FORMAT, renderer="studio", lexicon=None):
    return section_key(section, persona, format, renderer, lexicon)


def changed(model, **fields):
    return model.model_copy(update=fields)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"sentences": (Sentence(text="Port 22 is for SSH."),)}, id="words"),
        pytest.param(
            {"sentences": tuple(changed(sentence, step=0) for sentence in SECTION.sentences)}, id="steps"
        ),
        pytest.param({"slide": OTHER_SLIDE}, id="slide"),
        pytest.param({"locale": "en-GB"}, id="locale"),
    ],
)
def test_what_is_said_and_shown_is_in_the_key(fields):
    assert key(changed(SECTION, **fields)) != key()


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"title": "Someone"}, id="name on the screen"),
        pytest.param({"presenter": "marcus"}, id="face"),
        pytest.param({"words_per_minute": 155}, id="pace"),
        pytest.param({"voice": OTHER_VOICE}, id="voice"),
    ],
)
def test_how_the_persona_looks_and_sounds_is_in_the_key(fields):
    assert key(persona=changed(PERSONA, **fields)) != key()


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"name": "another"}, id="name"),
        pytest.param({"description": "Somebody else."}, id="description"),
        pytest.param({"tone": "brisk"}, id="tone"),
        pytest.param({"phrases": {"greeting": ("Hi.",)}}, id="phrases"),
    ],
)
def test_what_only_the_writer_reads_of_a_persona_is_not_in_the_key(fields):
    assert key(persona=changed(PERSONA, **fields)) == key()


@pytest.mark.parametrize("renderer", ["card", "studio"])
@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"slug": "deep-dive-elsewhere"}, id="slug"),
        pytest.param({"sources": (Source(title="RFC 1700"),)}, id="sources"),
        pytest.param({"persona": "another"}, id="persona's name"),
    ],
)
def test_a_section_keeps_its_key_wherever_it_stands_and_comes_from(renderer, fields):
    assert key(changed(SECTION, **fields), renderer=renderer) == key(renderer=renderer)


@pytest.mark.parametrize("fields", [{"planned": Seconds(60.0)}, {"title": "Ports"}], ids=["planned", "title"])
def test_a_card_shows_the_title_for_the_planned_time_and_the_studio_does_not(fields):
    other = changed(SECTION, **fields)

    assert key(other, renderer="card") != key(renderer="card")
    assert key(other, renderer="studio") == key(renderer="studio")


def test_the_studio_starts_an_opening_in_another_way_than_the_sections_after_it():
    assert key(changed(SECTION, kind=SectionKind.OPENING)) != key()


def test_the_format_and_the_renderer_are_in_the_key():
    keys = {key(), key(renderer="card"), key(format=dataclasses.replace(FORMAT, crf=30))}

    assert len(keys) == 3


def test_only_the_pronunciations_that_a_section_uses_are_in_its_key(tmp_path):
    spoken, silent = tmp_path / "spoken.toml", tmp_path / "silent.toml"
    spoken.write_text('[words]\nserver = "serpent"\n', encoding="utf-8")
    silent.write_text('[words]\nzebra = "zeebra"\n', encoding="utf-8")

    assert key(lexicon=spoken) != key()
    assert key(lexicon=silent) == key()


def test_a_new_version_of_the_studio_renders_anew(monkeypatch):
    before = key()
    monkeypatch.setattr(studio, "CODE", studio.CODE + 1)

    assert key() != before


def test_other_templates_make_other_slides(monkeypatch, tmp_path):
    from presgen.rendering.studio.slides import deck

    before = key()
    for template in deck._folder().glob("*.typ"):
        (tmp_path / template.name).write_bytes(template.read_bytes())
    (tmp_path / "design.typ").write_text("// another design\n", encoding="utf-8")
    monkeypatch.setattr(deck, "_folder", lambda: tmp_path)
    deck.slides_fingerprint.cache_clear()
    after = key()
    deck.slides_fingerprint.cache_clear()

    assert after != before


def test_a_key_is_64_hex_digits():
    assert len(key()) == 64
    assert int(key(), 16) >= 0


def test_an_unknown_renderer_is_named():
    with pytest.raises(UnknownName, match="studo"):
        key(renderer="studo")
