"""How numbers, signs and names are read in Spanish: the first reading that fits."""

from __future__ import annotations

import re

from presgen.rendering.studio.voice.languages.spanish import numbers
from presgen.rendering.studio.voice.languages.spanish.units import ALONE, ATTACHED_ONLY, FEMININE, UNITS
from presgen.rendering.studio.voice.readings import Here, Reading, first_fitting
from presgen.rendering.studio.voice.speech import listed

NUMBER = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
"""65.536 and 65,536 are whole: three digits after a sign are thousands, in Spain and in Mexico."""

MONTHS = listed("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")
_LABELLED = frozenset(
    listed("puerto puertos rfc error errores código códigos vlan vlans canal canales evento modelo sala ip")
)
_VERSIONED = frozenset(
    listed(
        "versión versiones tls ssl http tcp usb bluetooth python java kubernetes ubuntu sección secciones "
        "capítulo tabla figura wpa android ios windows macos v"
    )
)
_FEMININE = re.compile(
    r".*(?:a|as|ción|ciones|sión|siones|dad|dades|tud|tudes)|red|redes|subred|subredes|parte|partes|clave|claves|"
    r"llave|llaves|vez|veces|señal|señales|imagen|imágenes|clase|clases|fase|fases|base|bases|noche|noches|"
    r"fuente|fuentes|mujer|mujeres"
)
_MASCULINE = re.compile(r"(?:\w*ma|\w*mas|día|días|mapa|mapas|byte|bytes|bit|bits)")
_REALLY_FEMININE = frozenset(
    listed("forma formas norma normas plataforma plataformas firma firmas máxima suma sumas")
)
_CURRENCIES = {
    "$": ("dólar", "dólares", "centavo", "centavos"),
    "€": ("euro", "euros", "céntimo", "céntimos"),
    "£": ("libra", "libras", "penique", "peniques"),
    "¥": ("yen", "yenes", "", ""),
}
_MAGNITUDES = {"k": "mil", "m": "millones de", "b": "mil millones de"}
_COMPARISONS = {
    "~": "unos",
    "≈": "unos",
    "=": "igual a",
    "<": "menos de",
    ">": "más de",
    "≤": "como máximo",
    "≥": "como mínimo",
}
_FRACTIONS = {2: "medio", 3: "tercio", 4: "cuarto", 5: "quinto", 8: "octavo"}

ABBREVIATIONS = {
    "aprox.": "aproximadamente",
    "d.": "don",
    "dr.": "doctor",
    "dra.": "doctora",
    "ee.": "Estados",
    "ee.uu.": "Estados Unidos",
    "ej.": "ejemplo",
    "etc.": "etcétera",
    "fig.": "figura",
    "incl.": "incluido",
    "máx.": "máximo",
    "mín.": "mínimo",
    "prof.": "profesor",
    "profa.": "profesora",
    "sr.": "señor",
    "sra.": "señora",
    "srta.": "señorita",
    "ud.": "usted",
    "uds.": "ustedes",
    "uu.": "Unidos",
    "vol.": "volumen",
    "vs.": "contra",
    "vs": "contra",
}
_BEFORE_NUMBERS = {
    "art.": "artículo",
    "cap.": "capítulo",
    "n.º": "número",
    "nº": "número",
    "no.": "número",
    "núm.": "número",
    "p.": "página",
    "pág.": "página",
    "págs.": "páginas",
    "pp.": "páginas",
    "sec.": "sección",
    "tel.": "teléfono",
}
_INITIALS = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]?\.?")
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))


def is_abbreviation(core: str) -> bool:
    """Whether the full stop at the end of ``core`` belongs to it."""
    return core.endswith(".") and (
        core.lower() in ABBREVIATIONS
        or core.lower() == "p."
        or (core.count(".") > 1 and _INITIALS.fullmatch(core) is not None)
    )


def counts(core: str) -> bool:
    """Whether ``core`` is an abbreviation when a number follows: núm. 5, pág. 12."""
    return core.lower() in _BEFORE_NUMBERS


def is_number(core: str) -> bool:
    """Whether ``core`` is a number, perhaps with a fraction or a range."""
    return re.fullmatch(rf"{NUMBER}(?:[-—]{NUMBER})?", core) is not None


# Numbers


