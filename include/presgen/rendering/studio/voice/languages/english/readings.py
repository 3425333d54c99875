"""How numbers, signs and names are read in American English: the first reading that fits."""

from __future__ import annotations

import re

from presgen.rendering.studio.voice.languages.english import numbers
from presgen.rendering.studio.voice.languages.english.units import ALONE, ATTACHED_ONLY, UNITS
from presgen.rendering.studio.voice.readings import Around, Here, Reading, first_fitting
from presgen.rendering.studio.voice.speech import listed

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"

LABELLED = frozenset(
    listed(
        """
        port ports rfc rfcs error errors code codes status vlan vlans channel channels extension event
        events model room flight asn http id sp area
        """
    )
)
"""In small letters: a number after one of these is a name, read in pairs of digits."""
VERSIONED = frozenset(
    listed(
        """
        version versions release tls ssl http tcp usb bluetooth python java kubernetes ubuntu airflow
        section sections chapter table figure appendix wpa snmp openssl macos ios windows android
        django php
        """
    )
)
"""In small letters: a number with a point after one of these has two parts and is no fraction."""

MONTHS = {
    name[:3].lower(): name
    for name in (
        listed("January February March April May June July August September October November December")
    )
}
_YEAR_WORDS = frozenset(
    listed("in since until till by of from to year before after during around early late mid")
)
_FUNCTION_WORDS = frozenset(
    listed("the a an and or but to in on at for with when where was were is are it its by as that which who")
)
_SCALES = frozenset({"hundred", "thousand", "million", "billion", "trillion"})
_CURRENCIES = {"$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "pence"), "¥": ("yen", "")}
_MAGNITUDES = {"k": "thousand", "m": "million", "b": "billion", "bn": "billion"}
_COMPARISONS = {
    "~": "about",
    "≈": "about",
    "=": "equals",
    "<": "less than",
    ">": "greater than",
    "≤": "at most",
    "≥": "at least",
}
_FRACTIONS = {2: "half", 3: "third", 4: "quarter"}

ABBREVIATIONS = {
    "approx.": "approximately",
    "dr.": "Doctor",
    "e.g.": "for example",
    "etc.": "et cetera",
    "fig.": "figure",
    "i.e.": "that is",
    "incl.": "including",
    "jr.": "Junior",
    "max.": "maximum",
    "mr.": "Mister",
    "mrs.": "Missus",
    "ms.": "Miz",
    "prof.": "Professor",
    "sr.": "Senior",
    "st.": "Saint",
    "vol.": "volume",
    "vs.": "versus",
    "w/": "with",
    "w/o": "without",
    "mr": "Mister",
    "mrs": "Missus",
    "dr": "Doctor",
}
_BEFORE_NUMBERS = {
    "art.": "article",
    "ch.": "chapter",
    "no.": "number",
    "nr.": "number",
    "p.": "page",
    "pp.": "pages",
    "rev.": "revision",
    "sec.": "section",
}
"""Abbreviations only beside a number."""
_INITIALS = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]?\.?")
_REGNAL = frozenset(
    listed(
        """
        louis henry george charles william edward elizabeth james pope pius paul john benedict
        wilhelm friedrich frederick napoleon alexander philip peter catherine ludwig leo nicholas
        mary richard
        """
    )
)
_NUMERALS = re.compile(r"(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})")

_QUARTER = re.compile(r"Q[1-4]|FY|H[12]")
"""Parts of a year of business."""

_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))


def is_abbreviation(core: str) -> bool:
    """Whether the full stop at the end of ``core`` belongs to it."""
    return core.endswith(".") and (
        core.lower() in ABBREVIATIONS or (core.count(".") > 1 and _INITIALS.fullmatch(core) is not None)
    )


def counts(core: str) -> bool:
    """Whether ``core`` is an abbreviation when a number follows: No. 5, p. 12."""
    return core.lower() in _BEFORE_NUMBERS


def is_number(core: str) -> bool:
    """Whether ``core`` is a number, perhaps with a point or a range."""
    return re.fullmatch(rf"{NUMBER}(?:[-—]{NUMBER})?", core) is not None


