"""What makes docs' pictures and measures pages does what it says."""

import io
import json
import os
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from showroom import lighthouse
from showroom.catalogue import KINDS, THEMES, Page, of_brands, of_themes
from showroom.shrinking import MOST_BYTES, shrunk

PICTURES = sorted(Path(settings.ROOT, "docs", "pictures").glob("*.png"))


@pytest.fixture
def facts() -> dict[str, dict[str, str]]:
    """What furnishing finds, made up."""
    names = ("section", "topic", "byline", "month", "newest", "older")
    known = {f"{theme}.showroom.localhost": {name: name for name in names} for theme in THEMES}
    return {**known, "gazette.localhost": {"newest": "a-story"}}


def test_every_kind_is_there_in_every_theme_at_an_address_of_its_own(facts: dict[str, dict[str, str]]):
    pages = list(of_themes(facts, port=1, broken_port=2))
    assert len({page.url for page in pages}) == len({page.name for page in pages}) == len(THEMES) * len(KINDS)
    assert {"daily", "journal", "magazine"} <= set(THEMES)


def test_sites_that_are_not_the_showrooms_are_the_demos_brands(facts: dict[str, dict[str, str]]):
    assert [page.url for page in of_brands(facts, port=1)] == [
        "http://gazette.localhost:1/",
        "http://gazette.localhost:1/a-story/",
    ]


def test_a_picture_of_a_million_colours_is_made_to_fit():
    noise = Image.frombytes("RGB", (800, 600), os.urandom(800 * 600 * 3))
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert len(out.getvalue()) > MOST_BYTES
    with Image.open(io.BytesIO(shrunk(out.getvalue()))) as small:
        assert small.mode == "P"
        assert small.width / small.height == pytest.approx(800 / 600, rel=0.01)
    assert len(shrunk(out.getvalue())) <= MOST_BYTES


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_docs_pictures_are_small(picture: Path):
    assert picture.stat().st_size <= MOST_BYTES


def test_of_lighthouses_runs_the_middle_one_counts():
    page = Page("journal", KINDS[0], "journal.showroom.localhost", 1, "/")
    reports = [json.loads(report(score)) for score in (0.9, 1, 0.98)]
    found = lighthouse.middle(page, reports)
    assert set(found.figures.values()) == {98}
    assert found.missed == {"image-alt": "Images have no words"}


def report(score: float) -> str:
    categories = {name: {"score": score, "auditRefs": []} for name in lighthouse.CATEGORIES}
    categories["accessibility"]["auditRefs"] = [{"id": "image-alt", "weight": 10}, {"id": "hint", "weight": 0}]
    audits = {
        "image-alt": {"score": 0, "title": "Images have no words"},
        "hint": {"score": 0, "title": "Think about it"},
    }
    return json.dumps({"categories": categories, "audits": audits})
