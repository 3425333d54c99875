"""A section becomes sound with the time of every word."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from presgen.errors import BadInput, UnknownName
from presgen.media.sound import GRID_SAMPLES, integrated_loudness, read_wav
from presgen.rendering.studio.voice import fingerprint, narrate
from presgen.rendering.studio.voice.narration import LEAD_IN, LONGEST_BREATH, TAIL, _portions
from tests.unit.rendering.voice.speaking import make_persona, make_speech, words_of


def loud_at(narration, moment, within=0.02):
    samples, rate = read_wav(narration.path)
    window = samples[int((moment - within) * rate) : int((moment + within) * rate)].astype(float)
    return float(np.sqrt(np.mean(window**2))) > 100


def test_the_words_are_the_sections_text(tmp_path):
    section = make_speech("The network  10.0.0.0/16 is\tbig,", "so — to José 😀 — plan it.", "Done!")

    narration = narrate(section, make_persona(), tmp_path, None)

    assert " ".join(word.text for word in narration.words) == " ".join(section.text.split())


def test_words_follow_each_other(tmp_path):
    narration = narrate(
        make_speech("One, two (three) — four.", "Five 😀 six."), make_persona(), tmp_path, None
    )

    assert all(word.start < word.end for word in narration.words)
    assert all(word.end <= after.start + 1e-9 for word, after in pairwise(narration.words))


def test_a_word_sounds_from_its_start_to_its_end(tmp_path):
    narration = narrate(make_speech("Ports are doors.", "Close them."), make_persona(), tmp_path, None)

    for word in narration.words:
        assert loud_at(narration, (word.start + word.end) / 2)
        assert not loud_at(narration, word.start - 0.03)
        assert not loud_at(narration, word.end + 0.03)


def test_one_caption_word_spans_all_that_is_said_for_it(tmp_path):
    narration = narrate(make_speech("Use 10.0.0.0/16 here."), make_persona(), tmp_path, None)
    lengths = [word.end - word.start for word in narration.words]

    assert lengths[1] == pytest.approx(9 * lengths[0], rel=0.01)


def test_silence_surrounds_the_speech(tmp_path):
    narration = narrate(make_speech("Hello there."), make_persona(), tmp_path, None)

    assert narration.words[0].start == pytest.approx(LEAD_IN)
    assert narration.duration - narration.words[-1].end >= TAIL


def test_the_file_is_a_master_on_the_grid(tmp_path):
    narration = narrate(
        make_speech("Hello there, and welcome to this lesson."), make_persona(), tmp_path, None
    )
    samples, rate = read_wav(narration.path)

    assert narration.path == tmp_path / "narration.wav"
    assert (rate, len(samples) % GRID_SAMPLES) == (48_000, 0)
    assert narration.duration == len(samples) / rate
    assert integrated_loudness(samples, rate) == pytest.approx(-16, abs=0.1)


def test_sentences_start_with_their_first_words_after_the_personas_pause(tmp_path):
    narration = narrate(make_speech("One two.", "Three four."), make_persona(pause=0.7), tmp_path, None)

    assert narration.sentences == (narration.words[0].start, narration.words[2].start)
    assert narration.words[2].start - narration.words[1].end == pytest.approx(0.7, abs=0.001)


def test_two_sentences_written_as_one_are_parted(tmp_path):
    narration = narrate(make_speech("One two. Three four."), make_persona(pause=0.7), tmp_path, None)

    assert len(narration.sentences) == 1
    assert narration.words[2].start - narration.words[1].end == pytest.approx(0.7, abs=0.001)


@pytest.mark.parametrize("name", ["李明", "محمد", "‮דוד‬"])
def test_a_name_that_cannot_be_spoken_is_shown_for_a_moment(tmp_path, name):
    narration = narrate(make_speech(f"Welcome back, {name}, to the lesson."), make_persona(), tmp_path, None)

    assert narration.unspoken == (2,)
    assert narration.words[2].text == f"{name},"
    assert 0.04 < narration.words[2].end - narration.words[2].start <= 0.2


def test_the_log_does_not_tell_the_name_that_cannot_be_spoken(tmp_path, caplog):
    narrate(make_speech("Welcome, 李明."), make_persona(), tmp_path, None)

    assert "1 of the 2 words of section deep-dive-ports" in caplog.text
    assert "李明" not in caplog.text


def test_a_section_without_any_sound_is_a_silence_with_its_words(tmp_path):
    narration = narrate(make_speech("李明 😀"), make_persona(), tmp_path, None)
    samples, _ = read_wav(narration.path)

    assert [word.text for word in narration.words] == ["李明", "😀"]
    assert not samples.any()


def test_an_emoji_in_mid_sentence_takes_its_time_from_the_word_before(tmp_path):
    narration = narrate(make_speech("Great 🎉🎉 work."), make_persona(), tmp_path, None)
    great, party, work = narration.words

    assert great.end == party.start < party.end <= work.start
    assert great.end - great.start > 0.05


@pytest.mark.parametrize(
    "text",
    [
        "[x](/phonemes/) <speak>hi</speak>",
        "\x00\x01\x1b[31m \u202eevil\u202c \ufeffword\u200b",
        "`` ` ```",
        "𝕳𝖊𝖑𝖑𝖔 ﷽ 👨‍👩‍👧‍👦 ½ Ⅷ ㎞",
        "A" * 3_000,
        "((((((",
        "-- -- --",
        "-".join(["WWW"] * 40),
        "internationalisation " * 60,
    ],
)
def test_hostile_text_is_narrated(tmp_path, text):
    section = make_speech(text, "Fine.")

    narration = narrate(section, make_persona(), tmp_path, None)

    assert [word.text for word in narration.words] == section.text.split()


@pytest.mark.parametrize("words_per_minute", [120, 145, 170])
def test_the_personas_pace_is_kept(tmp_path, words_per_minute):
    section = make_speech(
        "Rules are read from the top, and the first one that matches wins.",
        "So put narrow rules first, and broad rules after them.",
        "Deny all the rest at the very end of the list.",
    )

    narration = narrate(section, make_persona(words_per_minute=words_per_minute), tmp_path, None)

    minutes = (narration.words[-1].end - narration.words[0].start) / 60
    assert len(narration.words) / minutes == pytest.approx(words_per_minute, rel=0.06)


def test_a_very_slow_persona_is_no_slower_than_a_person(tmp_path):
    persona = make_persona(words_per_minute=100, pause=0.1)
    ten = narrate(make_speech("go " * 10), persona, tmp_path, None)

    assert ten.words[0].end - ten.words[0].start <= 0.22 / 0.55 + 0.001


def test_a_long_sentence_is_spoken_in_several_breaths():
    text = "the packet goes to the gateway, " * 12
    portions = list(_portions(list(enumerate(words_of(text))), {"and"}))

    assert len(portions) > 1
    assert all(sum(word.size for _, word in portion) <= LONGEST_BREATH for portion in portions)
    assert all(portion[-1][1].pause == "," for portion in portions)
    assert [number for portion in portions for number, _ in portion] == list(range(72))


def test_a_breath_without_commas_is_taken_before_a_conjunction():
    text = "word " * 40 + "and " + "word " * 40
    [first, second] = _portions(list(enumerate(words_of(text))), {"and"})

    assert (first[-1][1].pause, second[0][1].shown) == (",", "and")


def test_the_same_section_gives_the_same_bytes(tmp_path):
    first, second = (tmp_path / "a"), (tmp_path / "b")
    for folder in (first, second):
        folder.mkdir()
        narrate(make_speech("Same in, same out."), make_persona(), folder, None)

    assert (first / "narration.wav").read_bytes() == (second / "narration.wav").read_bytes()


def test_a_section_without_words_is_refused(tmp_path):
    with pytest.raises(BadInput, match="deep-dive-ports has no words to speak"):
        narrate(make_speech("", " \n "), make_persona(), tmp_path, None)


def test_a_section_in_another_language_is_refused(tmp_path):
    with pytest.raises(BadInput, match="is in de-DE; the voice tone/low reads en"):
        narrate(make_speech("Guten Tag.", locale="de-DE"), make_persona(), tmp_path, None)


@pytest.mark.parametrize(("engine", "voice"), [("kazoo", "low"), ("tone", "squeak"), ("hibari", "nobody")])
def test_a_voice_that_is_not_there_is_named(tmp_path, engine, voice):
    with pytest.raises(UnknownName, match=r"kazoo|squeak|nobody"):
        narrate(make_speech("Hello."), make_persona(engine, voice), tmp_path, None)


def test_the_fingerprint_tells_what_is_said_and_by_whom():
    section = make_speech("Hello.")

    assert fingerprint(section, make_persona(), None) == fingerprint(section, make_persona(), None)
    assert fingerprint(section, make_persona(), None) != fingerprint(
        make_speech("Bye."), make_persona(), None
    )
    assert fingerprint(section, make_persona(), None) != fingerprint(section, make_persona(name="high"), None)


def test_only_lexicon_entries_that_are_used_enter_the_fingerprint(tmp_path):
    unused, used = tmp_path / "unused.toml", tmp_path / "used.toml"
    unused.write_text('frob = "frobb"', encoding="utf-8")
    used.write_text('hello = "hullo"', encoding="utf-8")
    section, persona = make_speech("Hello."), make_persona()

    assert fingerprint(section, persona, unused) == fingerprint(section, persona, None)
    assert fingerprint(section, persona, used) != fingerprint(section, persona, None)


def test_the_fingerprint_holds_no_text():
    assert "Zebedee" not in str(fingerprint(make_speech("Welcome, Zebedee."), make_persona(), None))
