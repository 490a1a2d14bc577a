"""Every way in which a picture's colours can be written."""

import struct
from collections.abc import Iterator

from tests.studio.hostile_files.sent import Sent, chunk, picture, png, rows


def files() -> Iterator[Sent]:
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        yield Sent(f"PNG, {mode}", picture("PNG", mode=mode), "kept")
    for mode in ("L", "RGB", "CMYK", "YCbCr"):
        yield Sent(f"JPEG, {mode}", picture("JPEG", mode=mode), "kept", "photo.jpg", "image/jpeg")
    for colours, samples in ((0, 1), (2, 3), (4, 2), (6, 4)):
        deep = png(9, 9, rows(9, 9, samples * 2), depth=16, colours=colours)
        yield Sent(f"PNG of 16 bits, {samples} samples", deep, "kept")
    yield Sent(
        "PNG with a colour one can see through",
        png(9, 9, rows(9, 9), before=chunk(b"tRNS", struct.pack(">HHH", 90, 90, 90))),
        "kept",
    )
    yield Sent("PNG whose palette is missing", png(9, 9, rows(9, 9, 1), colours=3), "either")
    short = chunk(b"PLTE", b"\1\2\3") + chunk(b"tRNS", bytes(300))
    yield Sent("PNG whose palette is too short", png(9, 9, rows(9, 9, 1), colours=3, before=short), "either")
    yield Sent("PNG of an unknown kind of colours", png(9, 9, rows(9, 9), colours=5))
    yield Sent("PNG of an unknown depth", png(9, 9, rows(9, 9), depth=7))
    yield Sent("WebP without loss", picture("WEBP", lossless=True), "kept", "a.webp", "image/webp")
    yield Sent("WebP one can see through", picture("WEBP", mode="RGBA"), "kept", "a.webp", "image/webp")
    yield Sent("GIF, grey", picture("GIF", mode="L"), "kept", "a.gif", "image/gif")
    yield Sent("one pixel", picture(size=(1, 1)), "kept")