# Numbers


def _integer(text: str) -> int:
    return int(text.replace(",", ""))


def _plain(text: str) -> str:
    """Return a number as it counts things: 65,536 or 2.5 or 007."""
    whole, point, fraction = text.replace(",", "").partition(".")
    if point:
        return numbers.decimal(whole, fraction)
    if len(whole) > 1 and whole.startswith("0"):
        return numbers.digits(whole)
    return numbers.cardinal(int(whole))


def _is_year(text: str, around: Around) -> bool:
    if not re.fullmatch(r"1[5-9]\d\d|20\d\d", text):
        return False
    if _month(around.governor):
        return True
    if around.governor.lower() == "the" and re.fullmatch(r"19\d\d|20[0-3]\d", text):
        return True  # In the 1928 elections. Of things, one writes 1,928.
    follows = not around.after or around.after.lower() in _FUNCTION_WORDS or around.after[0].isupper()
    return follows and around.governor.lower() in _YEAR_WORDS


def _month(word: str) -> str | None:
    """Return the month that ``word`` names, short or long. A small may or march is a verb."""
    name = MONTHS.get(word[:3].lower())
    if name is None or not word[:1].isupper():
        return None
    return name if word in {name, name[:3], name[:3] + ".", "Sept", "Sept."} else None


def _number(here: Here) -> str:
    text = here[0]
    if "." in text:
        if here.governor.lower() in VERSIONED or here.before.lower() in {"v", "version"}:
            return " point ".join(numbers.code(part) for part in text.replace(",", "").split("."))
        return _plain(text)
    if _month(here.before) and len(text) <= 2 and 1 <= int(text) <= 31:
        return numbers.ordinal(int(text))
    if _month(here.after) and len(text) <= 2 and 1 <= int(text) <= 31:
        return f"the {numbers.ordinal(int(text))} of"
    if "," not in text and (_is_year(text, here) or (_QUARTER.fullmatch(here.before) and len(text) == 4)):
        return numbers.year(int(text))
    if "," not in text and (here.governor.lower() in LABELLED or here.code):
        return numbers.code(text)
    return _plain(text)


def _tail(here: Here) -> str:
    return f"point {numbers.digits(here[0])}"


def _range(here: Here) -> str:
    low, high, unit = here["low"], here["high"], here["unit"]
    if "." in low + high or "," in low + high:
        words = (_plain(low), _plain(high))
    elif re.fullmatch(r"(?:1[89]|20)\d\d", low) and re.fullmatch(r"(?:1[89]|20)\d\d|\d\d", high) and not unit:
        words = (numbers.year(int(low)), numbers.year(int(high)))
    elif here.governor.lower() in LABELLED:
        words = (numbers.code(low), numbers.code(high))
    else:
        words = (_plain(low), _plain(high))
    rising = float(low.replace(",", "")) < float(high.replace(",", "")) or len(low) == 4 > len(high)
    joined = f"{words[0]} {'to ' if rising else ''}{words[1]}"
    return f"{joined} {'percent' if unit == '%' else UNITS[unit][1]}" if unit else joined


def _addresses(here: Here) -> str:
    return f"{_dotted(here['low'])} to {_dotted(here['high'])}"


def _dotted(text: str) -> str:
    return " dot ".join(numbers.code(part) for part in text.split("."))


def _address(here: Here) -> str:
    said = _dotted(here["dotted"])
    if here["prefix"]:
        said += f" slash {numbers.cardinal(int(here['prefix']))}"
    if here["port"]:
        said += f" port {numbers.code(here['port'])}"
    return said


def _prefix(here: Here) -> str:
    said = numbers.cardinal(int(here[1]))
    return f"slash {_several(said) if here[2] else said}"


def _several(words: str) -> str:
    """Return the plural of a number in words: twenties, sixes, zeros."""
    if words.endswith("y"):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith("x") else "s")


def _bits(here: Here) -> str:
    return _several(numbers.cardinal(int(here[1])))


