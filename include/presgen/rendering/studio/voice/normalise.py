"""From a caption's words to spoken words: numbers, addresses, units and acronyms as a teacher says them.

What is said comes out as letters, apostrophes and hyphens, or as our own phonemes. So nothing a learner
typed, be it SSML, inline phonemes or control characters, is ever an instruction to the voice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from presgen.rendering.studio.voice.languages import Language
from presgen.rendering.studio.voice.letters import latin
from presgen.rendering.studio.voice.lexicon import Lexicon
from presgen.rendering.studio.voice.readings import Around
from presgen.rendering.studio.voice.speech import Pause, Word
from presgen.rendering.studio.voice.words import say

MOST = 300
"""A caption word with more sounds than this is noise, such as a pasted key: it is not read out."""
LONGEST = 200
"""Letters of a caption word; a longer one is noise too."""

_OPENING, _CLOSING = r"""["'(\[{¿¡]""", r"""["')\]}.,;:!?…—]"""
_PEEL = {
    True: re.compile(rf"(?P<opening>{_OPENING}*)(?P<core>.*?)(?P<closing>{_CLOSING}*)", re.DOTALL),
    # In prose, stars and underscores at the edges are emphasis, unless they stand for any name: *.example.org
    False: re.compile(
        rf"(?P<opening>(?:{_OPENING}|\*(?![.\s])|_)*)(?P<core>.*?)(?P<closing>(?:{_CLOSING}|[*_])*)",
        re.DOTALL,
    ),
}
"""Takes a word apart, by whether it is code."""
_TAG = re.compile(r"<(?=[A-Za-z/!])|(?<=[A-Za-z0-9\"'/])>")
_MARKS: tuple[Pause, ...] = ("?", "!", ".", "…", ":", ";", "—", ",")
"""Of several marks after a word, the first of these decides."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the caption, taken apart."""

    shown: str
    opening: str
    core: str
    """What there is to say."""
    closing: str
    code: bool
    """Whether it stands between backticks."""


def normalise(text: str, lexicon: Lexicon) -> tuple[Word, ...]:
    """Return one word for each word of ``text``, in order, each with what is said for it.

    The words' ``shown``, joined by spaces, are ``text`` with its white space made single.
    """
    language = lexicon.language
    tokens = _tokens(text, language)
    words: list[Word] = []
    for index, token in enumerate(tokens):
        if words and _opens_aside(token) and not words[-1].pause:
            words[-1] = replace(words[-1], pause=",")
        says = say(token.core, _around(tokens, index, language), lexicon)
        word = Word(token.shown, says, _pause(token, tokens[index + 1 :], language))
        words.append(word if word.size <= MOST else replace(word, says=()))
    return tuple(language.finish(words))


def _tokens(text: str, language: Language) -> list[Token]:
    shown = text.split()
    # A lone backtick marks nothing.
    paired = text.count("`") % 2 == 0
    tokens = []
    inside = False
    for word in shown:
        ticks = word.count("`")
        tokens.append(_token(word, language, code=paired and (inside or ticks > 0)))
        inside ^= ticks % 2 == 1
    for index, (token, after) in enumerate(pairwise(tokens)):
        if token.closing == "." and after.core[:1].isdigit() and language.counts(token.core + "."):
            tokens[index] = replace(token, core=token.core + ".", closing="")
    return tokens


def _token(shown: str, language: Language, *, code: bool) -> Token:
    plain = latin(shown[:LONGEST]).replace("`", "").strip() if len(shown) <= LONGEST else ""
    parts = _PEEL[code].fullmatch(plain)
    assert parts is not None, "the pattern takes every text"  # noqa: S101
    opening, core, closing = parts["opening"], parts["core"], parts["closing"]
    if closing.startswith(".") and language.is_abbreviation(core + "."):
        core, closing = core + ".", closing[1:]
    elif closing.startswith("::"):
        core, closing = core + "::", closing[2:]
    core = _TAG.sub(" ", core).strip()
    if len(bare := shown.strip(".,;:!?()\"'")) == 1 and bare.lower() in language.greek:
        core = language.greek[bare.lower()]
    return Token(shown, opening, core, closing, code)


def _around(tokens: Sequence[Token], index: int, language: Language) -> Around:
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return Around(
        before=before.core if before and not _closes(before) else "",
        after=after.core if after and not _closes(tokens[index]) else "",
        governor=_governor(tokens, index, language),
        first=before is None or bool(set(before.closing) & set(".?!")),
        last=after is None,
        code=tokens[index].code,
    )


def _governor(tokens: Sequence[Token], index: int, language: Language) -> str:
    """Return the word that says what a number counts: ``ports`` in ports 22, 80 and 443."""
    for token in reversed(tokens[max(0, index - 12) : index]):
        if set(token.closing) & set(".?!;:") and not language.is_abbreviation(token.core):
            return ""
        if not language.is_number(token.core) and token.core.lower() not in language.joining:
            return token.core
    return ""


def _closes(token: Token) -> bool:
    return bool(token.closing.strip("\"'"))


def _opens_aside(token: Token) -> bool:
    return bool(set(token.opening) & set("([{"))


def _pause(token: Token, following: Sequence[Token], language: Language) -> Pause:
    if token.core in {"-", "--", "—"}:
        return "—"
    if token.closing.count(".") >= 3:
        return "…"
    if language.is_abbreviation(token.core):
        # The full stop belongs to the abbreviation; at the end it ends the sentence as well.
        return "." if not following and token.core.endswith(".") else _first_mark(token.closing)
    mark = _first_mark(token.closing)
    return "," if not mark and set(token.closing) & set(")]}") and following else mark


def _first_mark(closing: str) -> Pause:
    return next((mark for mark in _MARKS if mark in closing), "")
