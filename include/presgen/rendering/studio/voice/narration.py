"""A section's sentences become a narration: one sound file, and the moment of every word in it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from presgen.errors import BadInput
from presgen.media import sound
from presgen.model.base import Seconds, digest_of
from presgen.model.lesson import Section
from presgen.model.media import Narration, PhonemeTiming, WordTiming
from presgen.personas import Persona
from presgen.rendering.libraries import versions
from presgen.rendering.studio.voice.engines import SAMPLE_RATE, Engine, Speech, voices
from presgen.rendering.studio.voice.languages import Language, code_of, language_of, languages
from presgen.rendering.studio.voice.lexicon import load_lexicon
from presgen.rendering.studio.voice.normalise import normalise
from presgen.rendering.studio.voice.shelf import put, take
from presgen.rendering.studio.voice.speech import CLAUSES, ENDS, Word

CODE = 1
"""Counts up when this file arranges or paces speech differently."""

LIBRARIES = ("numpy", "pyloudnorm", "scipy")

LEAD_IN = Seconds(0.5)
"""Silence before the first word: a section starts with a look, not with a word."""
TAIL = Seconds(0.6)
"""Silence after the last one, at least."""
LONGEST_BREATH = 280
"""Sounds in one breath, about 45 words. The model manages more, a listener does not."""
BREATH = Seconds(0.22)
"""The pause to breathe inside a long sentence."""
SLOT = Seconds(0.15)
"""How long a word that has no sound is due, where there is room."""

TYPICAL_SENTENCE = 10
"""Words. How much time pauses take of a minute depends on how many sentences there are in it."""
LEEWAY = 1.08
"""How much faster or slower than usual the persona may speak to keep the words a minute.

Short sentences bring more pauses, and long words take longer. A person evens that out a little, and no more.
"""
SLOWEST, FASTEST = 0.55, 1.30
"""Speeds of the voice at which it still sounds like a person, by a listening model (DistillMOS >= 4.5)."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Breath:
    """Words spoken in one go."""

    words: tuple[Word, ...]
    """Each has something to say."""
    places: tuple[int, ...]
    """The number of each in the section."""
    pause: Seconds
    """The silence before it; none before the first."""


def narrate(
    section: Section, persona: Persona, folder: Path, lexicon: Path | None, shelf: Path | None = None
) -> Narration:
    """Speak ``section`` as ``persona`` does, into ``narration.wav`` in ``folder``.

    The narration's words, joined by spaces, are the section's text. What cannot be spoken, such as a name in
    a script the voice does not read, keeps its word and a short time, and is listed in ``unspoken``. What is
    on the ``shelf`` is not spoken again, and what is spoken is put there: the bytes are the same either way.

    Raises:
        BadInput: the section has no words, its language is not the voice's, or the lexicon cannot be read.
        UnknownName: there is no such engine, or it has no such voice.
    """
    if shelf is None:
        return _spoken(section, persona, folder, lexicon)
    key = _key(section, persona, lexicon)
    if (kept := take(shelf, key, folder)) is not None:
        return kept
    narration = _spoken(section, persona, folder, lexicon)
    put(shelf, key, narration)
    return narration


def _key(section: Section, persona: Persona, lexicon: Path | None) -> str:
    """Return the digest of all that shapes the narration, the spelling of its words included."""
    pace = [persona.words_per_minute, persona.voice.sentence_pause]
    sentences = [sentence.text for sentence in section.sentences]
    return digest_of({"voice": fingerprint(section, persona, lexicon), "pace": pace, "sentences": sentences})