def _hexadecimal(here: Here) -> str | None:
    text = here["address"]
    if text.count(":") < 2 or not re.search(r"[0-9a-fA-F]", text):
        return None
    words = ["colon" if piece == ":" else _character(piece) for piece in re.findall("[0-9a-fA-F:]", text)]
    if here["prefix"]:
        words.append(f"slash {numbers.cardinal(int(here['prefix']))}")
    return " ".join(words)


def _hardware_in_quarters(here: Here) -> str:
    return " dot ".join(" ".join(map(_character, quarter)) for quarter in here[0].split("."))


def _service(here: Here) -> str:
    return f"{' '.join(here[1].upper())} {numbers.code(here[2])}"


def _weakness(here: Here) -> str:
    return f"C V E {numbers.year(int(here[1]))} {numbers.digits(here[2])}"


def _standard(here: Here) -> str:
    return f"{here[1]} {numbers.code(here[2])}"


def _hardware(here: Here) -> str:
    return " ".join(_character(piece) for piece in here[0] if piece.isalnum())


def _character(piece: str) -> str:
    return numbers.digits(piece) if piece.isdigit() else piece.upper()


def _wireless(here: Here) -> str:
    letters = " ".join(here[2].upper())
    return f"eight oh two dot {numbers.cardinal(int(here[1]))} {letters}"


def _time(here: Here) -> str | None:
    hour, minute, half = int(here[1]), int(here[2]), here[4]
    if hour > 24 or minute > 59:
        return None
    said = numbers.cardinal(hour)
    if minute:
        said += f" {'oh ' if minute < 10 else ''}{numbers.cardinal(minute)}"
    elif not half and not here[3] and here.after.lower().strip(".") not in {"am", "pm", "a.m", "p.m"}:
        said += " o'clock"
    if here[3]:
        said += f" and {numbers.cardinal(int(here[3]))} seconds"
    return f"{said} {' '.join(half.upper())}" if half else said


def _ratio(here: Here) -> str:
    if here.code:
        return f"{numbers.code(here[1])} colon {numbers.code(here[2])}"
    return f"{_plain(here[1])} to {_plain(here[2])}"


def _date(here: Here) -> str | None:
    return _dated(int(here["year"]), int(here["month"]), int(here["day"]))


def _dated(year: int, month: int, day: int) -> str | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    name = list(MONTHS.values())[month - 1]
    return f"{name} {numbers.ordinal(day)} {numbers.year(year if year > 99 else 2000 + year)}"


def _money(here: Here) -> str:
    one, hundredth = _CURRENCIES[here["sign"]]
    whole, fraction, magnitude = _integer(here["whole"]), here["fraction"], here["magnitude"]
    many = one if one == "yen" else f"{one}s"
    if magnitude or here.after.lower() in _SCALES:
        said = numbers.decimal(str(whole), fraction) if fraction else numbers.cardinal(whole)
        # The words "million dollars" belong to the caption's next word where that one is the million.
        return f"{said} {_MAGNITUDES[magnitude.lower()]} {many}" if magnitude else said
    said = f"{numbers.cardinal(whole)} {one if whole == 1 else many}"
    if fraction and int(fraction):
        cents = int(fraction.ljust(2, "0")[:2])
        said += (
            f" and {numbers.cardinal(cents)} {hundredth}{'' if cents == 1 or hundredth == 'pence' else 's'}"
        )
    return said


def _scale(here: Here) -> str | None:
    if here.before[:1] not in _CURRENCIES:
        return None
    one = _CURRENCIES[here.before[0]][0]
    return f"{here[0]} {one if one == 'yen' else f'{one}s'}"


def _measure(here: Here) -> str | None:
    amount, dash, unit = here["amount"], here["dash"], here["unit"]
    if unit == "s" and here.before.lower() == "the":
        return None
    singular, plural = UNITS[unit]
    return f"{_plain(amount)} {singular if dash or amount == '1' else plural}"


def _unit(here: Here) -> str | None:
    unit = here[0]
    singular, plural = UNITS[unit]
    if is_number(here.before.lstrip("+-±~≈<>≤≥")) and unit not in ATTACHED_ONLY - {"am", "AM", "pm", "PM"}:
        return singular if here.before == "1" else plural
    if re.fullmatch(r"\d{1,2}:\d\d", here.before) and unit.lower() in {"am", "pm"}:
        return plural
    return plural if unit in ALONE else None


