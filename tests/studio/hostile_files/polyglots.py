"""Pictures that are something else too: what is stored may be the picture alone."""

import io
import zipfile
from collections.abc import Iterator

from tests.studio.hostile_files.sent import Sent, chunk, jpeg_with, picture, png, rows, segment, webp_with

SCRIPT = b"<script>alert('payload-of-a-polyglot')</script>"
PHP = b"<?php echo 'payload-of-a-polyglot'; __HALT_COMPILER(); ?>"
MARK = b"payload-of-a-polyglot"


def files() -> Iterator[Sent]:
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "AVIF"):
        suffix = kind.lower()
        for about, tail in {"HTML": SCRIPT, "PHAR": PHP, "ZIP": _zip(), "PDF": b"%PDF-1.7 " + MARK}.items():
            yield Sent(
                f"{kind} with {about} after it",
                picture(kind) + tail,
                "either",
                f"photo.{suffix}",
                f"image/{suffix}",
                (MARK,),
            )
        yield Sent(f"{kind} behind HTML", SCRIPT + picture(kind), "refused", f"photo.{suffix}", f"image/{suffix}")
    yield Sent("PDF with a JPEG in it", b"%PDF-1.7\n" + MARK + picture("JPEG") + b"\n%%EOF", "refused", "photo.jpg")
    yield Sent(
        "GIF whose size is a comment of JavaScript", b"GIF89a/*" + MARK + b"*/=1;" + SCRIPT, "refused", "photo.gif"
    )
    gif = picture("GIF")
    comment = b"\x21\xfe" + bytes([len(SCRIPT)]) + SCRIPT + b"\0"
    yield Sent("GIF with HTML in its comment", gif[:-1] + comment + b";", "either", "photo.gif", "image/gif", (MARK,))
    yield Sent(
        "JPEG with HTML in its comment", jpeg_with(segment(0xFE, SCRIPT)), "kept", "photo.jpg", "image/jpeg", (MARK,)
    )
    javascript = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0/*" + MARK + b"*/=alert(1);/*")
    yield Sent("JPEG that is JavaScript", jpeg_with(javascript), "either", "photo.jpg", "image/jpeg", (MARK, b"alert"))
    for number in (0xE1, 0xE2, 0xED, 0xEE, 0xEF):
        yield Sent(
            f"JPEG with PHP in APP{number & 15}",
            jpeg_with(segment(number, PHP)),
            "either",
            "photo.jpg",
            "image/jpeg",
            (MARK,),
        )
    for part in (b"tEXt", b"zzZz", b"iTXt", b"eXIf", b"sPLT"):
        hidden = chunk(part, b"Comment\0" + SCRIPT)
        yield Sent(
            f"PNG with HTML in {part.decode()}", png(9, 9, rows(9, 9), before=hidden), "either", payloads=(MARK,)
        )
    yield Sent("PNG with chunks after its end", picture() + chunk(b"tEXt", b"a\0" + SCRIPT), "kept", payloads=(MARK,))
    yield Sent(
        "PNG with more pixels than it has, of HTML", png(9, 9, rows(9, 9) + SCRIPT * 9), "either", payloads=(MARK,)
    )
    yield Sent(
        "WebP with HTML in a chunk of its own", webp_with((b"JUNK", SCRIPT)), "either", "photo.webp", payloads=(MARK,)
    )


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.html", SCRIPT)
    return out.getvalue()
