"""A brand's look: whatever stands in its columns, a page that can be read comes out."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from reading.looks import look_of
from sites_core.directory import BrandEntry
from sites_core.models import Brand
from sites_core.palette import TEXT, contrast
from sites_core.themes import DEFAULT, font_sets, themes
from tests.cast import TECHBLOG, acme
from tests.reading.visiting import reader, text_of

COLOURS = st.one_of(st.just(""), st.integers(0, 0xFFFFFF).map("#{:06x}".format))
THEMES = sorted(themes())


def test_three_themes_are_there_and_each_says_what_it_is() -> None:
    assert {"journal", "daily", "magazine"} <= set(THEMES)
    assert DEFAULT in THEMES
    for theme in themes().values():
        assert theme.label
        assert theme.description.endswith(".")
        for option in theme.options.values():
            assert option.default in option.choices


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("fonts", ["", *font_sets()])
def test_every_font_of_a_set_is_a_file_with_its_licence(theme: str, fonts: str) -> None:
    look = look_of(BrandEntry(theme=theme, fonts=fonts))
    folder = Path(settings.FONTS) / look.fonts.name
    for face in look.fonts.faces:
        assert (folder / face.file).read_bytes().startswith(b"wOF2")
        assert f'font-family:"{face.family}"' in look.css
    if look.fonts.faces:
        assert "Open Font License" in (folder / "OFL.txt").read_text()
    assert len(look.preloads) <= 2


@pytest.mark.parametrize("theme", THEMES)
@given(accent=COLOURS, paper=COLOURS, ink=COLOURS, paper_dark=COLOURS, ink_dark=COLOURS, accent_dark=COLOURS)
def test_every_text_of_every_palette_can_be_read(theme: str, **colours: Any) -> None:
    look = look_of(replace(BrandEntry(theme=theme), **colours))
    for shades in (look.light, look.dark):
        assert contrast(shades["ink"], shades["paper"]) >= TEXT
        for text in ("soft", "accent", *(name for name in shades if name.startswith("code-"))):
            assert contrast(shades[text], shades["wash"]) >= TEXT
        assert contrast(shades["on-accent"], shades["accent"]) >= TEXT
        assert contrast(shades["on-brand"], shades["brand"]) >= TEXT


def test_what_is_no_colour_no_theme_and_no_font_is_the_themes_own() -> None:
    look = look_of(BrandEntry(theme="nothing", accent="red;}", paper="url(x)", fonts="comic"))
    assert look.theme.name == DEFAULT
    assert "url(x)" not in look.css
    assert "red;}" not in look.css
    assert look.light["paper"] == look.theme.light.paper


@pytest.mark.parametrize("theme", THEMES)
def test_an_option_that_the_theme_has_not_is_its_own_choice(theme: str) -> None:
    own = look_of(BrandEntry(theme=theme)).classes
    assert look_of(BrandEntry(theme=theme, options='{"nameplate": "\\"><script>", "x": 1}')).classes == own
    for name, option in themes()[theme].options.items():
        for value in option.choices:
            look = look_of(BrandEntry(theme=theme, options=f'{{"{name}": "{value}"}}'))
            assert f"{name}-{value}" in look.classes.split()


@pytest.mark.parametrize("options", ["[]", "null", '"a"', "1", '{"nameplate": ["a"]}', '{"nameplate": {}, "x": null}'])
def test_options_that_are_no_choices_break_no_page(options: str) -> None:
    assert look_of(BrandEntry(options=options)).classes == look_of(BrandEntry()).classes


@pytest.mark.parametrize("theme", THEMES)
def test_a_style_sheet_asks_nobody_else_and_fits_its_budget(theme: str) -> None:
    css = look_of(BrandEntry(theme=theme)).css
    assert all(url.startswith("/static/") for url in re.findall(r'url\("?([^")]*)', css))
    assert "@import" not in css
    assert len(css.encode()) <= 40_000


def test_what_is_drawn_otherwise_goes_by_another_name() -> None:
    names = {
        look_of(BrandEntry(theme=theme, accent=accent)).style_path
        for theme in THEMES
        for accent in ("#000000", "#ff0000")
    }
    assert len(names) == 2 * len(THEMES)
    assert look_of(BrandEntry()).style_path == look_of(BrandEntry(tagline="Other words")).style_path


@pytest.mark.django_db
@pytest.mark.parametrize("theme", THEMES)
def test_a_site_wears_its_theme_on_every_page(theme: str) -> None:
    owner = acme()
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(theme=theme)
    for path in ("/", "/search/", "/topics/"):
        html = text_of(reader(), path)
        assert f'class="theme-{theme}' in html
        assert re.findall(r'rel="stylesheet" href="([^"]*)"', html) == [look_of(BrandEntry(theme=theme)).style_path]
