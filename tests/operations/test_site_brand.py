"""`manage.py site brand`: shows a brand and changes what is named, by the same rules as ops."""

import io
import json
from pathlib import Path

import pytest
from django.contrib.sites.models import Site
from django.core.management import CommandError, call_command
from PIL import Image as Pillow

from publishing.models import Image
from sites_core.models import Brand, MenuItem, SiteState
from tenants.scope import tenant_scope
from tests.cast import TECHBLOG, House, acme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def house() -> House:
    return acme()


def brand(*args: str, domain: str = TECHBLOG) -> str:
    out = io.StringIO()
    call_command("site", "brand", domain, *args, stdout=out)
    return out.getvalue()


def refused(*args: str) -> str:
    before = list(Brand.objects.order_by("pk").values())
    with pytest.raises(CommandError) as refusal:
        brand(*args)
    assert refusal.value.returncode == 1
    assert list(Brand.objects.order_by("pk").values()) == before
    return str(refusal.value)


def test_a_brand_is_told_to_people_and_to_programs(house: House):
    MenuItem.objects.create(site=house.sites[TECHBLOG], menu="footer", label="Imprint", url="/imprint/")
    Brand.objects.filter(site=house.sites[TECHBLOG]).update(tagline="Machines, explained")
    told = json.loads(brand("--json"))
    assert (told["theme"], told["tagline"], told["logo"]) == ("journal", "Machines, explained", None)
    assert told["menus"] == {"header": [], "footer": [{"label": "Imprint", "url": "/imprint/"}], "social": []}
    assert told["contrast"]["light"]["ink"] >= 4.5
    text = brand()
    for words in ("journal", "Machines, explained", "Imprint (/imprint/)", "light page"):
        assert words in text


def test_what_is_named_changes_and_the_rest_stays(house: House):
    Brand.objects.filter(site=house.sites[TECHBLOG]).update(tagline="Machines, explained", ink="#222222")
    said = brand("--theme", "magazine", "--accent", "#7A1F3D", "--time-zone", "Europe/Berlin", "--ink", "")
    assert "theme, accent, ink, time zone" in said
    one = Brand.objects.get(site=house.sites[TECHBLOG])
    assert (one.theme, one.accent, one.time_zone) == ("magazine", "#7a1f3d", "Europe/Berlin")
    assert (one.tagline, one.ink) == ("Machines, explained", "")


def test_a_change_to_what_is_there_already_is_none(house: House):
    before = SiteState.objects.get(site=house.sites[TECHBLOG]).generation
    assert "nothing" in brand("--theme", "journal")
    assert SiteState.objects.get(site=house.sites[TECHBLOG]).generation == before


def test_a_change_can_be_told_as_json(house: House):
    assert json.loads(brand("--tagline", "Übers Meer", "--json"))["tagline"] == "Übers Meer"


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--accent", "#ffcc00", "--paper", "#ffffff"), "accent: #ffcc00 on #ffffff has a contrast of 1.5; text needs"),
        (("--accent", "red"), "accent: Write the colour as #rrggbb"),
        (("--theme", "comic"), "theme: There is no theme “comic”."),
        (("--fonts", "comic"), "fonts: There are no fonts called “comic”."),
        (("--time-zone", "Mars/Base"), "time zone: “Mars/Base” is not a time zone."),
        (("--option", "no-such=wide"), "has no option “no-such”"),
        (("--logo", "/nonexistent.png"), "/nonexistent.png cannot be read"),
        (("--tagline", "Not kept", "--language", "xx-yy"), "language: "),
    ],
)
def test_what_cannot_be_is_refused_whole_with_a_sentence(house: House, args: tuple[str, ...], sentence: str):
    assert sentence in refused(*args)


def test_a_logo_is_given_and_taken_away(house: House, tmp_path: Path):
    file = tmp_path / "logo.png"
    Pillow.new("RGB", (300, 100), "red").save(file)
    brand("--logo", str(file))
    with tenant_scope(house.tenant):
        image = Image.objects.get()
    assert (image.name, image.alt) == ("logo.png", "Techblog")
    assert json.loads(brand("--json"))["logo"] == {"width": 300, "height": 100}
    brand("--no-logo")
    assert json.loads(brand("--json"))["logo"] is None


def test_a_logo_that_is_no_picture_or_nobodys_is_refused(house: House, tmp_path: Path):
    file = tmp_path / "logo.svg"
    file.write_text("<svg/>")
    assert "logo: logo.svg is not a JPEG, PNG" in refused("--logo", str(file))
    Site.objects.create(domain="orphan.test", name="Orphan")
    with pytest.raises(CommandError, match="has no owner yet"):
        brand("--logo", str(file), domain="orphan.test")


def test_a_site_is_named_by_its_primary_name(house: House):
    with pytest.raises(CommandError, match=r"No site is called stranger\.test"):
        brand(domain="stranger.test")
