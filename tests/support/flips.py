"""Single-bit damage: all of it, or a fixed sample for engines that are slower."""

from __future__ import annotations

from collections.abc import Iterator

SAMPLE_SIZE = 256


def flipped(data: bytes, bit: int) -> bytes:
    """``data`` with one bit the other way; bit 0 is the first byte's highest."""
    byte, place = divmod(bit, 8)
    damaged = bytearray(data)
    damaged[byte] ^= 0x80 >> place
    return bytes(damaged)


def every_flip(data: bytes) -> Iterator[bytes]:
    """``data`` once for each of its bits."""
    return (flipped(data, bit) for bit in range(8 * len(data)))


def sampled_flips(data: bytes) -> Iterator[bytes]:
    """The same few for the same data, spread over the whole of it."""
    size = 8 * len(data)
    return (flipped(data, place * size // SAMPLE_SIZE) for place in range(SAMPLE_SIZE))


def every_truncation(data: bytes) -> Iterator[bytes]:
    """Every proper prefix."""
    return (data[:size] for size in range(len(data)))
