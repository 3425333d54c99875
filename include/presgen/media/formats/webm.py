"""1280 x 720 in codecs free of licence fees, for browsers; captions are shown by the player."""

from __future__ import annotations

from presgen.media.formats import Format, formats

formats.add(
    "webm",
    Format(
        name="webm",
        width=1280,
        height=720,
        video="vp9",
        audio="opus",
        container="webm",
        crf=34,
        audio_bit_rate=64_000,
        burned=False,
    ),
)
