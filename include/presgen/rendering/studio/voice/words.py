"""What is said for one word of a caption: read by rule, looked up, spelled out, or piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from presgen.rendering.studio.voice.languages import Language
from presgen.rendering.studio.voice.letters import bare
from presgen.rendering.studio.voice.lexicon import Lexicon, respelled
from presgen.rendering.studio.voice.readings import Around
from presgen.rendering.studio.voice.speech import Spoken

_ARROWS = {"->": "→", "=>": "→", "<-": "←", ">=": "≥", "<=": "≤", "!=": "≠", "==": "=", "+/-": "±"}
_ARROW = re.compile("|".join(re.escape(arrow) for arrow in _ARROWS))

_LETTER = "A-Za-zÀ-ÖØ-öø-ÿ"
_JOINT = re.compile("([-/])")
_PIECE = re.compile(rf"[{_LETTER}]+(?:'[{_LETTER}]+)*|\d+|\S")
_WORD = re.compile(rf"[{_LETTER}]+(?:'[{_LETTER}]+)*")
_COMPOUND = re.compile(rf"[{_LETTER}]+(?:['-][{_LETTER}]+)+")
_CAMEL = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]{2,}(?![a-z])|[A-ZÀ-Ý]?[^A-ZÀ-Ý]+|[A-Z]+")
_LOWER_CAMEL = re.compile("[a-z]+(?:[A-Z][a-z]+)+")
_SEVERAL_LETTERS = re.compile("([A-Z])'?s")
_PLURAL_ACRONYM = re.compile(r"([A-Z]{2,6})('?s)")
_PATH = re.compile(
    r"\w+://.*|[\w.+-]+@[\w-]+\.\w.*|[/~.\\].*[/\\].*|[/\\][\w.*-].*|[\w-]+(?:\.[\w-]+)+/.*|[A-Za-z]:\\.*"
)


def say(core: str, around: Around, lexicon: Lexicon) -> tuple[Spoken, ...]:
    """Return what is said for ``core``; nothing for what has no sound."""
    core = _ARROW.sub(lambda match: _ARROWS[match[0]], core)
    if not core:
        return ()
    if (known := _known(core, around, lexicon)) is not None:
        return known
    if (said := lexicon.language.read(core, around)) is not None:
        return tuple(_spoken(said, lexicon))
    if (several := _SEVERAL_LETTERS.fullmatch(core)) and _counts_letters(core, around):
        return (lexicon.language.plural(Spoken(several[1], lexicon.language.letters[several[1]])),)
    return tuple(_in_pieces(core, around, lexicon))


def _counts_letters(core: str, around: Around) -> bool:
    """Whether a capital and an s are letters, as in the four As, and no word such as As, Is or Us."""
    return core[1:] != "s" or core[0] not in "AIU" or not (around.first or around.after)


def _known(word: str, around: Around, lexicon: Lexicon) -> tuple[Spoken, ...] | None:
    """Look ``word`` up: as it is, without accents, and, being code, in capitals."""
    forms = [word, bare(word), word.upper()] if around.code and word.islower() else [word, bare(word)]
    return next((found for form in forms if (found := lexicon.find(form)) is not None), None)


def _spoken(said: str, lexicon: Lexicon) -> Iterator[Spoken]:
    """Turn the words of a reading into what the voice reads."""
    for word in respelled(said.split(), lexicon.language):
        if word.phonemes or not _WORD.fullmatch(word.text):
            yield word
        else:
            yield from _word(word.text, Around(), lexicon)


def _in_pieces(core: str, around: Around, lexicon: Lexicon) -> Iterator[Spoken]:
    """Read what has no reading of its own: part by part between hyphens and slashes, then piece by piece."""
    code = around.code or _PATH.fullmatch(core) is not None
    if _COMPOUND.fullmatch(core) and _is_everyday(core, lexicon):
        yield Spoken(core)
    elif not code and len(parts := _JOINT.split(core)) > 1:
        for index, part in enumerate(parts):
            if index % 2 == 0:
                yield from say(part, replace(around, before="", after=""), lexicon)
            elif part == "/" and _has_digit_beside(parts, index):
                yield from _spoken(lexicon.language.code_signs["/"], lexicon)
    else:
        yield from _piece_by_piece(core, replace(around, code=code), lexicon)


def _piece_by_piece(core: str, around: Around, lexicon: Lexicon) -> Iterator[Spoken]:
    pieces = _PIECE.findall(core)
    # A lone letter beside other pieces is a letter: x in eth0.x is not a word.
    place = replace(around, code=around.code or len(pieces) > 1)
    for index, piece in enumerate(pieces):
        if piece[0].isdigit():
            yield from _spoken(lexicon.language.code_number(piece), lexicon)
        elif piece[0].isalpha():
            yield from _word(piece, place, lexicon)
        elif (sign := _sign(pieces, index, lexicon.language, code=around.code)) is not None:
            yield from _spoken(sign, lexicon)


def _has_digit_beside(pieces: list[str], index: int) -> bool:
    return pieces[index - 1][-1:].isdigit() or pieces[index + 1][:1].isdigit()


def _is_everyday(core: str, lexicon: Lexicon) -> bool:
    """Whether the parts of a compound are common words, so that the voice knows how to stress the whole."""
    return all(
        len(part) > 1
        and part[1:].islower()
        and lexicon.find(part) is None
        and (re.search("[aeiouy]", part.lower()) or "'" in part)
        for part in core.split("-")
    )


def _sign(pieces: list[str], index: int, language: Language, *, code: bool) -> str | None:
    """Return how the sign at ``index`` is said where it stands, or None where it is silent."""
    sign = pieces[index]
    between = 0 < index < len(pieces) - 1
    if sign in "<>" and not between and len(pieces) > 1:
        return None
    if sign in language.signs:
        return language.signs[sign]
    if sign == "*" and pieces[index + 1 : index + 2] == ["."]:
        return language.code_signs[sign]
    dot = sign == "." and index < len(pieces) - 1
    joint = sign in "/:" and between and _has_digit_beside(pieces, index)
    return language.code_signs.get(sign) if code or dot or joint else None


def _word(word: str, around: Around, lexicon: Lexicon) -> Iterator[Spoken]:
    """Yield how a run of letters is read: known, spelled out, taken apart, or as it is written."""
    language = lexicon.language
    if (known := _known(word, around, lexicon)) is not None:
        yield from known
    elif len(word) == 1 and word.upper() in language.letters:
        ordinary = word in language.one_letter and not around.code
        yield Spoken(word) if ordinary else Spoken(word.upper(), language.letters[word.upper()])
    elif word.isupper() and _is_acronym(word, language):
        yield Spoken(word, language.spell(word))
    elif plural := _PLURAL_ACRONYM.fullmatch(word):
        yield language.plural(Spoken(plural[1], language.spell(plural[1])))
    elif (
        _has_acronym(word) or (around.code and re.search("[a-z][A-Z]", word)) or _LOWER_CAMEL.fullmatch(word)
    ):
        for part in filter(None, (each.rstrip("'") for each in _CAMEL.findall(word))):
            yield from _word(part, replace(around, code=True), lexicon)
    elif _is_unpronounceable(word, language):
        yield Spoken(word, language.spell(word))
    else:
        yield Spoken(word.lower() if word.isupper() else word)


def _is_acronym(word: str, language: Language) -> bool:
    """Whether capitals are letters to spell, and not a word somebody stresses."""
    if not (word.isascii() and word.isalpha()) or word in language.shouted:
        return False
    if len(word) <= 3:
        return True
    clusters = re.search(r"[^AEIOUY]{3}|^[^AEIOUY]{2}[^AEIOUYLRWH]|[AEIOU]{3}", word)
    return len(word) <= 6 and (clusters is not None or not re.search("[AEIOUY]", word))


def _has_acronym(word: str) -> bool:
    return (
        word.isascii() and word.isalpha() and re.search("[A-Z]{2}", word) is not None and not word.isupper()
    )


def _is_unpronounceable(word: str, language: Language) -> bool:
    return (
        word.isascii()
        and word.isalpha()
        and len(word) <= 5
        and not re.search("[aeiouyAEIOUY]", word)
        and word.lower() not in language.vowelless
    )
