from __future__ import annotations

from datetime import timedelta

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


@pytest.mark.parametrize("variable", ["PRESGEN_PUBLISHERS", "PRESGEN_PUBLISHER"])
def test_publishers_are_named_in_the_plural_or_as_before_in_the_singular(monkeypatch, variable):
    monkeypatch.setenv(variable, "drive, folder")

    assert Settings().publishers == ("drive", "folder")
    assert Settings(publishers=("folder",)).publishers == ("folder",)
    assert Settings.model_validate(Settings().model_dump()) == Settings()


def test_the_plural_wins_and_without_a_word_lessons_go_to_a_folder(monkeypatch):
    assert Settings().publishers == ("folder",)
    monkeypatch.setenv("PRESGEN_PUBLISHER", "folder")
    monkeypatch.setenv("PRESGEN_PUBLISHERS", "drive")

    assert Settings().publishers == ("drive",)


@pytest.mark.parametrize(
    ("given", "minutes"),
    [
        ("4h", 240),
        ("90m", 90),
        ("90", 90),
        (" 1h 30m ", 90),
        ("1h30min", 90),
        ("90s", 1.5),
        ("0", 0),
        ("", 0),
    ],
)
def test_a_deadline_is_given_in_hours_and_minutes_and_nothing_means_none(monkeypatch, given, minutes):
    monkeypatch.setenv("PRESGEN_DEADLINE", given)

    assert Settings().deadline == (timedelta(minutes=minutes) or None)
    assert Settings.model_validate(Settings().model_dump()) == Settings()


@pytest.mark.parametrize("given", ["soon", "4h!", "-3h", "h"])
def test_a_deadline_that_is_no_length_of_time_is_refused(monkeypatch, given):
    monkeypatch.setenv("PRESGEN_DEADLINE", given)

    with pytest.raises(ValidationError, match="such as 4h, 90m"):
        Settings()


def test_whom_to_alert_is_a_list_of_addresses_each_once(monkeypatch):
    monkeypatch.setenv("PRESGEN_ALERT_TO", "night@example.org, day@example.org,night@example.org,")
    assert Settings().alert_to == ("night@example.org", "day@example.org")

    monkeypatch.setenv("PRESGEN_ALERT_TO", "night")
    with pytest.raises(ValidationError, match="'night' is no address"):
        Settings()
