"""Where pictures are used."""

import io
from typing import Any

import pytest
from PIL import Image as Pillow

from publishing import usage
from publishing.images import store
from publishing.models import Byline, Image
from publishing.placing import unpublish
from publishing.usage import Use, places, sites_showing, uses
from publishing.writing import set_bylines
from sites_core.models import Brand
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, article_on, bolt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]


def picture(house: House, shade: int = 0, **fields: Any) -> Image:
    out = io.BytesIO()
    Pillow.new("RGB", (60, 40), (shade, 9, 9)).save(out, "PNG")
    return store(house.tenant, out.getvalue(), name=f"p{shade}.png", quickly=True, **fields)


def test_an_article_counts_once_however_it_shows_the_picture(house: House):
    image, other, unused = (picture(house, shade) for shade in range(3))
    article = article_on(house, TECHBLOG, lead_image=image, body=f"![x]({image.url_for(960)})")
    article.placements.update(image=image)
    article_on(house, body=f"![x]({image.url_for(960)}) ![x]({other.url_for(960)})")
    assert uses([image, other, unused]) == {image.pk: Use(2), other.pk: Use(1), unused.pk: Use()}
    assert [str(use) for _, use in sorted(uses([image, other, unused]).items())] == [
        "in 2 articles", "in 1 article", "not used"
    ]  # fmt: skip


def test_portraits_and_logos_count_too(house: House):
    image = picture(house)
    Byline.objects.create(tenant=house.tenant, slug="mara", name="Mara", picture=image)
    Brand.objects.filter(site__in=house.sites.values()).update(logo=image.digest)
    assert str(uses([image])[image.pk]) == "a portrait, the logo of 2 sites"


def test_another_tenants_use_of_the_same_file_is_its_own(house: House):
    image, theirs = picture(house), bolt()
    with tenant_scope(theirs.tenant):
        same = picture(theirs)
        article_on(theirs, LANTERN, lead_image=same, body=f"![x]({same.url_for(960)})")
    Brand.objects.filter(site=theirs.sites[LANTERN]).update(logo=same.digest)
    assert uses([image])[image.pk].is_none
    assert places(image).is_empty
    assert sites_showing(image) == frozenset()


def test_a_picture_that_is_everywhere_is_counted_no_further_than_told(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(usage, "COUNTED", 2)
    image = picture(house)
    for _ in range(4):
        article_on(house, lead_image=image)
    assert str(uses([image])[image.pk]) == "in more than 2 articles"
    found = places(image)
    assert (len(found.articles), found.more) == (2, True)


def test_the_places_say_in_which_way(house: House):
    image = picture(house)
    article = article_on(house, TECHBLOG, lead_image=image, body=f"![x]({image.url_for(960)})")
    article.placements.update(image=image)
    (place,) = places(image).articles
    assert (place.article, place.ways) == (article, ["lead picture", "in the text", "on Techblog"])


@pytest.mark.parametrize("number", [1, 3])
def test_both_are_asked_in_as_many_statements_however_many_there_are(
    house: House, django_assert_num_queries, number: int
):
    images = [picture(house, shade) for shade in range(number)]
    for image in images:
        article_on(house, TECHBLOG, lead_image=images[0], body=f"![x]({image.url_for(960)})")
    with django_assert_num_queries(1):
        uses(images)
    with django_assert_num_queries(6):
        places(images[0])


def test_readers_could_have_met_it_on_these_sites(house: House):
    image = picture(house)
    tech, finance = (house.sites[domain].pk for domain in (TECHBLOG, FINANCEBLOG))
    assert sites_showing(image) == frozenset()
    article_on(house, lead_image=image)
    assert sites_showing(image) == frozenset()
    led = article_on(house, TECHBLOG, lead_image=image)
    assert sites_showing(image) == {tech}
    unpublish(placements=list(led.placements.all()))
    assert sites_showing(image) == {tech}, "they met it once"
    led.delete()
    assert sites_showing(image) == frozenset()
    Brand.objects.filter(site=finance).update(logo=image.digest)
    assert sites_showing(image) == {finance}
    mara = Byline.objects.create(tenant=house.tenant, slug="mara", name="Mara", picture=image)
    signed = article_on(house, TECHBLOG, title="Signed")
    set_bylines(article=signed, bylines=[mara])
    assert sites_showing(image) == {tech, finance}
