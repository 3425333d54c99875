from __future__ import annotations

import pytest
from pydantic import ValidationError

from presgen.settings import Settings


@pytest.mark.parametrize(
    ("named", "formats"),
    [
        ("landscape", ("landscape",)),
        ("landscape,portrait,audio", ("landscape", "portrait", "audio")),
        (" portrait , audio ", ("portrait", "audio")),
        ("audio,audio,portrait", ("audio", "portrait")),
    ],
)
def test_formats_are_named_with_commas_between_them_each_once_in_order(monkeypatch, named, formats):
    monkeypatch.setenv("PRESGEN_FORMATS", named)

    assert Settings().formats == formats
    assert Settings(formats=named.split(",")).formats == tuple(dict.fromkeys(named.split(",")))


@pytest.mark.parametrize("named", ["", " ", ",", "landscape,"])
def test_no_format_at_all_is_refused_with_what_would_have_been_fine(monkeypatch, named):
    monkeypatch.setenv("PRESGEN_FORMATS", named)

    with pytest.raises(ValidationError, match="such as landscape,portrait"):
        Settings()


def test_without_a_word_lessons_are_for_laptops_in_our_own_look_and_without_music(monkeypatch):
    for name in ("PRESGEN_FORMATS", "PRESGEN_BRAND", "PRESGEN_MUSIC"):
        monkeypatch.delenv(name, raising=False)

    settings = Settings()

    assert (settings.formats, settings.brand, settings.music) == (("landscape",), "house", "")
    assert Settings.model_validate(settings.model_dump()) == settings
