"""Text on slides is on one line and legible."""

from __future__ import annotations

import pytest

from presgen.rendering.studio.slides.lettering import legible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("two\nlines\tand  more ", "two lines and more", id="white space"),
        pytest.param("Well done 🙂✅!", "Well done !", id="emoji"),
        pytest.param("a\x00b\x1bc", "abc", id="control characters"),
        pytest.param("to\u202eright", "toright", id="direction overrides"),
        pytest.param("<b>{{7*7}} #eval $x$ --></b>", "<b>{{7*7}} #eval $x$ --></b>", id="markup"),
        pytest.param("Ångström Zürich Łódź", "Ångström Zürich Łódź", id="accents"),
        pytest.param("日本語", "日本語", id="letters no font has"),
        pytest.param("© 2 → 3 °C ™", "© 2 → 3 °C ™", id="symbols that Inter has"),
    ],
)
def test_ornaments_go_and_letters_stay(text, shown):
    assert legible(text) == shown
