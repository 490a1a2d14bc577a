"""A file as it is sent, and the parts that such files are made of."""

import io
import struct
import zlib
from dataclasses import dataclass, field
from typing import Any, Literal

from PIL import Image as Pillow

Outcome = Literal["refused", "kept", "either"]


@dataclass(frozen=True)
class Sent:
    """What is sent, under which name and type; and what must come of it: `payloads` are bytes that nobody may get."""

    about: str
    data: bytes = field(repr=False)
    outcome: Outcome = "refused"
    name: str = "picture.png"
    content_type: str = "image/png"
    payloads: tuple[bytes, ...] = ()


def picture(kind: str = "PNG", size: tuple[int, int] = (48, 32), mode: str = "RGB", **options: Any) -> bytes:
    """A small picture that is not of one colour."""
    drawn = Pillow.linear_gradient("L").resize(size)
    if mode != "L":
        drawn = drawn.convert(mode) if mode in ("RGB", "1", "P", "CMYK", "RGBA") else drawn.convert("RGB").convert(mode)
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """Of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, pixels: bytes, *, depth: int = 8, colours: int = 2, before: bytes = b"", after: bytes = b""
) -> bytes:
    """A PNG by hand: `pixels` are the rows with their filter bytes, `before` and `after` chunks around them."""
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    body = chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(pixels, 9)) + after + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def rows(width: int, height: int, samples: int = 3, value: int = 90) -> bytes:
    return (b"\0" + bytes([value]) * width * samples) * height


def segment(marker: int, data: bytes) -> bytes:
    """Of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def jpeg_with(*segments: bytes) -> bytes:
    plain = picture("JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


def webp_with(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP of the extended form with these chunks at its end."""
    image = picture("WEBP")[12:]
    flags = 0
    parts = b""
    for name, data in chunks:
        flags |= {b"EXIF": 8, b"XMP ": 4, b"ICCP": 32}.get(name, 0)
        part = name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
        parts = parts + part if name != b"ICCP" else part + parts
    first = b"".join(part for part in [parts] if flags & 32)
    last = b"" if flags & 32 else parts
    extended = b"VP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0]) + _three(47) + _three(31)
    body = b"WEBP" + extended + first + image + last
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _three(number: int) -> bytes:
    return struct.pack("<I", number)[:3]
