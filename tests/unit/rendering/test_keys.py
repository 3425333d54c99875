"""A section's key holds all that shapes its clip, and nothing else."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import pytest

from presgen.brands import Brand, load_brand
from presgen.errors import UnknownName
from presgen.media.formats import Format, formats
from presgen.model.base import Seconds
from presgen.model.lesson import BulletSlide, Framing, Section, SectionKind, Sentence, Source
from presgen.personas import Persona, Voice, load_persona
from presgen.rendering import render_section, section_key
from presgen.rendering.backends import studio
from presgen.rendering.fonts import font_folders
from tests.factories import make_section

SECTION = make_section()
PERSONA = load_persona("mentor")
FORMAT = formats["landscape"]
OTHER_SLIDE = BulletSlide(kicker="Ports", title="Ports", points=(("HTTPS", "has port 443"),))
OTHER_VOICE = PERSONA.voice.model_copy(update={"sentence_pause": Seconds(0.9)})


BRAND = load_brand("house")


def key(section=SECTION, persona=PERSONA, format=FORMAT, renderer="studio", lexicon=None, brand=BRAND):
    return section_key(section, persona, format, renderer, lexicon, brand=brand)


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


# Every field of all that a clip is made of stands on one of two lists, and the lists are true.

SMALL = Format("small", 720, 720, preset="superfast")
"""Another width or height makes it one of the other shapes."""
HUM = Voice(engine="tone", name="high", sentence_pause=Seconds(0.3))
TEACHER = changed(PERSONA, voice=HUM)
SHORT = make_section(
    sentences=(Sentence(text="One.", step=0), Sentence(text="Two.", step=1)),
)
OTHER_LOGO = Path(__file__).parents[2] / "golden" / "looks" / "closing-2.png"

SHAPING = {
    Section: {
        "kind": SectionKind.OPENING,
        "locale": "es-ES",
        "sentences": (Sentence(text="Six.", step=0), Sentence(text="Two.", step=1)),
        "slide": OTHER_SLIDE,
        "framing": Framing.INSET,
    },
    Persona: {
        "title": "Someone",
        "presenter": "marcus",
        "words_per_minute": 180,
        "voice": changed(HUM, sentence_pause=Seconds(0.9)),
    },
    Voice: {"name": "low", "sentence_pause": Seconds(1.1)},
    Format: {
        "width": 1280,
        "height": 1280,
        "preset": "ultrafast",
        "crf": 34,
        "audio_bit_rate": 64_000,
        "burned": False,
    },
    Brand: {"palette": load_brand("dusk").palette, "logo": OTHER_LOGO},
}
"""What a change of each field to that value must change: the key, and the bytes of the clip."""
SILENT = {
    Section: {
        "slug": "elsewhere",
        "title": "Another title",
        "persona": "coach",
        "sources": (),
        "planned": Seconds(99.0),
    },
    Persona: {
        "name": "another",
        "description": "Somebody else.",
        "locale": "en-GB",
        "tone": "brisk",
        "phrases": {"greeting": ("Hi.",)},
    },
    Voice: {},
    Format: {"name": "another"},
    Brand: {"name": "another", "logo_alt": "A logo"},
}
"""What it must not change."""
FIXED = {
    Voice: {"engine"},
    Format: {"fps", "sample_rate", "video", "audio", "container"},
    Brand: {"theme", "font", "font_folder"},
}
"""What shapes the bytes and is in the key, but has no second value that goes with the rest of this section:
another engine has other voices, other codecs make another kind of file, another typeface is not installed."""
KEYED = {
    ("Voice", "engine"): {"persona": changed(TEACHER, voice=changed(HUM, engine="hibari", name="heart"))},
    ("Format", "fps"): {"format": dataclasses.replace(SMALL, fps=60)},
    ("Format", "sample_rate"): {"format": dataclasses.replace(SMALL, sample_rate=44_100)},
    ("Format", "video"): {"format": dataclasses.replace(SMALL, video="vp9")},
    ("Format", "audio"): {"format": dataclasses.replace(SMALL, audio="opus")},
    ("Format", "container"): {"format": dataclasses.replace(SMALL, container="webm")},
    ("Brand", "theme"): {"brand": changed(BRAND, theme="dark")},
    ("Brand", "font"): {"brand": changed(BRAND, font="JetBrains Mono")},
    ("Brand", "font_folder"): {"brand": changed(BRAND, font_folder=font_folders()[0])},
}


def fields_of(model):
    fields = dataclasses.fields(model) if dataclasses.is_dataclass(model) else model.model_fields
    return {getattr(field, "name", field) for field in fields}


def made_of(model, **fields):
    """Return what a section is made of, with ``fields`` of one of its parts changed."""
    if model is Section:
        return {"section": changed(SHORT, **fields)}
    if model is Persona:
        return {"persona": changed(TEACHER, **fields)}
    if model is Voice:
        return {"persona": changed(TEACHER, voice=changed(HUM, **fields))}
    if model is Format:
        return {"format": dataclasses.replace(SMALL, **fields)}
    return {"brand": changed(BRAND, **fields)}


def key_of(**parts):
    return key(**{"section": SHORT, "persona": TEACHER, "format": SMALL} | parts)


def bytes_of(folder, section=SHORT, persona=TEACHER, format=SMALL, brand=BRAND):
    folder.mkdir()
    render_section(section, persona, format, "studio", folder, None, brand=brand)
    return hashlib.sha256((folder / "clip.mp4").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The bytes of the section as it is."""
    return bytes_of(tmp_path_factory.mktemp("plain") / "clip")


