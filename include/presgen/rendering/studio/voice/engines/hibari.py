"""The voice of hibari-tts: natural, 130 times faster than real time, all of it inside its package.

The model is used one floor below its own front door. Its network is cut in two at the durations of the
phonemes: the first part says how long each takes, then we set the pace, and the second part makes the sound.
So the pace is exact, and so are the times of words and phonemes. Where the network hands its melody on, we
may lower it: that, and a longer vocal tract, makes other speakers of the one voice in the package.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from presgen.errors import BadInput, UnknownName
from presgen.model.base import Seconds
from presgen.model.media import PhonemeTiming
from presgen.rendering.studio.voice.engines import SAMPLE_RATE, Speech, Utterance, voices
from presgen.rendering.studio.voice.speech import Word

if TYPE_CHECKING:
    from hibari.g2p import G2P
    from onnxruntime import InferenceSession

CODE = 1
"""Counts up when this file reads, stretches, trims or times differently."""

LIBRARIES = ("hibari-tts", "numpy", "onnxruntime", "scipy")


@dataclass(frozen=True, slots=True)
class Timbre:
    """Who speaks: one of hibari's models, and how its speaker is built."""

    model: str
    pitch: float = 1.0
    """Factor on the melody."""
    size: Fraction = Fraction(1)
    """Factor on the length of the vocal tract. A longer one lowers melody and vowels alike."""


TIMBRES = {
    "heart-deep": Timbre("heart", pitch=0.80, size=Fraction(7, 6)),
    "heart-warm": Timbre("heart", pitch=0.90, size=Fraction(25, 24)),
}
"""Speakers beside hibari's own: a man at about 130 Hz and a woman at 164 Hz, where heart speaks at 190 Hz.

On eight sentences a listening model (DistillMOS) gives heart 4.6, these 4.5 and 4.6; Whisper understands
every word of all three.
"""

SEED = 0
"""Of the breath and hiss in the sound: the same for every sentence, so that a sentence never changes."""

FRAME = 600 / SAMPLE_RATE
"""Seconds in the unit of the model's durations."""

LONGEST = 480
"""Phonemes the model can take at once; it was made for 510."""

MARKS = "ˈˌ"
"""Stress marks. They have a duration of their own, in which the vowel after them already sounds."""
SILENT = frozenset(" ;:,.!?—…" + MARKS)
"""What is not heard itself. The space is: as the beginning of the word after it."""

WORD_LEAD = 0.037
"""Seconds by which a word is heard before the model says its space starts.

Measured with a forced aligner (pocketsphinx) on 24 sentences at four speeds, 1 056 words: median 35 to 45
milliseconds, 80 % within 20 milliseconds of that. A phoneme inside a word is heard `PHONEME_LEAD` and about
half the phoneme before it early (2 503 phonemes, median error 11 milliseconds, 90 % within 31).
"""
PHONEME_LEAD = 0.030
PHONEME_OVERLAP = 0.46
"""Part of a phoneme during which the next one is heard."""

HEARD = -38.0
"""dB below the loudest moment at which a word before a pause has died away."""
AUDIBLE = -50.0
"""dB below the loudest moment at which the sound is cut; there is a noise floor of about -60."""
_BEFORE, _AFTER = 0.010, 0.030
_FADE_IN, _FADE_OUT = 0.005, 0.020
_HOP = 60
"""Samples between two measurements of the level."""
_WINDOW = 240
_SHORTEST_PAUSE = 0.060
_SHORTEST_PHONEME = 0.005


@dataclass(frozen=True, slots=True)
class _Script:
    """Words as the phonemes the model reads."""

    symbols: str
    owners: tuple[int, ...]
    """For each symbol the number of its word; a space belongs to the word after it."""


@voices.register("hibari")
class Hibari:
    """hibari's voices, those in its package and those already on this machine: nothing is downloaded."""

    word_length = Seconds(0.300)
    """Between plain prose (0.291) and the narration of the example course (0.309), numbers read out."""

    def fingerprint(self, voice: str) -> Mapping[str, Any]:
        """Return the digest of the model and the versions of what computes with it."""
        timbre = _timbre(voice)
        return {
            "code": CODE,
            "model": _digest(_model_file(timbre.model)),
            "timbre": [timbre.pitch, *timbre.size.as_integer_ratio()],
            "libraries": {name: version(name) for name in LIBRARIES},
        }

    def natural_length(self, words: Sequence[Word], voice: str) -> Seconds:
        """Return how long ``words`` take at speed 1."""
        model = _load(_timbre(voice).model)
        script = model.script(words)
        durations = model.durations(script)
        # The pause after the last word lies in its last phoneme and in the full stop.
        last = max(index for index, symbol in enumerate(script.symbols) if symbol not in SILENT) + 1
        return Seconds(float(durations[1:last].sum() + min(durations[last], 4.0)) * FRAME)

    def speak(self, words: Sequence[Word], voice: str, speed: float) -> Utterance:
        """Speak ``words`` in one breath."""
        timbre = _timbre(voice)
        model = _load(timbre.model)
        script = model.script(words)
        # A longer vocal tract is made by slowing everything down, as on a tape: hurry as much beforehand.
        durations = stretched(model.durations(script), speed * float(timbre.size))
        sound = model.sound(script, durations, timbre.pitch)
        level = _level(sound)
        starts = _starts(script, durations)
        phonemes, spans = _timed(script, starts, level, len(words))
        return _slowed(_trimmed(sound, level, phonemes, spans), timbre.size)


