"""How long it takes to say something."""

from __future__ import annotations

import re

from presgen.model.base import Seconds
from presgen.personas import Persona
from presgen.writing.plain_text import sentences_of

SECTION_SILENCE = Seconds(1.3)
"""Before the first and after the last word of a section, with the rounding up to its 16-frame grid."""

_COMMA_PAUSE = Seconds(0.12)
_LETTERS_A_WORD = 2.2
"""Letters of a spelled acronym that take as long as one word: ``DHCP`` is nearly two."""


def word_count(text: str) -> int:
    """Return how many words ``text`` has, as a reader counts them."""
    return len(text.split())


def spoken_words(text: str) -> float:
    """Return how many words ``text`` has for a voice: digits, signs and acronyms are said at length."""
    return sum(_spoken_token(token) for token in text.split())


def spoken_seconds(text: str, persona: Persona) -> Seconds:
    """Estimate how long ``persona`` speaks ``text``, pauses between sentences included.

    Used for planning and limits, before there is a voice: the narration's own length is what counts later.
    """
    sentences = sentences_of(text)
    talking = spoken_words(text) * 60 / persona.words_per_minute
    pauses = max(0, len(sentences) - 1) * persona.voice.sentence_pause
    commas = len(re.findall(r"[,;:–](?=\s)", text)) * _COMMA_PAUSE
    return Seconds(talking + pauses + commas)


def _spoken_token(token: str) -> float:
    pieces = re.findall(r"\d+|[A-Za-zÀ-ɏ’']+|[^\W\d_]|[%/.:+=@#&$€£°-](?=\w)|%", token)
    return sum(_spoken_piece(piece, alone=len(pieces) == 1) for piece in pieces)


def _spoken_piece(piece: str, *, alone: bool) -> float:
    if piece.isdigit():
        return _spoken_number(piece)
    if len(piece) >= 2 and piece.rstrip("s").isupper():
        return max(1.0, len(piece) / _LETTERS_A_WORD)
    if len(piece) == 1 and not piece.isalnum():
        return 0.3 if piece == "-" else 0.8
    return 1.0 if alone or len(piece) > 2 else 0.6


def _spoken_number(digits: str) -> float:
    if len(digits) > 4 or (digits.startswith("0") and len(digits) > 1):
        return 0.8 * len(digits)
    number = int(digits)
    words = 0
    for unit in (1000, 100):
        if number >= unit:
            words += 2
            number %= unit
    return float(words + (2 if number > 20 and number % 10 else bool(number or not words)))
