"""How long it takes to say something."""

from __future__ import annotations

import re

from presgen.model.base import Seconds
from presgen.personas import Persona
from presgen.writing.languages import Language, language_of
from presgen.writing.plain_text import sentences_of

SECTION_SILENCE = Seconds(1.3)
"""Before the first and after the last word of a section, with the rounding up to its 16-frame grid."""

_COMMA_PAUSE = Seconds(0.2)
"""At a comma, colon, semicolon or dash inside a sentence."""

_TYPICAL_SENTENCE = 10.0
"""Words. How many pauses a persona's words per minute include depends on the length of the sentences."""

# What follows was fitted to 125 sentences spoken by hibari (8 % standard deviation a sentence) and leans to
# the safe side: 66 narrated sections took 0.97 of the estimate, between 0.80 and 1.09. Counting written words
# instead is 25 % off, since “to” and “192.168.1.128/25” would take equally long.
_LONGEST_ACRONYM = 5
_WORD_OF_A_NUMBER = 5.6
_SIGN = 4.5

_PIECE = re.compile(r"\d+|[^\W\d_]+|(?<=\d)[%°]|(?<=\u00a0)%|[./:+=@#&$€£^~](?=\w)")


def word_count(text: str) -> int:
    """Return how many words ``text`` has, as a reader counts them."""
    return len(text.split())


def spoken_words(text: str, language: Language) -> float:
    """Return how many words of ordinary length it takes to say ``text``.

    Digits, signs and acronyms are said at length, so ``192.168.1.128/25`` is a long sentence by itself.
    """
    return sum(_letters(piece, language) for piece in _PIECE.findall(text)) / language.letters_a_word


def spoken_seconds(text: str, persona: Persona) -> Seconds:
    """Estimate how long ``persona`` speaks ``text``, pauses between sentences included.

    Used for planning and limits, before there is a voice: the narration's own length is what counts later.
    """
    language = language_of(persona.locale)
    pause = persona.voice.sentence_pause
    word = 60 / persona.words_per_minute - pause / _TYPICAL_SENTENCE
    pauses = max(0, len(sentences_of(text, language)) - 1) * pause
    commas = len(re.findall(r"(?:[,;:][”»]?|–)(?=\s)", text)) * _COMMA_PAUSE
    return Seconds(spoken_words(text, language) * word + pauses + commas)


def _letters(piece: str, language: Language) -> float:
    """Return how many letters of an ordinary word take as long as ``piece``."""
    if piece.isdecimal():
        return _words_of_number(piece) * _WORD_OF_A_NUMBER
    if 2 <= len(piece) <= _LONGEST_ACRONYM and piece.rstrip("s").isupper():
        return len(piece) * language.letters_an_initial
    return len(piece) if piece.isalpha() else _SIGN


def _words_of_number(digits: str) -> int:
    if len(digits) > 4 or (digits.startswith("0") and len(digits) > 1):
        return len(digits)  # spoken digit by digit
    words, rest = 0, int(digits)
    for unit in (1000, 100):
        if rest >= unit:
            words += 2
            rest %= unit
    if rest > 20 and rest % 10:
        return words + 2
    return words + 1 if rest or not words else words
