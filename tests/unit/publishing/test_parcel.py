from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presgen.model.base import Seconds
from presgen.publishing import Parcel
from presgen.publishing.parcel import slug


def make_empty_parcel(certification: str, lesson_id: str = "lesson-1") -> Parcel:
    return Parcel(
        lesson_id=lesson_id, pseudonym="learner-x", certification=certification, duration=Seconds(1), items=()
    )


def test_a_plain_id_is_its_own_name():
    parcel = make_empty_parcel("networking-essentials")

    assert parcel.folder == ("Certifications", "networking-essentials", "learner-x", "Avatar_Presentations")
    assert re.fullmatch(r"networking-essentials-lesson-[0-9a-f]{8}", parcel.name)


def test_two_lessons_of_a_learner_have_two_names():
    names = {make_empty_parcel("networking", f"lesson-{number}").name for number in range(100)}

    assert len(names) == 100


@pytest.mark.parametrize(
    "certification", ["../../etc", "/", "..", "", "a\0b", "CON", "x" * 200, "‮evil", "AWS SAA-C03", "日本"]
)
def test_a_hostile_or_foreign_id_becomes_a_harmless_name(certification):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,80}", slug(certification))


@given(st.text(max_size=200))
def test_a_name_is_always_fit_for_a_folder(text):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,80}", slug(text))


def test_ids_that_differ_only_in_what_is_lost_have_different_names():
    assert len({slug(text) for text in ("a-b", "a/b", "a b", "A-B", "a--b", "-a-b")}) == 6
