"""Spanish, of Spain and of the Americas."""

from __future__ import annotations

from functools import partial

from presgen.rendering.studio.voice.languages import Language, languages
from presgen.rendering.studio.voice.languages.spanish import numbers
from presgen.rendering.studio.voice.languages.spanish.readings import (
    counts,
    is_abbreviation,
    is_number,
    read,
)
from presgen.rendering.studio.voice.languages.spanish.sounds import PHONEMES, pronounced
from presgen.rendering.studio.voice.speech import Spoken, listed

LETTERS = {
    "A": "ˈa",
    "B": "bˈe",
    "C": "θˈe",
    "D": "dˈe",
    "E": "ˈe",
    "F": "ˈefe",
    "G": "xˈe",
    "H": "ˈaʧe",
    "I": "ˈi",
    "J": "xˈota",
    "K": "kˈa",
    "L": "ˈele",
    "M": "ˈeme",
    "N": "ˈene",
    "O": "ˈo",
    "P": "pˈe",
    "Q": "kˈu",
    "R": "ˈere",
    "S": "ˈese",
    "T": "tˈe",
    "U": "ˈu",
    "V": "ˈuβe",
    "W": "ˈuβe ðˈoβle",
    "X": "ˈekis",
    "Y": "i ɣɾjˈeɣa",
    "Z": "θˈeta",
}
"""Letter to the phonemes of its name, in Spain; in the Americas c and z have an s."""

AMERICAN_LETTERS = {**LETTERS, "V": "bˈe", "W": "dˈoβle βˈe"}

SIGNS = {
    "&": "y",
    "+": "más",
    "=": "igual a",
    "@": "arroba",
    "%": "por ciento",
    "→": "a",
    "←": "desde",
    "≥": "mayor o igual que",
    "≤": "menor o igual que",
    "≠": "distinto de",
    "≈": "aproximadamente",
    "<": "menor que",
    ">": "mayor que",
    "×": "por",
    "÷": "entre",
    "±": "más menos",
    "^": "elevado a",
    "#": "almohadilla",
    "$": "dólar",
    "€": "euro",
    "£": "libra",
    "°": "grados",
    "§": "sección",
    "√": "raíz cuadrada de",
    "∞": "infinito",
}
CODE_SIGNS = {
    ".": "punto",
    "/": "barra",
    "\\": "barra invertida",
    ":": "dos puntos",
    "-": "guion",
    "_": "guion bajo",
    "*": "asterisco",
    "?": "interrogación",
    "~": "virgulilla",
    "|": "barra vertical",
    "!": "exclamación",
}
GREEK = {
    **dict(zip("αβγδεζηθ", listed("alfa beta gamma delta épsilon zeta eta zeta"), strict=True)),
    **dict(zip("ικλμνξοπ", listed("iota kappa lambda mi ni xi ómicron pi"), strict=True)),
    **dict(zip("ρστυφχψω", listed("ro sigma tau ípsilon fi ji psi omega"), strict=True)),
}
_SHOUTED = listed(
    """
    A AL AÑO ASÍ CON DE DEL DOS EL EN ES ESA ESE ESO FIN HAY HOY IR LA LAS LE LO LOS MÁS ME MI MÍ MUY NI NO O
    OJO POR QUE QUÉ RED SE SER SI SÍ SIN SON SU SUS TAN TE TRES TU TÚ UN UNA UNO VA VER VEZ Y YA YO
    """
)


@languages.register("es")
def spanish(locale: str) -> Language:
    """Return Spanish: of Spain where ``locale`` is, or tells no place; otherwise American."""
    american = locale.replace("_", "-").lower() not in {"es", "es-es"}
    return Language(
        code="es",
        package=__name__,
        read=read,
        code_number=numbers.code,
        is_number=is_number,
        is_abbreviation=is_abbreviation,
        counts=counts,
        letters=AMERICAN_LETTERS if american else LETTERS,
        phonemes=PHONEMES,
        plural=with_s,
        plural_endings=("s", "es"),
        signs=SIGNS,
        code_signs=CODE_SIGNS,
        joining=frozenset({"y", "e", "o", "u", "a", "al", "-", "—", "&"}),
        conjunctions=frozenset(listed("y e o pero porque así que mientras cuando donde aunque entonces si")),
        shouted=frozenset(_SHOUTED),
        vowelless=frozenset({"y", "mmm", "psst", "shh"}),
        one_letter=frozenset(listed("a e o u y")),
        greek=GREEK,
        finish=partial(pronounced, seseo=american),
    )


def with_s(word: Spoken) -> Spoken:
    """Return ``word`` with the ending of a plural: a mere s, since what a lexicon has to tell is foreign."""
    return Spoken(word.text + "s", word.phonemes + "s" if word.phonemes else "")
