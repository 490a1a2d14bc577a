"""RSS and Atom: the newest articles in full, with absolute URLs of the site."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed

from publishing.models import Placement
from reading import columns
from reading.absolute import with_absolute_links
from reading.columns import Link
from reading.pages import FRESH
from reading.xml import possible
from sites_core.directory import SiteEntry
from sites_core.origins import origin
from sites_core.requests import SiteRequest
from tenants.scope import of_site

ENTRIES = 20
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


class FullTextRss(Rss201rev2Feed):
    """RSS with the summary as description and the whole text beside it."""

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["html"])


class FullTextAtom(Atom1Feed):
    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["html"], {"type": "html"})


def rss(request: SiteRequest) -> HttpResponse:
    return _feed(request, FullTextRss)


def atom(request: SiteRequest) -> HttpResponse:
    return _feed(request, FullTextAtom)


def entries_of(site: SiteEntry, now: datetime) -> list[Entry]:
    """The newest articles of the site, in one statement."""
    with of_site(site.id):
        newest = Placement.objects.on(site.id).live(now).listed().newest_first()[:ENTRIES]
        rows = newest.values_list(
            "pk",
            "slug",
            columns.TITLE,
            columns.SUMMARY,
            "article__html",
            "go_live",
            columns.changed(),
            "article__created_at",
            columns.bylines(),
            columns.topics(),
        )
        return [_entry(site, row) for row in rows]


def _entry(site: SiteEntry, row: tuple[Any, ...]) -> Entry:
    key, slug, title, summary, html, published, updated, created, bylines, topics = row
    url = f"{origin(site.domain)}/{slug}/"
    return Entry(
        # With the moment of its making, since other installations have the same keys.
        id=uuid5(_IDS, f"{key} {created.timestamp()}").urn,
        url=url,
        title=possible(columns.title_or_untitled(title)),
        summary=possible(summary),
        html=possible(with_absolute_links(html, url)),
        published=published,
        updated=updated,
        bylines=columns.links("bylines", bylines),
        topics=columns.links("topics", topics),
    )


def _feed(request: SiteRequest, kind: type[FullTextRss | FullTextAtom]) -> HttpResponse:
    site = request.site
    home = origin(site.domain)
    feed = kind(
        title=possible(site.name),
        link=f"{home}/",
        description=possible(site.brand.tagline),
        language=site.brand.language,
        feed_url=f"{home}{request.path}",
        feed_guid=f"{home}/",
    )
    for entry in entries_of(site, timezone.now()):
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
    return HttpResponse(
        feed.writeString("utf-8"),
        content_type=feed.content_type,
        headers={"Cache-Control": FRESH},
    )
