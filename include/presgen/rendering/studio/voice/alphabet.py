"""The phoneme alphabet of the networks: misaki's, a symbol for each sound."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def symbol_ids() -> Mapping[str, int]:
    """Return the number by which Kokoro knows each symbol, and hibari, which Kokoro taught."""
    from hibari.tts import ASSETS

    ids: dict[str, int] = json.loads((Path(ASSETS) / "vocab.json").read_text(encoding="utf-8"))
    return ids
