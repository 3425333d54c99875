"""Course text as people say it: no markup, no symbols nobody pronounces, one sentence at a time.

Exports come with Markdown, HTML, list markers, arrows and invisible characters. What leaves this module is
one line of prose that a voice can speak and a caption can show.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from presgen.writing.languages import Language

LONGEST_SENTENCE = 40
"""Words. Nobody follows a spoken sentence beyond that; a text is cut before such a sentence."""

COMFORTABLE_SENTENCE = 22
"""Words. Above this a sentence is divided where its own punctuation allows."""

_TAGS = (
    "a|abbr|b|blockquote|br|code|dd|del|div|dl|dt|em|h[1-6]|hr|i|img|kbd|li|mark|ol|p|pre|q|s|samp|small|span"
    "|strong|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul|var"
)
"""HTML that content carries. All else in angle brackets, such as ``<interface>``, is the course's text."""

_SHORT_ITEM = 3
"""Words. Items of a list that are no longer are read as one enumeration."""

_DROPPED = re.compile(r"<(script|style|head|title)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br|hr|/p|/div|/li|/h[1-6]|/tr|/dd|/dt)\s*/?>", re.IGNORECASE)
_ITEM = re.compile(r"<li(?:\s[^<>]*)?>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE)
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s\"[^\"]*\")?\)")
_CODE = re.compile(r"`+([^`]*)`+")
_STRONG = re.compile(r"(\*\*|__)(?=[^\s_*])(.+?)(?<=[^\s_*])\1")
_EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?![\w*])|(?<!\w)_(?=[^\s_])([^_]+?)(?<=[^\s_])_(?!\w)"
)
_MARKER = re.compile(r"^\s*(?:#{1,6}\s+|>\s+|[-*+•‣◦·–]\s+|\(?\d{1,2}[.)]\s+|\(?[a-zA-Z][)]\s+)")
_RULE = frozenset("-=*_~|: \t")
"""A line of nothing but these separates, underlines or belongs to a table's frame."""

_LONG_URL = re.compile(r"\bhttps?://([^\s/]{3,60})/\S{12,}", re.IGNORECASE)

_SIGNS = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"\s+(?:--|—|-)\s+", " – "),
        (r"(?<=\w)—(?=\w)", " – "),
        (r"\s*\.(?:\s?\.){2,}", "…"),
        (r"(?<=\d)\s+%", "%"),
    )
)
"""Signs that are written differently in every language; its own ones go before."""

PAIRS = (("“", "”"), ("«", "»"))
"""Quotation marks that open and close."""

_SPACE_BEFORE = re.compile(r"\s+([,;:.!?…%])(?=\s|$|[”’»)])")
_DOUBLED = re.compile(
    r"([,;])[,;.]+(?=\s|$)|([!?])[!?.,]+|([.:])[,;]+(?=\s|$)|(?<![.\w/])\.\.(?=\s|$)|(?<=\w)\.\.(?=\s|$)"
)
_EMPTY_BRACKETS = re.compile(r"\s*(?:\(\s*\)|\[\s*\]|“\s*”|«\s*»|‘\s*’)")
_AFTERTHOUGHT = re.compile(r"(?<=\w)([.?!])\s+(\([^().?!]{1,90}\))(?=\s|$)")
"""``Who is this? (picture)`` is one sentence."""

_PICTURES = re.compile(
    r"[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B00-\u2BFF\uFE0E\uFE0F\u20E3\U000E0020-\U000E007F]"
)
_KEPT_FORMAT_CHARACTERS = "\u200c\u200d"
"""Zero-width joiner and non-joiner: Persian and Indic spelling needs them."""

_END = re.compile(r"[.!?…]+[”’»\")\]]*(?=\s)")
_PLACEHOLDER = re.compile(
    r"\b(?:TBD|TBA|TBC|TODO|FIXME|XXX+)\b"
    r"|(?i:\blorem ipsum\b|\bdolor sit amet\b|\bplaceholder (?:text|content|summary|title)\b)"
    r"|(?i:[\[<(]placeholder[\]>)]|\b(?:text|content|title|summary|topic|chapter) goes here\b)"
)
_NOTHING = re.compile(r"n/?a|none|null|nan|undefined", re.IGNORECASE)
_LONGEST_PLACEHOLDER = 80
"""Characters. What is longer and says “to be added” somewhere is content."""


