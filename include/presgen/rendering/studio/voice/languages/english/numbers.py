"""Numbers as words, the American way: 443 is four hundred forty-three, and port 443 is four forty-three."""

from __future__ import annotations

from presgen.rendering.studio.voice.speech import listed

_ONES = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = listed("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
_SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}

LONGEST = 3 * len(_SCALES)
"""A number of more digits has no name here: it is read digit by digit."""


def cardinal(number: int) -> str:
    """Return ``number`` in words: 1024 is ``one thousand twenty-four``."""
    if number < 0:
        return f"minus {cardinal(-number)}"
    if len(str(number)) > LONGEST:
        return digits(str(number))
    if number == 0:
        return "zero"
    groups = []
    scale = 0
    while number:
        number, group = divmod(number, 1000)
        if group:
            groups.append(f"{_below_thousand(group)} {_SCALES[scale]}".strip())
        scale += 1
    return " ".join(reversed(groups))


def ordinal(number: int) -> str:
    """Return the place in words: 22 is ``twenty-second``."""
    words = cardinal(number)
    cut = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[cut:]
    if last in _ORDINALS:
        return words[:cut] + _ORDINALS[last]
    return words[:cut] + (last[:-1] + "ieth" if last.endswith("y") else last + "th")


def digits(text: str) -> str:
    """Return the digits of ``text`` one by one; everything else in it is left out."""
    return " ".join(_ONES[int(character)] for character in text if character in "0123456789")


def decimal(whole: str, fraction: str) -> str:
    """Return a decimal number in words: 0.50 is ``zero point five zero``."""
    return f"{cardinal(int(whole or '0'))} point {digits(fraction)}"


def year(number: int) -> str:
    """Return a year in words: 1918 is ``nineteen eighteen``, 2005 is ``two thousand five``."""
    century, rest = divmod(number, 100)
    if not 1000 <= number <= 9999 or (century % 10 == 0 and rest < 10):
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {f'oh {_ONES[rest]}' if rest < 10 else cardinal(rest)}"


def label(number: int) -> str:
    """Return a number that names something, such as a port: 443 is ``four forty-three``.

    From 10 000 on, and for round hundreds and thousands, the plain number is easier to follow.
    """
    if number < 100 or number > 9999 or number % 1000 == 0 or (number < 1000 and number % 100 == 0):
        return cardinal(number)
    if number > 999:
        return year(number) if number // 100 % 10 or number % 100 > 9 else cardinal(number)
    hundreds, rest = divmod(number, 100)
    return f"{_ONES[hundreds]} {f'oh {_ONES[rest]}' if rest < 10 else cardinal(rest)}"


def code(text: str) -> str:
    """Return a run of digits inside a name: 07 is ``zero seven``, 365 is ``three sixty-five``."""
    return digits(text) if text.startswith("0") or len(text) > 5 else label(int(text))


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_ONES[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        words.append(_TENS[tens] + (f"-{_ONES[ones]}" if ones else ""))
    elif rest:
        words.append(_ONES[rest])
    return " ".join(words)
