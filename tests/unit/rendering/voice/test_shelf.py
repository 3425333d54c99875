"""Narrations are kept between formats."""

from __future__ import annotations

import pytest

from presgen.rendering.studio.voice import narrate
from presgen.rendering.studio.voice.engines import voices
from tests.unit.rendering.voice.speaking import make_persona, make_speech

SECTION = make_speech("Ports tell programs apart.", "So does José.")


@pytest.fixture
def spoken(monkeypatch):
    """Return the words that were spoken since the test began."""
    said = []
    engine = type(voices["tone"])
    speak = engine.speak

    def listen(self, words, voice, speed):
        said.extend(word.shown for word in words)
        return speak(self, words, voice, speed)

    monkeypatch.setattr(engine, "speak", listen)
    return said


def kept(tmp_path, place, section=SECTION, **persona):
    folder = tmp_path / place
    folder.mkdir()
    return narrate(section, make_persona(**persona), folder, None, tmp_path / "shelf")


def test_what_lies_on_the_shelf_is_not_spoken_again(tmp_path, spoken):
    first = kept(tmp_path, "first")
    spoken.clear()
    second = kept(tmp_path, "second")

    assert spoken == []
    assert second.model_copy(update={"path": first.path}) == first
    assert second.path == tmp_path / "second" / "narration.wav"
    assert second.path.read_bytes() == first.path.read_bytes()


def test_the_shelf_changes_no_byte(tmp_path):
    kept(tmp_path, "first")
    plain = tmp_path / "plain"
    plain.mkdir()
    narration = narrate(SECTION, make_persona(), plain, None)

    assert narration.path.read_bytes() == kept(tmp_path, "second").path.read_bytes()


@pytest.mark.parametrize(
    ("section", "persona"),
    [
        (make_speech("Ports tell programs apart.", "So does Jose."), {}),
        (SECTION, {"words_per_minute": 120}),
        (SECTION, {"pause": 0.9}),
        (SECTION, {"name": "high"}),
    ],
)
def test_what_would_sound_or_read_differently_is_spoken(tmp_path, spoken, section, persona):
    kept(tmp_path, "first")
    spoken.clear()
    kept(tmp_path, "second", section, **persona)

    assert spoken


@pytest.mark.parametrize("file", ["narration.wav", "narration.json"])
@pytest.mark.parametrize("damage", [b"", b"{}", None])
def test_a_damaged_narration_is_spoken_again_and_replaced(tmp_path, spoken, file, damage):
    first = kept(tmp_path, "first")
    [lying] = (tmp_path / "shelf").iterdir()
    if damage is None:
        content = bytearray((lying / file).read_bytes())
        content[len(content) // 2] ^= 1
        (lying / file).write_bytes(content)
    else:
        (lying / file).write_bytes(damage)
    spoken.clear()

    second = kept(tmp_path, "second")
    assert spoken
    assert second.path.read_bytes() == first.path.read_bytes()
    spoken.clear()
    kept(tmp_path, "third")
    assert spoken == []


def test_the_shelf_holds_whole_narrations_only_and_names_nobody(tmp_path):
    kept(tmp_path, "first")
    [lying] = (tmp_path / "shelf").iterdir()

    assert {file.name for file in lying.iterdir()} == {"narration.wav", "narration.json"}
    assert len(lying.name) == 64