def _percent(here: Here) -> str:
    return f"{_plain(here[1])} percent"


def _ordinal(here: Here) -> str:
    return numbers.ordinal(_integer(here[1]))


def _decade(here: Here) -> str:
    return _several(numbers.year(int(here[1])))


def _fraction(here: Here) -> str | None:
    top, bottom = int(here[1]), int(here[2])
    if not bottom:
        return None
    if here[0] == "24/7":
        return "twenty-four seven"
    if 0 < top < bottom and bottom in _FRACTIONS:
        part = _FRACTIONS[bottom]
        many = "halves" if part == "half" else f"{part}s"
        return f"{numbers.cardinal(top)} {part if top == 1 else many}"
    if here.after == "mmHg":
        return f"{_plain(here[1])} over {_plain(here[2])}"
    return f"{_plain(here[1])} {'out of' if top <= bottom else 'slash'} {_plain(here[2])}"


def _mixed(here: Here) -> str | None:
    part = _FRACTIONS.get(int(here[3]))
    if part is None:
        return None
    amount = "a" if here[2] == "1" else numbers.cardinal(int(here[2]))
    said = f"{_plain(here[1])} and {amount} {part}{'' if here[2] == '1' else 's'}"
    return f"{said} percent" if here[4] else said


def _signed(here: Here) -> str:
    return f"{ {'-': 'minus', '—': 'minus', '+': 'plus', '±': 'plus or minus'}[here[1]] } {_amount(here[2])}"


def _compared(here: Here) -> str:
    return f"{_COMPARISONS[here[1]]} {_amount(here[2])}"


def _amount(text: str) -> str:
    if measured := re.fullmatch(rf"({NUMBER})(%|{_UNIT})", text):
        unit = "percent" if measured[2] == "%" else UNITS[measured[2]][measured[1] != "1"]
        return f"{_plain(measured[1])} {unit}"
    return _plain(text)


def _numbered(here: Here) -> str:
    return f"number {_plain(here[1])}"


def _power(here: Here) -> str:
    base, sign, exponent = here["base"], here["sign"], int(here["exponent"])
    said = _plain(base) if base[0].isdigit() else base if len(base) > 1 else base.upper()
    if not sign and exponent in (2, 3):
        return f"{said} {'squared' if exponent == 2 else 'cubed'}"
    return f"{said} to the power of {'minus ' if sign else ''}{numbers.cardinal(exponent)}"


def _by(here: Here) -> str:
    return f"{_plain(here[1])} by {_plain(here[2])}"


def _times(here: Here) -> str:
    return f"{_plain(here[1])} times"


def _version(here: Here) -> str:
    return "version " + " point ".join(numbers.code(part) for part in here[1].split("."))


# Words


def _abbreviation(here: Here) -> str | None:
    text = here[0].lower()
    if text in _BEFORE_NUMBERS and here.after[:1].isdigit():
        return _BEFORE_NUMBERS[text]
    return ABBREVIATIONS.get(text)


def _initials(here: Here) -> str:
    return " ".join(letter.upper() for letter in here[0] if letter != ".")


def _number_sign(here: Here) -> str | None:
    return "number" if here.after[:1].isdigit() else None


def _roman(here: Here) -> str | None:
    tens, ones = _NUMERALS.fullmatch(here[0]).groups()  # type: ignore[union-attr]
    value = 10 * len(tens) + {"IX": 9, "IV": 4}.get(ones, ones.count("I") + 5 * ones.count("V"))
    if here.before.lower() in _REGNAL:
        return f"the {numbers.ordinal(value)}"
    if here.before.lower() in {
        "chapter",
        "part",
        "act",
        "volume",
        "phase",
        "type",
        "level",
        "war",
        "hartz",
        "title",
    }:
        return numbers.cardinal(value)
    return None


