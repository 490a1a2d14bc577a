"""What programs read: feeds, sitemap, robots.txt."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

import feedparser
import pytest
from django.contrib.sites.models import Site
from django.utils import timezone

from publishing.models import Article, Placement
from publishing.placing import schedule
from publishing.writing import correct, set_bylines
from sites_core.directory import directory
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, acme, article_on, bolt, placement_of
from tests.reading.visiting import furnished, reader, text_of

pytestmark = pytest.mark.django_db

FEEDS = ["/feeds/rss.xml", "/feeds/atom.xml"]
BODY = """
A [neighbour](/other/), a [section](#below), a [stranger](https://elsewhere.example/x?a=1&b=2)
and a ![picture](/media/p.webp).

```html
<a href="/kept/as/it/is">
```

## Below
"""


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_holds_the_newest_twenty_in_full(path: str) -> None:
    owner = acme()
    furnished(owner, 21)
    response = reader().get(path)
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    assert len(feed.entries) == 20
    newest = feed.entries[0]
    assert newest.title == "Needle 0"
    assert newest.link == "http://techblog.test/needle-0/"
    assert newest.content[0].value == "<p>Words.</p>"
    assert newest.author == "Mara"
    assert [tag.term for tag in newest.tags] == ["Databases"]
    assert newest.published_parsed
    assert feed.feed.title == "Techblog"
    assert feed.feed.link == "http://techblog.test/"
    assert response["Content-Type"].startswith("application/rss+xml" if "rss" in path else "application/atom+xml")


@pytest.mark.parametrize("path", FEEDS)
def test_links_within_a_feed_lead_to_the_site(path: str) -> None:
    article_on(acme(), TECHBLOG, title="Linked", body=BODY)
    feed = feedparser.parse(reader().get(path).content)
    content = feed.entries[0].content[0].value
    assert 'href="http://techblog.test/other/"' in content
    assert 'href="http://techblog.test/linked/#s-below"' in content
    assert 'src="http://techblog.test/media/p.webp"' in content
    assert 'href="https://elsewhere.example/x?a=1&amp;b=2"' in content
    assert "http://techblog.test/kept" not in content
    assert "/kept/as/it/is" in content


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_of_an_odd_article_is_still_xml(path: str) -> None:
    owner = acme()
    odd = "Bell \x07 & <b>bold</b> \x0b \ufffe ]]>"
    article = article_on(owner, TECHBLOG, title=odd, summary=odd, body=odd)
    with tenant_scope(owner.tenant):
        from publishing.models import Byline

        set_bylines(article=article, bylines=[Byline.objects.create(tenant=owner.tenant, slug="odd", name=odd)])
    feed = feedparser.parse(reader().get(path).content)
    assert not feed.bozo
    assert len(feed.entries) == 1


@pytest.mark.parametrize("path", FEEDS)
def test_an_entry_keeps_its_id_when_its_words_change(path: str) -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, title="First")
    before = feedparser.parse(reader().get(path).content).entries[0].id
    with tenant_scope(owner.tenant):
        from publishing.placing import move
        from publishing.writing import revise
        from tests.cast import placement_of

        revise(article=article, title="Second")
        move(placement=placement_of(article, owner.sites[TECHBLOG]), slug="second")
    entry = feedparser.parse(reader().get(path).content).entries[0]
    assert (entry.id, entry.title, entry.link) == (before, "Second", "http://techblog.test/second/")


@pytest.mark.parametrize("path", FEEDS)
def test_an_entry_keeps_its_id_when_the_site_is_renamed_or_it_is_shown_from_another_day(path: str) -> None:
    owner = acme()
    articles = [article_on(owner, TECHBLOG, title=title, ago=timedelta(days=3)) for title in ("One", "Two")]
    before = {entry.title: entry.id for entry in feedparser.parse(reader().get(path).content).entries}
    assert len(set(before.values())) == 2
    assert all(key == UUID(key).urn for key in before.values())
    Site.objects.filter(pk=owner.sites[TECHBLOG].pk).update(domain="newname.test")
    directory.expire()
    with tenant_scope(owner.tenant):
        yesterday = timezone.now() - timedelta(days=1)
        schedule(placement=placement_of(articles[0], owner.sites[TECHBLOG]), go_live=yesterday)
    after = feedparser.parse(reader("newname.test").get(path).content).entries
    assert {entry.title: entry.id for entry in after} == before
    assert after[0].link == "http://newname.test/one/"


@pytest.mark.parametrize("path", FEEDS)
def test_an_article_on_two_sites_is_an_entry_of_each(path: str) -> None:
    article_on(acme(), TECHBLOG, FINANCEBLOG, title="Both")
    ids = {feedparser.parse(reader(domain).get(path).content).entries[0].id for domain in (TECHBLOG, FINANCEBLOG)}
    assert len(ids) == 2


def test_the_id_of_an_entry_is_the_same_for_ever() -> None:
    """Another one would make every article of every feed unread."""
    owner = acme()
    article = article_on(owner, TECHBLOG)
    with tenant_scope(owner.tenant):
        Article.objects.filter(pk=article.pk).update(created_at=datetime(2026, 3, 4, 12, 0, 0, 123456, tzinfo=UTC))
    (entry,) = feedparser.parse(reader().get("/feeds/atom.xml").content).entries
    key = placement_of(article, owner.sites[TECHBLOG]).pk
    assert entry.id == uuid5(UUID("4f0c8a52-9d1e-4b7a-8e63-1c5b7f2d9a06"), f"{key} 1772625600.123456").urn


def test_a_correction_counts_as_a_change_in_atom_and_sitemap() -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, title="One")
    written = datetime(2026, 3, 1, tzinfo=UTC)
    noted = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
    with tenant_scope(owner.tenant):
        Placement.objects.filter(article=article).update(go_live=written)
        Article.objects.filter(pk=article.pk).update(updated_at=written)
        assert changes_told() == {"2026-03-01T00:00:00"}
        correct(article=article, note="It was Tuesday.", noted_at=noted)
        correct(article=article, note="It was in March.", noted_at=noted - timedelta(days=1))
        assert changes_told() == {"2026-03-04T12:30:00"}
        Article.objects.filter(pk=article.pk).update(updated_at=noted + timedelta(days=1))
        assert changes_told() == {"2026-03-05T12:30:00"}


def changes_told() -> set[str]:
    """When the only article has changed, as Atom and the sitemap say, without the zone, which must be UTC."""
    feed = feedparser.parse(reader().get("/feeds/atom.xml").content)
    (lastmod,) = re.findall("<lastmod>(.*)Z</lastmod>", text_of(reader(), "/sitemap.xml"))
    return {feed.entries[0].updated.removesuffix("+00:00"), feed.feed.updated.removesuffix("+00:00"), lastmod}


def test_pages_tell_where_the_feeds_are() -> None:
    acme()
    home = reader().get("/").content
    found = {link.split('"')[0] for link in home.decode().split('href="')[1:] if "/feeds/" in link.split('"')[0]}
    assert {f"http://techblog.test{path}" for path in FEEDS} <= found


def test_the_sitemap_lists_home_articles_and_pages() -> None:
    owner = acme()
    article_on(owner, TECHBLOG, title="One")
    article_on(owner, TECHBLOG, title="Two", kind="page")
    article_on(owner, TECHBLOG, title="Later", ago=-timedelta(days=1))
    article_on(owner, FINANCEBLOG, title="Elsewhere")
    root = ET.fromstring(text_of(reader(), "/sitemap.xml"))  # noqa: S314 -- our own
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert root.tag == f"{space}urlset"
    assert {url.findtext(f"{space}loc") for url in root} == {
        f"http://techblog.test{path}" for path in ("/", "/one/", "/two/")
    }
    lastmod = [url.findtext(f"{space}lastmod") or "" for url in root][1]
    assert lastmod.endswith("Z")
    assert len(lastmod) == 20


def test_robots_txt_names_this_sites_sitemap_alone() -> None:
    acme(), bolt()
    for domain in (TECHBLOG, FINANCEBLOG, LANTERN):
        text = text_of(reader(domain), "/robots.txt")
        assert f"Sitemap: http://{domain}/sitemap.xml\n" in text
        assert text.count("http://") == 1
