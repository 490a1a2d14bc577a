"""Which themes there are, and which sets of fonts: a folder each, with a manifest that says what a brand may choose.

Manifests are part of the code: a broken one ends the program at its start, and not a page.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DEFAULT = "journal"
MANIFEST, FONTS_MANIFEST = "theme.toml", "set.toml"
# Beside the folders: what every reader's device has.
SYSTEM_FONTS = "system"
# Of one part of a front page; each costs its share of the page's time.
MOST_CARDS = 60
_COLOUR = re.compile("#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice that a theme leaves to its brands: what it is called, and its values with their labels."""

    label: str
    choices: Mapping[str, str]
    default: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of a theme on a light or a dark page. Every other shade is made from these two and the accent."""

    paper: str
    ink: str


@dataclass(frozen=True, slots=True)
class Front:
    """What the front page is made of: so many of the newest articles, then so many of each of the first sections."""

    newest: int = 20
    sections: int = 0
    per_section: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """`fonts` is the set that it is designed with, `folder` where its templates and its style sheet are."""

    name: str
    label: str
    description: str
    fonts: str
    light: Tokens
    dark: Tokens
    folder: Path
    front: Front = Front()
    options: Mapping[str, Option] = field(default_factory=dict)

    def chosen(self, options: object) -> dict[str, str]:
        """The value of each option: what the brand chose where that is a choice, else the theme's own.

        `options` is whatever the brand's column holds: SQL can write any JSON.
        """
        given = options if isinstance(options, Mapping) else {}
        wanted = {name: value for name, value in given.items() if isinstance(value, str)}
        return {
            name: wanted[name] if wanted.get(name) in option.choices else option.default
            for name, option in self.options.items()
        }


@dataclass(frozen=True, slots=True)
class Face:
    """A font file. `weight` and `style` as CSS writes them; `preload`: the page is drawn with it from the first."""

    family: str
    file: str
    weight: str = "400"
    style: str = "normal"
    preload: bool = False
    unicode_range: str = ""


@dataclass(frozen=True, slots=True)
class FontSet:
    """Three families, as CSS writes them: `display` for headlines, `text` for reading, `mono` for code."""

    name: str
    label: str
    display: str
    text: str
    mono: str
    faces: tuple[Face, ...] = ()


_SYSTEM = FontSet(
    name=SYSTEM_FONTS,
    label="What the reader's device has",
    display='system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
    text='ui-serif, "Iowan Old Style", "Palatino Linotype", Palatino, Charter, Georgia, serif',
    mono='ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
)


@cache
def themes() -> Mapping[str, Theme]:
    """By name, in the order of the names."""
    return MappingProxyType({path.parent.name: _theme(path) for path in _manifests(settings.THEMES, MANIFEST)})


@cache
def font_sets() -> Mapping[str, FontSet]:
    """By name; what the devices have comes first."""
    sets = {path.parent.name: _font_set(path) for path in _manifests(settings.FONTS, FONTS_MANIFEST)}
    return MappingProxyType({SYSTEM_FONTS: _SYSTEM} | sets)


def theme_named(name: str) -> Theme:
    """The theme, or the default one where there is none of the name: a page is better than none."""
    return themes().get(name) or themes()[DEFAULT]


def fonts_of(theme: Theme, name: str) -> FontSet:
    """The set that the brand chose, else the theme's, else what the devices have."""
    return font_sets().get(name) or font_sets().get(theme.fonts) or _SYSTEM


def _manifests(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(f"*/{name}"))


class BrokenManifest(ImproperlyConfigured):
    """A theme, or a set of fonts, whose manifest cannot be used; the message names the file and what is wrong in it."""


def _refuse_values(path: Path, colours: Iterable[object], counts: Iterable[object]) -> None:
    for colour in colours:
        if not (isinstance(colour, str) and _COLOUR.fullmatch(colour)):
            raise BrokenManifest(f"{path}: {colour!r} is no colour. Write it as #rrggbb, in lower case.")
    for count in counts:
        if type(count) is not int or not 0 <= count <= MOST_CARDS:
            raise BrokenManifest(f"{path}: {count!r} is no number of cards from 0 to {MOST_CARDS}.")


def _theme(path: Path) -> Theme:
    try:
        theme = _told_theme(path)
    except (KeyError, TypeError) as error:
        raise BrokenManifest(f"{path}: something is missing or not known: {error}.") from error
    for name, option in theme.options.items():
        if option.default not in option.choices:
            raise BrokenManifest(f"{path}: the default of {name} is none of its choices.")
    if theme.fonts != SYSTEM_FONTS and not (settings.FONTS / theme.fonts / FONTS_MANIFEST).is_file():
        raise BrokenManifest(f"{path}: there is no set of fonts called {theme.fonts!r} in {settings.FONTS}.")
    shape = theme.front
    _refuse_values(
        path,
        (theme.light.paper, theme.light.ink, theme.dark.paper, theme.dark.ink),
        (shape.newest, shape.sections, shape.per_section),
    )
    return theme


def _told_theme(path: Path) -> Theme:
    told = _told(path)
    return Theme(
        name=path.parent.name,
        label=told["label"],
        description=told["description"],
        fonts=told.get("fonts", SYSTEM_FONTS),
        light=Tokens(**told["light"]),
        dark=Tokens(**told["dark"]),
        folder=path.parent,
        front=Front(**told.get("front", {})),
        options={name: Option(**option) for name, option in told.get("options", {}).items()},
    )


def _font_set(path: Path) -> FontSet:
    told = _told(path)
    try:
        faces = tuple(Face(**face) for face in told.pop("face", ()))
        fonts = FontSet(name=path.parent.name, faces=faces, **told)
    except TypeError as error:
        raise BrokenManifest(f"{path}: something is missing or not known: {error}.") from error
    if missing := [face.file for face in faces if not (path.parent / face.file).is_file()]:
        raise BrokenManifest(f"{path}: there is no file {missing[0]!r} beside it.")
    return fonts


def _told(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenManifest(f"{path}: this is no TOML: {error}.") from error
