"""Numbers as words."""

from __future__ import annotations

import pytest

from presgen.rendering.studio.voice.languages.english import numbers


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (20, "twenty"),
        (42, "forty-two"),
        (100, "one hundred"),
        (443, "four hundred forty-three"),
        (1024, "one thousand twenty-four"),
        (65536, "sixty-five thousand five hundred thirty-six"),
        (
            4_294_967_296,
            (
                "four billion two hundred ninety-four million nine hundred sixty-seven thousand "
                "two hundred ninety-six"
            ),
        ),
        (-7, "minus seven"),
    ],
)
def test_a_number_counts(number, words):
    assert numbers.cardinal(number) == words


def test_a_number_too_long_for_a_name_is_read_digit_by_digit():
    assert numbers.cardinal(10**22) == "one" + " zero" * 22


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "first"),
        (2, "second"),
        (3, "third"),
        (8, "eighth"),
        (12, "twelfth"),
        (20, "twentieth"),
        (22, "twenty-second"),
        (100, "one hundredth"),
        (113, "one hundred thirteenth"),
    ],
)
def test_a_place_in_a_row(number, words):
    assert numbers.ordinal(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1066, "ten sixty-six"),
        (1900, "nineteen hundred"),
        (1905, "nineteen oh five"),
        (2000, "two thousand"),
        (2005, "two thousand five"),
        (2024, "twenty twenty-four"),
    ],
)
def test_a_year(number, words):
    assert numbers.year(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (22, "twenty-two"),
        (80, "eighty"),
        (100, "one hundred"),
        (105, "one oh five"),
        (443, "four forty-three"),
        (500, "five hundred"),
        (3000, "three thousand"),
        (3306, "thirty-three oh six"),
        (3389, "thirty-three eighty-nine"),
        (8080, "eighty eighty"),
        (8008, "eight thousand eight"),
        (49152, "forty-nine thousand one hundred fifty-two"),
    ],
)
def test_a_number_that_names_something_is_read_in_pairs(number, words):
    assert numbers.label(number) == words


def test_a_decimal_keeps_its_zeros():
    assert numbers.decimal("0", "50") == "zero point five zero"


def test_digits_in_a_name_keep_their_leading_zero():
    assert numbers.code("07") == "zero seven"
