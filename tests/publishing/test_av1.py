"""How many pixels an AVIF file makes its decoder work out."""

import io
import struct
from contextlib import suppress

import pytest
from PIL import Image as Pillow

from publishing.av1 import UnreadableBoxes, coded_pixels


def avif(size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    drawn = Pillow.new(mode, size, "red")
    if mode == "RGBA":
        drawn.putpixel((0, 0), (0, 0, 0, 0))
    drawn.save(out, "AVIF", **options)
    return out.getvalue()


def test_of_a_picture_and_of_its_opacity():
    assert coded_pixels(avif()) == 64 * 48
    assert coded_pixels(avif(mode="RGBA")) == 2 * 64 * 48
    assert coded_pixels(avif((1_000, 3), xmp=b"<x/>")) == 3_000


def test_what_the_container_says_does_not_matter():
    plain = bytearray(avif((900, 700)))
    at = plain.index(b"ispe")
    plain[at + 8 : at + 16] = struct.pack(">II", 10, 10)
    assert coded_pixels(bytes(plain)) == 900 * 700


def test_a_film_is_none():
    with pytest.raises(UnreadableBoxes, match="it moves"):
        coded_pixels(avif(save_all=True, append_images=[Pillow.new("RGB", (64, 48), "blue")]))


@pytest.mark.parametrize("length", range(0, 300, 7))
def test_half_a_file_is_told_of_or_refused_and_never_worse(length: int):
    whole = avif()
    for damaged in (whole[:length], whole[:length] + bytes(9) + whole[length + 9 :], whole[length:]):
        with suppress(UnreadableBoxes):
            assert coded_pixels(damaged) >= 0
