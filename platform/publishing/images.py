"""Pictures as they arrive: decoded, bounded, written anew in a few widths and formats.

Nothing of the upload itself is ever served. What moves is kept as its first image: a page that moves by itself cannot
be read by everybody, and frames have no bound.
"""

import hashlib
import io
import os
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q

from publishing.models import Image
from publishing.models.images import OLDEST_FORMAT
from tenants.models import Tenant

if TYPE_CHECKING:
    from PIL import Image as Pillow

    from publishing.bodies.pictures import Pictures

WIDTHS = (480, 960, 1600)
MOST_PIXELS = 25_000_000
MOST_BYTES = 30 * 1024 * 1024
LONGEST_SIDE = 16_383
"""Pixels; WebP has 14 bits for each."""
# What Pillow may decode at all: raster formats that browsers upload. SVG and HTML are documents that run scripts.
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
# The width of a picture in a body that a browser without `srcset` gets.
BODY_WIDTH = 960


class RefusedImage(ValueError):
    """This file does not become a picture; the message says why, in a sentence."""


def store(tenant: Tenant, data: bytes, *, name: str, alt: str = "", caption: str = "", quickly: bool = False) -> Image:
    """Keep a picture for a tenant, in up to three widths as AVIF, WebP and JPEG, or PNG where one can see through it.

    `quickly` makes larger files in a third of the time. The same bytes again give the same Image. Raises RefusedImage
    for whatever is not a raster picture of at most 25 megapixels, 16,383 pixels a side and 30 MB.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = Image.objects.filter(tenant=tenant, digest=digest).first()
    if known:
        return known
    picture = _decoded(data, name)
    image = Image(
        tenant=tenant, digest=digest, name=Path(name).name[:200], alt=alt[:500], caption=caption[:500],
        width=picture.width, height=picture.height, widths=sorted({min(width, picture.width) for width in WIDTHS}),
    )  # fmt: skip
    image.formats = _formats_for(image, picture)
    _keep(image, picture, image.formats, quickly=quickly)
    # Last: files without a row are found again by digest and overwritten, a row without files would be a hole.
    image.save()
    return image


def lacks_formats(image: Image) -> bool:
    """Whether an older Masthead made it, in fewer formats than this one would."""
    return len(image.formats) < (2 if _is_much(image) else 3)


def complete(image: Image) -> None:
    """Make the formats that a picture lacks, from its largest file. No file is written anew: each is held for ever.

    Raises RefusedImage where that file is missing or damaged.
    """
    known = image.formats or [OLDEST_FORMAT]
    original = file_of(image, max(image.widths, default=0), "png" if "png" in known else OLDEST_FORMAT)
    try:
        picture = _decoded(original.read_bytes(), image.name)
    except OSError as error:
        raise RefusedImage(f"{image.name}: {original.name} cannot be read ({error.strerror or error}).") from error
    formats = _formats_for(image, picture)
    _keep(image, picture, [suffix for suffix in formats if suffix not in known])
    image.formats = [*(suffix for suffix in known if suffix not in formats), *formats]
    image.save(update_fields=["formats"])


def shown_in(tenant_id: int, source: str) -> "Pictures":
    """The tenant's pictures that a body names, for rendering it; in one statement, or in none. Expects its scope."""
    # Here, so that whoever only serves pictures does not load what renders bodies.
    from publishing.bodies.pictures import OwnPicture, named_in

    if not (stems := named_in(source)):
        return {}
    # Ranges, which the index on tenant and digest answers; a digest has no letter after f.
    wanted = Q()
    for stem in stems:
        wanted |= Q(digest__gte=stem, digest__lt=f"{stem}g")
    images = Image.objects.filter(wanted, tenant=tenant_id)
    return {
        image.stem: OwnPicture(*image.variants(BODY_WIDTH), image.width, image.height, image.alt)
        for image in images
        if image.widths
    }


def file_of(image: Image, width: int, suffix: str) -> Path:
    return media_path(image.tenant_id, f"{image.stem}-{width}.{suffix}")


