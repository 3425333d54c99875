"""English, as Americans and Britons speak it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from presgen.rendering.studio.voice.languages import Language, languages
from presgen.rendering.studio.voice.languages.english import british, numbers
from presgen.rendering.studio.voice.languages.english.readings import (
    counts,
    is_abbreviation,
    is_number,
    read,
)
from presgen.rendering.studio.voice.letters import GREEK
from presgen.rendering.studio.voice.speech import Spoken, Word, listed

PHONEMES = frozenset("AIOQWYabdfhijklmnpstuvwzæðŋɑɐɒɔəɚɛɜɪɡɹɾTʃʊʌʒʤʧθᵊᵻˈˌː ")
"""misaki's English alphabet. A lexicon is American; the rest is what Britons make of it."""

LETTERS = {
    "A": "ˈA",
    "B": "bˈi",
    "C": "sˈi",
    "D": "dˈi",
    "E": "ˈi",
    "F": "ˈɛf",
    "G": "ʤˈi",
    "H": "ˈAʧ",
    "I": "ˈI",
    "J": "ʤˈA",
    "K": "kˈA",
    "L": "ˈɛl",
    "M": "ˈɛm",
    "N": "ˈɛn",
    "O": "ˈO",
    "P": "pˈi",
    "Q": "kjˈu",
    "R": "ˈɑɹ",
    "S": "ˈɛs",
    "T": "tˈi",
    "U": "jˈu",
    "V": "vˈi",
    "W": "dˈʌbᵊlju",
    "X": "ˈɛks",
    "Y": "wˈI",
    "Z": "zˈi",
}
"""Letter to the phonemes of its name, American."""

SIGNS = {
    "&": "and",
    "+": "plus",
    "=": "equals",
    "@": "at",
    "%": "percent",
    "→": "to",
    "←": "from",
    "≥": "greater than or equal to",
    "≤": "less than or equal to",
    "≠": "is not equal to",
    "≈": "about",
    "<": "less than",
    ">": "greater than",
    "×": "times",
    "÷": "divided by",
    "±": "plus or minus",
    "^": "to the power of",
    "#": "hash",
    "$": "dollar",
    "€": "euro",
    "£": "pound",
    "°": "degrees",
    "§": "section",
    "√": "the square root of",
    "∞": "infinity",
}
CODE_SIGNS = {
    ".": "dot",
    "/": "slash",
    "\\": "backslash",
    ":": "colon",
    "-": "dash",
    "_": "underscore",
    "*": "star",
    "?": "question mark",
    "~": "tilde",
    "|": "pipe",
    "!": "exclamation mark",
}
_SHOUTED = listed(
    """
    ALL AND ANY ARE BUT BY CAN DID DO END FOR GET GO HAS HOW IF IN IS IT'S MAY MUST MY NEW NO
    NOT NOW OFF OLD ON ONE ONLY OR OUR OUT PUT SET SO THE TO TWO UP USE WAS WAY WE WHY YES YOU
    GOOD BAD LOW BIG TOO ITS AN AS AT BE
    """
)
_VOWELS = frozenset("AIOQWYæɑɐɒɔəɚɛɜɪʊʌᵻaeiou")
_VOICELESS = frozenset("ptkfθ")
_HISSING = frozenset("szʃʒʧʤ")


@languages.register("en")
def english(locale: str) -> Language:
    """Return English: British where ``locale`` is, otherwise American."""
    is_british = locale.replace("_", "-").lower() in {"en-gb", "en-ie", "en-au", "en-nz"}
    return Language(
        code="en",
        package=__name__,
        read=british.read if is_british else read,
        code_number=numbers.code,
        is_number=is_number,
        is_abbreviation=is_abbreviation,
        counts=counts,
        letters={**LETTERS, "Z": "zˈɛd"} if is_british else LETTERS,
        phonemes=PHONEMES,
        plural=with_s,
        plural_endings=("'s", "s'", "s"),
        signs=SIGNS,
        code_signs=CODE_SIGNS,
        joining=frozenset({"and", "or", "to", "through", "-", "—", "&", "versus", "vs"}),
        conjunctions=frozenset(listed("and but or because so which while when that then")),
        shouted=frozenset(_SHOUTED),
        vowelless=frozenset({"hmm", "mhm", "shh", "psst", "nth", "brr", "pfft", "tsk"}),
        one_letter=frozenset({"a", "I"}),
        greek=GREEK,
        finish=with_fitting_articles,
    )


def with_s(word: Spoken) -> Spoken:
    """Return ``word`` with the ending of a plural or a possessive."""
    if not word.phonemes:
        return Spoken(word.text + ("es" if word.text.endswith(("s", "x", "z", "ch", "sh")) else "s"))
    last = word.phonemes[-1]
    ending = "s" if last in _VOICELESS else "ᵻz" if last in _HISSING else "z"
    return Spoken(word.text + "s", word.phonemes + ending)


def with_fitting_articles(words: Iterable[Word]) -> Iterator[Word]:
    """Yield ``words`` with each article fit for what is said next: an AAAA record is a quad A record."""
    words = list(words)
    for word, after in zip(words, [*words, None][1:], strict=True):
        article = word.says[0].text.lower() if len(word.says) == 1 and not word.says[0].phonemes else ""
        if article not in {"a", "an"} or after is None or not after.says or word.pause:
            yield word
            continue
        following = after.says[0]
        if not following.phonemes and after.shown.startswith(following.text):
            yield word  # Read as it is written, so the writer's article stands: an hour, a user.
            continue
        sound = following.phonemes.lstrip("ˈˌ")[:1] or following.text[0].lower()
        fitting = "an" if sound in _VOWELS else "a"
        yield replace(word, says=(Spoken(fitting),))
