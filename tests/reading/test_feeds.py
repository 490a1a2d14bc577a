"""What programs read: feeds, sitemap, robots.txt."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import feedparser
import pytest

from publishing.writing import set_bylines
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, acme, article_on, bolt
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
