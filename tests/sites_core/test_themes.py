"""A manifest that cannot be used ends the program at its start and says which, and what is wrong in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks

from sites_core import themes

GOOD = """
label = "Plain"
description = "Nothing much."
fonts = "system"
[light]
paper = "#ffffff"
ink = "#000000"
[dark]
paper = "#000000"
ink = "#ffffff"
[front]
newest = 9
[options.nameplate]
label = "Nameplate"
choices = { left = "Left" }
default = "left"
"""


@pytest.fixture
def manifest(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    (tmp_path / "plain").mkdir()
    settings.THEMES = tmp_path
    themes.themes.cache_clear()
    yield tmp_path / "plain" / "theme.toml"
    themes.themes.cache_clear()


def test_a_good_manifest_is_a_theme(manifest: Path) -> None:
    manifest.write_text(GOOD)
    assert themes.themes()["plain"].front.newest == 9
    assert themes.themes()["plain"].chosen({"nameplate": "right"}) == {"nameplate": "left"}
    assert not [error for error in run_checks() if error.id == "sites_core.E002"]


@pytest.mark.parametrize(
    ("good", "broken", "said"),
    [
        ("newest = 9", 'newest = "x"', "no number of cards"),
        ("newest = 9", "newest = 10000", "no number of cards"),
        ("newest = 9", "oldest = 9", "not known"),
        ('paper = "#ffffff"', 'paper = "white"', "no colour"),
        ('ink = "#000000"', "", "missing"),
        ('label = "Plain"', "", "missing"),
        ('fonts = "system"', 'fonts = "helvetica"', "no set of fonts"),
        ('default = "left"', 'default = "right"', "none of its choices"),
        ("[light]", "[light", "no TOML"),
    ],
)
def test_a_broken_manifest_is_named(manifest: Path, good: str, broken: str, said: str) -> None:
    manifest.write_text(GOOD.replace(good, broken, 1))
    (error,) = [error for error in run_checks() if error.id == "sites_core.E002"]
    assert said in str(error.msg)
    assert str(manifest) in str(error.msg)
