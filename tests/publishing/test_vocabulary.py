"""Deeds on topics and bylines: renamed, merged and deleted, with what readers find at their addresses afterwards."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publishing.models import (
    ArticleTopic,
    Byline,
    BylinePlacement,
    Image,
    Redirect,
    Topic,
    TopicPlacement,
)
from publishing.vocabulary import add_byline, add_topic, change_byline, change_topic, delete_term, merge
from publishing.writing import set_bylines, set_topics
from sites_core.models import SiteState
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, article_on, bolt
from tests.cast import house as a_house

pytestmark = pytest.mark.django_db


def topic(house: House, name: str, *titles: str, on: tuple[str, ...] = (TECHBLOG,)) -> Topic:
    made = add_topic(tenant=house.tenant, name=name)
    for title in titles:
        set_topics(article=article_on(house, *on, title=title), topics=[made])
    return made


def at(path: str, domain: str = TECHBLOG) -> tuple[int, str]:
    answer = Client(headers={"host": domain}).get(path)
    return answer.status_code, answer.get("Location", "")


def generation(house: House, domain: str) -> int:
    return SiteState.objects.get(site=house.sites[domain]).generation


# --- Names -----------------------------------------------------------------------------------------------------------


def test_a_topic_has_a_slug_out_of_its_name_and_a_tenant_each_slug_once(house: House):
    assert add_topic(tenant=house.tenant, name=" Ships & Harbours ").slug == "ships-harbours"
    with pytest.raises(ValidationError) as refusal:
        add_topic(tenant=house.tenant, name="Ships, harbours")
    assert "“Ships & Harbours” already has the slug" in refusal.value.message_dict["slug"][0]
    other = bolt()
    with tenant_scope(other.tenant):
        assert add_topic(tenant=other.tenant, name="Ships & Harbours").slug == "ships-harbours"


@pytest.mark.parametrize(("name", "slug", "field"), [("", "x", "name"), ("x" * 121, "", "name"), ("A", "a b", "slug")])
def test_what_is_no_name_or_no_slug_is_refused_at_its_field(house: House, name: str, slug: str, field: str):
    with pytest.raises(ValidationError) as refusal:
        add_topic(tenant=house.tenant, name=name, slug=slug)
    assert field in refusal.value.message_dict


def test_another_name_is_seen_on_the_sites_that_show_it_and_its_address_stays(house: House):
    ships = topic(house, "Ships", "A headline")
    here, there = generation(house, TECHBLOG), generation(house, FINANCEBLOG)
    change_topic(topic=ships, name="Boats", slug="ships")
    assert "Boats" in Client(headers={"host": TECHBLOG}).get("/topics/ships/").content.decode()
    assert generation(house, TECHBLOG) > here
    assert generation(house, FINANCEBLOG) == there
    assert not Redirect.objects.exists()


def test_another_slug_redirects_the_list_and_its_feeds_on_each_site_that_shows_it(house: House):
    ships = topic(house, "Ships", "On both", on=(TECHBLOG, FINANCEBLOG))
    change_topic(topic=ships, name="Boats", slug="boats")
    for domain in (TECHBLOG, FINANCEBLOG):
        assert at("/topics/ships/", domain) == (301, "/topics/boats/")
        for feed in ("rss.xml", "atom.xml", "feed.json"):
            assert at(f"/topics/ships/{feed}", domain) == (301, f"/topics/boats/{feed}")
        assert at("/topics/boats/", domain)[0] == 200
    change_topic(topic=ships, name="Ships", slug="ships")
    assert at("/topics/boats/") == (301, "/topics/ships/")
    assert at("/topics/ships/")[0] == 200


def test_where_no_reader_found_it_nothing_redirects(house: House):
    change_topic(topic=topic(house, "Ships"), name="Boats", slug="boats")
    assert not Redirect.objects.exists()


def test_a_byline_has_a_bio_and_a_portrait(house: House):
    picture = Image.objects.create(tenant=house.tenant, digest="a" * 64, name="m", width=9, height=9, widths=[9])
    mara = add_byline(tenant=house.tenant, name="Mara Lind")
    set_bylines(article=article_on(house, TECHBLOG), bylines=[mara])
    change_byline(byline=mara, name="Mara Lind", slug="mara-lind", bio=" Writes of ships. ", picture=picture)
    said = Client(headers={"host": TECHBLOG}).get("/bylines/mara-lind/").content.decode()
    assert "Writes of ships." in said
    assert picture.stem in said
    change_byline(byline=mara, name="Mara Lind", slug="mara", bio="", picture=None)
    assert at("/bylines/mara-lind/") == (301, "/bylines/mara/")


# --- Merging ---------------------------------------------------------------------------------------------------------


def test_the_articles_of_both_are_the_ones_and_old_addresses_redirect(house: House):
    boats, ships = topic(house, "Boats", "Of boats"), topic(house, "Ships", "Of ships")
    both = article_on(house, TECHBLOG, title="Of both")
    set_topics(article=both, topics=[boats, ships])
    before = generation(house, TECHBLOG)
    assert merge(gone=boats, into=ships) == 2
    assert not Topic.objects.filter(slug="boats").exists()
    assert ArticleTopic.objects.filter(topic=ships).count() == 3
    said = Client(headers={"host": TECHBLOG}).get("/topics/ships/").content.decode()
    for title in ("Of boats", "Of ships", "Of both"):
        assert title in said
    assert at("/topics/boats/") == (301, "/topics/ships/")
    assert at("/topics/boats/rss.xml") == (301, "/topics/ships/rss.xml")
    assert generation(house, TECHBLOG) > before
    assert TopicPlacement.objects.filter(topic=ships).count() == 3


def test_what_had_been_merged_into_the_one_that_goes_leads_to_the_one_that_stays(house: House):
    one, two, three = (topic(house, name, f"Of {name}") for name in ("One", "Two", "Three"))
    merge(gone=one, into=two)
    merge(gone=two, into=three)
    assert at("/topics/one/") == (301, "/topics/three/")
    assert at("/topics/two/") == (301, "/topics/three/")


def test_bylines_merge_too(house: House):
    mara, m_lind = (add_byline(tenant=house.tenant, name=name) for name in ("Mara Lind", "M. Lind"))
    set_bylines(article=article_on(house, TECHBLOG, title="By Mara"), bylines=[mara])
    set_bylines(article=article_on(house, TECHBLOG, FINANCEBLOG, title="By M."), bylines=[m_lind])
    assert merge(gone=m_lind, into=mara) == 1
    assert BylinePlacement.objects.filter(byline=mara).count() == 3
    assert at("/bylines/m-lind/", FINANCEBLOG) == (301, "/bylines/mara-lind/")
    assert not Byline.objects.filter(slug="m-lind").exists()


def test_nothing_merges_into_itself_nor_across_kinds_or_tenants(house: House):
    ships = topic(house, "Ships")
    with pytest.raises(ValidationError, match="itself"):
        merge(gone=ships, into=ships)
    other = bolt()
    with tenant_scope(other.tenant):
        theirs = add_topic(tenant=other.tenant, name="Theirs")
    with pytest.raises(TypeError):
        merge(gone=ships, into=theirs)
    with pytest.raises(TypeError):
        merge(gone=ships, into=add_byline(tenant=house.tenant, name="Ships"))
    assert Topic.objects.filter(pk=ships.pk).exists()


def test_a_merge_costs_the_same_statements_whatever_it_moves():
    """One article on one site, and six on three."""
    owner = a_house("wide", "Wide", "a.test", "b.test", "c.test")

    def cost(name: str, articles: int, *domains: str) -> int:
        gone, into = topic(owner, f"{name} gone", on=domains), topic(owner, f"{name} stays")
        for number in range(articles):
            set_topics(article=article_on(owner, *domains, title=f"{name} {number}"), topics=[gone])
        with CaptureQueriesContext(connection) as queries:
            merge(gone=gone, into=into)
        return len(queries)

    with tenant_scope(owner.tenant):
        assert cost("small", 1, "a.test") == cost("large", 6, "a.test", "b.test", "c.test")


# --- Deleting --------------------------------------------------------------------------------------------------------


def test_what_an_article_has_is_not_deleted(house: House):
    ships = topic(house, "Ships", "A headline")
    with pytest.raises(ValidationError, match="“Ships” has articles"):
        delete_term(term=ships)
    set_topics(article=ArticleTopic.objects.get(topic=ships).article, topics=[])
    delete_term(term=ships)
    assert not Topic.objects.exists()


@pytest.mark.parametrize("deed", ["rename", "merge"])
def test_other_tenants_see_nothing_of_it(house: House, deed: str):
    other = bolt()
    with tenant_scope(other.tenant):
        theirs: Any = topic(other, "Ships", "Theirs", on=(LANTERN,))
        before = generation(other, LANTERN)
    ours = topic(house, "Ships", "Ours")
    if deed == "rename":
        change_topic(topic=ours, name="Boats", slug="boats")
    else:
        merge(gone=ours, into=topic(house, "Boats"))
    assert at("/topics/ships/", LANTERN)[0] == 200
    with tenant_scope(other.tenant):
        assert generation(other, LANTERN) == before
        assert Topic.objects.get(pk=theirs.pk).name == "Ships"
