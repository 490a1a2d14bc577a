"""Feeds: of a site and of one of its topics, in three formats that say the same."""

import json
import re
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import struct_time
from typing import Any
from uuid import UUID, uuid5

import feedparser
import pytest
from django.contrib.sites.models import Site
from django.utils import timezone

from publishing.models import Article, Byline, Image, Placement, Topic
from publishing.placing import move, place
from publishing.writing import correct, revise, set_bylines, set_topics
from sites_core.directory import directory
from sites_core.models import Brand
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt, placement_of
from tests.reading.visiting import furnished, reader, sitemapped, text_of

pytestmark = pytest.mark.django_db

SITES = ["/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json"]
TOPICS = ["/topics/databases/rss.xml", "/topics/databases/atom.xml", "/topics/databases/feed.json"]
TYPES = {"rss.xml": "application/rss+xml", "atom.xml": "application/atom+xml", "feed.json": "application/feed+json"}
BODY = """
A [neighbour](/other/), a [section](#below), a [stranger](https://elsewhere.example/x?a=1&b=2)
and a ![picture](/media/p.webp).

```html
<a href="/kept/as/it/is">
```

## Below
"""
HOSTILE = "Bell \x07 & <b>bold</b> \x0b \ufffe ]]> </script> <!-- \" ' \u202e \u2028 \U0001f3ee \U000e0001 \x85"


@dataclass(frozen=True)
class Read:
    """An entry, whichever format it was told in."""

    id: str
    link: str
    title: str
    content: str
    summary: str
    authors: list[tuple[str, str | None]]
    topics: list[str]
    picture: str
    published: datetime
    updated: datetime


@dataclass(frozen=True)
class Feed:
    title: str
    link: str
    address: str
    entries: list[Read]


def read(path: str, domain: str = TECHBLOG) -> Feed:
    """The feed as a feed reader has it; one that is not well-formed fails here."""
    response = reader(domain).get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"] == f"{TYPES[path.rpartition('/')[2]]}; charset=utf-8"
    return _json(json.loads(response.content)) if path.endswith(".json") else _xml(response.content)


def _json(feed: dict[str, Any]) -> Feed:
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    entries = [
        Read(
            id=item["id"], link=item["url"], title=item["title"], content=item["content_html"],
            summary=item.get("summary", ""), picture=item.get("image", ""), topics=item.get("tags", []),
            authors=[(author["name"], author.get("url")) for author in item.get("authors", [])],
            published=datetime.fromisoformat(item["date_published"]),
            updated=datetime.fromisoformat(item["date_modified"]),
        )
        for item in feed["items"]
    ]  # fmt: skip
    return Feed(feed["title"], feed["home_page_url"], feed["feed_url"], entries)


def _xml(content: bytes) -> Feed:
    feed = feedparser.parse(content)
    assert not feed.bozo, feed.get("bozo_exception")
    entries = [
        Read(
            id=entry.id, link=entry.link, title=entry.title, content=entry.content[0].value,
            summary=entry.get("summary", ""), topics=[tag.term for tag in entry.get("tags", [])],
            picture=entry.media_content[0]["url"] if "media_content" in entry else "",
            authors=[(author["name"], author.get("href")) for author in entry.get("authors", []) if author],
            published=moment(entry["published_parsed"]),
            updated=moment(entry["updated_parsed" if "updated" in entry else "published_parsed"]),
        )
        for entry in feed.entries
    ]  # fmt: skip
    (address,) = (link.href for link in feed.feed.links if link.rel == "self")
    return Feed(feed.feed.title, feed.feed.link, address, entries)


def moment(parsed: struct_time) -> datetime:
    return datetime.fromtimestamp(timegm(parsed), UTC)


def pictured(owner: House, **fields: Any) -> Image:
    with tenant_scope(owner.tenant):
        return Image.objects.create(
            tenant=owner.tenant, digest="ab" * 32, name="p", width=1600, height=900, widths=[480, 960, 1600], **fields
        )


@pytest.mark.parametrize("path", SITES + TOPICS)
def test_a_feed_holds_the_newest_twenty_in_full(path: str) -> None:
    furnished(acme(), 21)
    feed = read(path)
    assert [entry.title for entry in feed.entries] == [f"Needle {number}" for number in range(20)]
    newest = feed.entries[0]
    assert newest.link == "http://techblog.test/needle-0/"
    assert newest.content.strip() == "<p>Words.</p>"
    assert [name for name, _ in newest.authors] == ["Mara"]
    assert newest.topics == ["Databases"]
    assert timezone.now() - newest.published < timedelta(minutes=3)
    assert feed.address == f"http://techblog.test{path}"


def test_a_feed_is_named_after_what_it_is_of() -> None:
    furnished(acme(), 1)
    assert {(feed.title, feed.link) for feed in map(read, SITES)} == {("Techblog", "http://techblog.test/")}
    assert {(feed.title, feed.link) for feed in map(read, TOPICS)} == {
        ("Databases · Techblog", "http://techblog.test/topics/databases/")
    }


