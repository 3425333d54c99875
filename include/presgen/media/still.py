"""The same picture again in H.264, without an encoder: a slice that says "skip" of every macroblock.

Such a slice repeats the picture before it to the bit: no motion, no residual, no filter. It is some forty
bytes long and takes microseconds to write and next to none to decode, where x264 takes as long for a picture
that did not change as for one that hardly did. The names are those of ITU-T H.264, so that each line can be
compared with its clause.

A repeated picture is a reference like any other, because two pictures in a row that are none are forbidden
where decoding order is presentation order (8.2.1.3). So all pictures after it, up to the next key frame,
count one more in their ``frame_num``: a number of fixed width in their headers, put right in its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Self

from presgen.media.bits import BitReader, BitWriter

START = b"\0\0\0\1"
_SLICE = 1
_KEY_SLICE = 5
_PARAMETERS_OF_SEQUENCE = 7
_PARAMETERS_OF_PICTURE = 8
_IMPORTANCE = 2
"""``nal_ref_idc`` as x264 gives it to its own such pictures."""
_ALL_P = 5
"""``slice_type`` of a picture with nothing but P slices."""
_WITH_CHROMA_FORMAT = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128})

_START_CODE = re.compile(rb"\x00\x00\x01")
_TO_ESCAPE = re.compile(rb"\x00\x00(?=[\x00-\x03])")

_SKIP_SLOPE, _SKIP_OFFSET = 23, 33
"""m and n of ``mb_skip_flag`` in P slices for ``cabac_init_idc`` 0 (table 9-13)."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What slice headers of a stream depend on, from its parameter sets."""

    frame_num_bits: int
    macroblocks: int
    """In a picture."""
    cabac: bool
    weighted: bool
    filter_control: bool
    repeatable: bool
    """Whether a picture can be repeated: one reference, decoding order is presentation order, no fields."""

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read them from the parameter sets of a stream, with start codes before them.

        Raises:
            ValueError: one is absent or cut short.
        """
        units = {unit[0] & 31: BitReader(_unescaped(unit[1:])) for unit in _units(content)}
        if not {_PARAMETERS_OF_SEQUENCE, _PARAMETERS_OF_PICTURE} <= units.keys():
            raise ValueError("A parameter set is missing.")
        simple, frame_num_bits, macroblocks = _sequence(units[_PARAMETERS_OF_SEQUENCE])
        picture = units[_PARAMETERS_OF_PICTURE]
        numbers = picture.unsigned(), picture.unsigned()
        cabac, ordered = picture.flag(), picture.flag()
        groups, references = picture.unsigned(), picture.unsigned()
        picture.unsigned()  # num_ref_idx_l1_default_active_minus1
        weighted = picture.flag()
        picture.bits(2)  # weighted_bipred_idc
        quantiser = picture.signed()
        picture.signed()  # pic_init_qs_minus26
        picture.signed()  # chroma_qp_index_offset
        filter_control = picture.flag()
        picture.flag()  # constrained_intra_pred_flag
        redundant = picture.flag()
        plain = numbers == (0, 0) and not (ordered or groups or references or quantiser or redundant)
        return cls(frame_num_bits, macroblocks, cabac, weighted, filter_control, repeatable=simple and plain)


def _sequence(sequence: BitReader) -> tuple[bool, int, int]:
    """Return whether the order of pictures is simple, the bits of ``frame_num``, and the macroblocks."""
    profile = sequence.bits(8)
    sequence.bits(16)  # constraints and level
    number = sequence.unsigned()
    scaled = False
    if profile in _WITH_CHROMA_FORMAT:
        scaled = sequence.unsigned() == 3  # chroma_format_idc: a flag more
        sequence.unsigned()  # bit_depth_luma_minus8
        sequence.unsigned()  # bit_depth_chroma_minus8
        sequence.flag()  # qpprime_y_zero_transform_bypass_flag
        scaled = scaled or sequence.flag()
    frame_num_bits = sequence.unsigned() + 4
    if scaled or sequence.unsigned() != 2:  # pic_order_cnt_type
        return False, frame_num_bits, 0
    references = sequence.unsigned()
    sequence.flag()  # gaps_in_frame_num_value_allowed_flag
    width, height = sequence.unsigned() + 1, sequence.unsigned() + 1
    frames_only = sequence.flag()
    return number == 0 and references == 1 and frames_only, frame_num_bits, width * height


def repeated_picture(parameters: Parameters, frame_num: int) -> bytes:
    """Return the slice that shows the picture before it once more, with a start code."""
    slice_ = BitWriter()
    slice_.bits(_IMPORTANCE << 5 | _SLICE, 8)
    slice_.unsigned(0)  # first_mb_in_slice
    slice_.unsigned(_ALL_P)
    slice_.unsigned(0)  # pic_parameter_set_id
    slice_.bits(frame_num % (1 << parameters.frame_num_bits), parameters.frame_num_bits)
    slice_.bits(0, 1)  # num_ref_idx_active_override_flag
    slice_.bits(0, 1)  # ref_pic_list_modification_flag_l0
    if parameters.weighted:
        slice_.unsigned(0)  # luma_log2_weight_denom
        slice_.unsigned(0)  # chroma_log2_weight_denom
        slice_.bits(0, 2)  # luma_weight_l0_flag, chroma_weight_l0_flag: as they are
    slice_.bits(0, 1)  # adaptive_ref_pic_marking_mode_flag
    if parameters.cabac:
        slice_.unsigned(0)  # cabac_init_idc
    slice_.unsigned(0)  # slice_qp_delta
    if parameters.filter_control:
        slice_.unsigned(1)  # disable_deblocking_filter_idc: nothing to smooth
    if parameters.cabac:
        slice_.fill(1)
        slice_.append(_skipped_in_cabac(parameters.macroblocks))
    else:
        slice_.unsigned(parameters.macroblocks)  # mb_skip_run
        slice_.bits(1, 1)  # rbsp_stop_one_bit
    slice_.fill(0)
    return START + _escaped(slice_.to_bytes())


def renumbered(packet: bytes, parameters: Parameters, frame_num: int) -> bytes:
    """Return ``packet`` with that ``frame_num`` in the headers of all its slices."""
    return b"".join(
        START + (_renumbered(unit, parameters, frame_num) if unit[0] & 31 == _SLICE else unit)
        for unit in _units(packet)
    )


def frame_num_of(packet: bytes, parameters: Parameters) -> int:
    """Return the ``frame_num`` of a picture with start codes; that of a key frame is 0.

    Raises:
        ValueError: there is no picture in the packet.
    """
    for unit in _units(packet):
        if unit[0] & 31 == _KEY_SLICE:
            return 0
        if unit[0] & 31 == _SLICE:
            return _header(_unescaped(unit)[:16]).bits(parameters.frame_num_bits)
    raise ValueError("There is no picture in the packet.")


def _header(plain: bytes) -> BitReader:
    """Return the header of a slice, read up to its ``frame_num``."""
    header = BitReader(plain)
    header.bits(8)
    for _ in ("first_mb_in_slice", "slice_type", "pic_parameter_set_id"):
        header.unsigned()
    return header


def _renumbered(unit: bytes, parameters: Parameters, frame_num: int) -> bytes:
    plain = bytearray(_unescaped(unit))
    header = _header(bytes(plain[:16]))
    shift = 8 * 16 - header.position - parameters.frame_num_bits
    mask = (1 << parameters.frame_num_bits) - 1
    start = int.from_bytes(plain[:16].ljust(16, b"\0"), "big")
    start = start & ~(mask << shift) | (frame_num & mask) << shift
    plain[:16] = start.to_bytes(16, "big")[: len(plain)]
    return _escaped(bytes(plain))


def _units(content: bytes) -> list[bytes]:
    """Return the NAL units of a byte stream (annex B), without their start codes."""
    return [unit.rstrip(b"\0") for unit in _START_CODE.split(content) if unit.strip(b"\0")]


def _unescaped(unit: bytes) -> bytes:
    return unit.replace(b"\0\0\3", b"\0\0")


def _escaped(unit: bytes) -> bytes:
    return _TO_ESCAPE.sub(b"\\0\\0\3", unit)


@cache
def _skipped_in_cabac(macroblocks: int) -> BitWriter:
    """Return ``mb_skip_flag`` 1 and ``end_of_slice_flag`` 0 for every macroblock, and 1 for the last.

    The arithmetic encoder of 9.3.4.2, for the only two symbols there are: the one its state expects, and the
    one that ends or does not end the slice. All neighbours are skipped, so there is one state only.
    """
    start = min(max((_SKIP_SLOPE * 26 >> 4) + _SKIP_OFFSET, 1), 126)  # at SliceQPY 26
    state = start - 64
    slice_ = BitWriter()
    low, range_, outstanding, first = 0, 510, 0, True

    def put(bit: int) -> None:
        nonlocal outstanding, first
        if first:
            first = False
        else:
            slice_.bits(bit, 1)
        while outstanding:
            slice_.bits(1 - bit, 1)
            outstanding -= 1

    def renormalise() -> None:
        nonlocal low, range_, outstanding
        while range_ < 256:
            if low < 256:
                put(0)
            elif low >= 512:
                low -= 512
                put(1)
            else:
                low -= 256
                outstanding += 1
            range_ <<= 1
            low <<= 1

    for number in range(macroblocks):
        range_ -= _LESS_PROBABLE[state][(range_ >> 6) & 3]
        state = min(state + 1, 62)
        renormalise()
        range_ -= 2
        if number < macroblocks - 1:
            renormalise()
    low += range_
    range_ = 2
    renormalise()
    put((low >> 9) & 1)
    slice_.bits((low >> 7) & 3 | 1, 2)  # the last bit is rbsp_stop_one_bit
    return slice_


_LESS_PROBABLE = (
    (128, 176, 208, 240), (128, 167, 197, 227), (128, 158, 187, 216), (123, 150, 178, 205),
    (116, 142, 169, 195), (111, 135, 160, 185), (105, 128, 152, 175), (100, 122, 144, 166),
    (95, 116, 137, 158), (90, 110, 130, 150), (85, 104, 123, 142), (81, 99, 117, 135),
    (77, 94, 111, 128), (73, 89, 105, 122), (69, 85, 100, 116), (66, 80, 95, 110),
    (62, 76, 90, 104), (59, 72, 86, 99), (56, 69, 81, 94), (53, 65, 77, 89),
    (51, 62, 73, 85), (48, 59, 69, 80), (46, 56, 66, 76), (43, 53, 63, 72),
    (41, 50, 59, 69), (39, 48, 56, 65), (37, 45, 54, 62), (35, 43, 51, 59),
    (33, 41, 48, 56), (32, 39, 46, 53), (30, 37, 43, 50), (29, 35, 41, 48),
    (27, 33, 39, 45), (26, 31, 37, 43), (24, 30, 35, 41), (23, 28, 33, 39),
    (22, 27, 32, 37), (21, 26, 30, 35), (20, 24, 29, 33), (19, 23, 27, 31),
    (18, 22, 26, 30), (17, 21, 25, 28), (16, 20, 23, 27), (15, 19, 22, 25),
    (14, 18, 21, 24), (14, 17, 20, 23), (13, 16, 19, 22), (12, 15, 18, 21),
    (12, 14, 17, 20), (11, 14, 16, 19), (11, 13, 15, 18), (10, 12, 15, 17),
    (10, 12, 14, 16), (9, 11, 13, 15), (9, 11, 12, 14), (8, 10, 12, 14),
    (8, 9, 11, 13), (7, 9, 11, 12), (7, 9, 10, 12), (7, 8, 10, 11),
    (6, 8, 9, 11), (6, 7, 9, 10), (6, 7, 8, 9),
)  # fmt: skip
"""``rangeTabLPS`` (table 9-44)."""
