"""What the course has to teach: each skill once, and only what teaches something."""

import pytest

from presgen.sources.cleaning.outline import clean_outline
from tests.unit.sources.exports import make_export, without_nulls


def skill(**fields):
    return make_export()["content_outline"][0] | fields


def test_a_faultless_outline_stays_as_it_is():
    assert clean_outline([skill()]) == [without_nulls(skill())]


def test_a_skill_is_found_under_id_and_its_number_becomes_text():
    given = skill(id=12)
    del given["skill_id"]

    assert clean_outline([given])[0]["skill_id"] == "12"


def test_placeholders_go_and_with_them_a_skill_that_has_nothing_else():
    [item, other] = skill()["content_items"]
    placeholder = item | {"page_ref": "Chapter TBD"}

    kept = clean_outline(
        [skill(content_items=[placeholder, other]), skill(skill_id="x", content_items=[placeholder])]
    )

    assert kept == [without_nulls(skill(content_items=[other]))]


def test_the_outlines_of_one_skill_are_put_together():
    [item, other] = skill()["content_items"]
    parts = [skill(content_items=[item]), skill(content_items=[item, other], skill_name="The same")]

    assert clean_outline(parts) == [without_nulls(skill(content_items=[item, other]))]


def test_all_texts_are_decoded():
    [item, _] = skill()["content_items"]
    [cleaned] = clean_outline([skill(content_items=[item | {"summary": "Itâ€™s\nport  53."}])])

    assert cleaned["content_items"][0]["summary"] == "It’s port 53."


@pytest.mark.parametrize("raw", [None, "none", [7], [{"skill_id": "a", "content_items": "none"}]])
def test_other_types_are_left_for_the_model_to_refuse(raw):
    assert clean_outline(raw) == raw