@pytest.mark.parametrize("path", TOPICS)
def test_a_topics_feed_has_what_the_site_shows_of_it_alone(path: str) -> None:
    owner = acme()
    article_on(owner, TECHBLOG, title="Hay")
    furnished(owner, 2)
    furnished(owner, 3, FINANCEBLOG)
    assert len(read(path).entries) == 2
    assert len(read(path, FINANCEBLOG).entries) == 3


@pytest.mark.parametrize("path", TOPICS)
def test_the_feed_of_a_topic_of_which_the_site_shows_nothing_is_missing(path: str) -> None:
    ours, theirs = acme(), bolt()
    furnished(theirs, 1, LANTERN)
    read(path, LANTERN)
    text_of(reader(), path, status=404)
    with tenant_scope(ours.tenant):
        topic = Topic.objects.create(tenant=ours.tenant, slug="databases", name="Databases")
        set_topics(article=article_on(ours, TECHBLOG, title="Later", ago=-timedelta(hours=1)), topics=[topic])
    text_of(reader(), path, status=404)
    with tenant_scope(ours.tenant):
        set_topics(article=article_on(ours, TECHBLOG, title="Now"), topics=[topic])
    assert [entry.title for entry in read(path).entries] == ["Now"]


@pytest.mark.parametrize("path", SITES)
def test_links_within_a_feed_lead_to_the_site(path: str) -> None:
    article_on(acme(), TECHBLOG, title="Linked", body=BODY)
    (entry,) = read(path).entries
    assert 'href="http://techblog.test/other/"' in entry.content
    assert 'href="http://techblog.test/linked/#s-below"' in entry.content
    assert 'src="http://techblog.test/media/p.webp"' in entry.content
    assert 'href="https://elsewhere.example/x?a=1&amp;b=2"' in entry.content
    assert "http://techblog.test/kept" not in entry.content
    assert "/kept/as/it/is" in entry.content


@pytest.mark.parametrize("path", SITES)
def test_the_lead_picture_stands_above_the_text_and_beside_it(path: str) -> None:
    owner = acme()
    image = pictured(owner, alt='A "lantern" <lit>', caption="By night & day")
    article_on(owner, TECHBLOG, lead_image=image)
    (entry,) = read(path).entries
    assert entry.picture.startswith(f"http://techblog.test/media/{'ab' * 16}-960.")
    assert re.search(rf'<img [^>]*src="{entry.picture}"', entry.content)
    assert entry.content.index("<figure>") < entry.content.index("<p>Words.</p>")
    assert "<figcaption>By night &amp; day</figcaption>" in entry.content
    assert "&lt;lit&gt;" in entry.content


@pytest.mark.parametrize("path", SITES)
def test_a_picture_that_the_text_shows_is_not_shown_twice(path: str) -> None:
    owner = acme()
    image = pictured(owner)
    article_on(owner, TECHBLOG, lead_image=image, body=f"![x](/media/{'ab' * 16}-480.webp)")
    (entry,) = read(path).entries
    assert entry.content.count("<img") == 1
    assert entry.picture


@pytest.mark.parametrize("path", SITES + TOPICS)
def test_a_feed_of_an_odd_article_is_still_well_formed(path: str) -> None:
    owner = acme()
    Site.objects.filter(pk=owner.sites[TECHBLOG].pk).update(name=HOSTILE[:50])
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(tagline=HOSTILE)
    image = pictured(owner, alt=HOSTILE, caption=HOSTILE)
    article = article_on(owner, TECHBLOG, title=HOSTILE, summary=HOSTILE, body=HOSTILE, lead_image=image)
    with tenant_scope(owner.tenant):
        set_bylines(article=article, bylines=[Byline.objects.create(tenant=owner.tenant, slug="odd", name=HOSTILE)])
        topic = Topic.objects.create(tenant=owner.tenant, slug="databases", name=HOSTILE)
        set_topics(article=article, topics=[topic])
    (entry,) = read(path).entries
    assert "\u202e" in entry.topics[0]
    assert "<script" not in entry.content
    raw = text_of(reader(), path)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", raw)


def test_who_wrote_it_has_a_page_and_what_nobody_signed_is_the_publishers() -> None:
    owner = acme()
    furnished(owner, 1)
    article_on(owner, TECHBLOG, title="Unsigned")
    mara = ("Mara", "http://techblog.test/bylines/mara/")
    assert [entry.authors for entry in read("/feeds/atom.xml").entries] == [[mara], []]
    assert [entry.authors for entry in read("/feeds/feed.json").entries] == [[mara], []]
    assert feedparser.parse(reader().get("/feeds/atom.xml").content).feed.author == "Techblog"
    assert json.loads(text_of(reader(), "/feeds/feed.json"))["authors"] == [{"name": "Techblog"}]


def test_an_article_with_several_bylines_has_each_of_them_as_an_author() -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG)
    with tenant_scope(owner.tenant):
        names = ("Zoe", "Amy")
        bylines = [Byline.objects.create(tenant=owner.tenant, slug=name.lower(), name=name) for name in names]
        set_bylines(article=article, bylines=bylines)
    for path in SITES:
        (entry,) = read(path).entries
        assert [name for name, _ in entry.authors] == ["Zoe", "Amy"], path


