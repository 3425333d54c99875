"""Numbers as Spanish words: 443 is cuatrocientos cuarenta y tres."""

from __future__ import annotations

from typing import Literal

from presgen.rendering.studio.voice.speech import listed

Form = Literal["uno", "un", "una"]
"""How one is said: by itself, before a masculine noun, before a feminine one."""

_ONES = listed(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco "
    "veintiséis veintisiete veintiocho veintinueve"
)
_TENS = listed("cero diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_HUNDREDS = listed(
    "cero ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos "
    "novecientos"
)
_ORDINALS = listed(
    "cero primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo duodécimo "
    "decimotercero decimocuarto decimoquinto decimosexto decimoséptimo decimoctavo decimonoveno vigésimo"
)

LONGEST = 15
"""A number of more digits has no name here: it is read digit by digit."""


def cardinal(number: int, form: Form = "uno") -> str:
    """Return ``number`` in words: 1024 is ``mil veinticuatro``."""
    if number < 0:
        return f"menos {cardinal(-number, form)}"
    if len(str(number)) > LONGEST:
        return digits(str(number))
    if number == 0:
        return "cero"
    words = []
    millions, rest = divmod(number, 10**6)
    billions, millions = divmod(millions, 10**6)
    if billions:
        words.append("un billón" if billions == 1 else f"{_below_million(billions, 'un')} billones")
    if millions:
        words.append("un millón" if millions == 1 else f"{_below_million(millions, 'un')} millones")
    if rest:
        words.append(_below_million(rest, form))
    return " ".join(words)


def ordinal(number: int, *, feminine: bool = False) -> str:
    """Return the place in words up to twenty; beyond, people say the plain number."""
    if not 0 < number < len(_ORDINALS):
        return cardinal(number)
    word = _ORDINALS[number]
    return word[:-1] + "a" if feminine else word


def digits(text: str) -> str:
    """Return the digits of ``text`` one by one; everything else in it is left out."""
    return " ".join(_ONES[int(character)] for character in text if character in "0123456789")


def code(text: str) -> str:
    """Return a run of digits inside a name: 07 is ``cero siete``, 365 is ``trescientos sesenta y cinco``."""
    return digits(text) if (text.startswith("0") and text != "0") or len(text) > 5 else cardinal(int(text))


def fraction(text: str) -> str:
    """Return what stands after the decimal sign: 05 is ``cero cinco``, 14 is ``catorce``."""
    zeros = len(text) - len(text.lstrip("0"))
    rest = text[zeros:]
    if len(rest) > 2:
        return digits(text)
    return " ".join(["cero"] * zeros + ([cardinal(int(rest))] if rest else []))


def _below_million(number: int, form: Form) -> str:
    thousands, rest = divmod(number, 1000)
    words = []
    if thousands:
        words.append("mil" if thousands == 1 else f"{_below_thousand(thousands, _before_mil(form))} mil")
    if rest:
        words.append(_below_thousand(rest, form))
    return " ".join(words)


def _before_mil(form: Form) -> Form:
    return "una" if form == "una" else "un"


def _below_thousand(number: int, form: Form) -> str:
    hundreds, rest = divmod(number, 100)
    if number == 100:
        return "cien"
    words = []
    if hundreds:
        word = _HUNDREDS[hundreds]
        words.append(word[:-2] + "as" if form == "una" and hundreds > 1 else word)
    if rest:
        words.append(_below_hundred(rest, form))
    return " ".join(words)


def _below_hundred(number: int, form: Form) -> str:
    if number < len(_ONES):
        word = _ONES[number]
    else:
        tens, ones = divmod(number, 10)
        word = _TENS[tens] + (f" y {_ONES[ones]}" if ones else "")
    if not word.endswith("uno") or form == "uno":
        return word
    if form == "una":
        return word[:-1] + "a"
    return "veintiún" if number == 21 else word[:-1]