def stretched(durations: NDArray[np.float64], speed: float) -> NDArray[np.float64]:
    """Return ``durations``, whole frames, for another speed: whole frames again, at least one each.

    Rounding each by itself, as the model does, makes 0.9 sound like 1.0 and 0.8 like 0.7, since nearly all
    phonemes last two frames. Here what rounding takes from one phoneme the next one gets.
    """
    result = np.empty_like(durations)
    owed = 0.0
    for index, duration in enumerate(durations / speed):
        owed += duration
        result[index] = max(1.0, np.round(owed))
        owed -= result[index]
    return result


class _Model:
    """One of hibari's models, loaded."""

    def __init__(self, name: str, path: Path) -> None:
        import onnx

        # Read when the library is imported; without it, it keeps a device id and reports how it is used.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime
        from hibari.g2p import G2P
        from hibari.tts import ASSETS
        from hibari.voices import VOICES

        options = onnxruntime.SessionOptions()
        # One thread: two would change the order of sums, and with it the bits.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3

        def session(graph: Any) -> InferenceSession:
            return onnxruntime.InferenceSession(
                graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )

        first, second = _cut(onnx.load(path), name)
        self._first, self._second = session(first), session(second)
        self._reader: G2P = G2P(british=VOICES[name]["british"])
        self._ids: dict[str, int] = json.loads((Path(ASSETS) / "vocab.json").read_text(encoding="utf-8"))

    def script(self, words: Sequence[Word]) -> _Script:
        """Return ``words`` as phonemes."""
        said = _phonemes(self._reader, words)
        symbols: list[str] = []
        owners: list[int] = []
        for index, (word, sounds) in enumerate(zip(words, said, strict=True)):
            mark = word.pause or ("." if index == len(words) - 1 else "")
            text = (" " if index else "") + "".join(s for s in sounds if s in self._ids) + mark
            symbols.append(text)
            owners += [index] * len(text)
        joined = "".join(symbols)
        if len(joined) > LONGEST:
            raise BadInput(f"A breath has {len(joined)} phonemes; expected at most {LONGEST}.")
        return _Script(joined, tuple(owners))

    def durations(self, script: _Script) -> NDArray[np.float64]:
        """Return the frames of each symbol at speed 1, with those of the silence before and after."""
        [durations] = self._first.run(None, {"ids": self._input(script)})
        whole: NDArray[np.float64] = np.maximum(1.0, np.round(durations.astype(np.float64)))
        return whole

    def sound(self, script: _Script, durations: NDArray[np.float64], pitch: float) -> Speech:
        """Return the sound of ``script`` with these durations."""
        from hibari import dsp

        parts = self._second.run(
            None,
            {
                "ids": self._input(script),
                "durations": durations.astype(np.float32),
                "pitch": np.array([pitch], np.float32),
            },
        )
        sound: Speech = dsp.synth(*(part[0] for part in parts), np.random.default_rng(SEED))
        return sound

    def _input(self, script: _Script) -> NDArray[np.int64]:
        return np.array([[0, *(self._ids[symbol] for symbol in script.symbols), 0]], np.int64)


@cache
def _load(name: str) -> _Model:
    return _Model(name, _model_file(name))


def _timbre(voice: str) -> Timbre:
    """Return who speaks under that name.

    Raises:
        UnknownName: nobody does.
    """
    timbre = TIMBRES.get(voice, Timbre(voice))
    if not _is_here(timbre.model):
        here = [name for name in _own_voices() if _is_here(name)]
        here += [name for name, other in TIMBRES.items() if other.model in here]
        raise UnknownName("voice of the engine hibari", voice, tuple(sorted(here)))
    return timbre


def _own_voices() -> tuple[str, ...]:
    from hibari.voices import VOICES

    return tuple(VOICES)


def _model_file(name: str) -> Path:
    """Return a model in the package, or one fetched earlier by whoever runs this."""
    from hibari.voices import voice_path

    return Path(voice_path(name, download_missing=False))


