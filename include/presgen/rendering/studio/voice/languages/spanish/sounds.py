"""How Spanish words sound, by rule: the spelling tells everything, the stress included.

The alphabet is misaki's, and its detail that of eSpeak, from which Kokoro's Spanish voices have learned: soft
b, d and g between vowels, and one symbol for each falling diphthong it has an English one for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

from presgen.rendering.studio.voice.speech import Spoken, Word, listed

PHONEMES = frozenset("AIOWabdefhijklmnopqrstuvwxzðɡɣɪɲŋɾβθʃʊʎʒʝʤʧˈˌ ")
"""What a pronunciation may hold: misaki's symbols for what Spanish has."""

UNSTRESSED = frozenset(
    listed(
        """
        a al ante aunque con cuando de del desde donde e el en entre hacia hasta la las le les lo los me mi
        mis mientras ni nos o os para pero por porque pues que se si sin sino sobre su sus te tu tus u y
        """
    )
)
"""Small words that lean on the next one."""

_STRONG = frozenset("aeoáéó")
_ACCENTED = {"á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u"}
_VOWELS = frozenset("aeiouáéíóúü")
_LETTER = re.compile("[a-zñáéíóúüç]")
_FIRST_VOWEL = re.compile("([aeiouAIOW])")
_FOREIGN = str.maketrans(
    {**dict.fromkeys("àâãäå", "a"), **dict.fromkeys("èêë", "e"), **dict.fromkeys("ìîï", "i")}
    | {**dict.fromkeys("òôõöø", "o"), **dict.fromkeys("ùû", "u"), "ÿ": "y", "ý": "y", "ç": "z", "ß": "s"}
    | {"æ": "e", "ð": "d", "þ": "t"}
)
_FALLING = {"ai": "I", "au": "W", "ei": "A", "eu": "eʊ", "oi": "oɪ", "ou": "O"}
_ONSETS = frozenset(listed("bl br cl cr dr fl fr gl gr kl kr pl pr tr ch ll rr qu sh th ph"))
"""Pairs of letters that start a syllable together."""


def pronounced(words: Iterable[Word], *, seseo: bool) -> Iterator[Word]:
    """Yield ``words`` with the phonemes of all that is said: some depend on what is said around them.

    With ``seseo``, z and c sound like s, and ll like y, as they do in the Americas.
    """
    words = list(words)
    spoken = [(said, word.pause if said is word.says[-1] else "") for word in words for said in word.says]
    plain = [said.phonemes or sounds(said.text) for said, _ in spoken]
    joined: list[Spoken] = []
    for place, ((said, pause), sound) in enumerate(zip(spoken, plain, strict=True)):
        before = joined[-1].phonemes[-1:] if place and not spoken[place - 1][1] else ""
        after = plain[place + 1][:1] if place + 1 < len(plain) and not pause else ""
        soft = _softened(sound, before)
        soft = soft[:-1] + "m" if soft.endswith("n") and after in {"p", "b", "m"} else soft
        joined.append(Spoken(said.text, _american(soft) if seseo else soft))
    place = 0
    for word in words:
        yield replace(word, says=tuple(joined[place : place + len(word.says)]))
        place += len(word.says)


@cache
def sounds(text: str) -> str:
    """Return how a word sounds after a pause: letters, apostrophes and hyphens."""
    parts = [part for part in re.split("['’-]", text) if part]
    return "".join(_word(part) for part in parts)


def _word(word: str) -> str:
    word = word.lower().translate(_FOREIGN)
    word = "".join(letter for letter in word if _LETTER.fullmatch(letter))
    if word.endswith("mente") and len(word) > 7:
        return _word(word[:-5]).replace("ˈ", "ˌ") + "mˈente"
    syllables = _syllables(word)
    stressed = _stressed(syllables)
    if word in UNSTRESSED or not any(set(syllable) & (_VOWELS | {"y"}) for syllable in syllables):
        stressed = -1
    said = _spoken(syllables, stressed)
    # A longer small word leans less: it has a weak stress of its own.
    return _FIRST_VOWEL.sub(r"ˌ\1", said, count=1) if stressed < 0 and len(syllables) > 1 else said


def _syllables(word: str) -> list[str]:
    """Part ``word``: con-ver-sa-ción, a-é-re-o, pa-ís."""
    nuclei: list[tuple[int, int]] = []
    place = 0
    while place < len(word):
        if not _is_vowel(word, place):
            place += 1
            continue
        end = place + 1
        while end < len(word) and _is_vowel(word, end) and _joins(word, place, end):
            end += 1
        nuclei.append((place, end))
        place = end
    if not nuclei:
        return [word] if word else []
    cuts = [0]
    for (_, before), (after, _) in pairwise(nuclei):
        between = word[before:after]
        take = 2 if len(between) > 1 and between[-2:] in _ONSETS else min(1, len(between))
        cuts.append(after - take)
    return [word[start:end] for start, end in zip(cuts, [*cuts[1:], len(word)], strict=True)]


