"""Deeds on a site's sections: what follows for their addresses, their order and their articles."""

import pytest
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.test import Client

from publishing.models import Placement, Redirect, Section
from publishing.sections import MOST_SECTIONS, add_section, change_section, delete_section, order_sections
from sites_core.models import SiteState
from tests.cast import FINANCEBLOG, TECHBLOG, House, article_on, placement_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(house: House) -> Site:
    return house.sites[TECHBLOG]


def add(house: House, name: str, slug: str = "", domain: str = TECHBLOG) -> Section:
    return add_section(tenant=house.tenant, site=house.sites[domain], name=name, slug=slug)


def test_a_section_comes_last_with_a_slug_out_of_its_name(house: House, site: Site):
    add(house, "Money")
    section = add(house, " Übers Meer ")
    assert (section.name, section.slug) == ("Übers Meer", "ubers-meer")
    assert [one.name for one in Section.objects.filter(site=site)] == ["Money", "Übers Meer"]


def test_a_slug_is_a_sites_own_and_taken_there_once(house: House):
    add(house, "Money")
    add(house, "Money", domain=FINANCEBLOG)
    with pytest.raises(ValidationError) as refusal:
        add(house, "Money again", "money")
    assert "already has the slug “money”" in refusal.value.message_dict["slug"][0]


@pytest.mark.parametrize(("name", "slug", "field"), [("", "x", "name"), ("x" * 121, "", "name"), ("A", "a b", "slug")])
def test_what_is_no_name_or_no_slug_is_refused_at_its_field(house: House, name: str, slug: str, field: str):
    with pytest.raises(ValidationError) as refusal:
        add(house, name, slug)
    assert field in refusal.value.message_dict
    assert not Section.objects.exists()


def test_another_slug_is_another_address_and_the_old_one_redirects(house: House, site: Site):
    section = add(house, "Money")
    change_section(section=section, name="Cash", slug="cash")
    answer = Client(headers={"host": TECHBLOG}).get("/sections/money/")
    assert (answer.status_code, answer["Location"]) == (301, "/sections/cash/")
    change_section(section=section, name="Money", slug="money")
    assert list(Redirect.objects.values_list("path", "target")) == [("/sections/cash/", "/sections/money/")]


def test_a_section_that_is_added_ends_the_redirect_away_from_it(house: House):
    change_section(section=add(house, "Money"), name="Cash", slug="cash")
    add(house, "Money")
    assert not Redirect.objects.exists()


def test_sections_are_put_in_order_whatever_else_is_named(house: House, site: Site):
    one, two, three = (add(house, name) for name in ("One", "Two", "Three"))
    theirs = add(house, "Theirs", domain=FINANCEBLOG)
    order_sections(site=site, order=[three.pk, theirs.pk, 10**9, one.pk, three.pk])
    assert list(Section.objects.filter(site=site)) == [three, one, two]
    theirs.refresh_from_db()
    assert theirs.position == 1


def test_a_deleted_sections_articles_stay_where_they_are_in_no_section(house: House, site: Site):
    section = add(house, "Money")
    article = article_on(house, TECHBLOG, FINANCEBLOG, title="A headline")
    Placement.objects.filter(article=article, site=site).update(section=section)
    generation = SiteState.objects.get(site=site).generation
    assert delete_section(section=section) == 1
    placement = placement_of(article, site)
    assert (placement.section, placement.status, placement.slug) == (None, "published", "a-headline")
    assert not Section.objects.exists()
    assert SiteState.objects.get(site=site).generation > generation
    readers = Client(headers={"host": TECHBLOG})
    assert readers.get("/sections/money/").status_code == 404
    assert readers.get("/a-headline/").status_code == 200


def test_a_site_has_an_end_of_sections(house: House, site: Site):
    Section.objects.bulk_create(
        Section(tenant=house.tenant, site=site, slug=f"s-{n}", name=f"S {n}") for n in range(MOST_SECTIONS)
    )
    with pytest.raises(ValidationError, match="at most 200 sections"):
        add(house, "One more")