def _article(here: Here) -> str | None:
    """A starting a sentence is the article, if a word follows; elsewhere a capital A is a letter."""
    joined = here.after.lower() in {"and", "or", "to", "is", "was", "through", "&", "+"}
    if here.after and here.first and not joined:
        return "a"
    return "A"


def _option(here: Here) -> str:
    dashes, name = here[1] or here[3], here[2] or here[4]
    words = " ".join(name.upper()) if here[1] else name.replace("-", " dash ")
    return f"{'dash ' * len(dashes)}{words}"


def _silent(here: Here) -> str | None:
    return None if here.code else ""


_READINGS: tuple[tuple[str, Reading], ...] = (
    (r"[A-Za-z]+\.|[wW]/o?|[A-Za-z]{2,3}|[a-z]\.[a-z]\.", _abbreviation),
    (r"No", _number_sign),
    (r"A", _article),
    (r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})", _roman),
    (r"(?:[A-Za-z]\.){2,}[A-Za-z]?|[A-Za-z]\.[A-Za-z]", _initials),
    (r"802\.(\d+)([A-Za-z]*)", _wireless),
    (r"(?=.*[A-Fa-f])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}", _hardware_in_quarters),
    (r"(TCP|UDP|tcp|udp)/(\d{1,5})", _service),
    (r"CVE-(\d{4})-(\d{4,7})", _weakness),
    (r"([A-Z]{2,4})-(\d{3,4})", _standard),
    (r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}", _hardware),
    (r"(\d{1,2}):(\d\d)(?::(\d\d))?([ap]m|[AP]M)?", _time),
    (r"(\d+):(\d+)", _ratio),
    (r"(?P<address>[0-9A-Fa-f:]+)(?:/(?P<prefix>\d{1,3}))?", _hexadecimal),
    (r"(?P<dotted>\d{1,5}(?:\.\d{1,5}){2,})(?:/(?P<prefix>\d{1,3}))?(?::(?P<port>\d{1,5}))?", _address),
    (r"(?P<low>\d+(?:\.\d+){2,})[-—](?P<high>\d+(?:\.\d+){2,})", _addresses),
    (r"/(\d{1,3})(s)?", _prefix),
    (r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", _date),
    (r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}|\d\d)", _date),
    (
        (
            r"(?P<sign>[$€£¥])(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(?P<fraction>\d{1,4}))?"
            r"(?P<magnitude>[kKmMbB]|bn)?"
        ),
        _money,
    ),
    (r"hundred|thousand|million|billion|trillion", _scale),
    (rf"({NUMBER})%", _percent),
    (NUMBER, _number),
    (r"\.\d+", _tail),
    (rf"(?P<low>{NUMBER})[-—](?P<high>{NUMBER})(?P<unit>%|{_UNIT})?", _range),
    (r"(\d[\d,]*)(?:st|nd|rd|th)", _ordinal),
    (r"(\d{4})s", _decade),
    (r"([01])s", _bits),
    (rf"(?P<amount>{NUMBER})(?P<dash>-?)(?P<unit>{_UNIT})", _measure),
    (r"(\d\d)s", _decade),
    (_UNIT, _unit),
    (r"(\d{1,6})/(\d{1,6})", _fraction),
    (r"(\d+) & (\d)/(\d)(%)?", _mixed),
    (rf"([-—+±])({NUMBER}(?:%|{_UNIT})?)", _signed),
    (rf"([<>≤≥≈~=])({NUMBER}(?:%|{_UNIT})?)", _compared),
    (r"#(\d+)", _numbered),
    (r"(?P<base>\d+|[A-Za-z]+)\^(?P<sign>[-—⁻]?)(?P<exponent>\d{1,6})", _power),
    (rf"({NUMBER})[x×]({NUMBER})", _by),
    (rf"({NUMBER})[x×]", _times),
    (r"[vV](\d{1,5}(?:\.\d{1,5})*)", _version),
    (r"(-)([A-Za-z]{1,2})|(--)([a-z]+(?:-[a-z]+)*)", _option),
    (r"[-—*_~|/\\]+|\[\]|\(\)", _silent),
)

read = first_fitting(_READINGS)
"""Returns how a word is read: words with spaces between, where single capitals are letters."""
