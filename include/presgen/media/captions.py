"""Captions: words with times become cues that can be read, and cues become files that players take.

The rules are those of educational captioning (DCMP, BBC): two lines of 42 characters, 0.83 to 7 seconds, no
faster than 20 characters a second, a gap the eye notices between two cues, and lines that end where a
speaker would breathe. What counts as a character is what a reader sees as one.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from presgen.errors import CorruptMedia
from presgen.model.base import Seconds
from presgen.model.media import Cue, WordTiming

LONGEST_LINE = 42
"""Characters."""
MOST_LINES = 2
SHORTEST = Seconds(0.83)
"""A cue that flashes by is noticed and not read."""
LONGEST = Seconds(7.0)
"""A cue that stays longer is read twice."""
FASTEST = 20.0
"""Characters a second an adult reads in comfort."""
GAP = Seconds(0.067)
"""Two pictures, by which the eye notices that the text has changed."""

# Layout counts in whole milliseconds, the unit of WebVTT, so that what is written is what was laid out.
_SHORTEST = round(SHORTEST * 1000)
_LONGEST = round(LONGEST * 1000)
_GAP = round(GAP * 1000)
_PER_CHARACTER = round(1000 / FASTEST)


_PAUSES = frozenset(".,;:!?…。、，．：；！？」』）)]/-_")
_AT_PUNCTUATION = 12

_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_CLAUSE_END = re.compile(r"([,;:，、；：][\"'”’»)\]]*|[–—])$")
_ABBREVIATION = re.compile(r"(?i)^\W*(e\.g|i\.e|a\.k\.a|cf|vs|mr|mrs|ms|dr|st|approx|fig)\.$")


def _each(cost: float, words: str) -> dict[str, float]:
    return dict.fromkeys(words.split(), cost)


_BEFORE = {
    **_each(
        2.0,
        "and or but nor yet so because although though while when whenever if unless until since whereas "
        "which that who whom whose where why how than then instead rather",
    ),
    **_each(
        3.0,
        "of to in on at by for with from into onto over under between through without within after before "
        "across against among around behind during inside outside per via as about",
    ),
}
"""What a break costs before such a word: a phrase begins here."""

_AFTER = {
    **_each(14.0, "a an the this that these those my your his her its our their every each no any some"),
    **_each(
        11.0,
        "and or but nor because although while when if unless until since which who whose where of to in on "
        "at by for with from into onto over under between through without within per via as than",
    ),
    **_each(
        8.0,
        "is are was were be been am will would can could may might must shall should do does did has have "
        "had not don't doesn't isn't aren't won't can't i you he she it we they",
    ),
}
"""What a break costs after such a word: it leans on the next one."""

_BY_A_NUMBER = 7.0
"""What a break costs beside a number: `port 443`, `12 hosts`."""
_ANYWHERE = 5.0
_A_CUE = 4.0
"""What a cue costs by itself: fewer cues read more calmly."""
_A_LINE = 1.0
_UNEVEN = 6.0
"""What two lines cost of which one is empty."""
_TOO_SHORT = 60.0
"""What a cue costs that would be shown for no time at all."""
_TOO_FAST = 40.0
"""What a cue costs that would have to be read at twice the speed."""
_TOO_LONG = 80.0
_SENTENCE_INSIDE = 7.0
"""What it costs that a cue holds the end of one sentence and the start of the next."""
_PAUSE_INSIDE = 8.0
"""What a second of silence within a cue costs: the text would run ahead of the voice."""


def lay_out_cues(words: Sequence[WordTiming], until: Seconds | None = None) -> tuple[Cue, ...]:
    """Return the cues of ``words``, spoken in this order.

    A cue starts with its first word and ends with its last one. It stays longer, into the silence that
    follows, where it would be too short or too fast to read; only where there is no silence to use, a cue
    shorter than 0.83 s pushes the next one back. Cues never overlap. ``until`` is the end of the sound:
    no cue stays longer; None: the silence after the last word has no end.
    """
    atoms = _atoms(words)
    if not atoms:
        return ()
    groups = _groups(atoms)
    starts = [group[0].start for group in groups]
    cues: list[_Cue] = []
    free = 0
    for group, follows in zip(groups, [*starts[1:], None], strict=True):
        _, lines = _best_lines(group)
        start = max(group[0].start, free)
        wanted = max(group[-1].end, start + _PER_CHARACTER * _length(_text(group)))
        end = wanted if follows is None else min(wanted, follows - _GAP)
        end = min(max(end, start + _SHORTEST), start + _LONGEST)
        cues.append(_Cue(start, end, lines))
        free = end + _GAP
    if until is not None:
        _pull_back(cues, math.floor(until * 1000))
    return tuple(cue.frozen() for cue in cues)


def shift(cues: Iterable[Cue], by: Seconds) -> tuple[Cue, ...]:
    """Return ``cues`` that much later."""
    return tuple(
        Cue(start=_rounded(cue.start + by), end=_rounded(cue.end + by), lines=cue.lines) for cue in cues
    )


def webvtt(cues: Sequence[Cue]) -> str:
    """Return ``cues`` as a WebVTT file. Whatever their text holds stays text.

    Raises:
        ValueError: a cue ends before it starts, or starts before 0.
    """
    blocks = ["WEBVTT\n"]
    for cue, lines in _printable(cues):
        text = "\n".join(html.escape(line, quote=False) for line in lines)
        blocks.append(f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{text}\n")
    return "\n".join(blocks)


def subrip(cues: Sequence[Cue]) -> str:
    """Return ``cues`` as a SubRip file. Whatever their text holds stays text.

    Raises:
        ValueError: a cue ends before it starts, or starts before 0.
    """
    blocks = []
    for number, (cue, lines) in enumerate(_printable(cues), start=1):
        text = "\n".join(_without_markup(line) for line in lines)
        blocks.append(f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{text}\n")
    return "\n".join(blocks)


def read_webvtt(path: Path) -> tuple[Cue, ...]:
    """Return the cues of a WebVTT file.

    Raises:
        CorruptMedia: the file is no WebVTT, or a part of it cannot be read.
    """
    from webvtt import WebVTT
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    try:
        captions = WebVTT.from_string(path.read_text(encoding="utf-8"), strict=True)
        return tuple(
            Cue(
                start=Seconds(caption.start_time.in_milliseconds() / 1000),
                end=Seconds(caption.end_time.in_milliseconds() / 1000),
                lines=tuple(html.unescape(line) for line in caption.text.split("\n")),
            )
            for caption in captions
        )
    except (MalformedFileError, MalformedCaptionError, UnicodeDecodeError) as error:
        raise CorruptMedia(f"{path.name} is no WebVTT file: {error}") from error


def characters(text: str) -> tuple[str, ...]:
    """Return what a reader sees as the characters of ``text``: an accent or a skin tone is no character.

    Unicode's extended grapheme clusters (UAX 29) as far as Python's own tables tell: the conjuncts of Indic
    scripts count as their parts, so such lines come out a little shorter than they could be.
    """
    if all(map(_stands_alone, text)):
        return tuple(text)
    seen: list[str] = []
    for point in text:
        if seen and _continues(seen[-1], point):
            seen[-1] += point
        else:
            seen.append(point)
    return tuple(seen)


@dataclass(frozen=True, slots=True)
class _Atom:
    """What no line may break: a word, or a piece of one that fills more than a line."""

    text: str
    start: int
    """Milliseconds."""
    end: int
    glued: bool = False
    """No space before it: the rest of a word."""


@dataclass(slots=True)
class _Cue:
    start: int
    end: int
    lines: tuple[str, ...]

    def frozen(self) -> Cue:
        return Cue(start=Seconds(self.start / 1000), end=Seconds(self.end / 1000), lines=self.lines)


def _atoms(words: Sequence[WordTiming]) -> list[_Atom]:
    """Return the words in pieces that fit a line, in order, with times that never go back."""
    atoms: list[_Atom] = []
    now = 0
    for word in words:
        pieces = [
            (piece, number > 0)
            for part in _clean(word.text).split()
            for number, piece in enumerate(_pieces(part))
        ]
        start = max(round(word.start * 1000), now)
        length = max(round(word.end * 1000) - start, 0)
        whole = sum(_length(piece) for piece, _ in pieces)
        said = 0
        for piece, glued in pieces:
            begins = start + length * said // whole
            said += _length(piece)
            now = start + length * said // whole
            atoms.append(_Atom(piece, begins, now, glued))
    return atoms


def _pieces(word: str) -> list[str]:
    """Cut a word that fills more than a line into pieces that fit, of about the same length."""
    left = characters(word)
    pieces = []
    while len(left) > LONGEST_LINE:
        count = -(-len(left) // LONGEST_LINE)
        even = -(-len(left) // count)
        shortest = max(1, len(left) - (count - 1) * LONGEST_LINE)

        def cost(cut: int, left: tuple[str, ...] = left, even: int = even) -> int:
            # Text without spaces is cut after its own punctuation, never before it.
            return (
                abs(cut - even)
                - (_AT_PUNCTUATION if left[cut - 1] in _PAUSES else 0)
                + (LONGEST_LINE if left[cut] in _PAUSES else 0)
            )

        cut = min(range(shortest, LONGEST_LINE + 1), key=cost)
        pieces.append("".join(left[:cut]))
        left = left[cut:]
    return [*pieces, "".join(left)]


def _groups(atoms: Sequence[_Atom]) -> list[Sequence[_Atom]]:
    """Return ``atoms`` in groups, each a cue: the cheapest way to cut, all costs above taken together."""
    cheapest = [0.0] + [math.inf] * len(atoms)
    came_from = [0] * (len(atoms) + 1)
    for first in range(len(atoms)):
        for stop in range(first + 1, len(atoms) + 1):
            group = atoms[first:stop]
            lines_cost, lines = _best_lines(group)
            if not lines:
                break  # does not fit, and a longer one fits even less
            cost = cheapest[first] + lines_cost + _cost(group, atoms[stop] if stop < len(atoms) else None)
            if cost < cheapest[stop]:
                cheapest[stop], came_from[stop] = cost, first
    groups = []
    stop = len(atoms)
    while stop:
        groups.append(atoms[came_from[stop] : stop])
        stop = came_from[stop]
    return groups[::-1]


def _cost(group: Sequence[_Atom], follows: _Atom | None) -> float:
    """Return what it costs to show ``group`` as a cue, beside what its lines cost."""
    start, end = group[0].start, group[-1].end
    count = _length(_text(group))
    shown = _LONGEST if follows is None else max(follows.start - _GAP - start, 1)
    cost = _A_CUE
    if follows is not None:
        cost += _cost_of_break(group[-1], follows)
    cost += _TOO_SHORT * max(0.0, 1 - shown / _SHORTEST)
    cost += _TOO_FAST * max(0.0, count * _PER_CHARACTER / shown - 1)
    cost += _TOO_LONG * max(0.0, (end - start) / _LONGEST - 1)
    for before, after in pairwise(group):
        cost += _PAUSE_INSIDE * max(0, after.start - before.end) / 1000
        cost += _SENTENCE_INSIDE * (_cost_of_break(before, after) == 0)
    return cost


def _best_lines(group: Sequence[_Atom]) -> tuple[float, tuple[str, ...]]:
    """Return the best way to set ``group`` in one or two lines, and its cost; no lines: it does not fit."""
    whole = _text(group)
    length = _length(whole)
    if length <= LONGEST_LINE:
        return 0.0, (whole,)
    if length > MOST_LINES * LONGEST_LINE + 1:
        return 0.0, ()
    best: tuple[float, tuple[str, ...]] = (math.inf, ())
    for cut in range(1, len(group)):
        upper, lower = _text(group[:cut]), _text(group[cut:])
        above, below = _length(upper), _length(lower)
        if max(above, below) <= LONGEST_LINE:
            cost = _A_LINE + _UNEVEN * abs(above - below) / (above + below)
            cost += _cost_of_break(group[cut - 1], group[cut]) / 2
            if cost < best[0]:
                best = (cost, (upper, lower))
    return best


def _cost_of_break(before: _Atom, after: _Atom) -> float:
    """Return what it costs the reader that a line or cue ends between two words; 0: nothing."""
    if after.glued:
        return _ANYWHERE if before.text[-1] in _PAUSES else 2 * _ANYWHERE
    if _SENTENCE_END.search(before.text) and not _ABBREVIATION.match(before.text):
        return 0.0
    if _CLAUSE_END.search(before.text):
        return 1.0
    last, first = (re.sub(r"[^\w']", "", atom.text.lower()) for atom in (before, after))
    if last in _AFTER:
        return _AFTER[last]
    if last.isdigit() or first.isdigit():
        return _BY_A_NUMBER
    return _BEFORE.get(first, _ANYWHERE)


def _pull_back(cues: list[_Cue], limit: int) -> None:
    """End the last cue at ``limit``; where that leaves too little time to read, start it earlier.

    Where all of them have too little time, those that are too many share what there is.
    """
    for number, cue in reversed([*enumerate(cues)]):
        if cue.end <= limit:
            return
        cue.end = max(limit, 1)
        cue.start = max(0, min(cue.start, cue.end - _SHORTEST))
        limit = cue.start - _GAP
        if number > max(limit, 0):
            _share(cues[: number + 1], cue.end)
            return


def _share(cues: list[_Cue], end: int) -> None:
    """Give each of the cues the same time, from the start of the sound to ``end``."""
    for number, cue in enumerate(cues):
        cue.start = number * end // len(cues)
        cue.end = (number + 1) * end // len(cues)


def _text(group: Sequence[_Atom]) -> str:
    text = "".join(atom.text if atom.glued else f" {atom.text}" for atom in group)
    return text.removeprefix(" ")


def _length(text: str) -> int:
    # Most text is plain, and most of the time goes here.
    return len(text) if text.isascii() else len(characters(text))


def _continues(cluster: str, point: str) -> bool:
    """Return whether ``point`` belongs to the character that ends with ``cluster``."""
    if unicodedata.category(point) in {"Mn", "Me", "Mc"} or point == "\u200d":
        return True
    if "\U0001f3fb" <= point <= "\U0001f3ff" or "\U000e0020" <= point <= "\U000e007f":
        return True  # a skin tone; a region's flag
    if cluster[-1] == "\u200d":
        return unicodedata.category(point) == "So"
    if _regional(point):
        return len(cluster) == 1 and _regional(cluster)
    name, previous = unicodedata.name(point, ""), unicodedata.name(cluster[-1], "")
    if name.startswith(("HANGUL JUNGSEONG", "HANGUL JONGSEONG")):
        return previous.startswith("HANGUL")
    return False


@cache
def _stands_alone(point: str) -> bool:
    """Return whether ``point`` is a character of its own, whatever stands before it."""
    return not any(_continues(before, point) for before in ("a", "\u200d", "\U0001f1e6", "\u1100"))


def _regional(point: str) -> bool:
    return "\U0001f1e6" <= point <= "\U0001f1ff"


def _clean(text: str) -> str:
    """Return ``text`` on one line, without anything a player could take for structure."""
    plain = "".join(" " if unicodedata.category(point) in {"Cc", "Zl", "Zp"} else point for point in text)
    return " ".join(plain.split())


def _printable(cues: Iterable[Cue]) -> Iterator[tuple[Cue, tuple[str, ...]]]:
    for cue in cues:
        if not 0 <= cue.start < cue.end:
            raise ValueError(f"A cue from {cue.start} s to {cue.end} s is never shown.")
        if lines := tuple(line for line in map(_clean, cue.lines) if line):
            yield cue, lines


def _without_markup(line: str) -> str:
    # SubRip has no escapes. An invisible joiner keeps players from seeing a tag or an arrow.
    return re.sub(r"([<{])|--(?=>)", lambda found: found[0] + "\u2060", line)


def _clock(moment: float, point: str) -> str:
    hours, rest = divmod(round(moment * 1000), 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    seconds, milliseconds = divmod(rest, 1000)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{point}{milliseconds:03d}"


def _rounded(moment: float) -> Seconds:
    return Seconds(round(moment, 3))