def _spoken(section: Section, persona: Persona, folder: Path, lexicon: Path | None) -> Narration:
    sentences = _sentences(section, persona, lexicon)
    words = [word for sentence in sentences for word in sentence]
    engine, voice = voices[persona.voice.engine], persona.voice.name
    breaths = list(
        _breaths(sentences, persona.voice.sentence_pause, _language(section, persona).conjunctions)
    )
    speed = _speed(breaths, engine, persona)
    pieces: list[Speech] = [_silence(LEAD_IN)]
    spans: dict[int, tuple[float, float]] = {}
    phonemes: list[PhonemeTiming] = []
    for breath in breaths:
        pieces.append(_silence(breath.pause))
        start = sum(map(len, pieces)) / SAMPLE_RATE
        utterance = engine.speak(breath.words, voice, speed)
        pieces.append(utterance.sound)
        spans |= {
            place: (start + first, start + last)
            for place, (first, last) in zip(breath.places, utterance.words, strict=True)
        }
        phonemes += [
            PhonemeTiming(symbol=p.symbol, start=_moment(start + p.start), end=_moment(start + p.end))
            for p in utterance.phonemes
        ]
    pieces.append(_silence(TAIL if breaths else Seconds(SLOT * len(words) + TAIL)))
    speech = np.concatenate(pieces)
    times = _placed(len(words), spans, len(speech) / SAMPLE_RATE)
    master = sound.on_grid(sound.master(speech))
    path = folder / "narration.wav"
    sound.write_wav(path, master)
    unspoken = tuple(place for place, word in enumerate(words) if word.unreadable)
    if unspoken:
        logger.warning(
            "%d of the %d words of section %s are shown but not spoken: the voice cannot read them.",
            len(unspoken),
            len(words),
            section.slug,
        )
    return Narration(
        path=path,
        duration=Seconds(len(master) / sound.SAMPLE_RATE),
        words=tuple(
            WordTiming(text=word.shown, start=_moment(start), end=_moment(end))
            for word, (start, end) in zip(words, times, strict=True)
        ),
        phonemes=tuple(phonemes),
        sentences=tuple(_sentence_starts(sentences, times)),
        unspoken=unspoken,
    )


def fingerprint(section: Section, persona: Persona, lexicon: Path | None) -> dict[str, Any]:
    """Return everything beside the persona's pace that shapes the narration, as values that survive JSON.

    Of the lexicon and of the rules for numbers and signs, only what this section uses counts: what is said
    is in it, as a digest, and not the entries and rules that might have been used.

    Raises:
        BadInput: the section has no words, its language is not the voice's, or the lexicon cannot be read.
        UnknownName: there is no such engine, or it has no such voice.
    """
    said: list[Any] = [
        [[[[spoken.text, spoken.phonemes] for spoken in word.says], word.pause] for word in sentence]
        for sentence in _sentences(section, persona, lexicon)
    ]
    engine: Mapping[str, Any] = voices[persona.voice.engine].fingerprint(persona.voice.name)
    return {
        "code": CODE,
        "engine": {persona.voice.engine: dict(engine)},
        "libraries": versions(LIBRARIES),
        "said": digest_of(said),
    }


def _sentences(section: Section, persona: Persona, lexicon: Path | None) -> list[tuple[Word, ...]]:
    known = load_lexicon(lexicon, _language(section, persona))
    sentences = [normalise(sentence.text, known) for sentence in section.sentences]
    if not any(sentences):
        raise BadInput(f"Section {section.slug} has no words to speak; expected at least one.")
    return sentences


def _language(section: Section, persona: Persona) -> Language:
    """Return what the section is written in, which the persona's voice can read."""
    engine, voice = persona.voice.engine, persona.voice.name
    read = voices[engine].languages(voice)
    code = code_of(section.locale)
    if code not in languages.names() or (read and code not in read):
        known = ", ".join(read or languages.names())
        raise BadInput(
            f"Section {section.slug} is in {section.locale}; the voice {engine}/{voice} reads {known}."
        )
    return language_of(section.locale)


def _breaths(
    sentences: Sequence[Sequence[Word]], sentence_pause: Seconds, conjunctions: Collection[str]
) -> Iterator[Breath]:
    """Yield the sentences in portions for one breath each."""
    first = 0
    pause = Seconds(0.0)
    for sentence in sentences:
        spoken = [(first + place, word) for place, word in enumerate(sentence) if word.says]
        # What a lone dash or an unreadable name asks for, the word before it does.
        for place, word in enumerate(sentence):
            before = [index for index, (number, _) in enumerate(spoken) if number < first + place]
            if before and not word.says and word.pause and not spoken[before[-1]][1].pause:
                number, last = spoken[before[-1]]
                spoken[before[-1]] = (number, replace(last, pause=word.pause))
        first += len(sentence)
        for part in _parted(spoken):
            for portion in _portions(part, conjunctions):
                yield Breath(tuple(word for _, word in portion), tuple(place for place, _ in portion), pause)
                pause = BREATH
            pause = sentence_pause


