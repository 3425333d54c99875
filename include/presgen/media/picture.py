"""Pictures as the encoder wants them: three planes, BT.709, limited range."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import av
import numpy as np
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

Plane: TypeAlias = NDArray[np.uint8]

# ACCURATE_RND and BITEXACT keep the conversion the same whatever instructions a CPU has; FULL_CHR_H_INP
# looks at both pixels under a chroma sample instead of the left one, which red text on white needs.
_EXACT = (
    Interpolation.BILINEAR
    | Interpolation.ACCURATE_RND
    | Interpolation.BITEXACT
    | Interpolation.FULL_CHR_H_INP
)


class _Reformatters(threading.local):
    """One a thread: it keeps the scaler's tables from picture to picture and must not be shared."""

    def __init__(self) -> None:
        self.one = VideoReformatter()


_reformatters = _Reformatters()


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture in YUV 4:2:0, BT.709, limited range; the planes may be views of somebody else's memory."""

    y: Plane
    """(height, width), uint8, 16 black … 235 white."""
    u: Plane
    """(height / 2, width / 2), uint8, 128 is grey."""
    v: Plane
    """(height / 2, width / 2), uint8, 128 is grey."""

    def __post_init__(self) -> None:
        height, width = self.y.shape
        half = (height // 2, width // 2)
        if height % 2 or width % 2 or self.u.shape != half or self.v.shape != half:
            raise ValueError(
                f"Planes of {self.y.shape}, {self.u.shape} and {self.v.shape} are no 4:2:0 picture: "
                "width and height are even, the chroma planes half of both."
            )

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.y.shape[0])

    @property
    def planes(self) -> tuple[Plane, Plane, Plane]:
        """The planes y, u and v."""
        return self.y, self.u, self.v

    def copy(self) -> Picture:
        """Return the same picture in memory of its own."""
        return Picture(self.y.copy(), self.u.copy(), self.v.copy())

    def window(self, x: int, y: int, width: int, height: int) -> Picture:
        """Return the part of that size whose upper left corner is (x, y): a view, not a copy.

        Raises:
            ValueError: a number is odd or negative, or the part leaves the picture.
        """
        if any(number % 2 or number < 0 for number in (x, y, width, height)):
            raise ValueError(
                f"A window of {width}x{height} at ({x}, {y}): the numbers must be even and not negative."
            )
        if x + width > self.width or y + height > self.height:
            raise ValueError(
                f"A window of {width}x{height} at ({x}, {y}) leaves a picture of {self.width}x{self.height}."
            )
        rows, columns = slice(y, y + height), slice(x, x + width)
        half_rows, half_columns = slice(y // 2, (y + height) // 2), slice(x // 2, (x + width) // 2)
        return Picture(
            self.y[rows, columns], self.u[half_rows, half_columns], self.v[half_rows, half_columns]
        )

    def put(self, picture: Picture, x: int = 0, y: int = 0) -> None:
        """Write ``picture`` into this one, its upper left corner at (x, y), both even.

        Raises:
            ValueError: a number is odd or negative, or the picture does not fit.
        """
        window = self.window(x, y, picture.width, picture.height)
        for into, plane in zip(window.planes, picture.planes, strict=True):
            into[...] = plane


def blank(width: int, height: int) -> Picture:
    """Return a black picture."""
    return Picture(
        np.full((height, width), 16, np.uint8),
        np.full((height // 2, width // 2), 128, np.uint8),
        np.full((height // 2, width // 2), 128, np.uint8),
    )


def picture_from_rgb(pixels: NDArray[np.uint8]) -> Picture:
    """Return the picture of ``pixels``, (height, width, 3), sRGB, full range."""
    return _picture(pixels, "rgb24", 3)


def picture_from_bgra(pixels: NDArray[np.uint8]) -> Picture:
    """Return the picture of ``pixels``, (height, width, 4), full range, as skia's N32 draws them.

    The fourth channel is ignored: compose before you convert.
    """
    return _picture(pixels, "bgr0", 4)


def rgb_from_picture(picture: Picture) -> NDArray[np.uint8]:
    """Return the pixels of ``picture``, (height, width, 3), sRGB, full range."""
    frame = av.VideoFrame(picture.width, picture.height, "yuv420p")
    for into, plane in zip(views(frame).planes, picture.planes, strict=True):
        into[...] = plane
    converted = _reformatters.one.reformat(
        frame,
        format="rgb24",
        src_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=_EXACT | Interpolation.FULL_CHR_H_INT,
        threads=1,
    )
    return cast(Plane, converted.to_ndarray())


def views(frame: av.VideoFrame) -> Picture:
    """Return the planes of a yuv420p ``frame`` as writable views; they keep its memory alive."""
    y, u, v = (_rows(plane)[: plane.height, : plane.width] for plane in frame.planes)
    return Picture(y, u, v)


def _rows(plane: VideoPlane) -> Plane:
    """Return a plane with the unused bytes at the end of each row."""
    memory: Any = plane  # a buffer, which its type does not say
    return np.frombuffer(memory, np.uint8).reshape(-1, plane.line_size)


def _picture(pixels: NDArray[np.uint8], layout: str, channels: int) -> Picture:
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != channels:
        raise ValueError(f"Pixels are {pixels.dtype} {pixels.shape}, not uint8 (height, width, {channels}).")
    height, width, _ = pixels.shape
    if height % 2 or width % 2:
        raise ValueError(f"A picture of {width}x{height} cannot be 4:2:0: width and height must be even.")
    frame = av.VideoFrame(width, height, layout)
    [plane] = frame.planes
    _rows(plane)[:height, : width * channels] = pixels.reshape(height, width * channels)
    converted = _reformatters.one.reformat(
        frame,
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
        interpolation=_EXACT,
        # More threads are started anew for every size, which costs more than they save.
        threads=1,
    )
    return views(converted)