def _is_here(name: str) -> bool:
    try:
        return name in _own_voices() and _model_file(name).is_file()
    except FileNotFoundError:
        return False


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _cut(model: Any, name: str) -> tuple[Any, Any]:
    """Return the model's two parts: from phonemes to durations at speed 1, and from both to sound."""
    from onnx import ModelProto, TensorProto, helper

    try:
        [division] = [node for node in model.graph.node if "speed" in node.input]
        [rounding] = [node for node in model.graph.node if division.output[0] in node.input]
        [melody] = [place for place, node in enumerate(model.graph.node) if "f0" in node.output]
    except ValueError:
        raise BadInput(f"The model {name!r} has no durations and melody where they are expected.") from None
    model.graph.node[melody].output[:] = ["melody"]
    model.graph.node.insert(melody + 1, helper.make_node("Mul", ["melody", "pitch"], ["f0"]))
    first, second = ModelProto(), ModelProto()
    for part in (first, second):
        part.CopyFrom(model)
        [speed] = [value for value in part.graph.input if value.name == "speed"]
        part.graph.input.remove(speed)
        part.graph.node.remove(division)
        part.graph.node.remove(rounding)
    del first.graph.output[:]
    first.graph.output.append(helper.make_tensor_value_info(division.input[0], TensorProto.FLOAT, ["L"]))
    _keep_what_leads_to(first, division.input[0])
    for node in second.graph.node:
        node.input[:] = ["durations" if name == rounding.output[0] else name for name in node.input]
    second.graph.input.append(helper.make_tensor_value_info("durations", TensorProto.FLOAT, ["L"]))
    second.graph.input.append(helper.make_tensor_value_info("pitch", TensorProto.FLOAT, [1]))
    return first, second


def _keep_what_leads_to(model: Any, output: str) -> None:
    """Drop the nodes that ``output`` does not need: some of them lack their input now."""
    needed = {output}
    kept = []
    for node in reversed(model.graph.node):
        if needed & set(node.output):
            needed |= set(node.input)
            kept.append(node)
    del model.graph.node[:]
    model.graph.node.extend(reversed(kept))


def _phonemes(reader: G2P, words: Sequence[Word]) -> list[str]:
    """Return how each word sounds; how some sound depends on their neighbours: the end, the answer."""
    from hibari.g2p import Tok

    tokens: list[Any] = []
    owners: list[int] = []
    for index, word in enumerate(words):
        for spoken in word.says:
            # Tokens are made here and not by the reader from text: it knows markup, and text may hold any.
            texts = [spoken.text] if spoken.phonemes else reader.tokenizer.split(spoken.text)
            fixed = spoken.phonemes or None
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


def _starts(script: _Script, durations: NDArray[np.float64]) -> list[float | None]:
    """Return the second at which each symbol is heard to start; None for what is not heard."""
    edges = np.concatenate([[0.0], np.cumsum(durations)]) * FRAME
    starts: list[float | None] = []
    for index, symbol in enumerate(script.symbols):
        if symbol in SILENT:
            starts.append(None)
            continue
        first = index
        while first and script.symbols[first - 1] in MARKS:
            first -= 1
        # The model's first duration is the silence before everything, so symbol i has edges i + 1 and i + 2.
        if first == 0 or script.symbols[first - 1] == " ":
            starts.append(float(edges[max(first, 1)]) - WORD_LEAD)
        else:
            before = float(edges[first + 1] - edges[first])
            starts.append(float(edges[first + 1]) - PHONEME_LEAD - PHONEME_OVERLAP * before)
    return starts