def media_path(tenant_id: int, file_name: str) -> Path:
    """Where a tenant's file lies; the name has no directory part."""
    return Path(settings.MEDIA_ROOT) / str(tenant_id) / Path(file_name).name


def too_large(name: str, size: int) -> str:
    """The sentence for a file of so many bytes."""
    return f"{name} has {size / 1e6:.0f} MB; a picture may have {MOST_BYTES // 1024 // 1024}."


def _decoded(data: bytes, name: str) -> "Pillow.Image":
    # Here, so that whoever only serves pictures does not load what makes them.
    from PIL import Image as Pillow
    from PIL import ImageOps, UnidentifiedImageError

    if len(data) > MOST_BYTES:
        raise RefusedImage(too_large(name, len(data)))
    try:
        with warnings.catch_warnings():
            # Pillow's own bomb warning; the limit below is ours and lower.
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            picture = Pillow.open(io.BytesIO(data), formats=FORMATS)
            # Known from the header alone: a bomb is refused before a pixel of it is decoded.
            if picture.width * picture.height > MOST_PIXELS:
                raise RefusedImage(
                    f"{name} has {picture.width * picture.height / 1e6:.0f} megapixels; "
                    f"a picture may have {MOST_PIXELS // 1_000_000}."
                )
            if max(picture.size) > LONGEST_SIDE:
                raise RefusedImage(
                    f"{name} is {max(picture.size):,} pixels long; a side of a picture may have {LONGEST_SIDE:,}."
                )
            picture.load()
        return _plain(ImageOps.exif_transpose(picture))
    except RefusedImage:
        raise
    except UnidentifiedImageError:
        raise RefusedImage(f"{name} is not a JPEG, PNG, WebP, GIF or AVIF picture.") from None
    except Exception as error:  # decoders raise what they like on damaged data: RuntimeError, struct.error …
        raise RefusedImage(f"{name} is damaged and cannot be read as a picture ({error}).") from error


def _plain(picture: "Pillow.Image") -> "Pillow.Image":
    """In three channels, or in four where one can see through it: many a picture has a fourth in vain."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    with_alpha = picture.convert("RGBA")
    return with_alpha.convert("RGB") if with_alpha.getchannel("A").getextrema() == (255, 255) else with_alpha


def _formats_for(image: Image, picture: "Pillow.Image") -> list[str]:
    """The best first; the last is for browsers, feed readers and networks that know no better."""
    return [*([] if _is_much(image) else ["avif"]), "webp", "png" if picture.mode == "RGBA" else "jpg"]


def _is_much(image: Image) -> bool:
    return sum(width * height for width, height in _sizes(image)) > _MUCH


def _sizes(image: Image) -> list[tuple[int, int]]:
    """Of its files, the largest first."""
    widths: list[int] = sorted(image.widths, reverse=True)
    return [(width, max(1, round(image.height * width / image.width))) for width in widths]


def _keep(image: Image, picture: "Pillow.Image", formats: Sequence[str], *, quickly: bool = False) -> None:
    """Write the picture in these formats in all of the image's widths, or, where one fails, in none."""
    made = list(_encoded(image, picture, formats, _HURRIED if _is_much(image) else _QUICK if quickly else {}))
    for width, suffix, data in made:
        _write(file_of(image, width, suffix), data)


def _encoded(
    image: Image, picture: "Pillow.Image", formats: Sequence[str], otherwise: dict[str, dict[str, Any]]
) -> Iterator[tuple[int, str, bytes]]:
    from PIL import Image as Pillow

    try:
        for size in _sizes(image):
            # Each out of the one before, which costs half of what it does out of the first.
            picture = picture if size == picture.size else picture.resize(size, Pillow.Resampling.LANCZOS)
            for suffix in formats:
                kind, options = _ENCODERS[suffix]
                out = io.BytesIO()
                picture.save(out, kind, **(options | otherwise.get(suffix, {})))
                yield size[0], suffix, out.getvalue()
    except Exception as error:
        raise RefusedImage(f"{image.name} cannot be written anew as a picture ({error}).") from error


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: a reader never meets half a file.
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
