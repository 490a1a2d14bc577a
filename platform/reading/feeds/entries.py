"""What stands in a feed: articles with their whole text, whose links lead to the site from wherever it is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.html import format_html

from publishing.models.placements import feed_id_of
from reading.absolute import with_absolute_links
from reading.asking import rows_of
from reading.columns import (
    ARTICLE,
    BYLINES,
    CHANGED,
    IMAGE,
    PICTURE,
    SUMMARY,
    TITLE,
    TOPICS,
    Link,
    Picture,
    links,
    picture_from,
    title_or_untitled,
)
from reading.shown import SHOWN
from reading.xml import possible
from sites_core.directory import SiteEntry
from sites_core.origins import origin

ENTRIES = 20
# Wide enough for a feed reader's column on a dense screen.
PICTURE_WIDTH = 960

_ENTRY = f"""
    placement.id, placement.slug, {TITLE}, {SUMMARY}, article.html, article.language, placement.go_live, {CHANGED},
    article.created_at, placement.feed_id, {BYLINES}, {TOPICS}, {PICTURE}
"""
_NEWEST = f"""
SELECT {_ENTRY}
  FROM (SELECT * FROM publishing_placement placement WHERE {SHOWN}
         ORDER BY placement.go_live DESC, placement.id DESC LIMIT {ENTRIES}) placement {ARTICLE} {IMAGE}
 ORDER BY placement.go_live DESC, placement.id DESC
"""  # noqa: S608 -- made of constants
# No row where there is no such topic, and none where the site shows nothing of it: nobody can tell the two apart.
_OF_TOPIC = f"""
SELECT topic.id, topic.name, {_ENTRY}
  FROM (SELECT topic.id, topic.name FROM publishing_topic topic JOIN tenants_ownership ownership USING (tenant_id)
         WHERE ownership.site_id = %(site)s AND topic.slug = %(slug)s) topic
       JOIN LATERAL (
        SELECT placement.* FROM publishing_topicplacement listing
          JOIN publishing_placement placement ON placement.id = listing.placement_id
         WHERE listing.topic_id = topic.id AND listing.site_id = %(site)s AND listing.go_live <= %(now)s AND {SHOWN}
         ORDER BY listing.go_live DESC, listing.placement_id DESC LIMIT {ENTRIES}
       ) placement ON true {ARTICLE} {IMAGE}
 ORDER BY placement.go_live DESC, placement.id DESC
"""  # noqa: S608 -- made of constants


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a feed shows it. `id` never changes, whatever its slug and its site's domain do.

    Every address is absolute. `html` begins with the lead picture, whose address is `picture`, empty without one;
    `language` is empty where it is the site's.
    """

    id: str
    url: str
    title: str
    summary: str
    html: str
    language: str
    published: datetime
    updated: datetime
    bylines: tuple[Link, ...]
    topics: tuple[str, ...]
    picture: str
    picture_alt: str


def newest(site: SiteEntry, now: datetime) -> list[Entry]:
    """The newest articles of the site, in one statement."""
    return [_entry(site, *row) for row in rows_of(site.id, _NEWEST, now=now)]


@dataclass(frozen=True, slots=True)
class Filed:
    """The newest articles of a topic."""

    topic_id: int
    topic: str
    entries: list[Entry]


def of_topic(site: SiteEntry, now: datetime, slug: str) -> Filed | None:
    """What the site shows of the topic, in one statement; None where it shows nothing."""
    rows = rows_of(site.id, _OF_TOPIC, now=now, slug=slug)
    if not rows:
        return None
    key, name, *_ = rows[0]
    return Filed(key, possible(name), [_entry(site, *row[2:]) for row in rows])


def _entry(
    site: SiteEntry,
    key: int,
    slug: str,
    title: str,
    summary: str,
    html: str,
    language: str,
    published: datetime,
    updated: datetime,
    created: datetime,
    feed_id: UUID | None,
    bylines: Iterable[tuple[str, str]],
    topics: Iterable[tuple[str, str]],
    *columns: Any,
) -> Entry:
    home = origin(site.domain)
    url = f"{home}/{slug}/"
    picture = picture_from(*columns, wanted_width=PICTURE_WIDTH)
    return Entry(
        id=feed_id_of(key, created, feed_id).urn,
        url=url,
        title=possible(title_or_untitled(title)),
        summary=possible(summary),
        html=possible(_figure(picture, home, html) + with_absolute_links(html, url)),
        language=language if language != site.brand.language else "",
        published=published,
        updated=updated,
        bylines=tuple([Link(possible(name), f"{home}{path}") for name, path in links("bylines", bylines)]),
        topics=tuple([possible(name) for name, _ in topics]),
        picture=f"{home}{picture.src}" if picture else "",
        picture_alt=possible(picture.alt) if picture else "",
    )


def _figure(picture: Picture | None, home: str, html: str) -> str:
    """The lead picture above the text, unless the text shows it itself."""
    if picture is None or picture.src.rpartition("-")[0] in html:
        return ""
    caption = format_html("<figcaption>{}</figcaption>", picture.caption) if picture.caption else ""
    return format_html(
        '<figure><img src="{}{}" alt="{}" width="{}" height="{}">{}</figure>',
        home, picture.src, picture.alt, picture.width, picture.height, caption,
    )  # fmt: skip
