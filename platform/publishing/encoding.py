"""From the bytes of an upload to the files that readers get: decoded, bounded, written anew in a few widths and forms.

Pure: knows no tenant, no row and no folder. Whatever an upload carries beside its pixels, such as where a photograph
was taken, ends here.
"""

import hashlib
import io
import re
import threading
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from publishing.av1 import coded_pixels

if TYPE_CHECKING:
    from PIL import Image as Pillow

WIDTHS = (480, 960, 1600)
MOST_PIXELS = 25_000_000
MOST_BYTES = 30 * 1024 * 1024
LONGEST_SIDE = 16_383
"""Pixels; WebP has 14 bits for each."""
MOST_PASSES = 150
"""Of a JPEG; a progressive one has ten."""
# What Pillow may decode at all: raster formats that browsers upload. SVG and HTML are documents that run scripts, EPS
# is a program that Ghostscript would run.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
# On two cores a photograph of 12 megapixels takes 0.7 s as AVIF at speed 6, 3.0 s at 5 for not one byte less, and 0.5 s
# at 8 for a third more; a flat drawing of 1600 × 1000 is 6 KB at 6, 8 at 8, 27 at 9, and 18 as WebP.
_ENCODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 60, "speed": 6, "max_threads": 2}),
    "webp": ("WEBP", {"quality": 80}),
    "jpg": ("JPEG", {"quality": 80, "optimize": True, "progressive": True}),
    "png": ("PNG", {"compress_level": 6}),
}
# Pixels of all widths together; a photograph has 3 million. A strip of 1,600 × 15,600 has 36, which would take AVIF
# 17 s and half a gigabyte: it goes without, and the rest in a hurry.
_MUCH = 6_000_000
_HURRIED: dict[str, dict[str, Any]] = {
    "webp": {"method": 1, "alpha_quality": 50},
    "jpg": {},
    "png": {"compress_level": 2},
}
# For what must be there soon: some larger, and in a third of the time.
_QUICK: dict[str, dict[str, Any]] = {"avif": {"speed": 9}, "webp": {"method": 2}}
# A picture of 25 megapixels takes 300 MB while it is decoded and scaled: of ten that come at once eight wait.
_IN_WORK = threading.BoundedSemaphore(2)
# Of 16 bits a channel the upper eight are shown.
_DEEP = ("I", "I;16", "I;16B", "I;16L", "I;16N")
_MOST_PROFILE = 4 * 1024 * 1024
_NOT_NAMED = "picture"


class RefusedImage(ValueError):
    """This file does not become a picture; the message says why, in a sentence."""


@dataclass(frozen=True)
class Made:
    """What an upload became. `digest` is the upload's SHA-256, `files` are (width, suffix, bytes)."""

    digest: str
    name: str
    width: int
    height: int
    widths: Sequence[int]
    formats: list[str]
    files: list[tuple[int, str, bytes]] = field(repr=False)

    @property
    def bytes(self) -> int:
        return sum(len(data) for _, _, data in self.files)


def make(data: bytes, *, name: str, quickly: bool = False) -> Made:
    """The files that become of an upload; `quickly` makes larger ones in a third of the time.

    Raises RefusedImage for whatever is not a raster picture of at most 25 megapixels, 16,383 pixels a side and 30 MB.
    """
    name = tidy_name(name)
    with _IN_WORK:
        picture = decoded(data, name)
        shape = Shape(picture.width, picture.height, sorted({min(width, picture.width) for width in WIDTHS}))
        formats = formats_for(shape, picture)
        files = list(encoded(shape, picture, formats, name=name, quickly=quickly))
    digest = hashlib.sha256(data).hexdigest()
    return Made(digest, name, picture.width, picture.height, shape.widths, formats, files)


def tidy_name(name: str) -> str:
    """What a file is called, of at most 200 characters: no folder, nothing unseen or that turns its reading."""
    last = re.split(r"[\\/]", name)[-1]
    seen = "".join(character for character in last if character.isprintable()).strip()
    return seen[:200] if seen.strip(".") else _NOT_NAMED


def too_large(name: str, size: int) -> str:
    """The sentence for a file of so many bytes."""
    return f"{name} has {size / 1e6:.0f} MB; a picture may have {MOST_BYTES // 1024 // 1024}."


# --- Reading ---------------------------------------------------------------------------------------------------------


