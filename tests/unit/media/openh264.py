"""A second opinion on H.264: OpenH264, where the system has it (Debian: libopenh264-7)."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path

import av
import numpy as np
from av.bitstream import BitStreamFilterContext
from numpy.typing import NDArray

LIBRARY = find_library("openh264")

_Planes = ctypes.POINTER(ctypes.c_ubyte) * 3


class _Buffer(ctypes.Structure):
    """SBufferInfo of codec_def.h."""

    _fields_ = (
        ("status", ctypes.c_int),
        ("times", ctypes.c_ulonglong * 2),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("format", ctypes.c_int),
        ("strides", ctypes.c_int * 2),
        ("planes", _Planes),
    )


class _Parameters(ctypes.Structure):
    """SDecodingParam of codec_app_def.h. No concealment: damage is an error."""

    _fields_ = (
        ("file", ctypes.c_char_p),
        ("load", ctypes.c_uint),
        ("layer", ctypes.c_ubyte),
        ("concealment", ctypes.c_int),
        ("parse_only", ctypes.c_bool),
        ("size", ctypes.c_uint),
        ("kind", ctypes.c_int),
    )


_INITIALIZE, _UNINITIALIZE, _DECODE, _FLUSH = 0, 1, 3, 5


class _Decoder:
    """ISVCDecoder, by the places of its methods."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(LIBRARY)
        self._self = ctypes.c_void_p()
        assert self._library.WelsCreateDecoder(ctypes.byref(self._self)) == 0
        table = ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p * 6))
        self._methods = ctypes.cast(self._self, table).contents.contents
        parameters = _Parameters(layer=255, size=8)
        assert self._call(_INITIALIZE, ctypes.byref(parameters)) == 0

    def decode(self, packet: bytes) -> NDArray[np.uint8] | None:
        """Return the picture that is ready, if one is."""
        buffer, planes = _Buffer(), _Planes()
        error = self._call(_DECODE, packet, len(packet), ctypes.byref(planes), ctypes.byref(buffer))
        assert error == 0, f"OpenH264 says {error:#x}"
        return _picture(buffer, planes)

    def flush(self) -> NDArray[np.uint8] | None:
        """Return the picture that was kept back, if one was."""
        buffer, planes = _Buffer(), _Planes()
        assert self._call(_FLUSH, ctypes.byref(planes), ctypes.byref(buffer)) == 0
        return _picture(buffer, planes)

    def close(self) -> None:
        self._call(_UNINITIALIZE)
        self._library.WelsDestroyDecoder(self._self)

    def _call(self, method: int, *arguments: object) -> int:
        function = ctypes.CFUNCTYPE(ctypes.c_int)(self._methods[method])
        function.argtypes = None
        return int(function(self._self, *arguments))


def pictures(path: Path) -> Iterator[NDArray[np.uint8]]:
    """Yield the pictures of an MP4 file as OpenH264 sees them, (height * 3 / 2, width), plane under plane."""
    decoder = _Decoder()
    try:
        with av.open(str(path)) as file:
            stream = file.streams.video[0]
            plain = BitStreamFilterContext("h264_mp4toannexb", stream)
            for packet in file.demux(stream):
                if packet.size:
                    found = decoder.decode(b"".join(bytes(part) for part in plain.filter(packet)))
                    if found is not None:
                        yield found
        while (found := decoder.flush()) is not None:
            yield found
    finally:
        decoder.close()


def _picture(buffer: _Buffer, planes: ctypes.Array) -> NDArray[np.uint8] | None:
    if buffer.status != 1:
        return None
    sizes = [(buffer.height, buffer.width)] + 2 * [(buffer.height // 2, buffer.width // 2)]
    strides = (buffer.strides[0], buffer.strides[1], buffer.strides[1])
    found = [
        np.ctypeslib.as_array(plane, (height * stride,)).reshape(height, stride)[:, :width].ravel()
        for plane, (height, width), stride in zip(planes, sizes, strides, strict=True)
    ]
    return np.concatenate(found).reshape(-1, buffer.width)
