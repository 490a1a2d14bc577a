"""Pictures as they arrive: decoded, bounded, written anew in a few widths.

Nothing of the upload itself is ever served.
"""

import hashlib
import io
import os
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from publishing.models import Image
from tenants.models import Tenant

if TYPE_CHECKING:
    from PIL import Image as Pillow

WIDTHS = (480, 960, 1600)
MOST_PIXELS = 25_000_000
MOST_BYTES = 30 * 1024 * 1024
LONGEST_SIDE = 16_383
"""Pixels; WebP has 14 bits for each."""
# What Pillow may decode at all: raster formats that browsers upload. SVG and HTML are documents that run scripts.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
QUALITY = 80


class RefusedImage(ValueError):
    """This file does not become a picture; the message says why, in a sentence."""


def store(tenant: Tenant, data: bytes, *, name: str, alt: str = "", caption: str = "") -> Image:
    """Keep a picture for a tenant, in up to three widths as WebP. The same bytes again give the same Image.

    Raises RefusedImage for whatever is not a raster picture of at most 25 megapixels, 16,383 pixels a side and 30 MB.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = Image.objects.filter(tenant=tenant, digest=digest).first()
    if known:
        return known
    picture = _decoded(data, name)
    widths = sorted({min(width, picture.width) for width in WIDTHS})
    image = Image(
        tenant=tenant, digest=digest, name=Path(name).name[:200], alt=alt[:500], caption=caption[:500],
        width=picture.width, height=picture.height, widths=widths,
    )  # fmt: skip
    for width, data_of_width in [(width, _encoded(picture, width, name)) for width in widths]:
        _write(media_path(tenant.pk, f"{image.stem}-{width}.webp"), data_of_width)
    # Last: files without a row are found again by digest and overwritten, a row without files would be a hole.
    image.save()
    return image


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
        return ImageOps.exif_transpose(picture).convert("RGBA" if _has_alpha(picture) else "RGB")
    except RefusedImage:
        raise
    except UnidentifiedImageError:
        raise RefusedImage(f"{name} is not a JPEG, PNG, WebP, GIF or AVIF picture.") from None
    except Exception as error:  # decoders raise what they like on damaged data: RuntimeError, struct.error …
        raise RefusedImage(f"{name} is damaged and cannot be read as a picture ({error}).") from error


def _has_alpha(picture: "Pillow.Image") -> bool:
    return picture.has_transparency_data


def _encoded(picture: "Pillow.Image", width: int, name: str) -> bytes:
    from PIL import Image as Pillow

    height = max(1, round(picture.height * width / picture.width))
    out = io.BytesIO()
    try:
        scaled = picture if width == picture.width else picture.resize((width, height), Pillow.Resampling.LANCZOS)
        scaled.save(out, "WEBP", quality=QUALITY)
    except Exception as error:
        raise RefusedImage(f"{name} cannot be written anew as a picture ({error}).") from error
    return out.getvalue()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: a reader never meets half a file.
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
