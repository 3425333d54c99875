"""What learners and lessons are called outside their record."""

import re

import pytest

from presgen.errors import BadInput
from presgen.sources import lesson_id_of, pseudonym_of

KEY = b"0123456789abcdef"


def test_a_pseudonym_is_the_same_for_ever():
    assert pseudonym_of("L-1001", KEY) == "learner-fav57nx2mkkv"


def test_pseudonyms_differ_by_learner_and_by_key():
    assert len({pseudonym_of("L-1", KEY), pseudonym_of("L-2", KEY), pseudonym_of("L-1", KEY[::-1])}) == 3


@pytest.mark.parametrize("hostile", ["../../x", "a\0b", "<b>", "Ada Example", "ü" * 200])
def test_whatever_the_id_the_pseudonym_is_fit_for_a_path(hostile):
    assert re.fullmatch(r"learner-[a-z2-7]{12}", pseudonym_of(hostile, KEY))


@pytest.mark.parametrize("key", [b"", b"short"])
def test_a_key_that_could_be_guessed_is_refused(key):
    with pytest.raises(BadInput, match="at least 16"):
        pseudonym_of("L-1", key)


def test_a_lesson_id_is_the_same_for_ever_and_depends_on_each_part():
    assert lesson_id_of("learner-a", "net", "w1") == "lesson-dce5592387cf7d54"
    assert lesson_id_of("learner-a", "net", "w1", "video-1") == "lesson-907179ce579e3604"
    others = {
        lesson_id_of("learner-b", "net", "w1"),
        lesson_id_of("learner-a", "sec", "w1"),
        lesson_id_of("learner-a", "net", "w2"),
        lesson_id_of("learner-a", "netw", "1"),
    }
    assert len(others | {"lesson-dce5592387cf7d54"}) == 5
