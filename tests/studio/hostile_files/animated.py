"""What moves is kept as its first image, or refused."""

import io
from collections.abc import Iterator

from PIL import Image as Pillow

from tests.studio.hostile_files.sent import Sent


def files() -> Iterator[Sent]:
    for kind in ("GIF", "PNG", "WEBP"):
        yield Sent(f"{kind} that moves", _moving(kind, "RGB"), "kept", f"a.{kind.lower()}", f"image/{kind.lower()}")
        yield Sent(f"{kind} that moves, one can see through it", _moving(kind, "RGBA"), "kept", f"a.{kind.lower()}")
    yield Sent("AVIF that moves", _moving("AVIF", "RGB"), "refused", "a.avif", "image/avif")
    yield Sent("JPEG of several pictures", _moving("MPO", "RGB"), "kept", "a.jpg", "image/jpeg")
    yield Sent("TIFF of several pictures", _moving("TIFF", "RGB"), "refused", "a.jpg", "image/jpeg")


def _moving(kind: str, mode: str) -> bytes:
    out = io.BytesIO()
    shades = ["#f00", "#00f", "#0f0"] if mode == "RGB" else ["#f008", "#00f8", "#0f08"]
    frames = [Pillow.new(mode, (40, 30), shade) for shade in shades]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()
