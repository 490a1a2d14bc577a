"""How a brand looks: its theme, its options and its one style sheet, made once of what the Directory holds.

A style sheet is the styles that all themes share, the theme's own, and the brand's colours and fonts as custom
properties. Its name is the digest of what it says, so that it is kept for ever and changes at once.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.templatetags.static import static
from rcssmin import cssmin

from publishing.images import WIDTHS
from publishing.models.images import picture_path
from sites_core.directory import BrandEntry
from sites_core.palette import furthest, mixed, nearest_readable
from sites_core.themes import Face, FontSet, Theme, Tokens, fonts_of, theme_named

STYLES = Path(__file__).parent / "styles"
# How far from the paper towards the ink, and from the ink towards the paper.
_WASH, _LINE, _SOFT = 0.05, 0.16, 0.36
# What code is coloured with, before it is made readable on the page at hand.
_CODE = {
    "keyword": ("#8a2252", "#f08fbd"),
    "string": ("#1f6b3a", "#93cf9b"),
    "number": ("#8a4b00", "#e9b872"),
    "name": ("#1c4fa0", "#94bdf5"),
    "comment": ("#6a665e", "#9a948a"),
}
_COLOUR = re.compile(r"#[0-9a-f]{6}\Z")


@dataclass(frozen=True, slots=True)
class Look:
    """What pages of a brand need to be drawn. `classes` stand on the root element: the theme and its options.

    `logo` is a path on the site, empty where the name itself is the wordmark."""

    theme: Theme
    fonts: FontSet
    classes: str
    light: dict[str, str]
    dark: dict[str, str]
    preloads: tuple[str, ...]
    logo: str
    css: str
    style_path: str


@lru_cache(maxsize=1024)
def look_of(brand: BrandEntry) -> Look:
    """The look of a site's brand, which the process keeps."""
    return look_made_of(brand)


def look_made_of(brand: BrandEntry) -> Look:
    """The look of a brand, whatever stands in its columns: what is no colour and no theme is the theme's own."""
    theme = theme_named(brand.theme)
    fonts = fonts_of(theme, brand.fonts)
    light = _shades(theme.light, 0, brand.paper, brand.ink, brand.accent, brand.accent)
    dark = _shades(theme.dark, 1, brand.paper_dark, brand.ink_dark, brand.accent_dark or brand.accent, brand.accent)
    css = "".join([_faces(fonts), _properties(light, dark, fonts), _shared(), _own(theme)])
    options = theme.chosen(json.loads(brand.options)) if theme.options else {}
    return Look(
        theme=theme,
        fonts=fonts,
        classes=" ".join([f"theme-{theme.name}", *(f"{option}-{value}" for option, value in options.items())]),
        light=light,
        dark=dark,
        preloads=tuple(_path(fonts, face) for face in fonts.faces if face.preload),
        logo=picture_path(brand.logo, min(brand.logo_width, WIDTHS[0])) if brand.logo else "",
        css=css,
        style_path=f"/style-{hashlib.sha256(css.encode()).hexdigest()[:16]}.css",
    )


def _shades(own: Tokens, scheme: int, paper: str, ink: str, accent: str, brand: str) -> dict[str, str]:
    """The custom properties of a light (0) or dark (1) page. Every text of them is readable, whatever was chosen."""
    paper = _colour(paper, own.paper)
    ink = nearest_readable(_colour(ink, own.ink), paper)
    brand = _colour(brand, ink)
    wash = mixed(paper, ink, _WASH)
    accent = nearest_readable(_colour(accent, ink), wash)
    return {
        "paper": paper,
        "ink": ink,
        "wash": wash,
        "line": mixed(paper, ink, _LINE),
        "soft": nearest_readable(mixed(ink, paper, _SOFT), wash),
        "accent": accent,
        "on-accent": furthest(accent),
        "brand": brand,
        "on-brand": furthest(brand),
        **{f"code-{name}": nearest_readable(pair[scheme], wash) for name, pair in _CODE.items()},
    }


def _colour(chosen: str, otherwise: str) -> str:
    return chosen if _COLOUR.match(chosen) else otherwise


def _properties(light: dict[str, str], dark: dict[str, str], fonts: FontSet) -> str:
    families = {"display": fonts.display, "text": fonts.text, "mono": fonts.mono}
    return (
        f":root{{color-scheme:light dark;{_declared(light)}{_declared(families)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{_declared(dark)}}}}}\n"
    )


def _declared(values: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in values.items())


def _faces(fonts: FontSet) -> str:
    return "".join(
        f'@font-face{{font-family:"{face.family}";src:url("{_path(fonts, face)}") format("woff2");'
        f"font-weight:{face.weight};font-style:{face.style};font-display:swap;"
        f"{f'unicode-range:{face.unicode_range};' if face.unicode_range else ''}}}\n"
        for face in fonts.faces
    )


def _path(fonts: FontSet, face: Face) -> str:
    return static(f"reading/fonts/{fonts.name}/{face.file}")


@cache
def _shared() -> str:
    return "".join(_compact(path) for path in sorted(STYLES.glob("*.css")))


@cache
def _own(theme: Theme) -> str:
    return _compact(theme.folder / "theme.css")


def _compact(path: Path) -> str:
    """As browsers read it: without comments, and without space that says nothing."""
    return f"{cssmin(path.read_text(encoding='utf-8'))}\n"
