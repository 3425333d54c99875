"""Text decoded once, composed, on one line, without controls."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presgen.sources.cleaning.text import (
    clean_id,
    clean_text,
    decode_again,
    unfit_for_a_name,
    unfit_for_an_id,
)


def misread(text: str) -> str:
    """Read UTF-8 as Windows-1252, as a careless export does; what that leaves undefined stays as it is."""
    undefined = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
    return "".join(
        chr(byte) if byte in undefined else bytes([byte]).decode("cp1252") for byte in text.encode()
    )


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("MÃ¼ller", "Müller"),
        ("donâ€™t", "don’t"),
        ("â€œquotedâ€\x9d", "“quoted”"),
        ("5 â‚¬", "5 €"),
        ("37Â\xa0Â°C", "37 °C"),
        ("CrÃ¨me brÃ»lÃ©e", "Crème brûlée"),
        ("GRÃ–SSE", "GRÖSSE"),
        ("SEÃ‘OR", "SEÑOR"),
        ("VoilÃ\xa0 !", "Voilà !"),
        ("Å\x81Ã³dÅº", "Łódź"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("MÃƒÂ¼ller", "Müller"),
        ("ã\x81\x93ã\x82\x93", "こん"),
        ("ðŸ™‚ ok", "🙂 ok"),
        ("caf\u0065\u0301", "café"),
    ],
)
def test_a_double_encoding_is_undone(sent, meant):
    assert clean_text(sent) == meant


@pytest.mark.parametrize(
    "right",
    [
        "Müller",
        "NESTLÉ®",
        "AMANHÃ…",
        "“AMANHÔ",
        "IRMÃ – IRMÃO",
        "Il a dit : «voilà…»",
        "PÅ…",
        "„Å”",
        "Å»",
        "HYVÄ”",
        "DÉJÀ VU",
        "Le café…”",
        "São João",
        "ÑANDÚ",
        "Ã",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ½ ± µ",
        "Ελληνικά Привет 日本語 🙂",
    ],
)
def test_correct_text_is_left_alone(right):
    assert decode_again(right) == right


WESTERN = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F, categories=["L", "Nd", "Zs", "Po"]))


@given(WESTERN, st.sampled_from(["é", "ü", "ñ", "ł", "’", "“", "€", "ß"]))
def test_whatever_western_text_was_encoded_twice_comes_back(text, proof):
    text = f"{text} x{proof}x"

    assert decode_again(misread(text)) == decode_again(text)


LETTERS = st.text(
    st.characters(min_codepoint=0x41, max_codepoint=0x24F, categories=["L"]), min_size=1, max_size=8
)
SENTENCES = st.lists(LETTERS, min_size=1, max_size=6).map(" ".join)
ENDINGS = st.sampled_from(["", ".", "!", "?", "…", "”", " – ", ".”", "’s", " €", "»"])


@given(SENTENCES.filter(lambda words: words.split()[-1] != "Â"), ENDINGS)
def test_words_and_their_punctuation_are_never_damaged(words, ending):
    assert decode_again(words + ending) == words + ending


@given(st.text())
def test_cleaning_again_changes_nothing_more(text):
    once = clean_text(text)

    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text())
def test_no_line_break_and_no_invisible_character_is_left(text):
    assert not {unicodedata.category(c) for c in clean_text(text)} & {"Cc", "Zl", "Zp"}
    assert not set("\u202e\u2066\u200f\ufeff\u00ad") & set(clean_text(text))


def test_joiners_stay_because_emoji_and_scripts_need_them():
    assert clean_text("👩\u200d💻 می\u200cخواهم") == "👩\u200d💻 می\u200cخواهم"


@pytest.mark.parametrize("bad", ["a\0b", "a\nb", "a\u202eb", "\u200ba", "a\u2028b", "a\x9fb"])
def test_an_id_holds_no_control_and_nothing_invisible(bad):
    assert unfit_for_an_id(bad).startswith("U+")


@pytest.mark.parametrize("fine", ["L-1001", "../../x", "käthe 7", "<b>", "{{7*7}}"])
def test_any_visible_text_may_be_an_id(fine):
    assert unfit_for_an_id(clean_id(f" {fine} ")) is None


@pytest.mark.parametrize("bad", ["A\0da", "Ada\u202e", "\u2066Ada", "Ada\x1b[31m"])
def test_a_name_holds_no_control(bad):
    assert unfit_for_a_name(bad).startswith("U+")


@pytest.mark.parametrize("fine", ["Ada Example", "Ada\tExample", "MÃ\x81RIO", "עדה\u200f", "O’Neil", "李明"])
def test_names_of_all_scripts_are_fine(fine):
    assert unfit_for_a_name(fine) is None
