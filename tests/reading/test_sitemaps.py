"""What crawlers are told: every page once, where it is canonical, by month; the news of two days; robots.txt."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.contrib.sites.models import Site
from django.utils import timezone

from publishing.models import Byline, Image, Placement, Section, Topic
from publishing.writing import set_bylines, set_topics
from reading import sitemaps
from sites_core.directory import directory
from sites_core.models import Brand
from sites_core.page_cache.keeping import KEPT
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt, house
from tests.reading.visiting import furnished, reader, sitemapped, text_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
NEWS = "/sitemaps/news.xml"
PAGES = "/sitemaps/pages.xml"
SPACES = {
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
HOSTILE = "Bell \x07 & <b>bold</b> \x0b \ufffe ]]> </url> <!-- \" ' \u202e \u2028 \U0001f3ee"


def told(path: str, domain: str = TECHBLOG) -> ET.Element:
    response = reader(domain).get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "application/xml"
    return ET.fromstring(response.content)  # noqa: S314 -- our own


def paths(path: str, domain: str = TECHBLOG) -> list[str]:
    """The paths of a sitemap's own pages, or of an index' sitemaps."""
    locations = [found.text or "" for found in told(path, domain).iterfind("*/map:loc", SPACES)]
    assert all(location.startswith(f"http://{domain}/") for location in locations)
    return [location.removeprefix(f"http://{domain}") for location in locations]


def until(path: str, domain: str = TECHBLOG) -> datetime | None:
    directory.expire()
    found: datetime | None = reader(domain).get(path).wsgi_request.META[KEPT].until
    return found


def on_days(owner: House, *days: str) -> None:
    for day in days:
        moment = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        article_on(owner, TECHBLOG, title=f"Of {day}", ago=timezone.now() - moment)


def test_the_index_names_a_sitemap_for_each_month_in_which_something_appeared() -> None:
    owner = acme()
    with time_machine.travel(NOW, tick=False):
        on_days(owner, "2026-06-01", "2026-06-02", "2024-01-31", "2026-07-01")
        assert told("/sitemap.xml").tag == f"{{{SPACES['map']}}}sitemapindex"
        assert paths("/sitemap.xml") == [PAGES, NEWS, "/sitemaps/2026-06.xml", "/sitemaps/2024-01.xml"]
        assert paths("/sitemap.xml", FINANCEBLOG) == [PAGES, NEWS]
        assert until("/sitemap.xml") == datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_a_months_sitemap_has_the_articles_of_that_month_newest_first() -> None:
    owner = acme()
    with time_machine.travel(NOW, tick=False):
        on_days(owner, "2026-05-31", "2026-06-01", "2026-06-02", "2026-06-30")
        assert paths("/sitemaps/2026-06.xml") == ["/of-2026-06-02/", "/of-2026-06-01/"]
        assert paths("/sitemaps/2026-05.xml") == ["/of-2026-05-31/"]


def test_months_are_told_in_the_sites_own_time() -> None:
    owner = acme()
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(time_zone="Pacific/Auckland")
    with time_machine.travel(NOW, tick=False):
        article_on(owner, TECHBLOG, title="One", ago=NOW - datetime(2026, 5, 31, 20, tzinfo=UTC))
        assert paths("/sitemap.xml") == [PAGES, NEWS, "/sitemaps/2026-06.xml"]
        assert paths("/sitemaps/2026-06.xml") == ["/one/"]


@pytest.mark.parametrize("month", ["2026-07", "2026-04", "1000-01", "9999-12"])
def test_a_month_without_articles_has_no_sitemap(month: str) -> None:
    owner = acme()
    with time_machine.travel(NOW, tick=False):
        on_days(owner, "2026-06-01", "2026-07-01")
        text_of(reader(), f"/sitemaps/{month}.xml", status=404)


@pytest.mark.parametrize(
    "name", ["2026-6", "2026-13", "2026-00", "20260-01", "0999-01", "2026-06.xml", "%D9%A2026-06", "x", ""]
)
def test_what_is_no_month_is_missing(name: str) -> None:
    acme()
    text_of(reader(), f"/sitemaps/{name}.xml", status=404)


def test_a_sitemap_says_when_a_page_changed_and_shows_its_picture() -> None:
    owner = acme()
    with tenant_scope(owner.tenant):
        image = Image.objects.create(
            tenant=owner.tenant, digest="ab" * 32, name="p", width=1600, height=900, widths=[480, 1600]
        )
    with time_machine.travel(NOW, tick=False):
        article = article_on(owner, TECHBLOG, title="Pictured", lead_image=image)
        with tenant_scope(owner.tenant):
            article.updated_at = NOW - timedelta(minutes=5)
            article.save()
        for path in ("/sitemaps/2026-06.xml", NEWS):
            (url,) = told(path)
            picture = url.findtext("image:image/image:loc", namespaces=SPACES) or ""
            assert picture.startswith(f"http://techblog.test/media/{'ab' * 16}-1600."), path
        assert told("/sitemaps/2026-06.xml")[0].findtext("map:lastmod", namespaces=SPACES) == "2026-06-15T11:55:00Z"


def test_static_pages_and_lists_with_something_in_them_have_a_sitemap_of_their_own() -> None:
    owner = acme()
    furnished(owner, 2)
    article_on(owner, TECHBLOG, title="Imprint", kind="page")
    article_on(owner, TECHBLOG, title="Later", kind="page", ago=-timedelta(days=1))
    with tenant_scope(owner.tenant):
        empty = Section.objects.create(tenant=owner.tenant, site=owner.sites[TECHBLOG], slug="empty", name="Empty")
        later = article_on(owner, TECHBLOG, title="Not yet", ago=-timedelta(days=2))
        set_topics(article=later, topics=[Topic.objects.create(tenant=owner.tenant, slug="later", name="Later")])
        set_bylines(article=later, bylines=[Byline.objects.create(tenant=owner.tenant, slug="eve", name="Eve")])
        Placement.objects.filter(article=later).update(section=empty)
    furnished(bolt(), 1, LANTERN)
    assert paths(PAGES) == [
        "/", "/topics/", "/archive/", "/bylines/mara/", "/imprint/", "/sections/data/", "/topics/databases/",
    ]  # fmt: skip
    assert paths(PAGES, FINANCEBLOG) == ["/", "/topics/", "/archive/"]


def test_every_page_is_in_one_sitemap_once() -> None:
    owner = acme()
    furnished(owner, 3)
    article_on(owner, TECHBLOG, title="Imprint", kind="page")
    article_on(owner, TECHBLOG, title="Old", ago=timedelta(days=400))
    listed = [path for name in paths("/sitemap.xml") if name != NEWS for path in paths(name)]
    assert len(set(listed)) == len(listed)
    assert {"/", "/needle-0/", "/needle-1/", "/needle-2/", "/imprint/", "/old/"} <= set(listed)
    for path in listed:
        text_of(reader(), path)


def test_a_page_is_in_the_sitemap_of_the_site_where_it_is_canonical_alone() -> None:
    owner = house("acme", "Acme", TECHBLOG, FINANCEBLOG)
    with time_machine.travel(NOW, tick=False):
        article = article_on(owner, TECHBLOG, FINANCEBLOG, title="Both")
        page = article_on(owner, TECHBLOG, FINANCEBLOG, title="Imprint", kind="page")
        assert "/both/" in paths("/sitemaps/2026-06.xml")
        assert "/both/" in paths(NEWS)
        assert "/imprint/" in paths(PAGES)
        # It is a month of the site, whose articles all have their place elsewhere.
        for path in ("/sitemaps/2026-06.xml", NEWS, PAGES):
            assert {"/both/", "/imprint/"}.isdisjoint(paths(path, FINANCEBLOG)), path
            assert until(path, FINANCEBLOG) is None
        with tenant_scope(owner.tenant):
            elected = Placement.objects.filter(article__in=[article, page], site=owner.sites[TECHBLOG])
            elected.update(expires_at=NOW + timedelta(hours=3))
        for path in ("/sitemaps/2026-06.xml", NEWS, PAGES):
            assert until(path, FINANCEBLOG) == NOW + timedelta(hours=3), path
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        assert "/both/" in paths("/sitemaps/2026-06.xml", FINANCEBLOG)
        assert "/both/" in paths(NEWS, FINANCEBLOG)
        assert "/imprint/" in paths(PAGES, FINANCEBLOG)


def test_news_are_of_the_last_two_days_and_hold_until_the_oldest_of_them_is_none() -> None:
    owner = acme()
    with time_machine.travel(NOW, tick=False):
        for hours in (1, 47, 49):
            article_on(owner, TECHBLOG, title=f"Of {hours}", ago=timedelta(hours=hours))
        assert paths(NEWS) == ["/of-1/", "/of-47/"]
        assert until(NEWS) == NOW + timedelta(hours=1)
    with time_machine.travel(NOW + timedelta(hours=1) - timedelta(seconds=1), tick=False):
        assert paths(NEWS) == ["/of-1/", "/of-47/"]
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert paths(NEWS) == ["/of-1/"]
        assert until(NEWS) == NOW + timedelta(hours=47)
        article_on(owner, TECHBLOG, title="Soon", ago=-timedelta(hours=2))
        assert until(NEWS) == NOW + timedelta(hours=3)
    with time_machine.travel(NOW + timedelta(days=9), tick=False):
        assert paths(NEWS) == []
        assert until(NEWS) is None


def test_an_item_of_news_says_what_it_must() -> None:
    owner = acme()
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(language="pt-br")
    with time_machine.travel(NOW, tick=False):
        article_on(owner, TECHBLOG, title="Novo")
        (url,) = told(NEWS)
    news = {element.tag.rpartition("}")[2]: element.text for element in url.iter() if "news" in element.tag}
    assert news == {
        "news": None, "publication": None, "name": "Techblog", "language": "pt",
        "publication_date": "2026-06-15T11:00:00Z", "title": "Novo",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "language"),
    {"en": "en", "de-at": "de", "zh-hans": "zh-cn", "zh-Hant": "zh-tw", "zh": "zh-cn", "zh-TW": "zh-tw"}.items(),
)
def test_news_name_a_language_as_their_format_has_it(tag: str, language: str) -> None:
    article_on(acme(), TECHBLOG, language=tag)
    assert told(NEWS)[0].findtext("news:news/news:publication/news:language", namespaces=SPACES) == language


@pytest.mark.parametrize(("name", "path"), {"_MONTH": "/sitemaps/2026-06.xml", "_NEWS": NEWS}.items())
def test_no_sitemap_has_more_pages_than_its_format_allows(
    name: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = {"_MONTH": 50_000, "_NEWS": 1000}[name]
    statement = getattr(sitemaps, name)
    assert f"LIMIT {most}\n" in statement
    monkeypatch.setattr(sitemaps, name, statement.replace(f"LIMIT {most}\n", "LIMIT 2\n"))
    owner = acme()
    with time_machine.travel(NOW, tick=False):
        for hours in (3, 1, 2):
            article_on(owner, TECHBLOG, title=f"Of {hours}", ago=timedelta(hours=hours))
        assert paths(path) == ["/of-1/", "/of-2/"]


def test_the_sitemaps_of_an_odd_site_are_still_xml() -> None:
    owner = acme()
    Site.objects.filter(pk=owner.sites[TECHBLOG].pk).update(name=HOSTILE[:50])
    article = article_on(owner, TECHBLOG, title=HOSTILE, language="<x>")
    with tenant_scope(owner.tenant):
        set_topics(article=article, topics=[Topic.objects.create(tenant=owner.tenant, slug="<&\x07>", name=HOSTILE)])
    for name in ("/sitemap.xml", *paths("/sitemap.xml")):
        told(name)
    assert told(NEWS)[0].findtext("news:news/news:title", namespaces=SPACES) == HOSTILE.translate(
        dict.fromkeys(map(ord, "\x07\x0b\ufffe"))
    )


def test_a_site_without_a_tenant_has_sitemaps() -> None:
    Site.objects.create(domain="lonely.test", name="Lonely")
    assert paths("/sitemap.xml", "lonely.test") == [PAGES, NEWS]
    assert paths(PAGES, "lonely.test") == ["/", "/topics/", "/archive/"]
    assert paths(NEWS, "lonely.test") == []


def test_a_recalled_article_is_in_no_sitemap() -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, title="Withdrawn")
    assert "/withdrawn/" in sitemapped(reader())
    with tenant_scope(owner.tenant):
        Placement.objects.filter(article=article).update(status="recalled")
    assert "/withdrawn/" not in sitemapped(reader())


def test_robots_txt_names_this_sites_sitemaps_alone() -> None:
    acme(), bolt()
    for domain in (TECHBLOG, FINANCEBLOG, LANTERN):
        text = text_of(reader(domain), "/robots.txt")
        assert f"Sitemap: http://{domain}/sitemap.xml\n" in text
        assert f"Sitemap: http://{domain}{NEWS}\n" in text
        assert text.count("://") == 2
