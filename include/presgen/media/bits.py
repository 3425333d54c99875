"""Reading and writing bit by bit, as codecs' headers are written."""

from __future__ import annotations


class BitReader:
    """Reads numbers from bytes, the highest bit of a byte first."""

    def __init__(self, content: bytes) -> None:
        self._number = int.from_bytes(content, "big")
        self._left = 8 * len(content)
        self._length = self._left

    @property
    def position(self) -> int:
        """Bits read so far."""
        return self._length - self._left

    def bits(self, count: int) -> int:
        """Return the number in the next ``count`` bits.

        Raises:
            ValueError: fewer are left.
        """
        if count > self._left:
            raise ValueError(f"{count} bits were asked for where {self._left} are left.")
        self._left -= count
        return (self._number >> self._left) & ((1 << count) - 1)

    def flag(self) -> bool:
        """Return the next bit as a truth."""
        return bool(self.bits(1))

    def unsigned(self) -> int:
        """Return the next number in Exp-Golomb code, ``ue(v)``."""
        zeros = 0
        while not self.bits(1):
            zeros += 1
        return (1 << zeros) - 1 + self.bits(zeros)

    def signed(self) -> int:
        """Return the next signed number in Exp-Golomb code, ``se(v)``."""
        number = self.unsigned()
        return (number + 1) // 2 if number % 2 else -number // 2


class BitWriter:
    """Collects numbers as bits."""

    def __init__(self) -> None:
        self._number = 0
        self.length = 0
        """Bits written so far."""

    def bits(self, number: int, count: int) -> None:
        """Append ``number`` in ``count`` bits."""
        self._number = self._number << count | number
        self.length += count

    def unsigned(self, number: int) -> None:
        """Append ``number`` in Exp-Golomb code, ``ue(v)``."""
        self.bits(number + 1, 2 * (number + 1).bit_length() - 1)

    def append(self, other: BitWriter) -> None:
        """Append what ``other`` has collected."""
        self.bits(other._number, other.length)

    def fill(self, bit: int) -> None:
        """Append that bit until a byte is full."""
        while self.length % 8:
            self.bits(bit, 1)

    def to_bytes(self) -> bytes:
        """Return what was written; it fills whole bytes."""
        return self._number.to_bytes(self.length // 8, "big")