def _parted(words: Sequence[tuple[int, Word]]) -> Iterator[Sequence[tuple[int, Word]]]:
    """Yield the sentences in what was given as one: two may have been written together."""
    start = 0
    for index, (_, word) in enumerate(words, 1):
        if word.pause in ENDS or index == len(words):
            yield words[start:index]
            start = index


def _portions(
    words: Sequence[tuple[int, Word]], conjunctions: Collection[str]
) -> Iterator[Sequence[tuple[int, Word]]]:
    """Yield ``words`` in portions of at most `LONGEST_BREATH`, parted where a speaker would breathe."""
    lengths = np.cumsum([word.size for _, word in words])
    if len(words) < 2 or lengths[-1] <= LONGEST_BREATH:
        yield words
        return
    cuts = range(1, len(words))

    def awkwardness(cut: int) -> float:
        # How far from the middle, and how odd a place: a comma is best, a conjunction good.
        off_centre = abs(lengths[cut - 1] / lengths[-1] - 0.5)
        if words[cut - 1][1].pause in CLAUSES:
            return float(off_centre)
        return float(off_centre) + (0.4 if words[cut][1].shown.lower() in conjunctions else 0.8)

    cut = min(cuts, key=awkwardness)
    place, last = words[cut - 1]
    yield from _portions(
        [*words[: cut - 1], (place, last if last.pause else replace(last, pause=","))], conjunctions
    )
    yield from _portions(words[cut:], conjunctions)


def _speed(breaths: Sequence[Breath], engine: Engine, persona: Persona) -> float:
    """Return the speed at which the persona's words a minute come out, pauses included."""
    pause = persona.voice.sentence_pause
    usual = engine.word_length(persona.voice.name) / (
        60 / persona.words_per_minute - pause / TYPICAL_SENTENCE
    )
    count = sum(len(word.says) for breath in breaths for word in breath.words)
    natural = sum(engine.natural_length(breath.words, persona.voice.name) for breath in breaths)
    available = 60 * count / persona.words_per_minute - sum(breath.pause for breath in breaths)
    needed = natural / available if available > 0 else FASTEST
    return _within(SLOWEST, _within(usual / LEEWAY, needed, usual * LEEWAY), FASTEST)


def _within(low: float, value: float, high: float) -> float:
    return min(max(value, low), high)


def _placed(count: int, spans: Mapping[int, tuple[float, float]], length: float) -> list[tuple[float, float]]:
    """Return (start, end) of all words: the spoken ones' own, and a slot between them for the others."""
    times: list[tuple[float, float]] = []
    place = 0
    while place < count:
        if place in spans:
            times.append(spans[place])
            place += 1
            continue
        following = next((other for other in range(place, count) if other in spans), count)
        silent = following - place
        room_ends = spans[following][0] if following in spans else length
        room_starts = times[-1][1] if times else min(float(LEAD_IN), max(0.0, room_ends - silent * SLOT))
        if times and room_ends - room_starts < silent * SLOT / 2:
            # In mid-sentence there is no pause to use: the word before gives some of its time.
            start, end = times[-1]
            room_starts = end - min((end - start) / 2, silent * SLOT / 2)
            times[-1] = (start, room_starts)
        slot = min(float(SLOT), (room_ends - room_starts) / silent)
        times += [(room_starts + i * slot, room_starts + (i + 1) * slot) for i in range(silent)]
        place = following
    return times


def _sentence_starts(
    sentences: Sequence[Sequence[Word]], times: Sequence[tuple[float, float]]
) -> Iterator[Seconds]:
    place = 0
    for sentence in sentences:
        yield _moment(times[place][0] if place < len(times) else times[-1][1])
        place += len(sentence)


def _silence(length: Seconds) -> Speech:
    return np.zeros(round(length * SAMPLE_RATE), np.float32)


def _moment(seconds: float) -> Seconds:
    """Round to a tenth of a millisecond: finer is noise in a file people read."""
    return Seconds(round(float(seconds), 4))
