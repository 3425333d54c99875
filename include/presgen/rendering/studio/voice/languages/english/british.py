"""What Britons read otherwise: the day before the month, and an and in a hundred and one."""

from __future__ import annotations

import re

from presgen.rendering.studio.voice.languages.english import numbers, readings
from presgen.rendering.studio.voice.languages.english.readings import MONTHS
from presgen.rendering.studio.voice.readings import Around, Here, first_fitting

_SMALL = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty(?:-\w+)?)\b"
_WITHOUT_AND = re.compile(
    rf"\bhundred (?={_SMALL})|\b(?:thousand|million) (?={_SMALL}(?! hundred| thousand))"
)
"""Where a Briton says and: before the last two digits."""


def read(core: str, around: Around) -> str | None:
    """Return how ``core`` is read, or None where no reading fits."""
    said = _dates(core, around)
    if said is None:
        said = readings.read(core, around)
    return _WITHOUT_AND.sub(lambda match: f"{match[0]}and ", said) if said else said


def _date(here: Here) -> str | None:
    year, month, day = int(here["year"]), int(here["month"]), int(here["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    name = list(MONTHS.values())[month - 1]
    return f"the {numbers.ordinal(day)} of {name} {numbers.year(year if year > 99 else 2000 + year)}"


def _day(here: Here) -> str | None:
    """Read the 5 in June 5."""
    return f"the {numbers.ordinal(int(here[0]))}" if here.before in MONTHS.values() and int(here[0]) else None


_dates = first_fitting(
    (
        (r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", _date),
        (r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4}|\d\d)", _date),
        (r"[12]?\d|3[01]", _day),
    )
)
