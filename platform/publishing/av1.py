"""How many pixels an AVIF file makes its decoder work out, which its own header may understate.

AVIF tells a picture's size in its container, and AV1 once more in the coded data; the decoder goes by the latter and
scales. So 2 KB that call themselves 100 × 100 could take it 400 MB. ISO/IEC 14496-12 has the boxes, 23008-12 the items,
the AV1 specification the open bitstream units.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_SEQUENCE_HEADER = 1


class UnreadableBoxes(ValueError):
    """The file is not laid out as a still AVIF picture is."""


def coded_pixels(data: bytes) -> int:
    """Of all coded pictures in the file together: the picture, or its tiles; its opacity; a thumbnail.

    Raises UnreadableBoxes, also for a film.
    """
    try:
        top = dict(_boxes(data, 0, len(data)))
        if b"moov" in top:
            raise UnreadableBoxes("it moves")
        start, end = top[b"meta"]
        meta = dict(_boxes(data, start + 4, end))
        coded = _coded_items(data, *meta[b"iinf"])
        return sum(_pixels(item) for number, item in _items(data, *meta[b"iloc"]) if number in coded)
    except (KeyError, IndexError, OverflowError) as error:
        raise UnreadableBoxes("its parts are not where they should be") from error


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Each box's type, and where its content begins and ends."""
    while at + 8 <= end:
        size, kind, content = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, content = int.from_bytes(data[at + 8 : at + 16]), at + 16
        size = size or end - at
        if size < content - at or at + size > end:
            raise UnreadableBoxes("a part is longer than the whole")
        yield kind, (content, at + size)
        at += size


def _coded_items(data: bytes, at: int, end: int) -> set[int]:
    """The numbers of the items that are AV1."""
    found = set()
    for kind, (start, _) in _boxes(data, at + (6 if data[at] == 0 else 8), end):
        version = data[start]
        width = 2 if version < 3 else 4
        if kind != b"infe" or version < 2:
            raise UnreadableBoxes("its items are of an unknown kind")
        if data[start + 4 + width + 2 : start + 4 + width + 6] == b"av01":
            found.add(int.from_bytes(data[start + 4 : start + 4 + width]))
    return found


def _items(data: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Each item's number and its bytes."""
    read = _Reader(data[at:end])
    version = read.number(1)
    read.number(3)
    sizes = read.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    for _ in range(read.number(wide)):
        number = read.number(wide)
        method = read.number(2) & 15 if version else 0
        read.number(2)
        base, parts = read.number(base_size), []
        for _ in range(read.number(2)):
            if version and index_size:
                read.number(index_size)
            offset, length = read.number(offset_size), read.number(length_size)
            parts.append(data[base + offset : base + offset + length] if length else data[base + offset :])
        # Elsewhere than in the file's data lie only descriptions of how tiles make a picture.
        yield number, b"".join(parts) if method == 0 else b""


@dataclass
class _Reader:
    data: bytes
    at: int = 0

    def number(self, size: int) -> int:
        if self.at + size > len(self.data):
            raise IndexError
        self.at += size
        return int.from_bytes(self.data[self.at - size : self.at])


def _pixels(item: bytes) -> int:
    """The most that any of its sequence headers allows a frame to have."""
    found = [_frame(payload) for kind, payload in _units(item) if kind == _SEQUENCE_HEADER]
    if not found:
        raise UnreadableBoxes("a coded picture says nothing about itself")
    return max(found)


def _units(item: bytes) -> Iterator[tuple[int, bytes]]:
    """The open bitstream units, by their type."""
    at = 0
    while at < len(item):
        header = item[at]
        at += 2 if header & 4 else 1
        size = len(item) - at
        if header & 2:
            size = shift = 0
            while True:
                byte = item[at]
                at += 1
                size |= (byte & 127) << shift
                shift += 7
                if byte < 128 or shift > 56:
                    break
        yield header >> 3 & 15, item[at : at + size]
        at += size


def _frame(payload: bytes) -> int:
    """The largest frame of a sequence header, in pixels."""
    bits = _Bits(payload)
    bits.take(4)  # profile, still picture
    if bits.take(1):
        bits.take(5)
    else:
        _skip_operating_points(bits)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    return (bits.take(width_bits) + 1) * (bits.take(height_bits) + 1)


def _skip_operating_points(bits: "_Bits") -> None:
    delay_bits = 0
    if bits.take(1):  # how time is counted
        bits.take(64)
        if bits.take(1):
            bits.skip_uvlc()
        if bits.take(1):
            delay_bits = bits.take(5) + 1
            bits.take(42)
    has_display_delay = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if delay_bits and bits.take(1):
            bits.take(2 * delay_bits + 1)
        if has_display_delay and bits.take(1):
            bits.take(4)


class _Bits:
    def __init__(self, data: bytes) -> None:
        known = data[:512]
        self.value, self.left = int.from_bytes(known), len(known) * 8

    def take(self, count: int) -> int:
        if count > self.left:
            raise IndexError
        self.left -= count
        return self.value >> self.left & ((1 << count) - 1)

    def skip_uvlc(self) -> None:
        zeros = 0
        while not self.take(1):
            zeros += 1
        self.take(zeros)