def decoded(data: bytes, name: str) -> "Pillow.Image":
    """Upright, in sRGB, in three channels, or in four where one can see through it; and nothing beside the pixels."""
    # Here, so that whoever only serves pictures does not load what makes them.
    from PIL import Image as Pillow
    from PIL import ImageOps, UnidentifiedImageError

    if len(data) > MOST_BYTES:
        raise RefusedImage(too_large(name, len(data)))
    if not data:
        raise RefusedImage(f"{name} is empty.")
    try:
        with warnings.catch_warnings():
            # Pillow's own bomb warning; the limit below is ours and lower.
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            picture = Pillow.open(io.BytesIO(data), formats=FORMATS)
            _bounded(picture.size, name)
            _bounded_within(data, picture.format, name)
            picture.load()
        upright = ImageOps.exif_transpose(picture)
        plain = _plain(upright)
    except RefusedImage:
        raise
    except UnidentifiedImageError:
        raise RefusedImage(f"{name} is not a JPEG, PNG, WebP, GIF or AVIF picture.") from None
    except Pillow.DecompressionBombError:
        raise RefusedImage(
            f"{name} has far too many pixels; a picture may have {MOST_PIXELS // 1_000_000} megapixels."
        ) from None
    except Exception as error:  # decoders raise what they like on damaged data: RuntimeError, struct.error …
        raise RefusedImage(f"{name} is damaged and cannot be read as a picture ({error}).") from error
    # Comments, profiles, descriptions: encoders write them out again where they find them.
    plain.info = {}
    return plain


def _bounded(size: tuple[int, int], name: str) -> None:
    """Known from the header alone: a bomb is refused before a pixel of it is decoded."""
    pixels = size[0] * size[1]
    if pixels > MOST_PIXELS:
        raise RefusedImage(f"{name} has {pixels / 1e6:.0f} megapixels; a picture may have {MOST_PIXELS // 1_000_000}.")
    if max(size) > LONGEST_SIDE:
        raise RefusedImage(f"{name} is {max(size):,} pixels long; a side of a picture may have {LONGEST_SIDE:,}.")


def _bounded_within(data: bytes, kind: str | None, name: str) -> None:
    """What a header can hide: coded pictures larger than it says, and passes over a picture without end."""
    # Its thumbnails have some too. 400 passes over 9 megapixels, in a file of 60 KB, take two seconds.
    if kind in ("JPEG", "MPO") and (passes := data.count(b"\xff\xda")) > MOST_PASSES:
        raise RefusedImage(f"{name} is painted in {passes:,} passes; a picture may have {MOST_PASSES}.")
    if kind == "AVIF":
        # With its opacity, which is a picture of its own, and a thumbnail.
        pixels = coded_pixels(data)
        if pixels > 2.5 * MOST_PIXELS:
            raise RefusedImage(
                f"{name} has {pixels / 1e6:.0f} megapixels; a picture may have {MOST_PIXELS // 1_000_000}."
            )


def _plain(picture: "Pillow.Image") -> "Pillow.Image":
    """In three channels of sRGB, or in four where one can see through it: many a picture has a fourth in vain."""
    if picture.mode in _DEEP:
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    plain = _in_srgb(picture, mode) or picture.convert(mode)
    is_opaque = mode == "RGBA" and plain.getchannel("A").getextrema() == (255, 255)
    return plain.convert("RGB") if is_opaque else plain


def _in_srgb(picture: "Pillow.Image", mode: str) -> "Pillow.Image | None":
    """By the profile that a picture brings, without which a phone's photograph would be pale; None: by none."""
    profile = picture.info.get("icc_profile")
    if not profile or len(profile) > _MOST_PROFILE:
        return None
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return None
        # A palette's profile is that of its colours; what is behind an alpha channel is three colours too.
        given = picture.convert(mode) if mode == "RGBA" or picture.mode == "P" else picture
        return ImageCms.profileToProfile(given, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except Exception:  # noqa: BLE001 -- a damaged profile, or one of another kind of colours: the numbers as they are
        return None


# --- Writing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shape:
    """Of a picture, in pixels; `widths` are those of its files."""

    width: int
    height: int
    widths: Sequence[int]

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Of its files, the largest first."""
        widths = sorted(self.widths, reverse=True)
        return [(width, max(1, round(self.height * width / self.width))) for width in widths]

    @property
    def is_much(self) -> bool:
        return sum(width * height for width, height in self.sizes) > _MUCH


def formats_for(shape: Shape, picture: "Pillow.Image") -> list[str]:
    """The best first; the last is for browsers, feed readers and networks that know no better."""
    return [*([] if shape.is_much else ["avif"]), "webp", "png" if picture.mode == "RGBA" else "jpg"]


def encoded(
    shape: Shape, picture: "Pillow.Image", formats: Sequence[str], *, name: str, quickly: bool = False
) -> Iterator[tuple[int, str, bytes]]:
    """The picture in these formats in all widths. Raises RefusedImage where one fails."""
    from PIL import Image as Pillow

    otherwise = _HURRIED if shape.is_much else _QUICK if quickly else {}
    try:
        for size in shape.sizes:
            # Each out of the one before, which costs half of what it does out of the first.
            picture = picture if size == picture.size else picture.resize(size, Pillow.Resampling.LANCZOS)
            for suffix in formats:
                kind, options = _ENCODERS[suffix]
                out = io.BytesIO()
                picture.save(out, kind, **(options | otherwise.get(suffix, {})))
                yield size[0], suffix, out.getvalue()
    except Exception as error:
        raise RefusedImage(f"{name} cannot be written anew as a picture ({error}).") from error
