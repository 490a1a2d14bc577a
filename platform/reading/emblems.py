"""A brand as a picture: the icon of its tabs and home screens, and the card by which others share its pages.

Drawn when they are asked for, from the logo where the brand has one, else from its name in its own type and colours;
so that a site that was added a second ago has them as well. Pillow is loaded by the first that is drawn.
"""

import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from reading.looks import Look, look_of
from sites_core.directory import SiteEntry
from sites_core.themes import Face, FontSet, font_sets

if TYPE_CHECKING:
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

SHARE = (1200, 630)
"""Pixels; what the large networks show uncropped."""
ICON_SIZES = (32, 180, 192, 512)
# Of pictures of at most 60 KB.
_HELD = 64
# A logo that is longer than this is a wordmark: in a square of 32 pixels nobody would see it.
_SQUARE = 1.6
_MARGIN = 84
_BOLD = 700
# Pixels; words that fit in smaller letters only are left out.
_SMALLEST = 16


@dataclass(frozen=True, slots=True)
class Emblem:
    """What an emblem is made of. `logo` is the file of the brand's logo, None where the name is the wordmark."""

    site: SiteEntry
    logo: Path | None

    @property
    def look(self) -> Look:
        return look_of(self.site.brand)


def has_square_logo(site: SiteEntry) -> bool:
    width, height = site.brand.logo_width, site.brand.logo_height
    return bool(site.brand.logo) and 0 < max(width, height) <= _SQUARE * min(width, height)


@lru_cache(maxsize=_HELD)
def icon(emblem: Emblem, size: int, kind: str = "PNG") -> bytes:
    """A square of `size` pixels: the logo on the paper, or the first letter of the name on the brand's colour."""
    from PIL import Image as Pillow

    shades = emblem.look.light
    logo = _opened(emblem.logo) if has_square_logo(emblem.site) else None
    picture = Pillow.new("RGB", (size, size), shades["paper" if logo else "brand"])
    if logo:
        _paste(picture, logo, (size * 0.08, size * 0.08, size * 0.92, size * 0.92))
    else:
        _letter(picture, emblem, shades["on-brand"])
    return _written(picture, kind)


@lru_cache(maxsize=_HELD)
def share(emblem: Emblem) -> bytes:
    """The card of a page without a picture of its own: the name or the logo, the tagline, the domain."""
    from PIL import Image as Pillow
    from PIL import ImageDraw

    shades, site = emblem.look.light, emblem.site
    logo = _opened(emblem.logo)
    picture = Pillow.new("RGB", SHARE, shades["paper" if logo else "brand"])
    ink = shades["ink" if logo else "on-brand"]
    draw = ImageDraw.Draw(picture)
    width, height = SHARE
    draw.rectangle((0, height - 18, width, height), fill=shades["brand"] if logo else ink)
    if logo:
        _paste(picture, logo, (_MARGIN, _MARGIN, width - _MARGIN, height * 0.6))
    else:
        _line(draw, emblem, site.name, (_MARGIN, 150, width - _MARGIN, 330), ink, largest=150)
    _line(draw, emblem, site.brand.tagline, (_MARGIN, 385, width - _MARGIN, 445), ink, largest=44, weight=400)
    _line(draw, emblem, site.domain, (_MARGIN, 500, width - _MARGIN, 550), ink, largest=32, weight=400)
    return _written(picture, "PNG")


def _letter(picture: "Pillow.Image", emblem: Emblem, ink: str) -> None:
    from PIL import ImageDraw

    size = picture.width
    letter = emblem.site.name.strip()[:1].upper()
    font = _font(emblem.look, round(size * 0.66), _BOLD)
    if font and _has(font, letter):
        ImageDraw.Draw(picture).text((size / 2, size * 0.53), letter, font=font, fill=ink, anchor="mm")
    else:
        ImageDraw.Draw(picture).ellipse((size * 0.3, size * 0.3, size * 0.7, size * 0.7), fill=ink)


def _line(
    draw: "ImageDraw.ImageDraw",
    emblem: Emblem,
    words: str,
    box: tuple[float, float, float, float],
    ink: str,
    *,
    largest: int,
    weight: int = _BOLD,
) -> None:
    """One line of words, as large as fits; nothing where the type has no sign for one of its letters."""
    left, top, right, bottom = box
    words = "".join(sign for sign in " ".join(words.split()) if unicodedata.category(sign)[0] != "C")
    font = _font(emblem.look, largest, weight)
    if not font or not _has(font, words):
        return
    fitting = int(largest * (right - left) / max(font.getlength(words), right - left))
    font = _font(emblem.look, fitting, weight) if fitting < largest else font
    if font and fitting >= _SMALLEST:
        draw.text((left, (top + bottom) / 2), words, font=font, fill=ink, anchor="lm")


def _font(look: Look, size: int, weight: int) -> "ImageFont.FreeTypeFont | None":
    """The type of the brand's headlines; that of another set where the brand's own is what readers' devices have."""
    from PIL import ImageFont

    face = _face(look)
    if face is None:
        return None
    font = ImageFont.truetype(face, size)
    try:
        axes = font.get_variation_axes()
    except OSError:
        return font  # not a variable font: it has the one weight
    font.set_variation_by_axes([_on_axis(axis, weight) for axis in axes])
    return font


def _on_axis(axis: Mapping[str, Any], weight: int) -> float:
    if axis["name"] != b"Weight":
        return float(axis["default"])
    return float(max(axis["minimum"], min(axis["maximum"], weight)))


def _face(look: Look) -> Path | None:
    own = [look.fonts, *(fonts for fonts in font_sets().values() if fonts.faces)]
    return next((Path(settings.FONTS) / fonts.name / face.file for fonts in own if (face := _display(fonts))), None)


def _display(fonts: FontSet) -> Face | None:
    """The file of upright headlines: what is preloaded first, since that has the letters of most names."""
    upright = [face for face in fonts.faces if face.style == "normal"]
    headlines = [face for face in upright if fonts.display.strip("\"' ").startswith(face.family)]
    return next(iter(sorted(headlines or upright, key=lambda face: not face.preload)), None)


def _has(font: "ImageFont.FreeTypeFont", words: str) -> bool:
    missing = bytes(font.getmask("\uffff"))
    return bool(words) and all(bytes(font.getmask(sign)) != missing for sign in set(words) if not sign.isspace())


def _opened(path: Path | None) -> "Pillow.Image | None":
    """Written by `publishing.images`, so that it can be trusted; but it may be gone."""
    from PIL import Image as Pillow

    if path is None:
        return None
    try:
        return Pillow.open(path).convert("RGBA")
    except OSError:
        return None


def _paste(picture: "Pillow.Image", logo: "Pillow.Image", box: tuple[float, float, float, float]) -> None:
    from PIL import ImageOps

    left, top, right, bottom = (round(edge) for edge in box)
    fitted = ImageOps.contain(logo, (right - left, bottom - top))
    place = (left + (right - left - fitted.width) // 2, top + (bottom - top - fitted.height) // 2)
    picture.paste(fitted, place, fitted)


def _written(picture: "Pillow.Image", kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, optimize=True)
    return out.getvalue()
