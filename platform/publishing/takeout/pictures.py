"""What a takeout says of its pictures, believed only as far as it is checked: names of files, and markup, follow it."""

import io
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from publishing.models import Image
from publishing.models.images import MEDIA_TYPES, OLDEST_FORMAT, STEM
from publishing.takeout.layout import IMAGE, NotATakeout
from tenants.models import Tenant

# Pixels; the names of files have no room for more digits.
MOST_ACROSS = 99_999
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PILLOW = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG", "png": "PNG"}


def pictures_of(tenant: Tenant, told: Sequence[Mapping[str, Any]], names: Collection[str]) -> list[Image]:
    """The rows that images.json tells of, not saved; `names` are those of the takeout's entries.

    Raises NotATakeout, in a sentence, for a picture that no upload could have become or whose files are not there.
    """
    images = [_picture(tenant, one) for one in told]
    there, stems = set(names), set()
    for image in images:
        lacking = [name for name in _files(image) if name not in there]
        if lacking:
            raise NotATakeout(f"The takeout lacks {lacking[0]}, a file of the picture “{image.name}”.")
        if image.stem in stems:
            raise NotATakeout(f"images.json has the picture {image.stem} twice.")
        stems.add(image.stem)
    return images


def refuse_other(file_name: str, data: bytes) -> None:
    """A file must be a picture of the kind and width that its name says."""
    from PIL import Image as Pillow

    stem, _, suffix = file_name.rpartition(".")
    try:
        with Pillow.open(io.BytesIO(data), formats=[_PILLOW[suffix]]) as picture:
            if picture.width != int(stem.rpartition("-")[2]):
                raise NotATakeout(f"{file_name} is {picture.width} pixels wide.")
            picture.load()
    except NotATakeout:
        raise
    except Exception as error:  # decoders raise what they like on damaged data
        raise NotATakeout(f"{file_name} is no picture of its kind ({error}).") from error


def _picture(tenant: Tenant, one: Mapping[str, Any]) -> Image:
    image = Image(tenant=tenant, **{name: one[name] for name in IMAGE})
    if wrong := _wrong(image):
        raise NotATakeout(f"images.json says {wrong} of the picture “{str(image.name)[:100]}”.")
    try:
        image.full_clean(exclude=["tenant"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        about = " ".join(error.messages)
        raise NotATakeout(f"images.json has a picture “{str(image.name)[:100]}” that cannot be: {about}") from error
    return image


def _wrong(image: Image) -> str:
    """What of it is written into addresses and markup and cannot be so; empty where all can."""
    if not isinstance(image.digest, str) or not _DIGEST.fullmatch(image.digest):
        return "a digest that is none"
    if not _is_within(1, image.width, MOST_ACROSS) or not _is_within(1, image.height, MOST_ACROSS):
        return "a size that no picture has"
    if not _is_list(image.widths) or not all(_is_within(1, width, image.width) for width in image.widths):
        return "widths that it cannot have"
    if not _is_list(image.formats) or not all(isinstance(one, str) and one in MEDIA_TYPES for one in image.formats):
        return "formats that are none"
    if not _is_within(0, image.focus_x, 100) or not _is_within(0, image.focus_y, 100):
        return "a focus that lies outside"
    return "" if _is_within(0, image.bytes, 2**63 - 1) else "a size of its files that cannot be"


def _is_list(value: object) -> bool:
    return isinstance(value, list) and len(value) == len({str(one) for one in value})


def _is_within(least: int, value: object, most: int) -> bool:
    # To Python, and not to JSON, true is a number.
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _files(image: Image) -> list[str]:
    formats = image.formats or [OLDEST_FORMAT]
    return [f"media/{image.digest[:STEM]}-{width}.{suffix}" for width in image.widths for suffix in formats]
