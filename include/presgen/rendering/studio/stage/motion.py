"""How a body speaks along: curves over time for head, eyes, brows and breath, all at rest at both ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from presgen.rendering.studio.stage.pose import Gesture

Curve = NDArray[np.float64]
"""One value a frame."""

REST_FRAMES = 8
"""So many frames at each end are at rest, so that joined sections do not jump."""

_BLINK = (0.5, 1.0, 1.0, 0.72, 0.4, 0.15)
"""Lids over six frames: they fall faster than they rise."""

Direction = tuple[float, float]

TO_THE_LEFT: Direction = (-0.85, 0.15)
"""Where a slide beside the presenter is, as a gaze."""

BELOW: Direction = (-0.12, 0.85)
"""Where a slide under the presenter is."""

_RAISED, _LOWERED = 0.5, 0.6
"""Seconds hands take to a gesture and back home."""

_TALKATIVE = 0.75
"""Share of sentences, of those that are long enough, with a gesture."""

_BREATHS_A_SECOND = 0.23


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What motion follows: the frames' moments, and when sentences and stressed syllables start."""

    moments: Curve
    sentences: tuple[float, ...]
    stresses: tuple[float, ...]
    fps: int

    @property
    def seconds(self) -> float:
        """How long it all lasts."""
        return len(self.moments) / self.fps