def _level(sound: Speech) -> NDArray[np.float64]:
    """Return the level every `_HOP` samples, in dB below the loudest moment."""
    power = np.concatenate([[0.0], np.cumsum(sound.astype(np.float64) ** 2)])
    centres = np.arange(0, len(sound), _HOP)
    low, high = np.maximum(centres - _WINDOW // 2, 0), np.minimum(centres + _WINDOW // 2, len(sound))
    level = 10 * np.log10((power[high] - power[low]) / (high - low) + 1e-12)
    return np.asarray(level - level.max())


def _timed(
    script: _Script, starts: Sequence[float | None], level: NDArray[np.float64], words: int
) -> tuple[list[PhonemeTiming], list[tuple[float, float]]]:
    """Return the phonemes with start and end, and the span of each word."""
    heard = [(index, start) for index, start in enumerate(starts) if start is not None]
    length = len(level) * _HOP / SAMPLE_RATE
    (onset, _), (_, offset) = _audible(level, AUDIBLE), _audible(level, HEARD)
    begins = _rising([onset, *(start for _, start in heard[1:])], offset)
    ends = [*begins[1:], offset]
    for place, ((index, _), (following, _)) in enumerate(pairwise(heard)):
        if script.owners[index] == script.owners[following]:
            continue
        if not set(script.symbols[index:following]) & (SILENT - set(MARKS) - {" "}):
            continue
        if (pause := _pause(level, begins[place], min(begins[place + 1] + 0.15, length))) is not None:
            ends[place], begins[place + 1] = pause
    spans = [[length, 0.0] for _ in range(words)]
    phonemes = []
    for (index, _), start, end in zip(heard, begins, ends, strict=True):
        mark = script.symbols[index - 1] if index and script.symbols[index - 1] in MARKS else ""
        phonemes.append(
            PhonemeTiming(symbol=mark + script.symbols[index], start=Seconds(start), end=Seconds(end))
        )
        span = spans[script.owners[index]]
        span[0], span[1] = min(span[0], start), max(span[1], end)
    return phonemes, [(start, end) for start, end in spans]


def _rising(moments: Sequence[float], limit: float) -> list[float]:
    """Return ``moments`` with each at least a hair after the one before it, and none after ``limit``."""
    result: list[float] = []
    for place, moment in enumerate(moments):
        latest = limit - _SHORTEST_PHONEME * (len(moments) - place)
        earliest = result[-1] + _SHORTEST_PHONEME if result else 0.0
        result.append(max(earliest, min(moment, latest)))
    return result


def _pause(level: NDArray[np.float64], start: float, end: float) -> tuple[float, float] | None:
    """Return (start, end) of the longest stretch without speech between two moments."""
    low, high = (round(moment * SAMPLE_RATE / _HOP) for moment in (start, end))
    quiet = np.concatenate([[0], level[low:high] < HEARD, [0]]).astype(np.int8)
    edges = np.flatnonzero(np.diff(quiet)).reshape(-1, 2)
    if not len(edges):
        return None
    first, last = edges[np.argmax(edges[:, 1] - edges[:, 0])]
    if (last - first) * _HOP / SAMPLE_RATE < _SHORTEST_PAUSE:
        return None
    # A word ends when it has died away, but the next one starts with the first breath of an h or f.
    while last > first and level[low + last - 1] > AUDIBLE:
        last -= 1
    return (low + int(first)) * _HOP / SAMPLE_RATE, (low + int(last)) * _HOP / SAMPLE_RATE


def _audible(level: NDArray[np.float64], threshold: float) -> tuple[float, float]:
    """Return the first and the last second above ``threshold``."""
    loud = np.flatnonzero(level > threshold)
    return int(loud[0]) * _HOP / SAMPLE_RATE, int(loud[-1] + 1) * _HOP / SAMPLE_RATE


def _trimmed(
    sound: Speech,
    level: NDArray[np.float64],
    phonemes: Sequence[PhonemeTiming],
    spans: Sequence[tuple[float, float]],
) -> Utterance:
    """Cut the silence before and after, and soften the cuts."""
    start, end = _audible(level, AUDIBLE)
    first = max(0, round((start - _BEFORE) * SAMPLE_RATE))
    last = min(len(sound), round((end + _AFTER) * SAMPLE_RATE))
    cut = sound[first:last].copy()
    rise, fall = round(_FADE_IN * SAMPLE_RATE), round(_FADE_OUT * SAMPLE_RATE)
    cut[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    cut[-fall:] *= np.linspace(1, 0, fall, dtype=np.float32)
    shift, length = first / SAMPLE_RATE, len(cut) / SAMPLE_RATE

    def moved(moment: float) -> Seconds:
        return Seconds(min(max(moment - shift, 0.0), length))

    return Utterance(
        sound=cut,
        words=tuple((moved(start), moved(end)) for start, end in spans),
        phonemes=tuple(
            PhonemeTiming(symbol=phoneme.symbol, start=moved(phoneme.start), end=moved(phoneme.end))
            for phoneme in phonemes
        ),
    )


def _slowed(utterance: Utterance, factor: Fraction) -> Utterance:
    """Return ``utterance`` as from a tape that runs slower by ``factor``."""
    if factor == 1:
        return utterance
    from scipy import signal

    up, down = factor.as_integer_ratio()
    sound = signal.resample_poly(utterance.sound, up, down).astype(np.float32)
    sound[[0, -1]] = 0.0

    def later(moment: float) -> Seconds:
        return Seconds(min(moment * up / down, len(sound) / SAMPLE_RATE))

    return Utterance(
        sound=sound,
        words=tuple((later(start), later(end)) for start, end in utterance.words),
        phonemes=tuple(
            PhonemeTiming(symbol=phoneme.symbol, start=later(phoneme.start), end=later(phoneme.end))
            for phoneme in utterance.phonemes
        ),
    )