def is_placeholder(text: str, language: Language) -> bool:
    """Tell whether ``text`` stands where content was meant to be: ``Chapter TBD``, ``n/a``, nothing."""
    if not any(character.isalnum() for character in text) or _PLACEHOLDER.search(text):
        return True
    if len(text) > _LONGEST_PLACEHOLDER:
        return False
    bare = re.sub(r"^\W+|\W+$", "", text)
    return bool(_NOTHING.fullmatch(bare) or language.unwritten.fullmatch(bare))


def one_line(text: str) -> str:
    """Return ``text`` on one line, without control, direction and other invisible characters."""
    spaced = "".join(
        " " if unicodedata.category(c) in ("Zl", "Zp", "Zs") or c in "\t\n\r\v\f" else c for c in text
    )
    seen = "".join(
        c
        for c in spaced
        if c in _KEPT_FORMAT_CHARACTERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join(unicodedata.normalize("NFC", seen).split())


@lru_cache(maxsize=2_048)  # the same course text comes again with every learner
def plain_text(text: str, language: Language) -> str:
    """Return ``text`` as one line of prose: Markdown and HTML gone, symbols spelled out, punctuation tidy."""
    text = _ITEM.sub("\n- ", _BREAK.sub("\n", _DROPPED.sub(" ", text)))
    text = html.unescape(_TAG.sub("", text))
    text = _IMAGE_OR_LINK.sub(r"\1", _FENCE.sub("", text))
    text = _STRONG.sub(r"\2", _CODE.sub(r"\1", text))
    text = _EMPHASIS.sub(lambda match: match[1] or match[2], text)
    text = _PICTURES.sub("", one_line(_joined_lines(text)))
    text = _LONG_URL.sub(r"\1", language.instruction.sub("", text))
    for pattern, said in (*language.spoken_signs, *_SIGNS):
        text = pattern.sub(said, text)
    return _tidy(_quotations(text, language))


def sentences_of(text: str, language: Language) -> tuple[str, ...]:
    """Split one line of prose into sentences, in order; quoted sentences stay whole."""
    sentences, start = [], 0
    for match in _END.finditer(text):
        if _ends_sentence(text, start, match, language):
            sentences.append(text[start : match.end()].strip())
            start = match.end()
    sentences.append(text[start:].strip())
    return tuple(sentence for sentence in sentences if sentence)


def speakable_sentences(text: str, language: Language) -> tuple[str, ...]:
    """Return the sentences of course text as they can be spoken.

    Long ones are divided at semicolons and dashes. The text ends before the first sentence that is still
    longer than anybody can follow, and placeholder sentences are left out.
    """
    spoken: list[str] = []
    for sentence in sentences_of(plain_text(text, language), language):
        if is_placeholder(sentence, language):
            continue
        for part in _divided(sentence):
            if len(part.split()) > LONGEST_SENTENCE:
                return tuple(spoken)
            spoken.append(with_full_stop(capitalised(part)))
    return tuple(spoken)


def with_full_stop(text: str) -> str:
    """Return ``text`` ending as a sentence does."""
    text = text.rstrip(" ,;:–-")
    return text if re.search(r"[.!?…][”’»\")\]]*$", text) else f"{text}."


def capitalised(text: str) -> str:
    """Return ``text`` with a capital at its start; ``iSCSI`` and ``eth0`` stay what they are."""
    first = re.match(r"([¿¡]?)([a-zà-öø-ÿ])[a-zà-öø-ÿ]*(?=[\s,.;:!?’]|$)", text)
    return f"{first[1]}{first[2].upper()}{text[first.end(2) :]}" if first else text


def shorten(text: str, limit: int) -> str:
    """Return ``text``, cut at a word with an ellipsis where it is longer than ``limit`` characters."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if not text[limit - 1].isspace() and " " in head:
        head = head[: head.rindex(" ")]
    return head.rstrip(" ,;:.–-(“‘") + "…"


def with_whole_quotations(text: str) -> str:
    """Return ``text`` without quotation marks of a kind that does not open and close in turn."""
    for opening, closing in PAIRS:
        depth = 0
        for character in text:
            depth += (character == opening) - (character == closing)
            if depth not in (0, 1):
                break
        if depth != 0:
            text = text.replace(opening, "").replace(closing, "")
    return text


def as_much_as_fits(sentences: Sequence[str], limit: int) -> str:
    """Return the first sentences that fit into ``limit`` characters whole, or else the start of the first."""
    shown = ""
    for sentence in sentences:
        if len(shown) + len(sentence) >= limit:
            break
        shown = f"{shown} {sentence}".strip()
    return shown or shorten("".join(sentences[:1]), limit)


def _joined_lines(text: str) -> str:
    """Join wrapped lines; headings, list items and paragraphs without a full stop get what they lack."""
    joined = ""
    was_item = was_blank = False
    for line in text.splitlines():
        bare = _MARKER.sub("", line).strip().strip("|").replace(" | ", ", ").strip()
        if not bare or (len(line.strip()) > 2 and _RULE.issuperset(line)):
            was_blank = True
            continue
        is_item = _MARKER.match(line) is not None
        if joined and (is_item or was_item or was_blank) and not re.search(r"[.!?:;,…][”’\")]*$", joined):
            joined += "," if is_item and was_item and len(bare.split()) <= _SHORT_ITEM else "."
        joined = f"{joined} {bare}"
        was_item, was_blank = is_item, False
    return joined


def _quotations(text: str, language: Language) -> str:
    """Return ``text`` with the language's own quotation marks and apostrophes, whichever it came with."""
    pieces = text.split('"')
    if len(pieces) % 2 == 1:
        marks = language.quotes
        text = "".join(
            piece + ("" if i == len(pieces) - 1 else marks[i % 2]) for i, piece in enumerate(pieces)
        )
    else:  # an inch, or a quotation that was cut off
        text = "".join(pieces)
    text = with_whole_quotations(text)
    if not any(mark in text for mark in language.quotes):  # else the others stand within, and are right
        for pair in PAIRS:
            for other, own in zip(pair, language.quotes, strict=True):
                text = text.replace(other, own)
    return re.sub(r"(?<=\w)'(?=\w)|(?<=s)'(?=\s)", "’", text)


def _tidy(text: str) -> str:
    text = " ".join(_EMPTY_BRACKETS.sub("", text).split())
    text = _AFTERTHOUGHT.sub(r" \2\1", text)
    for _ in range(3):
        text = _SPACE_BEFORE.sub(r"\1", text)
        text = _DOUBLED.sub(lambda match: match[1] or match[2] or match[3] or ".", text)
    return " ".join(text.split()).lstrip(" ,;:!?…").strip()


def _ends_sentence(text: str, start: int, match: re.Match[str], language: Language) -> bool:
    said = text[start : match.end()]
    if any(said.count(opening) > said.count(closing) for opening, closing in PAIRS):
        return False
    following = text[match.end() :].lstrip()[:1]
    if following.islower() or following in "–-,;":
        return False
    if not match[0].startswith("."):
        return True
    last = re.split(r"[\s(“‘«¿¡]", text[start : match.start()])[-1]
    if last.lower() in language.abbreviations or re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", last):
        return False
    if re.fullmatch(r"[A-HJ-Z]", last):  # “J. Postel wrote it”, but “You are in zone B. Go on.”
        before = text[start : match.start() - 1].rstrip()
        return bool(before) and not before.endswith(".")
    return not (last.lower() in language.before_a_number and following.isdigit())


def _divided(sentence: str) -> tuple[str, ...]:
    if len(sentence.split()) <= COMFORTABLE_SENTENCE or re.search("[“«(]", sentence):
        return (sentence,)
    for separator in ("; ", " – ", ": "):
        parts = sentence.split(separator)
        if len(parts) == 2 and all(len(part.split()) >= 4 for part in parts):
            return parts[0], parts[1]
        if len(parts) > 2 and separator == "; ":
            return tuple(part for part in parts if part)
    return (sentence,)