@dataclass(frozen=True, slots=True)
class Motion:
    """The curves of everything that moves but the mouth; the fields of ``Pose``."""

    yaw: Curve
    pitch: Curve
    roll: Curve
    lean: Curve
    breath: Curve
    blink: Curve
    gaze_x: Curve
    gaze_y: Curve
    brow: Curve
    reach: Curve
    gesture: tuple[Gesture, ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """A look at the slide."""

    start: float
    end: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Gesturing:
    """Hands that leave home, stay for a while and come back."""

    gesture: Gesture
    start: float
    end: float
    size: float


def move(rhythm: Rhythm, seed: int, slide: Direction = TO_THE_LEFT) -> Motion:
    """Return the motion that goes with ``rhythm``; the same seed moves the same way.

    ``slide`` is where the presenter looks and turns to when the slide is meant.
    """
    dice = np.random.default_rng(seed)
    envelope = rest_envelope(len(rhythm.moments))
    beats = _beats(rhythm, dice)
    glances = _glances(rhythm, slide, dice)
    posture_yaw, posture_roll, posture_lean = _posture(rhythm, dice)
    look_x = _plateaus(rhythm, [(g.start, g.end, g.x) for g in glances], ease=0.07)
    look_y = _plateaus(rhythm, [(g.start, g.end, g.y) for g in glances], ease=0.07)
    turn = _plateaus(rhythm, [(g.start + 0.06, g.end + 0.1, 1.0) for g in glances], ease=0.28)
    nods = _bumps(rhythm, [(at, 0.42, size) for at, size in beats])
    lifts = _bumps(rhythm, [(at - 0.12, 0.62, 1.0) for at in rhythm.sentences])
    doing = _gesturing(rhythm, dice)
    reach = _plateaus(rhythm, [(g.start, g.end - _LOWERED, g.size) for g in doing], _RAISED, _LOWERED)
    return Motion(
        yaw=envelope * (posture_yaw + 2.2 * slide[0] * turn + _drift(rhythm, dice, 0.6, (0.11, 0.26))),
        pitch=envelope
        * (1.5 * nods - 0.9 * lifts + 2.0 * slide[1] * turn + _drift(rhythm, dice, 0.4, (0.13,))),
        roll=envelope * posture_roll,
        lean=envelope * posture_lean,
        breath=envelope * 1.2 * (1 - np.cos(2 * np.pi * _BREATHS_A_SECOND * rhythm.moments)),
        blink=_blinks(rhythm, glances, dice),
        gaze_x=envelope * look_x,
        gaze_y=envelope * look_y,
        brow=envelope * np.clip(0.55 * lifts + 0.36 * nods, -0.4, 1.0),
        reach=envelope * reach * (0.94 + 0.06 * nods),
        gesture=tuple(_gesture_at(doing, float(moment)) for moment in rhythm.moments),
    )


def rest_envelope(frames: int, ease: int = 14) -> Curve:
    """Return 0 in ``REST_FRAMES`` frames at both ends, 1 between, and soft ways of ``ease`` frames."""
    index = np.arange(frames)
    to_edge = np.minimum(index, frames - 1 - index) - (REST_FRAMES - 1)
    share = np.clip(to_edge / ease, 0.0, 1.0)
    return 0.5 - 0.5 * np.cos(np.pi * share)


def _beats(rhythm: Rhythm, dice: np.random.Generator) -> list[tuple[float, float]]:
    """Pick the stresses that get a nod, no two close together, with the size of each."""
    beats: list[tuple[float, float]] = []
    for stress in rhythm.stresses:
        size = float(dice.uniform(0.35, 1.0))
        if not beats or stress - beats[-1][0] > 0.38:
            beats.append((stress - 0.10, size))
    return beats


def _posture(rhythm: Rhythm, dice: np.random.Generator) -> tuple[Curve, Curve, Curve]:
    """Shift head and shoulders a little with each sentence, first to one side, then to the other."""
    yaw, roll, lean = (np.zeros_like(rhythm.moments) for _ in range(3))
    side = float(dice.choice((-1.0, 1.0)))
    held_yaw = held_roll = held_lean = 0.0
    for start in rhythm.sentences:
        side = -side
        new_yaw, new_roll = side * float(dice.uniform(0.6, 2.6)), side * float(dice.uniform(-0.6, 1.8))
        new_lean = side * float(dice.uniform(0.1, 0.5))
        step = _rise(rhythm.moments, start - 0.25, 0.75)
        yaw += (new_yaw - held_yaw) * step
        roll += (new_roll - held_roll) * step
        lean += (new_lean - held_lean) * _rise(rhythm.moments, start - 0.35, 1.1)
        held_yaw, held_roll, held_lean = new_yaw, new_roll, new_lean
    return yaw, roll, lean


def _gesturing(rhythm: Rhythm, dice: np.random.Generator) -> list[Gesturing]:
    """Let hands speak in many a sentence, from before its first stress until well before its end."""
    doing: list[Gesturing] = []
    free_from = 1.2
    ends = (*rhythm.sentences[1:], rhythm.seconds - 1.0)
    for start, end in zip(rhythm.sentences, ends, strict=False):
        gesture = (Gesture.OPEN, Gesture.OFFER)[int(dice.integers(2))]
        share, size, hold = (float(dice.uniform(*limits)) for limits in ((0, 1), (0.85, 1.0), (0.7, 1.5)))
        stress = next((moment for moment in rhythm.stresses if moment > start + 0.2), start + 0.5)
        up = max(stress - 0.8 * _RAISED, free_from)
        down = min(up + _RAISED + hold, end - 0.2 - _LOWERED) + _LOWERED
        if share < _TALKATIVE and down - up >= _RAISED + 0.4 + _LOWERED and down < rhythm.seconds - 1.0:
            doing.append(Gesturing(gesture, up, down, size))
            free_from = down + float(dice.uniform(0.8, 2.4))
    return doing


def _gesture_at(doing: Sequence[Gesturing], moment: float) -> Gesture:
    return next((g.gesture for g in doing if g.start <= moment <= g.end), Gesture.NONE)


def _glances(rhythm: Rhythm, slide: Direction, dice: np.random.Generator) -> list[Glance]:
    """Look at the slide now and then, mostly just after a sentence has begun."""
    glances: list[Glance] = []
    free_from = 1.5
    for start in rhythm.sentences:
        at = start + float(dice.uniform(0.25, 0.7))
        length = float(dice.uniform(0.55, 1.0))
        if at >= free_from and at + length < rhythm.seconds - 1.0:
            far = float(dice.uniform(0.75, 1.1))
            glances.append(Glance(at, at + length, slide[0] * far, slide[1] * far))
            free_from = at + length + float(dice.uniform(3.5, 7.0))
    return glances


def _blinks(rhythm: Rhythm, glances: Sequence[Glance], dice: np.random.Generator) -> Curve:
    """Blink where people do: as a sentence ends, as the gaze moves, and every few seconds anyway."""
    wanted = [start - 0.12 for start in rhythm.sentences] + [glance.end - 0.03 for glance in glances]
    moment = float(dice.uniform(1.2, 2.4))
    while moment < rhythm.seconds:
        wanted.append(moment)
        moment += float(dice.uniform(2.4, 4.6))
    lids = np.zeros(len(rhythm.moments))
    last = -np.inf
    for moment in sorted(wanted):
        first = round(moment * rhythm.fps)
        inside = REST_FRAMES <= first <= len(lids) - REST_FRAMES - len(_BLINK)
        if inside and moment - last >= 1.3:
            lids[first : first + len(_BLINK)] = _BLINK
            last = moment
    return lids


def _drift(rhythm: Rhythm, dice: np.random.Generator, size: float, frequencies: Sequence[float]) -> Curve:
    """Never quite still: slow waves of unrelated lengths, the first the largest."""
    drift = np.zeros_like(rhythm.moments)
    for rank, frequency in enumerate(frequencies, start=1):
        phase = float(dice.uniform(0, 2 * np.pi))
        drift += size / rank * np.sin(2 * np.pi * frequency * rhythm.moments + phase)
    return drift


def _bumps(rhythm: Rhythm, bumps: Sequence[tuple[float, float, float]]) -> Curve:
    """Raise a hill of (start, length, height) for each; where hills meet, the higher one counts."""
    curve = np.zeros_like(rhythm.moments)
    for start, length, height in bumps:
        share = np.clip((rhythm.moments - start) / length, 0.0, 1.0)
        curve = np.maximum(curve, height * np.sin(np.pi * share) ** 2)
    return curve


def _plateaus(
    rhythm: Rhythm, plateaus: Sequence[tuple[float, float, float]], ease: float, back: float | None = None
) -> Curve:
    """Go to and stay at a height from start to end, within ``ease`` seconds; ``back`` within as many."""
    curve = np.zeros_like(rhythm.moments)
    for start, end, height in plateaus:
        curve += height * (_rise(rhythm.moments, start, ease) - _rise(rhythm.moments, end, back or ease))
    return curve


def _rise(moments: Curve, start: float, length: float) -> Curve:
    """Return 0 before ``start``, 1 after ``start + length``, and a raised cosine between."""
    share = np.clip((moments - start) / length, 0.0, 1.0)
    return 0.5 - 0.5 * np.cos(np.pi * share)
