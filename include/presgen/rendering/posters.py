"""A still picture of a section, for lists and mails."""

from __future__ import annotations

from pathlib import Path

from presgen.media.picture import Picture, rgb_from_picture


def write_poster(picture: Picture, path: Path) -> None:
    """Write ``picture`` as a PNG file. Same picture, same bytes."""
    import numpy as np
    import skia

    rgb = rgb_from_picture(picture)
    opaque = np.full((*rgb.shape[:2], 4), 255, np.uint8)
    opaque[..., :3] = rgb
    image = skia.Image.fromarray(opaque, colorType=skia.kRGBA_8888_ColorType)
    path.write_bytes(bytes(image.encodeToData(skia.kPNG, 100)))
