from __future__ import annotations

import pytest

from presgen.media.bits import BitReader, BitWriter


@pytest.mark.parametrize("number", [0, 1, 2, 3, 7, 8, 3600, 65_535])
def test_exp_golomb_numbers_come_back(number: int):
    writer = BitWriter()
    writer.unsigned(number)
    writer.bits(5, 3)
    writer.fill(1)

    reader = BitReader(writer.to_bytes())

    assert (reader.unsigned(), reader.bits(3)) == (number, 5)


def test_exp_golomb_codes_are_those_of_the_standard():
    # Table 9-2: 0 is "1", 1 is "010", 2 is "011", 3 is "00100".
    reader = BitReader(bytes([0b1_010_011_0, 0b0100_0000]))

    assert [reader.unsigned() for _ in range(4)] == [0, 1, 2, 3]
    assert reader.position == 12


def test_signed_numbers_alternate():
    # Table 9-3: 1, -1, 2, -2 are the codes of 1, 2, 3 and 4.
    writer = BitWriter()
    for code in range(5):
        writer.unsigned(code)
    writer.fill(0)
    reader = BitReader(writer.to_bytes())

    assert [reader.signed() for _ in range(5)] == [0, 1, -1, 2, -2]


def test_reading_past_the_end_is_an_error():
    with pytest.raises(ValueError, match="9 bits were asked for where 8 are left"):
        BitReader(b"\xff").bits(9)
    with pytest.raises(ValueError, match="asked for"):
        BitReader(b"\x00").unsigned()
