"""Icons and share cards: every brand has them, whatever it is called, and nobody else's logo."""

import io

import pytest
from django.http.response import HttpResponseBase
from PIL import Image as Pillow

from publishing.images import store
from reading import emblems
from sites_core.directory import BrandEntry, SiteEntry, directory
from sites_core.models import Brand
from tenants.scope import tenant_scope
from tests.cast import LANTERN, TECHBLOG, House, acme, bolt
from tests.reading.visiting import reader

pytestmark = pytest.mark.usefixtures("media_root")

PATHS = {"/icon-192.png": ("PNG", (192, 192)), "/share.png": ("PNG", (1200, 630)), "/favicon.ico": ("ICO", (32, 32))}


def picture(path: str, domain: str = TECHBLOG) -> Pillow.Image:
    response: HttpResponseBase = reader(domain).get(path)
    assert response.status_code == 200, path
    assert "Set-Cookie" not in response
    return Pillow.open(io.BytesIO(getattr(response, "content", b"")))


def with_logo(owner: House, domain: str, colour: str) -> None:
    out = io.BytesIO()
    Pillow.new("RGB", (200, 200), colour).save(out, "PNG")
    with tenant_scope(owner.tenant):
        logo = store(owner.tenant, out.getvalue(), name="logo.png")
    Brand.objects.filter(site=owner.sites[domain]).update(logo=logo.digest, logo_width=200, logo_height=200)
    directory.expire()


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_every_site_has_them_from_its_first_moment(path: str) -> None:
    acme()
    found = picture(path)
    assert (found.format, found.size) == PATHS[path]


@pytest.mark.parametrize("name", ["", " ", "日本", "\u202eevil", "A" * 300, "👩‍🚀", "<script>", "Ünïcödé"])
def test_whatever_a_site_is_called_it_is_drawn(name: str) -> None:
    emblem = emblems.Emblem(SiteEntry(1, "a.test", name, retired=False, brand=BrandEntry(tagline=name)), None)
    assert Pillow.open(io.BytesIO(emblems.share(emblem))).size == emblems.SHARE
    assert Pillow.open(io.BytesIO(emblems.icon(emblem, 32))).size == (32, 32)


@pytest.mark.django_db
def test_a_square_logo_is_the_icon_and_one_that_is_gone_is_the_letter() -> None:
    owner = acme()
    letter = picture("/icon-192.png").convert("RGB").getpixel((96, 40))
    with_logo(owner, TECHBLOG, "#ff0000")
    red = picture("/icon-192.png").convert("RGB").getpixel((96, 40))
    assert isinstance(red, tuple)
    assert red[0] > 200 > 60 > red[1]
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(logo="0" * 64)
    directory.expire()
    assert picture("/icon-192.png").convert("RGB").getpixel((96, 40)) == letter


@pytest.mark.django_db
def test_the_digest_of_another_tenants_logo_shows_nothing_of_it() -> None:
    owner, other = acme(), bolt()
    with_logo(other, LANTERN, "#00ff00")
    before = picture("/icon-192.png").tobytes()
    theirs = Brand.objects.get(site=other.sites[LANTERN])
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(logo=theirs.logo, logo_width=200, logo_height=200)
    directory.expire()
    assert picture("/icon-192.png").tobytes() == before
    assert picture("/icon-192.png", LANTERN).tobytes() != before