def _is_vowel(word: str, place: int) -> bool:
    letter = word[place]
    if letter == "y":
        return (place == len(word) - 1 and place > 0 and word[place - 1] in _VOWELS) or word == "y"
    if letter not in _VOWELS:
        return False
    # The u of que, gui is a sign, and no sound.
    mute = letter == "u" and place and place + 1 < len(word) and word[place + 1] in "eiéí"
    return not (mute and word[place - 1] in "qg")


def _joins(word: str, start: int, place: int) -> bool:
    """Whether the vowel at ``place`` is in one syllable with the one before it."""
    before, here = word[place - 1], word[place]
    if here in "íú" or before in "íú":
        return False
    if here in _STRONG and before in _STRONG:
        return False
    weak_between = before in "iuü" and place - 2 >= start and word[place - 2] in _STRONG
    return not (weak_between and here in _STRONG)


def _stressed(syllables: list[str]) -> int:
    """Return which syllable has the stress."""
    for index, syllable in enumerate(syllables):
        if set(syllable) & set(_ACCENTED):
            return index
    last = syllables[-1] if syllables else ""
    penultimate = last[-1:] in "aeiouns" and not last.endswith(("ns", "ps", "ts", "ks")) if last else False
    return len(syllables) - 2 if penultimate and len(syllables) > 1 else len(syllables) - 1


def _spoken(syllables: list[str], stressed: int) -> str:
    word = "".join(syllables)
    result = ""
    start = 0
    for index, syllable in enumerate(syllables):
        mark = "ˈ" if index == stressed else "ˌ" if index == 0 and stressed > 1 else ""
        result += _syllable(word, start, start + len(syllable), mark, result)
        start += len(syllable)
    return result


def _syllable(word: str, start: int, end: int, mark: str, before: str) -> str:
    sound = ""
    place = start
    while place < end:
        if _is_vowel(word, place):
            last = place
            while last < end and _is_vowel(word, last):
                last += 1
            sound += _nucleus(word[place:last], mark)
            mark = ""
            place = last
        else:
            consonant, used = _consonant(word, place, before + sound)
            sound += consonant
            place += used
    return sound


def _nucleus(vowels: str, mark: str) -> str:
    """Return the vowels of a syllable: glides and diphthongs around the one that carries it."""
    if vowels == "uy":
        return f"{mark}uj"
    plain = "".join(_ACCENTED.get(vowel, vowel) for vowel in vowels).replace("ü", "u").replace("y", "i")
    glide = ""
    if len(plain) > 1 and plain[0] in "iu":
        glide, plain = {"i": "j", "u": "w"}[plain[0]], plain[1:]
    for pair, sound in _FALLING.items():
        if plain.startswith(pair):
            plain = sound + plain[2:]
            break
    return glide + mark + plain


def _consonant(word: str, place: int, before: str) -> tuple[str, int]:
    """Return the sound of the consonant at ``place``, and how many letters it takes."""
    letter, rest = word[place], word[place + 1 :]
    after = _ACCENTED.get(rest[:1], rest[:1])
    match letter:
        case "c":
            if after == "h":
                return "ʧ", 2
            return ("θ", 1) if after in {"e", "i"} else ("k", 2 if after in {"k", "q"} else 1)
        case "g":
            if after in {"e", "i"}:
                return "x", 1
            return ("ɡ", 2) if after == "u" and rest[1:2] in set("eiéí") else ("ɡ", 1)
        case "q":
            return "k", 2 if after == "u" else 1
        case "h":
            if not before and after == "i" and rest[1:2] in set("eé"):
                return "", 1
            return "", 1
        case "j":
            return "x", 1
        case "l":
            return ("ʎ", 2) if after == "l" and len(rest) > 1 else ("l", 1)
        case "n":
            return ("m" if after in {"b", "p", "v", "m"} else "ŋ" if after in set("gkqcjx") else "n"), 1
        case "ñ":
            return "ɲ", 1
        case "p":
            return ("f", 2) if after == "h" else ("p", 1)
        case "r":
            if after == "r":
                return "r", 2
            return ("r", 1) if not place or word[place - 1] in "nls" else ("ɾ", 1)
        case "s":
            return ("ʃ", 2) if after == "h" else ("s", 1)
        case "t":
            return "t", 2 if after == "h" else 1
        case "v":
            return "b", 1
        case "x":
            return ("s", 1) if not place else ("ks", 1)
        case "y":
            return "ʝ", 1
        case "z":
            return "θ", 1
    return letter, 1


_SOFT = {"b": "β", "d": "ð", "ɡ": "ɣ"}
_STOPS_AFTER = {"b": "mn", "d": "nlm", "ɡ": "nŋ"}


def _softened(sound: str, after: str) -> str:
    """Return ``sound`` with b, d and g soft wherever something open is said before them."""
    result = ""
    for index, symbol in enumerate(sound):
        previous = next((s for s in reversed(result) if s not in "ˈˌ "), after)
        soft = symbol in _SOFT and previous and previous not in _STOPS_AFTER[symbol]
        final = index == len(sound) - 1 and symbol == "d"
        result += _SOFT[symbol] if soft and not final else symbol
    return result


def _american(sound: str) -> str:
    return sound.replace("θ", "s").replace("ʎ", "ʝ")
