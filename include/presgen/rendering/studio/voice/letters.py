"""Letters: which Latin ones stand for those of other scripts."""

from __future__ import annotations

import re
import unicodedata

from presgen.rendering.studio.voice.speech import listed

GREEK = {
    **dict(zip("αβγδεζηθ", listed("alpha beta gamma delta epsilon zeta eta theta"), strict=True)),
    **dict(zip("ικλμνξοπ", listed("iota kappa lambda mu nu xi omicron pi"), strict=True)),
    **dict(zip("ρστυφχψω", listed("rho sigma tau upsilon phi chi psi omega"), strict=True)),
}
"""A Greek letter standing alone is a symbol, and read by its name."""

_GREEK_LATIN = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        listed("a v g d e z i th i k l m n x o p r s s t y f ch ps o"),
        strict=True,
    )
)
_CYRILLIC_LATIN = {
    **dict(
        zip(
            "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
            listed("a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya"),
            strict=True,
        )
    ),
    **dict(zip("іїєґў", listed("i yi ye g w"), strict=True)),
}
_LATIN = {"ł": "l", "đ": "d", "ı": "i", "œ": "oe", "ħ": "h", "ŧ": "t", "ŋ": "ng", "ſ": "s", "ə": "e"}
_KEPT = frozenset("àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿß")
"""Letters of Western European names and loan words: the reader has rules for them."""


def latin(text: str) -> str:
    """Return ``text`` in letters, digits and signs the reader knows.

    Accents it does not know are dropped, Cyrillic and Greek are transliterated, all digits become 0 to 9.
    Other scripts, pictures and control characters are left out: there is no saying how they sound.
    """
    plain = _MICRO.sub("u", _MARKS.sub("", text))
    plain = _RAISED.sub(lambda match: "^" + match[0], plain)
    plain = _PART.sub(" & ", plain)
    return "".join(_latin(character) for character in unicodedata.normalize("NFKC", plain))


_MARKS = re.compile("[™®©℠\N{SOFT HYPHEN}]")
"""Not spoken, and NFKC would make letters of them."""
_MICRO = re.compile("(?<![α-ω])[µμ](?=[smgAFVW](?![a-z]))")
"""The sign of a millionth, as in 20 µs, which looks like a Greek m."""
_RAISED = re.compile("(?<=[0-9A-Za-z])[⁻⁰¹²³⁴-⁹]+")
"""An exponent, which NFKC would run together with its base."""
_PART = re.compile("(?<=[0-9])(?=[¼½¾⅓⅔⅛])")
"""Between a number and the fraction after it, which NFKC would run together too."""


def bare(word: str) -> str:
    """Return ``word`` without accents: the form in which a lexicon lists a name."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _latin(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else ""
    small = character.lower()
    if small in _KEPT:
        return character
    letter = _LATIN.get(small) or _CYRILLIC_LATIN.get(small) or _GREEK_LATIN.get(small)
    if letter is not None:
        letter = letter.replace("-", "")
        return letter if character == small else letter.capitalize()
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    base = unicodedata.normalize("NFD", small)
    if len(base) > 1 and base[0] != character:
        letter = _latin(base[0])
        return letter if character == small else letter.capitalize()
    return _SIGNS.get(character, "")


_SIGNS = {
    **dict.fromkeys("‘’ʼʹ′‛´", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒−﹣", "-"),
    **dict.fromkeys("–—―", "—"),
    **dict.fromkeys("•·∙‧", "—"),
    "⁄": "/",
    "∕": "/",
    "…": "…",
    "→": "→",
    "⇒": "→",
    "←": "←",
    "≥": "≥",
    "≤": "≤",
    "≠": "≠",
    "≈": "≈",
    "×": "×",
    "÷": "÷",
    "±": "±",
    "°": "°",
    "€": "€",
    "£": "£",
    "¥": "¥",
    "§": "§",
    "√": "√",
    "∞": "∞",
}
"""Signs the normaliser reads, and the plain form of those that come in several."""