def listed(lists):
    return [
        pytest.param(model, {name: value}, id=f"{model.__name__}-{name}")
        for model, fields in lists.items()
        for name, value in fields.items()
    ]


@pytest.mark.parametrize("model", SHAPING)
def test_every_field_stands_on_one_list(model):
    lists = [set(SHAPING[model]), set(SILENT[model]), FIXED.get(model, set())]

    assert sorted(name for names in lists for name in names) == sorted(fields_of(model))


@pytest.mark.parametrize(("model", "fields"), listed(SHAPING))
def test_what_shapes_a_clip_is_in_its_key(model, fields):
    assert key_of(**made_of(model, **fields)) != key_of()


@pytest.mark.parametrize("parts", [pytest.param(parts, id="-".join(name)) for name, parts in KEYED.items()])
def test_what_goes_with_other_files_is_in_the_key(parts):
    assert key_of(**parts) != key_of()


def test_nothing_is_left_out_of_the_keys_that_are_tested():
    assert set(KEYED) == {(model.__name__, name) for model, names in FIXED.items() for name in names}


@pytest.mark.parametrize(("model", "fields"), listed(SILENT))
def test_what_shapes_nothing_is_in_no_key(model, fields):
    assert key_of(**made_of(model, **fields)) == key_of()


@pytest.mark.slow
@pytest.mark.parametrize(("model", "fields"), listed(SHAPING))
def test_what_shapes_a_clip_changes_its_bytes(model, fields, plain, tmp_path):
    assert bytes_of(tmp_path / "clip", **made_of(model, **fields)) != plain


@pytest.mark.slow
def test_what_shapes_nothing_changes_no_byte(plain, tmp_path):
    parts = {}
    for model, fields in SILENT.items():
        parts |= made_of(model, **fields) if fields else {}

    assert set(parts) == {"section", "persona", "format", "brand"}
    assert bytes_of(tmp_path / "clip", **parts) == plain


@pytest.mark.parametrize("fields", [{"width": 2}, {"burned": True}, {"crf": 3}, {"preset": "slow"}])
def test_what_is_seen_is_in_no_key_of_sound(fields):
    sound = formats["audio"]

    assert key_of(format=dataclasses.replace(sound, **fields)) == key_of(format=sound)
    assert key_of(format=sound, brand=load_brand("dusk")) == key_of(format=sound)


def test_a_framing_that_is_asked_for_is_the_one_that_would_be_taken_anyway():
    assert key_of(section=changed(SHORT, framing=Framing.BESIDE)) == key_of()
