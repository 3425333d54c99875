"""Text on slides is on one line and legible."""

from __future__ import annotations

import pytest

from presgen.rendering.studio.slides.lettering import legible, legible_code, runs_from_right


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("two\nlines\tand  more ", "two lines and more", id="white space"),
        pytest.param("Well done 🙂✅!", "Well done 🙂✅!", id="emoji that a font has"),
        pytest.param("Well\ufe0f done \U000f1234!", "Well done !", id="what no font has"),
        pytest.param("a\x00b\x1bc", "abc", id="control characters"),
        pytest.param("to\u202eright", "toright", id="direction overrides"),
        pytest.param("<b>{{7*7}} #eval $x$ --></b>", "<b>{{7*7}} #eval $x$ --></b>", id="markup"),
        pytest.param("Ångström Zürich Łódź", "Ångström Zürich Łódź", id="accents"),
        pytest.param("日本語", "日本語", id="East Asian"),
        pytest.param("© 2 → 3 °C ™", "© 2 → 3 °C ™", id="symbols that Inter has"),
    ],
)
def test_ornaments_go_and_letters_stay(text, shown):
    assert legible(text) == shown


def test_a_listing_keeps_its_lines_and_indentation():
    assert legible_code("\n\nif a:\n\tb()  \n\n  c\x00\n\n") == "if a:\n    b()\n\n  c"


@pytest.mark.parametrize(
    ("texts", "from_right"),
    [
        (("What is DNS?",), False),
        (("ما هو DNS؟",), True),
        (("מה זה DNS?",), True),
        (("日本語",), False),
        (("The word שלום is a greeting",), False),
        (("123", "!"), False),
        ((), False),
    ],
)
def test_slides_run_as_most_of_their_letters_do(texts, from_right):
    assert runs_from_right(texts) is from_right