def test_an_article_in_another_language_says_so() -> None:
    article_on(acme(), TECHBLOG, title="Shalom", language="he")
    feed = json.loads(text_of(reader(), "/feeds/feed.json"))
    assert (feed["language"], feed["items"][0]["language"]) == ("en", "he")
    assert '<entry xml:lang="he">' in text_of(reader(), "/feeds/atom.xml")


@pytest.mark.parametrize("path", SITES)
def test_an_empty_feed_is_a_feed(path: str) -> None:
    acme()
    assert read(path).entries == []


@pytest.mark.parametrize("path", SITES)
def test_an_article_without_a_word_is_an_entry(path: str) -> None:
    article_on(acme(), TECHBLOG, title="", body="")
    (entry,) = read(path).entries
    assert (entry.title, entry.content) == ("Untitled", "")


@pytest.mark.parametrize("path", SITES)
def test_an_entry_keeps_its_id_when_its_words_change(path: str) -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, title="First")
    before = read(path).entries[0].id
    with tenant_scope(owner.tenant):
        revise(article=article, title="Second")
        move(placement=placement_of(article, owner.sites[TECHBLOG]), slug="second")
    (entry,) = read(path).entries
    assert (entry.id, entry.title, entry.link) == (before, "Second", "http://techblog.test/second/")


@pytest.mark.parametrize("path", SITES)
def test_an_entry_keeps_its_id_when_the_site_is_renamed_or_it_is_shown_from_another_day(path: str) -> None:
    owner = acme()
    articles = [article_on(owner, TECHBLOG, title=title, ago=timedelta(days=3)) for title in ("One", "Two")]
    before = {entry.title: entry.id for entry in read(path).entries}
    assert len(set(before.values())) == 2
    assert all(key == UUID(key).urn for key in before.values())
    Site.objects.filter(pk=owner.sites[TECHBLOG].pk).update(domain="newname.test")
    directory.expire()
    with tenant_scope(owner.tenant):
        yesterday = timezone.now() - timedelta(days=1)
        place(article=articles[0], site=owner.sites[TECHBLOG], go_live=yesterday)
    after = read(path, "newname.test").entries
    assert {entry.title: entry.id for entry in after} == before
    assert after[0].link == "http://newname.test/one/"


@pytest.mark.parametrize("path", SITES)
def test_an_article_on_two_sites_is_an_entry_of_each(path: str) -> None:
    article_on(acme(), TECHBLOG, FINANCEBLOG, title="Both")
    assert len({read(path, domain).entries[0].id for domain in (TECHBLOG, FINANCEBLOG)}) == 2


def test_the_id_of_an_entry_is_the_same_for_ever() -> None:
    """Another one would make every article of every feed unread."""
    owner = acme()
    article = article_on(owner, TECHBLOG)
    with tenant_scope(owner.tenant):
        Article.objects.filter(pk=article.pk).update(created_at=datetime(2026, 3, 4, 12, 0, 0, 123456, tzinfo=UTC))
    key = placement_of(article, owner.sites[TECHBLOG]).pk
    expected = uuid5(UUID("4f0c8a52-9d1e-4b7a-8e63-1c5b7f2d9a06"), f"{key} 1772625600.123456").urn
    assert {read(path).entries[0].id for path in SITES} == {expected}


def test_a_correction_counts_as_a_change_in_feeds_and_sitemap() -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, title="One")
    written = datetime(2026, 3, 1, tzinfo=UTC)
    noted = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
    with tenant_scope(owner.tenant):
        Placement.objects.filter(article=article).update(go_live=written)
        Article.objects.filter(pk=article.pk).update(updated_at=written)
        assert changes_told() == {written}
        correct(article=article, note="It was Tuesday.", noted_at=noted)
        correct(article=article, note="It was in March.", noted_at=noted - timedelta(days=1))
        assert changes_told() == {noted}
        Article.objects.filter(pk=article.pk).update(updated_at=noted + timedelta(days=1))
        assert changes_told() == {noted + timedelta(days=1)}


def changes_told() -> set[datetime]:
    """When the only article has changed, as the feeds and the sitemap say."""
    (lastmod,) = re.findall("<lastmod>(.*)</lastmod>", sitemapped(reader()))
    of_feed = feedparser.parse(reader().get("/feeds/atom.xml").content).feed.updated
    told = {datetime.fromisoformat(text) for text in (lastmod, of_feed)}
    return told | {read(path).entries[0].updated for path in ("/feeds/atom.xml", "/feeds/feed.json")}


def test_pages_tell_where_the_feeds_are() -> None:
    acme()
    home = reader().get("/").content
    found = {link.split('"')[0] for link in home.decode().split('href="')[1:] if "/feeds/" in link.split('"')[0]}
    assert {f"http://techblog.test{path}" for path in ("/feeds/rss.xml", "/feeds/atom.xml")} <= found
