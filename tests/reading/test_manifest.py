"""The web manifest of a site."""

import json
from typing import Any

import pytest
from django.contrib.sites.models import Site

from sites_core.models import Brand
from sites_core.themes import themes
from tests.cast import FINANCEBLOG, TECHBLOG, acme
from tests.reading.visiting import reader, text_of

pytestmark = pytest.mark.django_db

PATH = "/site.webmanifest"


def manifest(domain: str = TECHBLOG) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(text_of(reader(domain), PATH))
    return told


def test_it_speaks_of_its_own_brand() -> None:
    owner = acme()
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(language="ar", tagline="News", theme="daily")
    told = manifest()
    assert (told["name"], told["lang"], told["dir"], told["description"]) == ("Techblog", "ar", "rtl", "News")
    assert (told["start_url"], told["scope"]) == ("/", "/")
    assert told["theme_color"] == told["background_color"] == themes()["daily"].light.paper
    assert (manifest(FINANCEBLOG)["name"], manifest(FINANCEBLOG)["dir"]) == ("Financeblog", "ltr")
    assert reader().get(PATH)["Content-Type"] == "application/manifest+json; charset=utf-8"


def test_the_paper_is_the_brands_where_it_has_one() -> None:
    Brand.objects.filter(site=acme().sites[TECHBLOG]).update(paper="#abcdef")
    assert manifest()["background_color"] == "#abcdef"


def test_it_has_the_icons_that_an_installation_asks_for() -> None:
    acme()
    icons = {icon["sizes"]: icon["src"] for icon in manifest()["icons"]}
    assert icons == {"192x192": "/icon-192.png", "512x512": "/icon-512.png"}


def test_a_hostile_name_stays_text() -> None:
    owner = acme()
    name = """</script>"'\\ \u202e\u2028 \x07 <!--"""
    Site.objects.filter(pk=owner.sites[TECHBLOG].pk).update(name=name)
    assert manifest()["name"] == name
