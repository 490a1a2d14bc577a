"""Little files that want a lot of memory or time."""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image as Pillow

from tests.studio.hostile_files.sent import Sent, chunk, picture, png, rows


def files() -> Iterator[Sent]:
    for about, width, height in (
        ("a step too many", 5_001, 5_000), ("huge", 60_000, 60_000), ("as large as can be", 2**31 - 1, 2**31 - 1),
        ("a line", 20_000, 1), ("a pole", 1, 20_000), ("nothing", 0, 0), ("no height", 9, 0),
    ):  # fmt: skip
        yield Sent(f"PNG: {about}", png(width, height, b"\0" * 1000, depth=1, colours=0))
        yield Sent(f"GIF: {about}", _gif(width, height), name="a.gif", content_type="image/gif")
        yield Sent(f"JPEG: {about}", _jpeg(width, height), name="a.jpg", content_type="image/jpeg")
        yield Sent(f"AVIF: {about}", _avif(width, height), name="a.avif", content_type="image/avif")
    yield Sent("WebP: as large as can be", _webp(), name="a.webp", content_type="image/webp")
    yield Sent("PNG of 36 megapixels in 5 KB", png(6_000, 6_000, bytes(6_000 * 751), depth=1, colours=0))
    zeros = zlib.compress(bytes(80_000_000), 9)
    yield Sent("PNG whose pixels inflate to 80 MB", _with_pixels(zeros), "either")
    for kind, head in ((b"zTXt", b"a\0\0"), (b"iCCP", b"a\0\0"), (b"iTXt", b"a\0\1\0\0\0")):
        yield Sent(
            f"PNG whose {kind.decode()} inflates to 80 MB",
            png(9, 9, rows(9, 9), before=chunk(kind, head + zeros)),
            "either",
        )
    text = b"".join(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000), 9)) for _ in range(120))
    yield Sent("PNG of 120 texts of 1 MB", png(9, 9, rows(9, 9), before=text), "either")
    yield Sent("PNG of 50,000 chunks", png(9, 9, rows(9, 9), before=chunk(b"tEXt", b"a\0b") * 50_000), "either")
    yield Sent("JPEG of 5,000 passes", _passes(5_000), name="a.jpg", content_type="image/jpeg")
    yield Sent("GIF of 3,000 frames", _frames("GIF", 3_000), "kept", "a.gif", "image/gif")
    yield Sent("PNG of 300 frames", _frames("PNG", 300), "kept")
    yield Sent("WebP of 100 frames", _frames("WEBP", 100), "kept", "a.webp", "image/webp")
    yield Sent("GIF whose frame is larger than it is", _large_frame(), name="a.gif", content_type="image/gif")
    yield Sent("AVIF that calls itself smaller than it is", _understated(), name="a.avif", content_type="image/avif")


def _gif(width: int, height: int) -> bytes:
    clipped = [min(side, 65_535) for side in (width, height)]
    frame = b"," + struct.pack("<HHHHB", 0, 0, *clipped, 0) + b"\x02\x02D\x01\0;"
    return b"GIF89a" + struct.pack("<HH", *clipped) + b"\x80\0\0\0\0\0\xff\xff\xff" + frame


def _jpeg(width: int, height: int) -> bytes:
    plain = bytearray(picture("JPEG"))
    at = plain.index(b"\xff\xc0")
    plain[at + 5 : at + 9] = struct.pack(">HH", min(height, 65_535), min(width, 65_535))
    return bytes(plain)


def _avif(width: int, height: int) -> bytes:
    plain = bytearray(picture("AVIF"))
    at = plain.index(b"ispe")
    plain[at + 8 : at + 16] = struct.pack(">II", width, height)
    return bytes(plain)


def _webp() -> bytes:
    plain = bytearray(picture("WEBP", lossless=True))
    at = plain.index(b"VP8L") + 9
    plain[at : at + 4] = struct.pack("<I", 16_383 | 16_383 << 14)
    return bytes(plain)


def _with_pixels(compressed: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", compressed) + chunk(b"IEND", b"")


def _passes(number: int) -> bytes:
    plain = picture("JPEG", (2_000, 2_000), progressive=True, quality=5)
    last = plain[plain.rindex(b"\xff\xda") : -2]
    return plain[:-2] + last * number + b"\xff\xd9"


def _frames(kind: str, number: int) -> bytes:
    out = io.BytesIO()
    frames = [Pillow.new("RGB", (20, 20), (shade % 256, shade // 256, 9)) for shade in range(number)]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=20)
    return out.getvalue()


def _large_frame() -> bytes:
    frame = b"," + struct.pack("<HHHHB", 0, 0, 60_000, 60_000, 0) + b"\x02\x02D\x01\0;"
    return b"GIF89a" + struct.pack("<HH", 9, 9) + b"\x80\0\0\0\0\0\xff\xff\xff" + frame


def _understated() -> bytes:
    """64 megapixels that say that they are 100 × 100."""
    out = io.BytesIO()
    Pillow.new("L", (9_000, 9_000), 90).save(out, "AVIF", speed=10, quality=10)
    plain = bytearray(out.getvalue())
    at = plain.index(b"ispe")
    plain[at + 8 : at + 16] = struct.pack(">II", 100, 100)
    return bytes(plain)
