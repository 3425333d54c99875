"""The voice of hibari-tts: natural, 130 times faster than real time, all of it inside its package.

The model is used one floor below its own front door. Its network is cut in two at the durations of the
phonemes: the first part says how long each takes, then we set the pace, and the second part makes the sound.
So the pace is exact, and so are the times of words and phonemes. Where the network hands its melody on, we
may lower it: that, and a longer vocal tract, makes other speakers of the one voice in the package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from presgen.errors import BadInput, UnknownName
from presgen.model.base import Seconds
from presgen.rendering.libraries import versions
from presgen.rendering.studio.voice.alphabet import symbol_ids
from presgen.rendering.studio.voice.engines import Speech, Utterance, voices
from presgen.rendering.studio.voice.languages.english.sounds import sounds
from presgen.rendering.studio.voice.network import cut, keep_quiet, session, whole
from presgen.rendering.studio.voice.speech import Word
from presgen.rendering.studio.voice.timing import (
    Lead,
    Script,
    natural_length,
    scripted,
    slowed,
    stretched,
    utter,
)
from presgen.workspace import sha256_of

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

LEAD = Lead(word=0.037, phoneme=0.030, overlap=0.46)
"""Measured with a forced aligner (pocketsphinx) on 24 sentences at four speeds: of 1 056 words the median is
35 to 45 milliseconds, and 80 % are within 20 milliseconds of that; of 2 503 phonemes inside words the median
error is 11 milliseconds, and 90 % are within 31.
"""


@voices.register("hibari")
class Hibari:
    """hibari's voices, those in its package and those already on this machine: nothing is downloaded."""

    def languages(self, voice: str) -> tuple[str, ...]:
        """Return English."""
        _timbre(voice)
        return ("en",)

    def word_length(self, voice: str) -> Seconds:
        """Return 0.3: between plain prose (0.291) and the example course (0.309), numbers read out."""
        _timbre(voice)
        return Seconds(0.300)

    def fingerprint(self, voice: str) -> Mapping[str, Any]:
        """Return the digest of the model and the versions of what computes with it."""
        timbre = _timbre(voice)
        return {
            "code": CODE,
            "model": _digest(_model_file(timbre.model)),
            "timbre": [timbre.pitch, *timbre.size.as_integer_ratio()],
            "libraries": versions(LIBRARIES),
        }

    def natural_length(self, words: Sequence[Word], voice: str) -> Seconds:
        """Return how long ``words`` take at speed 1."""
        model = _load(_timbre(voice).model)
        script = model.script(words)
        return natural_length(script, model.durations(script))

    def speak(self, words: Sequence[Word], voice: str, speed: float) -> Utterance:
        """Speak ``words`` in one breath."""
        timbre = _timbre(voice)
        model = _load(timbre.model)
        script = model.script(words)
        # A longer vocal tract is made by slowing everything down, as on a tape: hurry as much beforehand.
        durations = stretched(model.durations(script), speed * float(timbre.size))
        sound = model.sound(script, durations, timbre.pitch)
        return slowed(utter(script, durations, sound, len(words), LEAD), timbre.size)


class _Model:
    """One of hibari's models, loaded."""

    def __init__(self, name: str, path: Path) -> None:
        import onnx

        keep_quiet()
        from hibari.voices import VOICES

        first, second = cut(_with_pitch(onnx.load(path), name), name)
        self._first, self._second = session(first), session(second)
        self._british: bool = VOICES[name]["british"]

    def script(self, words: Sequence[Word]) -> Script:
        """Return ``words`` as phonemes."""
        return scripted(words, sounds(words, british=self._british), symbol_ids())

    def durations(self, script: Script) -> NDArray[np.float64]:
        """Return the frames of each symbol at speed 1, with those of the silence before and after."""
        [durations] = self._first.run(None, {"ids": script.as_input(symbol_ids())})
        return whole(durations)

    def sound(self, script: Script, durations: NDArray[np.float64], pitch: float) -> Speech:
        """Return the sound of ``script`` with these durations."""
        from hibari import dsp

        parts = self._second.run(
            None,
            {
                "ids": script.as_input(symbol_ids()),
                "durations": durations.astype(np.float32),
                "pitch": np.array([pitch], np.float32),
            },
        )
        sound: Speech = dsp.synth(*(part[0] for part in parts), np.random.default_rng(SEED))
        return sound


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
    return sha256_of(path)


def _with_pitch(model: Any, name: str) -> Any:
    """Return ``model`` with another input: a factor on the melody, where the network hands it on."""
    from onnx import TensorProto, helper

    try:
        [melody] = [place for place, node in enumerate(model.graph.node) if "f0" in node.output]
    except ValueError:
        raise BadInput(f"The model {name!r} has no melody where it is expected.") from None
    model.graph.node[melody].output[:] = ["melody"]
    model.graph.node.insert(melody + 1, helper.make_node("Mul", ["melody", "pitch"], ["f0"]))
    model.graph.input.append(helper.make_tensor_value_info("pitch", TensorProto.FLOAT, [1]))
    return model
