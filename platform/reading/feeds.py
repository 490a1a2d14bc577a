"""RSS and Atom: the newest articles in full, with absolute URLs of the site."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from reading.absolute import with_absolute_links
from reading.answers import FRESH, kept
from reading.asking import rows_of
from reading.columns import ARTICLE, BYLINES, CHANGED, SUMMARY, TITLE, TOPICS, Link, links, title_or_untitled
from reading.frames import frame_of
from reading.shown import SHOWN
from reading.xml import possible
from sites_core.directory import SiteEntry
from sites_core.origins import origin
from sites_core.requests import SiteRequest

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
ENTRIES = 20
_ENTRIES = f"""
SELECT placement.id, placement.slug, {TITLE}, {SUMMARY}, article.html, placement.go_live, {CHANGED}, article.created_at,
       {BYLINES}, {TOPICS}
  FROM (SELECT * FROM publishing_placement placement WHERE {SHOWN}
         ORDER BY placement.go_live DESC, placement.id DESC LIMIT {ENTRIES}) placement {ARTICLE}
 ORDER BY placement.go_live DESC, placement.id DESC
"""  # noqa: S608 -- made of constants
# Whoever changes it makes every article of every feed unread.
_IDS = UUID("4f0c8a52-9d1e-4b7a-8e63-1c5b7f2d9a06")


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a feed shows it. `id` never changes, whatever its slug and its site's domain do."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    bylines: tuple[Link, ...]
    topics: tuple[Link, ...]


class Timeless(SyndicationFeed):
    """Says of an empty feed that it has not changed, where Django would tell the moment of asking."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else _NEVER


class FullTextRss(Timeless, Rss201rev2Feed):
    """RSS with the summary as description and the whole text beside it."""

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["html"])


class FullTextAtom(Timeless, Atom1Feed):
    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["html"], {"type": "html"})


def rss(request: SiteRequest) -> HttpResponse:
    return _feed(request, FullTextRss)


def atom(request: SiteRequest) -> HttpResponse:
    return _feed(request, FullTextAtom)


def entries_of(site: SiteEntry, now: datetime) -> list[Entry]:
    """The newest articles of the site, in one statement."""
    return [_entry(site, row) for row in rows_of(site.id, _ENTRIES, now=now)]


def _entry(site: SiteEntry, row: tuple[Any, ...]) -> Entry:
    key, slug, title, summary, html, published, updated, created, bylines, topics = row
    url = f"{origin(site.domain)}/{slug}/"
    return Entry(
        # With the moment of its making, since other installations have the same keys.
        id=uuid5(_IDS, f"{key} {created.timestamp()}").urn,
        url=url,
        title=possible(title_or_untitled(title)),
        summary=possible(summary),
        html=possible(with_absolute_links(html, url)),
        published=published,
        updated=updated,
        bylines=links("bylines", bylines),
        topics=links("topics", topics),
    )


def _feed(request: SiteRequest, kind: type[FullTextRss | FullTextAtom]) -> HttpResponse:
    site = request.site
    home = origin(site.domain)
    now = timezone.now()
    until = frame_of(site.id, now).until
    feed = kind(
        title=possible(site.name),
        link=f"{home}/",
        description=possible(site.brand.tagline),
        language=site.brand.language,
        feed_url=f"{home}{request.path}",
        feed_guid=f"{home}/",
    )
    for entry in entries_of(site, now):
        feed.add_item(
            title=entry.title,
            link=entry.url,
            description=entry.summary,
            html=entry.html,
            author_name=possible(", ".join(byline.name for byline in entry.bylines)) or None,
            pubdate=entry.published,
            updateddate=entry.updated,
            unique_id=entry.id,
            unique_id_is_permalink=False,
            categories=[possible(topic.name) for topic in entry.topics],
        )
    answer = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type, headers={"Cache-Control": FRESH})
    return kept(request, answer, until=until)
