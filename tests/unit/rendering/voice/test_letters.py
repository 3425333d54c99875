"""Letters, their names and their relatives in other scripts."""

from __future__ import annotations

import pytest

from presgen.rendering.studio.voice.languages import language_of
from presgen.rendering.studio.voice.letters import bare, latin


def test_the_last_letter_of_a_spelled_word_carries_the_stress():
    assert language_of("en-US").spell("DNS") == "dˌiˌɛnˈɛs"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("José", "José"),
        ("Łukasz", "Lukasz"),
        ("Nguyễn", "Nguyen"),
        ("Ayşe", "Ayse"),
        ("Иван", "Ivan"),
        ("Щука", "Shchuka"),
        ("Ελένη", "Eleni"),
        ("İpek", "Ipek"),
        ("１２３", "123"),
        ("٣", "3"),
        ("“quoted”", '"quoted"'),
        ("1–3", "1—3"),
        ("2⁸", "2^8"),
        ("2½", "2 & 1/2"),
        ("20 µs", "20 us"),
        ("Cisco™", "Cisco"),
        ("ﬁle", "file"),
    ],
)
def test_what_can_be_written_in_latin_is(text, plain):
    assert latin(text) == plain


@pytest.mark.parametrize("text", ["李明", "محمد", "דוד", "김민준", "😀👍🏽", "\u202e\u2066", "\x00\x07\x1b"])
def test_what_has_no_latin_form_is_left_out(text):
    assert latin(text) == ""


def test_a_bare_word_has_no_accents():
    assert bare("Siobhán") == "Siobhan"