def _parts(text: str) -> tuple[str, str, str]:
    """Return the digits of the whole number, the sign after it, and the fraction."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        whole, sign, rest = text.replace(".", "").partition(",")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        whole, sign, rest = text.replace(",", "").partition(".")
    else:
        [whole, sign, rest] = [*re.split("([.,])", text), "", ""][:3]
    return whole, sign, rest


def _value(text: str) -> float:
    whole, _, rest = _parts(text)
    return float(f"{whole}.{rest or 0}")


def _plain(text: str, form: numbers.Form = "uno") -> str:
    """Return a number as it counts things: 65.536 or 2,5 or 007."""
    whole, sign, rest = _parts(text)
    if rest:
        return f"{numbers.cardinal(int(whole))} {'coma' if sign == ',' else 'punto'} {numbers.fraction(rest)}"
    if len(whole) > 1 and whole.startswith("0"):
        return numbers.digits(whole)
    return numbers.cardinal(int(whole), form)


def _form(noun: str) -> numbers.Form:
    """Return how a number is said before ``noun``."""
    if noun in UNITS:
        return "una" if noun in FEMININE else "un"
    noun = noun.lower()
    if not re.fullmatch("[a-záéíóúñü]{3,}", noun) or noun in {
        "con",
        "por",
        "para",
        "del",
        "los",
        "las",
        "una",
    }:
        return "uno"
    if noun in _REALLY_FEMININE:
        return "una"
    if _MASCULINE.fullmatch(noun):
        return "un"
    return "una" if _FEMININE.fullmatch(noun) else "un"


def _number(here: Here) -> str:
    text = here[0]
    versioned = here.governor.lower() in _VERSIONED or here.before.lower() in _VERSIONED
    if versioned and "." in text:
        return " punto ".join(numbers.code(part) for part in text.split("."))
    if here.governor.lower() in _LABELLED and text.isdigit():
        return numbers.code(text)
    return _plain(text, _form(here.after))


def _range(here: Here) -> str:
    low, high, unit = here["low"], here["high"], here["unit"]
    joined = f"{_plain(low)} {'a ' if _value(low) < _value(high) else ''}{_plain(high)}"
    return f"{joined} {'por ciento' if unit == '%' else UNITS[unit][1]}" if unit else joined


def _dotted(text: str) -> str:
    return " punto ".join(numbers.code(part) for part in text.split("."))


def _address(here: Here) -> str:
    said = _dotted(here["dotted"])
    if here["prefix"]:
        said += f" barra {numbers.cardinal(int(here['prefix']))}"
    if here["port"]:
        said += f" puerto {numbers.code(here['port'])}"
    return said


def _addresses(here: Here) -> str:
    return f"{_dotted(here['low'])} a {_dotted(here['high'])}"


def _prefix(here: Here) -> str:
    return f"barra {numbers.cardinal(int(here[1]))}"


def _hexadecimal(here: Here) -> str | None:
    text = here["address"]
    if text.count(":") < 2 or not re.search(r"[0-9a-fA-F]", text):
        return None
    words = [
        "dos puntos" if piece == ":" else _character(piece) for piece in re.findall("[0-9a-fA-F:]", text)
    ]
    if here["prefix"]:
        words.append(f"barra {numbers.cardinal(int(here['prefix']))}")
    return " ".join(words)


def _hardware(here: Here) -> str:
    return " ".join(_character(piece) for piece in here[0] if piece.isalnum())


def _character(piece: str) -> str:
    return numbers.digits(piece) if piece.isdigit() else piece.upper()


def _wireless(here: Here) -> str:
    return f"ochocientos dos punto {numbers.cardinal(int(here[1]))} {' '.join(here[2].upper())}"


def _time(here: Here) -> str | None:
    hour, minute = int(here[1]), int(here[2])
    if hour > 24 or minute > 59:
        return None
    said = numbers.cardinal(hour, "una")
    if minute:
        by_heart = {15: "y cuarto", 30: "y media"}.get(minute) if 0 < hour <= 12 else None
        said += f" {by_heart or ('y ' if hour <= 12 else '') + numbers.cardinal(minute)}"
    if here[3]:
        said += f" y {numbers.cardinal(int(here[3]), 'un')} segundos"
    return said


def _ratio(here: Here) -> str:
    return f"{_plain(here[1])} a {_plain(here[2])}"


def _date(here: Here) -> str | None:
    year, month, day = int(here["year"]), int(here["month"]), int(here["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{_day(day)} de {MONTHS[month - 1]} de {numbers.cardinal(year if year > 99 else 2000 + year)}"


def _day(day: int) -> str:
    return "primero" if day == 1 else numbers.cardinal(day)


def _money(here: Here) -> str:
    one, many, cent, cents = _CURRENCIES[here["sign"]]
    form: numbers.Form = "una" if one == "libra" else "un"
    whole, _, rest = _parts(here["whole"])
    if here["magnitude"]:
        magnitude = _MAGNITUDES[here["magnitude"].lower()]
        return f"{_plain(here['whole'])} {magnitude} {many}"
    if here.after.lower() in {"mil", "millones", "millón"}:
        return _plain(here["whole"], "un")
    said = f"{numbers.cardinal(int(whole), form)} {one if int(whole) == 1 else many}"
    if rest and int(rest) and cent:
        part = int(rest.ljust(2, "0")[:2])
        said += f" con {numbers.cardinal(part, 'un')} {cent if part == 1 else cents}"
    return said


def _scale(here: Here) -> str | None:
    if here.before[:1] not in _CURRENCIES:
        return None
    return f"{here[0]} {'' if here[0] == 'mil' else 'de '}{_CURRENCIES[here.before[0]][1]}"


def _measured(amount: str, unit: str) -> str:
    singular, plural = UNITS[unit]
    return f"{_plain(amount, 'una' if unit in FEMININE else 'un')} {singular if amount == '1' else plural}"


def _measure(here: Here) -> str:
    return _measured(here["amount"], here["unit"])


def _unit(here: Here) -> str | None:
    unit = here[0]
    singular, plural = UNITS[unit]
    if is_number(here.before.lstrip("+-±~≈<>≤≥")) and unit not in ATTACHED_ONLY:
        return singular if here.before == "1" else plural
    return plural if unit in ALONE else None


def _percent(here: Here) -> str:
    return f"{_plain(here[1])} por ciento"


def _ordinal(here: Here) -> str:
    if here[2] == "er":
        return {1: "primer", 3: "tercer"}.get(int(here[1]), numbers.ordinal(int(here[1])))
    return numbers.ordinal(int(here[1]), feminine=here[2].endswith("a"))


def _fraction(here: Here) -> str | None:
    top, bottom = int(here[1]), int(here[2])
    if not bottom:
        return None
    if here[0] == "24/7":
        return "veinticuatro siete"
    if 0 < top < bottom and bottom in _FRACTIONS and here.governor.lower() not in {"nota", "puntuación"}:
        part = _FRACTIONS[bottom]
        return f"{numbers.cardinal(top, 'un')} {part if top == 1 else part + 's'}"
    return f"{_plain(here[1])} {'de' if top <= bottom else 'barra'} {_plain(here[2])}"


def _mixed(here: Here) -> str | None:
    part = _FRACTIONS.get(int(here[3]))
    if part is None:
        return None
    if here[2] == "1" and part == "medio":
        return f"{_plain(here[1])} y medio"
    return f"{_plain(here[1])} y {numbers.cardinal(int(here[2]), 'un')} {part}{'' if here[2] == '1' else 's'}"


def _signed(here: Here) -> str:
    sign = {"-": "menos", "—": "menos", "+": "más", "±": "más menos"}[here[1]]
    return f"{sign} {_amount(here[2])}"


def _compared(here: Here) -> str:
    return f"{_COMPARISONS[here[1]]} {_amount(here[2])}"


def _amount(text: str) -> str:
    measured = re.fullmatch(rf"({NUMBER})(%|{_UNIT})", text)
    if not measured:
        return _plain(text)
    return f"{_plain(measured[1])} por ciento" if measured[2] == "%" else _measured(measured[1], measured[2])


def _numbered(here: Here) -> str:
    return f"número {_plain(here[1])}"


def _power(here: Here) -> str:
    base, sign, exponent = here["base"], here["sign"], int(here["exponent"])
    said = _plain(base) if base[0].isdigit() else base if len(base) > 1 else base.upper()
    if not sign and exponent in (2, 3):
        return f"{said} al {'cuadrado' if exponent == 2 else 'cubo'}"
    return f"{said} elevado a {'menos ' if sign else ''}{numbers.cardinal(exponent)}"


def _by(here: Here) -> str:
    return f"{_plain(here[1])} por {_plain(here[2])}"


def _times(here: Here) -> str:
    return f"{_plain(here[1], 'una')} {'vez' if here[1] == '1' else 'veces'}"


def _version(here: Here) -> str:
    return "versión " + " punto ".join(numbers.code(part) for part in here[1].split("."))


# Words


def _abbreviation(here: Here) -> str | None:
    text = here[0].lower()
    if text == "p." and here.after.lower().startswith("ej"):
        return "por"
    if text in _BEFORE_NUMBERS and here.after[:1].isdigit():
        return _BEFORE_NUMBERS[text]
    return ABBREVIATIONS.get(text)


def _initials(here: Here) -> str:
    return " ".join(letter.upper() for letter in here[0] if letter != ".")


def _option(here: Here) -> str:
    dashes, name = here[1] or here[3], here[2] or here[4]
    words = name.upper() if len(name) == 1 else name.replace("-", " guion ")
    return f"{'guion ' * len(dashes)}{words}"


def _silent(here: Here) -> str | None:
    return None if here.code else ""


_READINGS: tuple[tuple[str, Reading], ...] = (
    (r"[A-Za-záéíóúñ]+\.|[nN]\.?º|[vV]s|[eE]{2}\.[uU]{2}\.", _abbreviation),
    (r"(?:[A-Za-z]\.){2,}[A-Za-z]?|[A-Za-z]\.[A-Za-z]", _initials),
    (r"802\.(\d+)([A-Za-z]*)", _wireless),
    (r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}", _hardware),
    (r"(\d{1,2}):(\d\d)(?::(\d\d))?h?", _time),
    (r"(\d+):(\d+)", _ratio),
    (r"(?P<address>[0-9A-Fa-f:]+)(?:/(?P<prefix>\d{1,3}))?", _hexadecimal),
    (r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", _date),
    (r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4}|\d\d)", _date),
    (
        r"(?P<sign>[$€£¥])(?P<whole>\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,12}(?:[.,]\d{1,2})?)(?P<magnitude>[kKmMbB])?",
        _money,
    ),
    (r"mil|millones|millón", _scale),
    (rf"({NUMBER})%", _percent),
    (NUMBER, _number),
    (r"(?P<dotted>\d{1,5}(?:\.\d{1,5}){2,})(?:/(?P<prefix>\d{1,3}))?(?::(?P<port>\d{1,5}))?", _address),
    (r"(?P<low>\d+(?:\.\d+){2,})[-—](?P<high>\d+(?:\.\d+){2,})", _addresses),
    (r"/(\d{1,3})s?", _prefix),
    (rf"(?P<low>{NUMBER})[-—](?P<high>{NUMBER})(?P<unit>%|{_UNIT})?", _range),
    (r"(\d{1,3})\.?(º|ª|er|o|a)", _ordinal),
    (rf"(?P<amount>{NUMBER})-?(?P<unit>{_UNIT})", _measure),
    (_UNIT, _unit),
    (r"(\d{1,6})/(\d{1,6})", _fraction),
    (r"(\d+) & (\d)/(\d)", _mixed),
    (rf"([-—+±])({NUMBER}(?:%|{_UNIT})?)", _signed),
    (rf"([<>≤≥≈~=])({NUMBER}(?:%|{_UNIT})?)", _compared),
    (r"#(\d+)", _numbered),
    (r"(?P<base>\d+|[A-Za-z]+)\^(?P<sign>[-—⁻]?)(?P<exponent>\d{1,6})", _power),
    (rf"({NUMBER})[x×]({NUMBER})", _by),
    (rf"({NUMBER})[x×]", _times),
    (r"[vV](\d{1,5}(?:\.\d{1,5})*)", _version),
    (r"(-)([A-Za-z])|(--)([a-z]+(?:-[a-z]+)*)", _option),
    (r"[-—*_~|/\\]+|\[\]|\(\)", _silent),
)

read = first_fitting(_READINGS)
"""Returns how a word is read: words with spaces between, where single capitals are letters."""
