"""What pictures carry beside what they show: where they were taken, by whom, and anything else. None of it is kept."""

import io
import struct
from collections.abc import Iterator
from typing import Any

from PIL import ExifTags, ImageCms
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from tests.studio.hostile_files.sent import Sent, chunk, jpeg_with, picture, png, rows, segment, webp_with

SECRET = b"secret-beside-the-pixels"
XMP = b'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b'</x:xmpmeta><?xpacket end="w"?>'
# 47°22'12" N, as Exif writes it.
PLACE = struct.pack(">IIIIII", 47, 1, 22, 1, 1234567, 100000)


def files() -> Iterator[Sent]:
    exif, icc = _exif(), _profile()
    for kind in ("JPEG", "PNG", "WEBP", "AVIF"):
        name, content_type = f"photo.{kind.lower()}", f"image/{kind.lower()}"
        beside: dict[str, dict[str, Any]] = {"Exif": {"exif": exif}, "a colour profile": {"icc_profile": icc}}
        for about, options in beside.items():
            yield Sent(f"{kind} with {about}", picture(kind, **options), "kept", name, content_type, (SECRET, PLACE))
        for size in ((300, 200), (700, 300)):  # as it is, and scaled
            both = picture(kind, size, exif=exif, icc_profile=icc)
            yield Sent(f"{kind} of {size[0]} pixels with both", both, "kept", name, content_type, (SECRET, PLACE))
    for kind in ("JPEG", "WEBP", "AVIF"):
        yield Sent(f"{kind} with XMP", picture(kind, xmp=XMP), "kept", f"photo.{kind.lower()}", payloads=(SECRET,))
    text = PngInfo()
    text.add_text("Comment", SECRET.decode())
    text.add_text("Author", SECRET.decode(), zip=True)
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    yield Sent("PNG with texts", picture(pnginfo=text), "kept", payloads=(SECRET,))
    yield Sent("PNG with texts, one can see through it", _see_through(text), "kept", payloads=(SECRET,))
    yield Sent(
        "PNG with a palette's name",
        png(9, 9, rows(9, 9), before=chunk(b"sPLT", SECRET + b"\0\x08")),
        "kept",
        payloads=(SECRET,),
    )
    yield Sent(
        "PNG with Exif after its pixels",
        png(9, 9, rows(9, 9), after=chunk(b"eXIf", exif[6:])),
        "kept",
        payloads=(SECRET,),
    )
    yield Sent("JPEG with a comment", picture("JPEG", comment=SECRET), "kept", "photo.jpg", payloads=(SECRET,))
    yield Sent(
        "JPEG with IPTC",
        jpeg_with(segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x20\x1c\x02\x78\0\x18" + SECRET)),
        "either",
        "photo.jpg",
        payloads=(SECRET,),
    )
    yield Sent(
        "JPEG with a broken profile",
        jpeg_with(segment(0xE2, b"ICC_PROFILE\0\x01\x01" + SECRET * 9)),
        "kept",
        "photo.jpg",
        payloads=(SECRET,),
    )
    yield Sent(
        "WebP with all of it", webp_with((b"EXIF", exif[6:]), (b"XMP ", XMP)), "kept", "photo.webp", payloads=(SECRET,)
    )
    yield Sent("GIF with a comment", picture("GIF", comment=SECRET), "kept", "photo.gif", payloads=(SECRET,))
    yield Sent(
        "JPEG with Exif that leads in a circle",
        jpeg_with(segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\x08")),
        "kept",
        "photo.jpg",
    )
    yield Sent(
        "JPEG with Exif that lies about its length",
        jpeg_with(segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff")),
        "either",
        "photo.jpg",
    )


def _exif() -> bytes:
    exif = Pillow.Exif()
    exif[ExifTags.Base.ImageDescription] = SECRET.decode()
    exif[ExifTags.Base.Artist] = SECRET.decode()
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (47.0, 22.0, 12.34567)
    exif[ExifTags.Base.UserComment] = SECRET
    return exif.tobytes()


def _profile() -> bytes:
    """sRGB, with the secret among its words."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile + SECRET


def _see_through(text: PngInfo) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGBA", (60, 40), (9, 90, 200, 120)).save(out, "PNG", pnginfo=text, icc_profile=_profile(), exif=_exif())
    return out.getvalue()
