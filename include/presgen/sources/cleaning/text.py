"""Text as it should have been sent: decoded once, composed, on one line, without controls."""

from __future__ import annotations

import re
import unicodedata

HARMFUL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
"""Controls, and those that turn the direction of the text around them. No name has one."""

INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""What cannot be seen or spoken. Joiners (U+200C, U+200D) stay: emoji and several scripts need them."""


def clean_text(text: str) -> str:
    """Return the text decoded once, in NFC, with single spaces, without invisible characters."""
    cleaner = " ".join(text.split())
    if cleaner.isascii() and cleaner.isprintable():
        return cleaner
    if not cleaner.isascii():
        cleaner = " ".join(unicodedata.normalize("NFC", decode_again(text)).split())
    cleaner = INVISIBLE.sub("", cleaner)
    return cleaner if cleaner == text else clean_text(cleaner)


def clean_id(text: str) -> str:
    """Return an id in NFC without surrounding spaces; whatever else it holds belongs to it."""
    return unicodedata.normalize("NFC", text.strip())


def unfit_for_an_id(text: str) -> str | None:
    """Name the first character that no id may hold: a control, a line break, an invisible one; or None."""
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            return f"U+{ord(character):04X}"
    return None


def unfit_for_a_name(text: str) -> str | None:
    """Name the first control character that no name may hold, or None."""
    found = HARMFUL.search(decode_again(text))
    return f"U+{ord(found[0]):04X}" if found else None


_BYTES = {
    bytes([byte]).decode("cp1252"): byte
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}  # undefined, and passed on as they are
}
"""What Windows-1252 shows for the bytes that Latin-1 leaves to controls."""

_MISREAD = re.compile(r"[\xc2-\xf4][^\x00-\x7f]")
"""The first two bytes of a UTF-8 sequence, each shown as a character."""

_SHOUTED_END = re.compile(
    r"(?:(?<=[A-ZÀ-Þ])[ÃÄÅ][\u00a0…–—‘’“”™›»®°²³]+|(?<!\w)[ÃÄÅ][…–—‘’“”™›»®°²³]+|[ÃÄÅ]’s)(?!\w)"
)
"""``AMANHÃ…``: a word in capitals and its punctuation look like a misread letter, and prove nothing."""

_PLAUSIBLE = re.compile("[\u00a0-\u017f\u2010-\u2027\u2030-\u203a\u20ac\u2116\u2122\u2190-\u2193\u2212]")
"""What western text holds: a single one of these proves a misreading."""

_FOREIGN_RUN = re.compile("[\u0370-\u1fff\u3000-\ud7ff]{2}|[\U0001f300-\U0001faff]")
"""Other scripts come in runs; one such character alone may be an accident: ``NESTLÉ®`` is no ``NESTLɮ``."""


def decode_again(text: str) -> str:
    """Undo a double encoding: ``MÃ¼ller`` becomes ``Müller``, and correct text stays as it is.

    The whole text has to be UTF-8 that was read as Windows-1252 or Latin-1, and what comes out has to be
    likelier than what went in. Where that is not certain, nothing changes.
    """
    for _ in range(3):  # exports have been seen that were encoded three times
        better = _decoded_once_more(text)
        if better is None:
            break
        text = better
    return text


def _decoded_once_more(text: str) -> str | None:
    if text.isascii() or not _MISREAD.search(text):
        return None
    try:
        better, proof = _reread(text), _reread(_SHOUTED_END.sub("", text))
    except ValueError:  # a character beyond a byte, or bytes that are not UTF-8
        return None
    return better if _PLAUSIBLE.search(proof) or _FOREIGN_RUN.search(proof) else None


def _reread(text: str) -> str:
    return bytes(_BYTES.get(character, ord(character)) for character in text).decode()
