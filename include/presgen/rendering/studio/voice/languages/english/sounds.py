"""How English words sound, American or British: by hibari's reader, past its normaliser and markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from presgen.rendering.studio.voice.network import keep_quiet
from presgen.rendering.studio.voice.speech import Word

if TYPE_CHECKING:
    from hibari.g2p import G2P


def sounds(words: Sequence[Word], *, british: bool = False) -> list[str]:
    """Return how each of the English ``words`` sounds; for some that depends on their neighbours: the end."""
    from hibari.g2p import Tok

    reader = _reader(british=british)
    tokens: list[Any] = []
    owners: list[int] = []
    for index, word in enumerate(words):
        for spoken in word.says:
            # Tokens are made here and not by the reader from text: it knows markup, and text may hold any.
            texts = [spoken.text] if spoken.phonemes else reader.tokenizer.split(spoken.text)
            fixed = (to_british(spoken.phonemes) if british else spoken.phonemes) or None
            tokens += [Tok(text, "", "", phonemes=fixed, rating=5 if fixed else None) for text in texts]
            tokens[-1].whitespace = " "
            owners.append(index)
        if word.pause:
            tokens.append(Tok(word.pause, ".", " ", phonemes=word.pause, rating=5))
            owners.append(-1)
    for token, tag in zip(tokens, reader.tagger([token.text for token in tokens]), strict=True):
        token.tag = tag
    said: list[list[str]] = [[] for _ in words]
    place = 0
    piece = ""
    for token in reader.phonemize_tokens(tokens):
        piece += token.phonemes or ""
        if token.whitespace:
            if owners[place] >= 0:
                said[owners[place]].append(piece)
            place, piece = place + 1, ""
    return [" ".join(filter(None, sounds)) or "ə" for sounds in said]


def to_british(phonemes: str) -> str:
    """Return American ``phonemes`` as a Briton says them, in misaki's British spelling.

    Our lexicon is written once, in American. What American English has lost cannot be brought back by rule:
    a short o before l or r, and the a of bath.
    """
    for american, british in _BRITISH:
        phonemes = american.sub(british, phonemes)
    return phonemes


_VOWEL = "[AIOQWYaæɑɐɒɔəɚɛɜɪʊʌiuᵊᵻ]"
_BRITISH = tuple(
    (re.compile(american), british)
    for american, british in (
        (f"(ɜ)ɹ(?!ˈ?{_VOWEL})", "ɜː"),
        ("ɜɹ", "ɜːɹ"),
        (f"əɹ(?![ˈˌ]?{_VOWEL})", "ə"),
        (f"([ˈˌ]?)ɑɹ(?![ˈˌ]?{_VOWEL})", r"\1ɑː"),
        (f"([ˈˌ]?)ɔɹ(?![ˈˌ]?{_VOWEL})", r"\1ɔː"),
        (f"([ˈˌ]?)[iɪ]ɹ(?![ˈˌ]?{_VOWEL})", r"\1ɪə"),
        (f"([ˈˌ]?)[ɛA]ɹ(?![ˈˌ]?{_VOWEL})", r"\1ɛː"),
        (f"([ˈˌ]?)[ʊu]ɹ(?![ˈˌ]?{_VOWEL})", r"\1ʊə"),
        ("(?<=[ˈˌ])ɑ(?!ː)", "ɒ"),
        ("ɑ(?!ː)", "ɑː"),
        ("ɔ(?!ː)", "ɔː"),
        ("(?<=[ˈˌ])i", "iː"),
        ("(?<=[ˈˌj])u", "uː"),
        ("æ", "a"),
        ("O", "Q"),
        ("T", "t"),
        ("ᵻ", "ɪ"),
    )
)


@cache
def _reader(*, british: bool) -> G2P:
    keep_quiet()
    from hibari.g2p import G2P

    return G2P(british=british)
